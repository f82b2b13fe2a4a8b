from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecheck.hands.crops import Cropper, squares_from_landmarks
from posecheck.hands.first_look import HOPE
from posecheck.hands.glance import GlanceNetwork
from posecheck.hands.landmarks import LandmarkNetwork
from posecheck.hands.nms import iou_matrix
from posecheck.hands.palm import PalmDetector
from posecheck.hands.palm_search import PalmSearch
from posecheck.hands.pyramid import PyramidFinder, look_twice
from posecheck.hands.scales import SMALLEST_AT_SCALE, PyramidSettings, zooms
from posecheck.hands.team import Team
from posecheck.hands.types import FEATURES, Float, boxes_around
from posecheck.opening import open_photo
from posecheck.runtime.session import Session
from tests.hands.made import KnowingDetector, KnowingGlance, KnowingNetwork, placed

sides = st.integers(1, 12000)
SETTINGS = PyramidSettings()
WHOLE = PyramidSettings(in_windows=0)
"""For detectors that know where hands are in a whole picture only."""

WIDTH, HEIGHT = 1000, 700
BLANK = np.zeros((HEIGHT, WIDTH, 3), np.uint8)


@given(sides, sides)
def test_the_smallest_hand_is_as_large_as_it_must_be_at_the_finest_scale(
    width: int, height: int
) -> None:
    nothing: Any = None
    finder = PyramidFinder(nothing, nothing, nothing)
    smallest = finder.smallest_hand(width, height)
    assert smallest * zooms(width, height, SETTINGS)[-1] == pytest.approx(SMALLEST_AT_SCALE)
    assert finder.smallest_hand(2 * width, 2 * height) >= smallest


class Made:
    """A finder whose networks know where the hands are, in a photo of WIDTH x HEIGHT."""

    def __init__(
        self,
        landmarks_xy: Float,
        presence: list[float],
        scores: list[float],
        glanced: list[float] | None = None,
    ) -> None:
        self.detector = KnowingDetector(WIDTH, landmarks_xy, scores)
        self.glance = KnowingGlance(landmarks_xy, glanced)
        self.network = KnowingNetwork(landmarks_xy, presence)
        self.finder = PyramidFinder(
            PalmSearch(cast("Any", self.detector)),
            cast("Any", self.glance),
            cast("Any", self.network),
            WHOLE,
        )


def test_a_hand_seen_at_every_scale_is_reported_once_where_it_is() -> None:
    hand = placed((400, 300), 200)
    found = Made(hand, [0.9], [0.8]).finder.find(BLANK)
    assert len(found) == 1
    np.testing.assert_allclose(found.landmarks_xy, hand)
    np.testing.assert_allclose(found.boxes_xyxy, boxes_around(hand))
    assert (found.boxes_xyxy[0, :2] < hand[0].min(axis=0)).all()
    assert (found.boxes_xyxy[0, 2:] > hand[0].max(axis=0)).all()
    assert found.presence[0] == pytest.approx(0.9)
    assert found.palm_score[0] == pytest.approx(0.8)


def test_finding_is_looking_at_the_palms() -> None:
    two = np.concatenate([placed((200, 300), 120), placed((700, 300), 120)])
    finder = Made(two, [0.5, 0.95], [0.6, 0.9]).finder
    palms = finder.palms(BLANK)
    assert palms.scores.tolist() == pytest.approx([0.9, 0.6])
    np.testing.assert_array_equal(
        finder.hands_at(BLANK, palms).landmarks_xy, finder.find(BLANK).landmarks_xy
    )
    np.testing.assert_allclose(finder.hands_at(BLANK, palms[1:]).landmarks_xy, two[:1])


def test_a_small_hand_is_found_at_the_finest_scales_only() -> None:
    finder = Made(placed((400, 300), 40), [0.9], [0.8]).finder
    coarse = PyramidSettings(largest_side=300, in_windows=0)
    assert len(finder.find(BLANK)) == 1
    finder.settings = coarse
    assert len(finder.find(BLANK)) == 0
    assert finder.smallest_hand(WIDTH, HEIGHT) > 40


def test_hands_that_touch_are_both_reported() -> None:
    pair = np.concatenate([placed((400, 300), 120), placed((455, 300), 120)])
    found = Made(pair, [0.9, 0.8], [0.9, 0.9]).finder.find(BLANK)
    assert len(found) == 2
    assert found.landmarks_xy[:, :, 0].mean(axis=1).round().tolist() == pytest.approx(
        pair[:, :, 0].mean(axis=1).round().tolist()
    )


