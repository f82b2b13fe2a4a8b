from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import posecheck.hands.first_look as first_look_module
from posecheck.hands.crops import Cropper, Squares, squares_from_landmarks, squares_from_palms
from posecheck.hands.first_look import (
    APART,
    FEW,
    HAND,
    HOPE,
    NOTHING,
    SAME_ANGLE,
    SAME_SIZE,
    SPARED,
    copies,
    first_look,
)
from posecheck.hands.glance import GlanceNetwork, Glimpses
from posecheck.hands.landmarks import LandmarkNetwork, LandmarkOutput
from posecheck.hands.nms import landmark_distance
from posecheck.hands.palm import Palms
from posecheck.hands.palm_search import PalmSearch
from posecheck.hands.scales import PyramidSettings
from posecheck.hands.types import Float
from posecheck.opening import open_photo
from tests.hands.made import angles, placed

BLANK = np.zeros((600, 900, 3), np.uint8)

shares = st.floats(-1, 1)
"""Of what two squares of one hand may differ by."""


def squares_of(*rows: tuple[float, float, float, float]) -> Squares:
    """Squares of (x, y, side, angle)."""
    x, y, sides, turned = np.array(rows, np.float32).T
    return Squares(np.stack([x, y], axis=1), sides, turned)


@given(
    st.tuples(st.floats(0, 4000), st.floats(0, 4000), st.floats(20, 1500), angles),
    st.tuples(shares, shares, shares, shares),
    st.integers(-1, 1),
)
def test_slightly_different_squares_show_the_same_hand(
    square: tuple[float, float, float, float],
    share: tuple[float, float, float, float],
    rounds: int,
) -> None:
    x, y, side, angle = square
    off = 0.6 * APART * side
    near = (
        x + share[0] * off,
        y + share[1] * off,
        side * SAME_SIZE ** (0.9 * share[2]),
        angle + 0.9 * SAME_ANGLE * share[3] + 2 * np.pi * rounds,
    )
    assert copies(squares_of(square, near)).all()


@given(
    st.tuples(st.floats(0, 4000), st.floats(0, 4000), st.floats(20, 1500), angles),
    st.sampled_from(["place", "size", "angle"]),
    angles,
    st.floats(1.02, 3),
)
def test_squares_that_differ_in_one_thing_show_two_hands(
    square: tuple[float, float, float, float], thing: str, direction: float, more: float
) -> None:
    x, y, side, angle = square
    if thing == "place":
        far = APART * side * more
        x, y = x + far * np.cos(direction), y + far * np.sin(direction)
    elif thing == "size":
        side *= SAME_SIZE**more
    else:
        angle += SAME_ANGLE * more
    same = copies(squares_of(square, (x, y, side, angle)))
    assert same.tolist() == [[True, False], [False, True]]


def test_hands_that_touch_are_two_and_so_are_a_hand_and_one_laid_across_it() -> None:
    """Two hands of a heart, two thumbs up side by side, and hands laid on one another."""
    one = placed((400, 300), 120)
    for other in (placed((455, 300), 120), placed((440, 300), 120), placed((405, 305), 120, 1.2)):
        squares = squares_from_landmarks(np.concatenate([one, other]))
        assert copies(squares).sum() == 2


def palms_at(*places: tuple[float, float, float]) -> Palms:
    """Upright palms at (x, y) of a side, best first."""
    boxes = [(x - side / 2, y - side / 2, x + side / 2, y + side / 2) for x, y, side in places]
    keypoints = np.zeros((len(places), 7, 2), np.float32)
    for row, (x, y, side) in enumerate(places):
        keypoints[row] = x, y
        keypoints[row, 0] = x, y + side / 2
    scores = np.linspace(0.9, 0.1, len(places), dtype=np.float32)
    return Palms(np.array(boxes, np.float32).reshape(-1, 4), keypoints, scores)


def across(squares: Squares) -> list[int]:
    return [round(float(x)) for x in squares.centres_xy[:, 0]]


class Glance:
    """Says of the candidate at each x what it was told, and where to look instead, if told."""

    def __init__(self, presence: dict[int, float], instead: dict[int, int] | None = None) -> None:
        self.presence = presence
        self.instead = instead or {}

    def __call__(self, cropper: Cropper, squares: Squares) -> Glimpses:
        at = across(squares)
        presence = np.array([self.presence[x] for x in at], np.float32)
        centres = squares.centres_xy.copy()
        centres[:, 0] = [self.instead.get(x, x) for x in at]
        return Glimpses(presence, Squares(centres, squares.sides, squares.angles))


class Network:
    """Marks where it looked, and answers with where that was and the presence it was told."""

    def __init__(self, presence: dict[int, float]) -> None:
        self.looked: list[list[int]] = []
        self.presence = presence

    def __call__(self, cropper: Cropper, squares: Squares) -> LandmarkOutput:
        self.looked.append(across(squares))
        points = np.repeat(squares.centres_xy[:, None], 21, axis=1)
        presence = np.array([self.presence.get(x, SURE) for x in across(squares)], np.float32)
        nothing: Any = None
        return LandmarkOutput(points, nothing, presence, nothing, nothing)


