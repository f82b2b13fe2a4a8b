from __future__ import annotations

from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecheck.hands.crops import Cropper, squares_from_landmarks
from posecheck.hands.landmarks import LandmarkNetwork
from posecheck.hands.palm import Palms
from posecheck.hands.pyramid import (
    SMALLEST_AT_SCALE,
    PyramidFinder,
    PyramidSettings,
    look_twice,
    shrink,
    zooms,
)
from posecheck.hands.types import FEATURES, Float, Rgb, boxes_around
from tests.hands.made import KnowingNetwork, placed

sides = st.integers(1, 12000)
SETTINGS = PyramidSettings()


@given(sides, sides)
def test_scales_are_evenly_spaced_and_bounded(width: int, height: int) -> None:
    scales = zooms(width, height, SETTINGS)
    side = max(width, height)
    assert scales
    assert scales == zooms(height, width, SETTINGS)
    assert scales[-1] == min(SETTINGS.largest_zoom, SETTINGS.largest_side / side)
    ratios = np.array(scales[1:]) / np.array(scales[:-1])
    np.testing.assert_allclose(ratios, SETTINGS.factor)
    if len(scales) > 1:
        # Half a step of freedom: the finest scale is the one that is met exactly.
        assert scales[0] * side <= SETTINGS.smallest_side * SETTINGS.factor**0.51
        assert scales[0] * side >= SETTINGS.smallest_side / SETTINGS.factor**0.51


@given(sides, sides)
def test_the_smallest_hand_is_as_large_as_it_must_be_at_the_finest_scale(
    width: int, height: int
) -> None:
    finder = PyramidFinder(cast("Any", None), cast("Any", None))
    smallest = finder.smallest_hand(width, height)
    assert smallest * zooms(width, height, SETTINGS)[-1] == pytest.approx(SMALLEST_AT_SCALE)
    assert finder.smallest_hand(2 * width, 2 * height) >= smallest


@given(st.integers(1, 300), st.integers(1, 300), st.floats(0.01, 2))
def test_shrinking_keeps_the_proportions_and_at_least_a_pixel(
    width: int, height: int, zoom: float
) -> None:
    scaled = shrink(np.full((height, width, 3), 77, np.uint8), zoom)
    assert scaled.shape[:2] == (max(1, round(height * zoom)), max(1, round(width * zoom)))
    assert (scaled == 77).all()


def palms_of(landmarks_xy: Float, scores: list[float]) -> Palms:
    """A palm detection for each hand."""
    boxes, keypoints = [], []
    for hand in landmarks_xy:
        palm = hand[[0, 1, 5, 9, 13, 17]]
        boxes.append(np.concatenate([palm.min(axis=0), palm.max(axis=0)]))
        keypoints.append(hand[[0, 5, 9, 13, 17, 1, 2]])
    rows = np.array(boxes, np.float32), np.array(keypoints, np.float32)
    return Palms(*rows, np.array(scores, np.float32))


class KnowingDetector:
    """A palm detector that sees the same hands at every scale at which they are large enough."""

    def __init__(self, width: int, landmarks_xy: Float, scores: list[float]) -> None:
        self.width = width
        self.landmarks_xy = landmarks_xy
        self.scores = scores
        self.shown: list[tuple[int, ...]] = []

    def __call__(self, rgb: Rgb, threshold: float) -> Palms:
        self.shown.append(rgb.shape)
        palms = palms_of(self.landmarks_xy * (rgb.shape[1] / self.width), self.scores)
        size = palms.boxes_xyxy[:, 2:] - palms.boxes_xyxy[:, :2]
        return palms[(palms.scores >= threshold) & (size.max(axis=1) > 15)]


def finder_of(
    width: int, landmarks_xy: Float, presence: list[float], scores: list[float]
) -> tuple[PyramidFinder, KnowingDetector]:
    detector = KnowingDetector(width, landmarks_xy, scores)
    network = KnowingNetwork(landmarks_xy, presence)
    return PyramidFinder(cast("Any", detector), cast("Any", network)), detector


WIDTH, HEIGHT = 1000, 700
BLANK = np.zeros((HEIGHT, WIDTH, 3), np.uint8)


def test_a_hand_seen_at_every_scale_is_reported_once_where_it_is() -> None:
    hand = placed((400, 300), 200)
    finder, detector = finder_of(WIDTH, hand, [0.9], [0.8])
    palms = finder.palms(BLANK)
    assert len(detector.shown) == len(zooms(WIDTH, HEIGHT, SETTINGS))
    assert len(palms) == 1
    expected = palms_of(hand, [0.8])
    np.testing.assert_allclose(palms.boxes_xyxy, expected.boxes_xyxy, atol=2)
    np.testing.assert_allclose(palms.keypoints_xy, expected.keypoints_xy, atol=2)
    found = finder.find(BLANK)
    assert len(found) == 1
    np.testing.assert_allclose(found.landmarks_xy, hand)
    np.testing.assert_allclose(found.boxes_xyxy, boxes_around(hand))
    assert (found.boxes_xyxy[0, :2] < hand[0].min(axis=0)).all()
    assert (found.boxes_xyxy[0, 2:] > hand[0].max(axis=0)).all()
    assert found.presence[0] == pytest.approx(0.9)
    assert found.palm_score[0] == pytest.approx(0.8)