def test_what_has_too_little_presence_is_dropped_and_early(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("posecheck.hands.first_look.SPARED", 0)
    monkeypatch.setattr("posecheck.hands.first_look.FEW", -1)
    four = np.concatenate([placed((x, 300), 120) for x in (150, 400, 650, 900)])
    presence = [0.9, SETTINGS.presence - 0.01, SETTINGS.first_presence - 0.01, 0.9]
    made = Made(four, presence, [0.9] * 4, glanced=[0.9, 0.9, 0.9, HOPE / 2])
    found = made.finder.find(BLANK)
    np.testing.assert_allclose(found.landmarks_xy, four[:1])
    # A glance at all four, one look at the three that were worth it (what is no hand and not
    # quite nothing has no copies), then two looks at the two that were promising.
    assert made.glance.looks == [4]
    assert made.network.looks == [3, 2, 2]


def test_of_two_detections_of_one_hand_the_surer_stays() -> None:
    twice = np.concatenate([placed((400, 300), 150), placed((404, 302), 150)])
    found = Made(twice, [0.5, 0.9], [0.5, 0.6]).finder.find(BLANK)
    assert found.presence.tolist() == pytest.approx([0.9])


def test_what_two_glances_took_for_two_hands_may_be_one_after_all() -> None:
    """The last word is spoken on landmarks."""
    pair = np.concatenate([placed((400, 300), 120), placed((455, 300), 120)])
    made = Made(pair, [0.7, 0.9], [0.9, 0.8])
    made.network.landmarks_xy = np.concatenate([placed((425, 300), 120), placed((430, 300), 120)])
    assert len(made.finder.find(BLANK)) == 1
    assert made.network.looks == [2, 1, 1]


def test_a_fingertip_inside_a_hand_is_no_hand_of_its_own() -> None:
    both = np.concatenate([placed((400, 300), 200), placed((400, 240), 60)])
    finder = Made(both, [0.6, 0.9], [0.9, 0.9]).finder
    np.testing.assert_allclose(finder.find(BLANK).landmarks_xy, both[:1])


def test_the_surest_hands_come_first() -> None:
    two = np.concatenate([placed((200, 300), 120), placed((700, 300), 120)])
    found = Made(two, [0.5, 0.95], [0.9, 0.9]).finder.find(BLANK)
    assert found.presence.tolist() == pytest.approx([0.95, 0.5])


def test_no_palms_no_hands() -> None:
    made = Made(placed((400, 300)), [0.9], [0.01])
    found = made.finder.find(BLANK)
    assert len(found) == 0
    assert found.features.shape == (0, 2, FEATURES)
    assert made.detector.shown


def test_nothing_but_hopeless_palms_no_hands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posecheck.hands.first_look.SPARED", 0)
    monkeypatch.setattr("posecheck.hands.first_look.FEW", -1)
    made = Made(placed((400, 300), 200), [0.9], [0.9], glanced=[HOPE / 2])
    assert len(made.finder.find(BLANK)) == 0
    assert made.glance.looks == [1]


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 3000, 3), (3000, 2, 3), (64, 64, 3)])
def test_photos_of_any_shape_are_searched(
    shape: tuple[int, ...], real_finder: PyramidFinder
) -> None:
    assert len(real_finder.find(np.zeros(shape, np.uint8))) == 0
    assert real_finder.smallest_hand(shape[1], shape[0]) > 0


def test_windows_find_what_the_whole_search_finds(
    sample_pictures: list[Path],
    palm_search: PalmSearch,
    glance_network: GlanceNetwork,
    landmark_network: LandmarkNetwork,
    real_finder: PyramidFinder,
) -> None:
    for path in sample_pictures[::2]:
        rgb = open_photo(path).rgb
        whole = PyramidFinder(palm_search, glance_network, landmark_network, WHOLE).find(rgb)
        found = real_finder.find(rgb)
        sure = whole.boxes_xyxy[whole.presence >= 0.9]
        assert (iou_matrix(sure, found.boxes_xyxy).max(axis=1, initial=0) > 0.5).all(), path.name


def test_several_threads_find_what_one_finds(
    sample_pictures: list[Path],
    palm_detector: PalmDetector,
    glance_session: Session,
    landmark_session: Session,
) -> None:
    finders = [
        PyramidFinder(
            PalmSearch(palm_detector, team),
            GlanceNetwork(glance_session, team),
            LandmarkNetwork(landmark_session, team),
        )
        for team in (Team(1), Team(3))
    ]
    (group,) = (path for path in sample_pictures if path.stem == "group")
    alone, together = (finder.find(open_photo(group).rgb) for finder in finders)
    assert len(alone) >= 7
    for field in fields(alone):
        np.testing.assert_array_equal(getattr(alone, field.name), getattr(together, field.name))


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