@pytest.fixture
def strict(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every candidate is glanced at, as in a large group."""
    monkeypatch.setattr(first_look_module, "SPARED", 0)
    monkeypatch.setattr(first_look_module, "FEW", -1)


def test_few_candidates_are_all_looked_at() -> None:
    palms = palms_at(*[(100 + 10 * i, 100, 40) for i in range(FEW)])
    looked, rows = look(palms, {})
    assert looked == [[100 + 10 * i for i in range(FEW)]]
    assert rows == list(range(FEW))


def test_the_best_candidates_are_spared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_look_module, "FEW", -1)
    places = [(100 + 10 * i, 100 + 150 * (i % 4), 40) for i in range(SPARED + 5)]
    hopeless = {x: 0.0 for x, _, _ in places}
    looked, rows = look(palms_at(*places), hopeless)
    assert sorted(x for wave in looked for x in wave) == [x for x, _, _ in places[:SPARED]]
    assert sorted(rows) == list(range(SPARED))


SURE = 0.9
"""Presence of what nobody said anything else of."""


def look(
    palms: Palms,
    presence: dict[int, float],
    instead: dict[int, int] | None = None,
    *,
    truly: dict[int, float] | None = None,
) -> tuple[list[list[int]], list[int]]:
    """Where the landmark network looked in each wave, and which candidates those were."""
    network = Network(truly or {})
    glance = cast("Any", Glance(presence, instead))
    seen = first_look(glance, cast("Any", network), Cropper(BLANK), palms)
    # Rows, landmarks and presence are of the same candidates.
    middles = (palms.boxes_xyxy[seen.rows, 0] + palms.boxes_xyxy[seen.rows, 2]) / 2
    np.testing.assert_allclose(seen.landmarks_xy[:, 0, 0], middles)
    expected = [network.presence.get(round(float(x)), SURE) for x in middles]
    np.testing.assert_allclose(seen.presence, expected)
    return [wave for wave in network.looked if wave], seen.rows.tolist()


@pytest.mark.usefixtures("strict")
def test_what_is_plainly_no_hand_is_not_looked_at() -> None:
    palms = palms_at((100, 100, 40), (300, 100, 40), (500, 100, 40))
    looked, rows = look(palms, {100: HOPE / 2, 300: 0.3, 500: HOPE})
    assert looked == [[300, 500]]
    assert rows == [1, 2]


@pytest.mark.usefixtures("strict")
def test_of_copies_the_surest_is_looked_at_where_the_palm_detector_saw_it() -> None:
    palms = palms_at((100, 100, 40), (104, 100, 40), (140, 100, 40))
    # The first two are one hand; the third is beside it.
    looked, rows = look(palms, {100: 0.3, 104: 0.9, 140: 0.7})
    assert looked == [[104, 140]]
    assert rows == [1, 2]


@pytest.mark.usefixtures("strict")
def test_candidates_that_a_glance_places_on_one_hand_are_one() -> None:
    palms = palms_at((100, 100, 40), (160, 100, 40), (300, 100, 40))
    presence = {100: 0.9, 160: 0.9, 300: 0.9}
    assert look(palms, presence, {160: 102})[0] == [[100, 300]]
    # And those that it places on two hands are two, however close the candidates were.
    near = palms_at((100, 100, 40), (104, 100, 40))
    assert look(near, {100: 0.9, 104: 0.9}, {100: 90, 104: 130})[0] == [[100, 104]]


@pytest.mark.usefixtures("strict")
def test_a_chain_of_neighbours_is_not_one_hand() -> None:
    """Only what is a copy of the one that was kept is dropped, not a copy of a copy."""
    palms = palms_at((100, 100, 40), (115, 100, 40), (130, 100, 40))
    looked, _ = look(palms, {100: 0.9, 115: 0.5, 130: 0.8})
    assert looked == [[100, 130]]


@pytest.mark.usefixtures("strict")
def test_hands_far_apart_or_of_other_sizes_are_all_looked_at_surest_first() -> None:
    palms = palms_at((100, 100, 40), (300, 100, 40), (500, 100, 90), (502, 145, 40))
    looked, rows = look(palms, {100: 0.2, 300: 0.9, 500: 0.9, 502: 0.9})
    assert looked == [[300, 500, 100, 502]]
    assert rows == [1, 2, 0, 3]


@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize(
    ("presence", "waves"),
    [(HAND, [[104]]), (0.3, [[104], [100]]), (NOTHING / 2, [[104]])],
)
def test_one_more_copy_is_looked_at_where_the_first_settles_nothing(
    presence: float, waves: list[list[int]]
) -> None:
    palms = palms_at((100, 100, 40), (104, 100, 40), (102, 100, 40))
    glance = {100: 0.5, 104: 0.99, 102: 0.3}
    assert look(palms, glance, truly={104: presence, 100: presence})[0] == waves


@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize("count", [0, 1])
def test_nobody_no_looks(count: int) -> None:
    looked, rows = look(palms_at((100, 100, 40))[:count], {100: 0.0})
    assert rows == []
    assert sum(map(len, looked)) == 0


@pytest.mark.usefixtures("strict")
def test_no_hand_of_which_the_landmark_network_is_sure_is_dropped(
    sample_pictures: list[Path],
    palm_search: PalmSearch,
    glance_network: GlanceNetwork,
    landmark_network: LandmarkNetwork,
) -> None:
    looks = candidates = 0
    for path in sample_pictures[::4]:
        rgb = open_photo(path).rgb
        palms = palm_search(rgb, PyramidSettings(largest_side=1000, most_palms=25))
        cropper = Cropper(rgb)
        squares = squares_from_palms(palms.boxes_xyxy, palms.keypoints_xy)
        everything = landmark_network(cropper, squares)
        seen = first_look(glance_network, landmark_network, cropper, palms)
        sure: Float = everything.landmarks_xy[everything.presence >= 0.95]
        apart = landmark_distance(np.concatenate([sure, seen.landmarks_xy]))
        nearest = apart[: len(sure), len(sure) :].min(axis=1, initial=np.inf)
        assert (nearest < PyramidSettings.same_hand).all(), path.name
        looks, candidates = looks + len(seen.rows), candidates + len(palms)
    assert looks < 0.8 * candidates
