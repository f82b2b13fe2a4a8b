"""Boxes and labels: seen, inside the photo, and off other hands."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from posecheck.report.drawing import COLOURS, GREY, UNCLEAR, draw, label_texts
from posecheck.report.labels import Box, overlap, place_label
from posecheck.report.texts import load
from posecheck.results import Level
from tests.report import photos

SAY = load("id")


def differing(a: NDArray[np.uint8], b: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Mask (H, W) of the pixels in which two pictures differ."""
    return np.asarray(np.any(a != b, axis=2))


@settings(max_examples=300)
@given(
    x=st.floats(-20, 1010),
    y=st.floats(-20, 790),
    side=st.floats(5, 300),
    width=st.floats(10, 400),
    height=st.floats(8, 60),
)
def test_a_label_that_fits_is_inside_the_photo(
    x: float, y: float, side: float, width: float, height: float
) -> None:
    place = place_label((x, y, x + side, y + side), (width, height), (1000, 800), [], 3.0)
    assert place[0] >= 0 and place[1] >= 0
    assert place[2] <= 1000.001 and place[3] <= 800.001


def test_a_label_is_below_its_hand_where_there_is_room() -> None:
    box = (400.0, 300.0, 460.0, 380.0)
    place = place_label(box, (120, 20), (1000, 800), [], 3.0)
    assert place[1] >= box[3]
    assert overlap(place, box) == 0


def test_a_label_goes_around_other_hands() -> None:
    box = (400.0, 300.0, 460.0, 380.0)
    taken: list[Box] = [(330.0, 382.0, 540.0, 480.0)]
    place = place_label(box, (100, 20), (1000, 800), taken, 3.0)
    assert overlap(place, taken[0]) == 0
    assert overlap(place, box) == 0
    # Beside, not above: above a raised hand there is a face.
    assert place[3] > box[1]


def test_a_label_goes_above_only_where_all_else_is_taken() -> None:
    box = (400.0, 700.0, 460.0, 799.0)
    taken: list[Box] = [(0.0, 690.0, 399.0, 799.0), (461.0, 690.0, 999.0, 799.0)]
    place = place_label(box, (50, 20), (1000, 800), taken, 3.0)
    assert overlap(place, taken[0]) == overlap(place, taken[1]) == 0