def test_a_small_hand_is_found_at_the_finest_scales_only() -> None:
    small = placed((400, 300), 40)
    finder, _ = finder_of(WIDTH, small, [0.9], [0.8])
    coarse = PyramidSettings(largest_side=300)
    assert len(finder.find(BLANK)) == 1
    finder.settings = coarse
    assert len(finder.find(BLANK)) == 0
    assert finder.smallest_hand(WIDTH, HEIGHT) > 40


def test_hands_that_touch_are_both_reported() -> None:
    pair = np.concatenate([placed((400, 300), 120), placed((455, 300), 120)])
    finder, _ = finder_of(WIDTH, pair, [0.9, 0.8], [0.9, 0.9])
    found = finder.find(BLANK)
    assert len(found) == 2
    assert found.landmarks_xy[:, :, 0].mean(axis=1).round().tolist() == pytest.approx(
        pair[:, :, 0].mean(axis=1).round().tolist()
    )


def test_what_has_too_little_presence_is_dropped_and_early() -> None:
    three = np.concatenate([placed((x, 300), 120) for x in (200, 500, 800)])
    presence = [0.9, SETTINGS.presence - 0.01, SETTINGS.first_presence - 0.01]
    finder, _ = finder_of(WIDTH, three, presence, [0.9, 0.9, 0.9])
    found = finder.find(BLANK)
    np.testing.assert_allclose(found.landmarks_xy, three[:1])
    # One look at all three, then two looks at the two that were promising.
    assert cast("KnowingNetwork", finder._landmarks).looks == [3, 2, 2]


def test_of_two_detections_of_one_hand_the_surer_stays() -> None:
    twice = np.concatenate([placed((400, 300), 150), placed((404, 302), 150)])
    finder, _ = finder_of(WIDTH, twice, [0.5, 0.9], [0.5, 0.6])
    found = finder.find(BLANK)
    assert found.presence.tolist() == pytest.approx([0.9])


def test_a_fingertip_inside_a_hand_is_no_hand_of_its_own() -> None:
    both = np.concatenate([placed((400, 300), 200), placed((400, 240), 60)])
    finder, _ = finder_of(WIDTH, both, [0.6, 0.9], [0.9, 0.9])
    np.testing.assert_allclose(finder.find(BLANK).landmarks_xy, both[:1])


def test_the_surest_hands_come_first() -> None:
    two = np.concatenate([placed((200, 300), 120), placed((700, 300), 120)])
    finder, _ = finder_of(WIDTH, two, [0.5, 0.95], [0.9, 0.9])
    assert finder.find(BLANK).presence.tolist() == pytest.approx([0.95, 0.5])


def test_no_palms_no_hands() -> None:
    finder, detector = finder_of(WIDTH, placed((400, 300)), [0.9], [0.01])
    assert len(finder.find(BLANK)) == 0
    assert detector.shown


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 3000, 3), (3000, 2, 3), (64, 64, 3)])
def test_photos_of_any_shape_are_searched(
    shape: tuple[int, ...], real_finder: PyramidFinder
) -> None:
    assert len(real_finder.find(np.zeros(shape, np.uint8))) == 0
    assert real_finder.smallest_hand(shape[1], shape[0]) > 0


def test_features_are_of_the_hand_and_of_its_mirror_image() -> None:
    network = KnowingNetwork(placed((400, 300)))
    squares = squares_from_landmarks(network.landmarks_xy)
    hands = look_twice(cast("Any", network), Cropper(BLANK), squares, np.ones(1, np.float32))
    assert hands.features.shape == (1, 2, FEATURES)
    assert (hands.features[:, 0] == 1).all()
    assert (hands.features[:, 1] == 2).all()


def test_looking_twice_is_blind_to_mirroring(landmark_network: LandmarkNetwork) -> None:
    """A hand and its mirror image give the same landmarks, and features that change places."""
    rgb = np.random.default_rng(3).integers(0, 256, (30, 40, 3), dtype=np.uint8)
    rgb = np.kron(rgb, np.ones((10, 10, 1), np.uint8))
    flipped = np.ascontiguousarray(rgb[:, ::-1])
    hand = placed((180, 150), 130, 0.4)
    across = hand * np.array([-1, 1], np.float32) + np.array([400, 0], np.float32)
    score = np.ones(1, np.float32)
    one = look_twice(landmark_network, Cropper(rgb), squares_from_landmarks(hand), score)
    two = look_twice(landmark_network, Cropper(flipped), squares_from_landmarks(across), score)
    np.testing.assert_allclose(two.landmarks_xy[..., 0], 400 - one.landmarks_xy[..., 0], atol=1)
    np.testing.assert_allclose(two.landmarks_xy[..., 1], one.landmarks_xy[..., 1], atol=1)
    np.testing.assert_allclose(two.presence, one.presence, atol=0.02)
    np.testing.assert_allclose(two.handedness, 1 - one.handedness, atol=0.05)
    apart = np.abs(one.features[:, 0] - one.features[:, 1]).max()
    assert np.abs(two.features - one.features[:, ::-1]).max() < apart / 5
