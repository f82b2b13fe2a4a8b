from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from posecheck.hands.types import BOX_MARGIN, FEATURES, Float, Hands, boxes_around
from tests.hands.made import hands, placed


@given(hands())
def test_a_box_holds_the_landmarks_with_the_same_room_on_both_sides(landmarks: Float) -> None:
    boxes = boxes_around(landmarks)
    low, high = landmarks.min(axis=1), landmarks.max(axis=1)
    np.testing.assert_allclose(
        boxes[:, 2:] - boxes[:, :2], (high - low) * BOX_MARGIN, rtol=1e-2, atol=1e-2
    )
    np.testing.assert_allclose(low - boxes[:, :2], boxes[:, 2:] - high, atol=1e-2)
    assert (boxes[:, :2] <= low).all()
    assert boxes.dtype == np.float32


def test_no_hands_have_no_rows_and_the_right_widths() -> None:
    none = Hands.empty()
    assert len(none) == 0
    assert none.features.shape == (0, 2, FEATURES)
    assert none.landmarks_xy.shape == (0, 21, 2)


def test_rows_of_every_array_are_picked_together() -> None:
    landmarks = np.concatenate([placed((x, 100)) for x in (100, 300, 500)])
    share = np.array([0.1, 0.2, 0.3], np.float32)
    three = Hands(
        boxes_xyxy=boxes_around(landmarks),
        landmarks_xy=landmarks,
        world_xyz=np.zeros((3, 21, 3), np.float32),
        presence=share,
        handedness=share,
        palm_score=share,
        features=np.zeros((3, 2, FEATURES), np.float32),
    )
    assert len(three) == 3
    for index in (slice(2, None), np.array([False, False, True]), np.array([2])):
        last = three[index]
        assert len(last) == 1
        assert last.presence.tolist() == pytest.approx([0.3])
        assert all(len(array) == 1 for array in vars(last).values())
        np.testing.assert_allclose(last.landmarks_xy, landmarks[2:])