@pytest.mark.parametrize("size", [(64, 48), (336, 336), (1600, 1200), (4000, 3000)])
def test_signs_are_boxed_and_labelled_in_their_colour_at_any_size(size: tuple[int, int]) -> None:
    width, height = size
    box = (width * 4 // 10, height * 3 // 10, width // 2, height // 2)
    result = photos.photo(photos.peace(box), risk=94, level=Level.HIGH)
    rgb = np.full((height, width, 3), 90, np.uint8)
    drawn = np.asarray(draw(rgb, result, SAY))
    assert drawn.shape == rgb.shape
    red = np.all(drawn == COLOURS[Level.HIGH], axis=2)
    assert red[box[1] : box[3], box[0]].mean() > 0.9
    below = red[box[3] + 1 :]
    assert below.sum() > 30, "no label under the hand"
    letters = (drawn.min(axis=2) > 150).sum()  # Small letters are smoothed.
    assert letters > 3


def test_the_original_pixels_stay_as_they_are() -> None:
    rgb = np.full((480, 640, 3), 90, np.uint8)
    before = rgb.copy()
    draw(rgb, photos.group(), SAY)
    assert np.array_equal(rgb, before)


def test_ordinary_hands_get_a_thin_grey_box_and_no_label() -> None:
    rgb = np.full((1200, 1600, 3), 90, np.uint8)
    one = photos.hand(box=(300, 300, 380, 400))
    drawn = np.asarray(draw(rgb, photos.photo(one), SAY))
    changed = differing(drawn, rgb)
    assert np.all(drawn[changed] == GREY)
    assert not changed[306:395, 306:375].any()
    assert not changed[404:].any() and not changed[:298].any()


def test_a_hand_that_cannot_be_told_has_a_dashed_box_and_a_question_mark() -> None:
    rgb = np.full((1200, 1600, 3), 90, np.uint8)
    box = (300, 300, 380, 420)
    for risk, level in ((24.0, Level.LOW), (9.0, Level.NONE)):
        one = photos.small(box=box, risk=risk)
        drawn = np.asarray(draw(rgb, photos.photo(one, risk=risk, level=level), SAY))
        marked = np.all(drawn == UNCLEAR, axis=2)
        for side in (marked[301, 300:380], marked[300:420, 301], marked[418, 300:380]):
            assert 0.3 < side.mean() < 0.8  # dashes, not a line
            assert side[0] and side[-1]
        assert marked[425:].sum() > 100, "no label under the hand"
        assert not differing(drawn, rgb)[306:414, 306:374].any()
    either = photos.small("peace", 0.5, box, 95.0, (2,))
    drawn = np.asarray(draw(rgb, photos.photo(either, risk=95.0, level=Level.HIGH), SAY))
    top = np.all(drawn == COLOURS[Level.HIGH], axis=2)[301, 300:380]
    assert 0.3 < top.mean() < 0.8


def test_boxes_of_tiny_hands_are_drawn() -> None:
    rgb = np.full((200, 300, 3), 90, np.uint8)
    for box in ((50.0, 50.0, 52.0, 51.0), (50.0, 50.0, 50.0, 50.0), (-9.0, -9.0, 4.0, 4.0)):
        drawn = draw(rgb, photos.photo(photos.small(box=box), risk=24, level=Level.LOW), SAY)
        assert differing(np.asarray(drawn), rgb).any()


def test_a_drawing_touches_nothing_far_from_hands() -> None:
    rgb = np.full((1200, 1600, 3), 90, np.uint8)
    result = photos.photo(photos.peace((700, 600, 780, 720)), risk=94, level=Level.HIGH)
    changed = differing(np.asarray(draw(rgb, result, SAY)), rgb)
    # Nothing above the box, where the face is; nothing in the rest of the photo.
    assert not changed[:599].any()
    assert not changed[:, :500].any() and not changed[:, 1000:].any()


def test_labels_do_not_cover_neighbours() -> None:
    rgb = np.full((1200, 1600, 3), 90, np.uint8)
    sign = photos.peace((700, 600, 780, 720))
    below = photos.hand(box=(690, 724, 800, 830))
    drawn = np.asarray(draw(rgb, photos.photo(sign, below, risk=94, level=Level.HIGH), SAY))
    inner = drawn[730:824, 696:794]
    assert np.all(inner == 90)


def test_hands_at_the_edge_are_drawn() -> None:
    rgb = np.full((200, 300, 3), 90, np.uint8)
    for box in ((-20.0, -20.0, 40.0, 40.0), (270.0, 160.0, 340.0, 230.0)):
        result = photos.photo(photos.peace(box), risk=94, level=Level.HIGH)
        assert differing(np.asarray(draw(rgb, result, SAY)), rgb).any()


def test_labels_say_number_gesture_and_what_it_resembles() -> None:
    result = photos.group()
    assert label_texts(result, 0, SAY) == ("1: dua jari = no. 2", "1")
    assert label_texts(result, 2, SAY) == ("3: mengepal", "3")
    assert label_texts(photos.unclear(), 0, SAY) == ("1: ?", "1?")
    guess = photos.photo(photos.small("peace", numbers=(2,)))
    assert label_texts(guess, 0, SAY) == ("1: dua jari = no. 2?", "1?")


def test_a_photo_without_hands_is_left_as_it_is() -> None:
    rgb = np.full((20, 30, 3), 90, np.uint8)
    assert np.array_equal(np.asarray(draw(rgb, photos.photo(), SAY)), rgb)
