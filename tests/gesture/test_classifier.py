from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from posecheck.gesture.classifier import (
    BATCH,
    CLASSES,
    COLUMN,
    LARGE_HAND,
    SMALL_HAND,
    GestureClassifier,
    expect_ordinary,
    thumb_up_share,
    to_gestures,
)
from posecheck.gesture.vocabulary import GESTURE_IDS
from posecheck.hands.types import FEATURES, Float, Hands
from tests.hands.made import placed, session

PRIOR = {"small": 1.0, "large": 0.0}

rises = hnp.arrays(np.float32, st.integers(1, 5), elements=st.floats(-1, 1, width=32))


def certain(name: str) -> Float:
    """Class probabilities (1, len(CLASSES)) of a hand that is surely that."""
    return np.array([[float(other == name) for other in CLASSES]], np.float32)


def test_classes_are_the_gestures_but_for_what_direction_or_a_second_hand_decides() -> None:
    assert len(set(CLASSES)) == len(CLASSES)
    assert set(CLASSES) - set(GESTURE_IDS) == {"thumb", "half_heart", "not_hand"}
    assert set(GESTURE_IDS) - set(CLASSES) == {"thumb_up", "thumb_down", "two_hand_heart"}


@given(rises)
def test_the_share_that_is_up_is_a_share(rise: Float) -> None:
    share = thumb_up_share(rise)
    assert share.shape == rise.shape
    assert ((share >= 0) & (share <= 1)).all()


def test_the_higher_a_thumb_points_the_surer_it_is_up() -> None:
    share = thumb_up_share(np.linspace(-1, 1, 41, dtype=np.float32))
    assert (np.diff(share) >= 0).all()
    assert share[-1] > 0.99
    assert share[0] < 0.01


@pytest.mark.parametrize(
    ("degrees", "expected"),
    [(0, "thumb_up"), (45, "thumb_up"), (90, "thumb_up"), (135, "thumb_down"), (180, "thumb_down")],
)
def test_a_thumb_is_named_by_where_it_points(degrees: float, expected: str) -> None:
    rise = np.array([np.cos(np.radians(degrees))], np.float32)
    gestures = to_gestures(certain("thumb"), rise)
    assert GESTURE_IDS[int(gestures.argmax())] == expected


def test_a_hand_that_fills_the_photo_is_less_often_an_ordinary_one() -> None:
    undecided = (certain("none") + certain("peace")) / 2
    shares = np.array([0.01, SMALL_HAND, 0.2, LARGE_HAND, 0.9], np.float32)
    prior = {"small": 1.0, "large": -0.5}
    weighed = expect_ordinary(np.repeat(undecided, 5, axis=0), shares, prior)
    ordinary = weighed[:, CLASSES.index("none")]
    np.testing.assert_allclose(weighed.sum(axis=1), 1, atol=1e-5)
    assert ordinary[0] == ordinary[1] == pytest.approx(1 / (1 + np.exp(-1.0)))
    assert ordinary[1] > ordinary[2] > ordinary[3]
    assert ordinary[3] == ordinary[4] == pytest.approx(1 / (1 + np.exp(0.5)))


@pytest.mark.parametrize("name", [c for c in CLASSES if c in GESTURE_IDS])
def test_every_other_class_is_its_gesture_however_the_thumb_points(name: str) -> None:
    for rise in (-1, 0, 1):
        gestures = to_gestures(certain(name), np.array([rise], np.float32))
        assert gestures[0, COLUMN[name]] == pytest.approx(1)


def test_half_a_heart_alone_is_no_sign() -> None:
    gestures = to_gestures(certain("half_heart"), np.zeros(1, np.float32))
    assert gestures[0, COLUMN["other"]] == pytest.approx(1)


@given(
    hnp.arrays(np.float32, (3, len(CLASSES)), elements=st.floats(0, 1, width=32)),
    hnp.arrays(np.float32, 3, elements=st.floats(-1, 1, width=32)),
)
def test_gestures_of_what_is_a_hand_add_up_to_one(weights: Float, rise: Float) -> None:
    weights = weights + np.float32(0.01)
    classes = weights / weights.sum(axis=1, keepdims=True)
    gestures = to_gestures(classes, rise)
    assert gestures.shape == (3, len(GESTURE_IDS))
    assert (gestures >= 0).all()
    np.testing.assert_allclose(gestures.sum(axis=1), 1, atol=1e-4)
    assert (gestures[:, COLUMN["two_hand_heart"]] == 0).all()
    # A hand is given: what is not one takes nothing away from the others' proportions.
    without = classes.copy()
    without[:, CLASSES.index("not_hand")] = 0
    np.testing.assert_allclose(to_gestures(without, rise), gestures, atol=1e-4)


def some_hands() -> Hands:
    landmarks = np.concatenate([placed((100, 100)), placed((300, 100), 80, 0.5)])
    rng = np.random.default_rng(0)
    return Hands(
        boxes_xyxy=np.concatenate([landmarks.min(axis=1), landmarks.max(axis=1)], axis=1),
        landmarks_xy=landmarks,
        world_xyz=np.concatenate([landmarks / 1000, np.zeros((2, 21, 1), np.float32)], axis=2),
        presence=np.ones(2, np.float32),
        handedness=np.ones(2, np.float32),
        palm_score=np.ones(2, np.float32),
        features=rng.random((2, 2, FEATURES), np.float32),
    )


def test_the_network_is_fed_features_and_shape_of_both_views() -> None:
    answer = np.tile(certain("peace"), (2, 1))
    fake = session(lambda feed: [answer])
    hands = some_hands()
    assert (GestureClassifier(fake, PRIOR)(hands, 400) == answer).all()
    assert fake.asked == [["probabilities"]]
    assert (fake.fed[0]["features"] == hands.features).all()
    assert fake.fed[0]["shape"].shape == (2, 2, 92)


def test_a_crowd_is_read_in_parts() -> None:
    """Every hand once, in order: the fake network says which batch and row it was asked about."""
    crowd = some_hands()[np.zeros(2 * BATCH + 3, np.intp)]
    crowd = replace(crowd, features=np.arange(len(crowd), dtype=np.float32)[:, None, None])

    def answer(feed: dict[str, Float]) -> list[Float]:
        rows = np.zeros((len(feed["features"]), len(CLASSES)), np.float32)
        number = feed["features"][:, 0, 0] / 100
        rows[:, CLASSES.index("peace")], rows[:, CLASSES.index("fist")] = number, 1 - number
        return [rows]

    fake = session(answer)
    read = GestureClassifier(fake, {"small": 0.0, "large": 0.0})(crowd, 400)
    expected = np.arange(len(crowd)) / 100
    np.testing.assert_allclose(read[:, CLASSES.index("peace")], expected, atol=1e-5)
    assert [len(feed["features"]) for feed in fake.fed] == [BATCH, BATCH, 3]


def test_no_hands_are_no_rows_and_no_run() -> None:
    fake = session(lambda feed: pytest.fail("there is nothing to run"))
    assert GestureClassifier(fake, PRIOR)(Hands.empty(), 400).shape == (0, len(CLASSES))
