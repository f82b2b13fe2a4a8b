from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import cv2
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import settings as rules
from hypothesis import strategies as st

from posecheck.hands.nms import iou_matrix
from posecheck.hands.palm import Answers, PalmDetector, Palms
from posecheck.hands.palm_search import (
    NONE,
    PalmSearch,
    in_photo,
    joined,
    over_scales,
    through_window,
)
from posecheck.hands.scales import PyramidSettings, zooms
from posecheck.hands.team import Team
from posecheck.hands.types import Float, Rgb
from posecheck.hands.windows import LONGEST, Window
from posecheck.opening import open_photo
from tests.hands.made import KnowingDetector, answers, palms_of, placed

SETTINGS = PyramidSettings()
WHOLE = PyramidSettings(in_windows=0)
"""For detectors that know where hands are in a whole picture only."""

WIDTH, HEIGHT = 1000, 700
BLANK = np.zeros((HEIGHT, WIDTH, 3), np.uint8)


class Bright:
    """A detector that takes bright spots for palms, the surer the larger, and hopes for more."""

    def __init__(self) -> None:
        self.shown: list[tuple[int, ...]] = []

    def look(self, rgb: Rgb, threshold: float) -> tuple[Palms, Answers]:
        return self(rgb, threshold), answers(rgb, hopeful=True)

    def __call__(self, rgb: Rgb, threshold: float) -> Palms:
        self.shown.append(rgb.shape)
        _, _, stats, _ = cv2.connectedComponentsWithStats((rgb[..., 0] > 128).astype(np.uint8))
        boxes = stats[1:, :4].astype(np.float32)
        boxes[:, 2:] += boxes[:, :2]
        scores = np.asarray(1 - 1 / (1 + stats[1:, 4]), np.float32)
        return Palms(boxes, boxes[:, None, :2].repeat(7, axis=1), scores)


def test_a_palm_seen_through_a_window_is_where_it_is_in_the_picture() -> None:
    picture = np.zeros((700, 900, 3), np.uint8)
    picture[400:420, 500:530] = 255
    palms = through_window(Bright(), picture, Window(320, 448, 512, 640), SETTINGS)
    assert palms.boxes_xyxy.tolist() == [[500, 400, 530, 420]]
    assert palms.keypoints_xy[0, 0].tolist() == [500, 400]
    assert len(through_window(Bright(), picture, Window(320, 0, 512, 192), SETTINGS)) == 0


@pytest.mark.parametrize(
    "cut", [Window(406, 0, 700, 900), Window(0, 0, 414, 900), Window(0, 511, 700, 900)]
)
def test_a_palm_where_a_window_cuts_is_left_to_the_window_beside_it(cut: Window) -> None:
    picture = np.zeros((700, 900, 3), np.uint8)
    picture[400:420, 500:520] = 255
    assert len(Bright()(np.ascontiguousarray(picture[cut.top : cut.bottom, cut.left :]), 0.5)) == 1
    assert len(through_window(Bright(), picture, cut, SETTINGS)) == 0


@pytest.mark.parametrize("corner", [(0, 0), (0, 890), (690, 0), (690, 890)])
def test_palms_at_the_edges_of_the_picture_are_kept(corner: tuple[int, int]) -> None:
    top, left = corner
    picture = np.zeros((700, 900, 3), np.uint8)
    picture[top : top + 10, left : left + 10] = 255
    for window in (
        Window(0, 0, 700, 900),
        Window(min(top, 508), min(left, 708), min(top, 508) + 192, min(left, 708) + 192),
    ):
        palms = through_window(Bright(), picture, window, SETTINGS)
        assert palms.boxes_xyxy.tolist() == [[left, top, left + 10, top + 10]]


# Far enough apart to be two spots at the coarser scales too.
spots = st.sets(st.tuples(st.integers(0, 17), st.integers(0, 11)), max_size=8)


@rules(max_examples=20)
@given(spots)
@example({(x, 5) for x in range(18)})
def test_what_windows_show_is_found_where_it_is_in_the_photo(places: set[tuple[int, int]]) -> None:
    """The windows of each scale go back to that scale, and lose nothing between them."""
    photo = np.zeros((700, 1000, 3), np.uint8)
    boxes = np.zeros((len(places), 4), np.float32)
    for box, (column, row) in zip(boxes, sorted(places), strict=True):
        left, top = 53 * column + 20, 55 * row + 20
        photo[top : top + 12, left : left + 12] = 255
        box[:] = left, top, left + 12, top + 12
    detector = Bright()
    palms = PalmSearch(cast("Any", detector))(photo, SETTINGS)
    overlap = iou_matrix(boxes, palms.boxes_xyxy)
    # The finest scale has the last word: it is 1.4 times as large as the photo.
    assert (overlap.max(axis=1, initial=0) > 0.75).all()
    assert len(detector.shown) > len(zooms(1000, 700, SETTINGS))


def test_a_hand_seen_at_every_scale_is_one_palm_where_it_is() -> None:
    hand = placed((400, 300), 200)
    detector = KnowingDetector(WIDTH, hand, [0.8])
    palms = PalmSearch(cast("Any", detector))(BLANK, WHOLE)
    assert len(detector.shown) == len(zooms(WIDTH, HEIGHT, WHOLE))
    assert len(palms) == 1
    expected = palms_of(hand, [0.8])
    np.testing.assert_allclose(palms.boxes_xyxy, expected.boxes_xyxy, atol=2)
    np.testing.assert_allclose(palms.keypoints_xy, expected.keypoints_xy, atol=2)


@pytest.mark.parametrize("hopeful", [False, True])
def test_fine_scales_are_searched_where_there_is_hope_only(hopeful: bool) -> None:
    detector = KnowingDetector(WIDTH, placed((400, 300), 200), [0.8], hopeful=hopeful)
    PalmSearch(cast("Any", detector))(BLANK, SETTINGS)
    sides = [zoom * WIDTH for zoom in zooms(WIDTH, HEIGHT, SETTINGS)]
    whole = sum(side <= SETTINGS.whole_side for side in sides)
    assert len(sides) - SETTINGS.in_windows <= whole < len(sides)
    assert (len(detector.shown) > whole) == hopeful
    assert max(map(max, detector.shown[whole:]), default=0) <= LONGEST


@pytest.mark.parametrize("settings", [SETTINGS, PyramidSettings(in_windows=0)])
def test_a_small_photo_is_searched_whole(settings: PyramidSettings) -> None:
    small = BLANK[:280, :400]
    detector = KnowingDetector(400, placed((200, 150), 90), [0.8], hopeful=True)
    palms = PalmSearch(cast("Any", detector))(small, settings)
    assert sorted(max(shape) for shape in detector.shown) == [
        round(400 * zoom) for zoom in zooms(400, 280, settings)
    ]
    expected = over_scales(detector, small, settings)
    np.testing.assert_array_equal(palms.boxes_xyxy, expected.boxes_xyxy)


def test_the_best_palms_are_kept_best_first() -> None:
    three = np.concatenate([placed((x, 300), 120) for x in (200, 500, 800)])
    detector = KnowingDetector(WIDTH, three, [0.5, 0.9, 0.7])
    search = PalmSearch(cast("Any", detector))
    assert search(BLANK, WHOLE).scores.tolist() == pytest.approx([0.9, 0.7, 0.5])
    two = PyramidSettings(in_windows=0, most_palms=2)
    assert search(BLANK, two).scores.tolist() == pytest.approx([0.9, 0.7])
    sure = PyramidSettings(in_windows=0, palm_score=0.8)
    assert search(BLANK, sure).scores.tolist() == pytest.approx([0.9])


def test_palms_of_a_copy_are_moved_into_the_photo() -> None:
    boxes: Float = np.array([[10, 20, 30, 50], [11, 20, 31, 50], [60, 20, 80, 50]], np.float32)
    scores = np.array([0.5, 0.6, 0.7], np.float32)
    palms = Palms(boxes, boxes[:, None, :2].repeat(7, axis=1), scores)
    photo, copy = np.zeros((400, 1000, 3), np.uint8), np.zeros((200, 250, 3), np.uint8)
    moved = in_photo(palms, copy, photo, SETTINGS)
    assert moved.boxes_xyxy.tolist() == [[240, 40, 320, 100], [44, 40, 124, 100]]
    assert moved.keypoints_xy[1, 3].tolist() == [44, 40]
    assert moved.scores.tolist() == pytest.approx([0.7, 0.6])
    assert len(joined([moved, NONE, moved], SETTINGS)) == 2


def same(one: Palms, other: Palms) -> None:
    np.testing.assert_array_equal(one.boxes_xyxy, other.boxes_xyxy)
    np.testing.assert_array_equal(one.keypoints_xy, other.keypoints_xy)
    np.testing.assert_array_equal(one.scores, other.scores)


@pytest.fixture(scope="module")
def group(sample_pictures: list[Path]) -> Rgb:
    """A photo with many scales and many hands."""
    (path,) = (path for path in sample_pictures if path.stem == "group")
    return np.asarray(open_photo(path).rgb, np.uint8)


@pytest.fixture(scope="module")
def palms_of_group(palm_search: PalmSearch, group: Rgb) -> Palms:
    return palm_search(group, SETTINGS)


def test_several_threads_find_what_one_finds(
    palm_detector: PalmDetector, group: Rgb, palms_of_group: Palms
) -> None:
    together = PalmSearch(palm_detector, Team(3))(group, SETTINGS)
    assert len(together) >= 7
    np.testing.assert_array_equal(together.boxes_xyxy, palms_of_group.boxes_xyxy)
    np.testing.assert_array_equal(together.keypoints_xy, palms_of_group.keypoints_xy)
    np.testing.assert_array_equal(together.scores, palms_of_group.scores)


def test_windows_show_the_palms_that_the_whole_search_is_sure_of(
    palm_search: PalmSearch, group: Rgb, palms_of_group: Palms
) -> None:
    whole = palm_search(group, WHOLE)
    sure = whole.boxes_xyxy[whole.scores >= 0.8]
    assert len(sure) >= 7
    overlap = iou_matrix(sure, palms_of_group.boxes_xyxy)
    assert (overlap.max(axis=1, initial=0) > 0.4).all()


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 3000, 3), (3000, 2, 3), (64, 64, 3)])
def test_photos_of_any_shape_are_searched(shape: tuple[int, ...], palm_search: PalmSearch) -> None:
    palms = palm_search(np.zeros(shape, np.uint8), SETTINGS)
    assert palms.boxes_xyxy.shape == (len(palms), 4)
    assert np.isfinite(palms.boxes_xyxy).all()
