"""From hands to readings: what the reader adds to the network's answer."""

from __future__ import annotations

from typing import Any, cast

import cv2
import numpy as np
import pytest

from posecheck.gesture.classifier import CLASSES, COLUMN
from posecheck.gesture.legible import LEGIBLE
from posecheck.gesture.reader import GestureReader, Reading
from posecheck.gesture.vocabulary import GESTURE_IDS
from posecheck.hands.types import FEATURES, Float, Hands, Rgb, boxes_around
from tests.gesture.test_legible import drawn
from tests.hands.made import placed


def hands_at(landmarks_xy: Float) -> Hands:
    count = len(landmarks_xy)
    return Hands(
        boxes_xyxy=boxes_around(landmarks_xy),
        landmarks_xy=landmarks_xy,
        world_xyz=np.zeros((count, 21, 3), np.float32),
        presence=np.ones(count, np.float32),
        handedness=np.full(count, 0.5, np.float32),
        palm_score=np.ones(count, np.float32),
        features=np.zeros((count, 2, FEATURES), np.float32),
    )


def read(hands: Hands, names: list[str], rgb: Rgb | None = None) -> Reading:
    """Read hands whose classes are known for certain."""
    classes = np.eye(len(CLASSES), dtype=np.float32)[[CLASSES.index(name) for name in names]]
    reader = GestureReader(cast("Any", lambda *_: classes))
    return reader.read(hands, 1000.0, rgb)


def test_what_is_no_hand_is_dropped_with_its_size() -> None:
    hands = hands_at(np.concatenate([placed((200, 200), 90), placed((600, 300), 40)]))
    reading = read(hands, ["not_hand", "peace"])
    assert len(reading.hands) == len(reading.probabilities) == 1
    assert reading.probabilities[0, COLUMN["peace"]] == 1
    assert reading.sizes == pytest.approx([40 * 1.17], rel=0.01)


def test_without_pixels_the_box_alone_says_whether_a_hand_is_legible() -> None:
    sizes = [LEGIBLE - 1, LEGIBLE + 1, 200]
    landmarks = np.concatenate([placed((200.0 * i, 300), s / 1.17) for i, s in enumerate(sizes)])
    reading = read(hands_at(landmarks), ["none"] * 3)
    assert reading.sizes == pytest.approx(sizes, rel=0.01)
    assert reading.legible.tolist() == [False, True, True]


def test_with_pixels_a_blurred_hand_is_not_legible() -> None:
    rgb, box = drawn(50)
    landmarks = placed((0, 0), 50)
    hands = hands_at(landmarks + (box[0, :2] - boxes_around(landmarks)[0, :2]))
    assert read(hands, ["peace"], rgb).legible.tolist() == [True]
    soft = np.asarray(cv2.GaussianBlur(rgb, (0, 0), 3), np.uint8)
    reading = read(hands, ["peace"], soft)
    assert reading.legible.tolist() == [False]
    assert 5 < reading.sizes[0] < LEGIBLE
    # Being illegible takes nothing from what was read: the risk weighs it.
    assert reading.probabilities[0, COLUMN["peace"]] == 1


def test_no_hands() -> None:
    reading = read(Hands.empty(), [], np.zeros((10, 10, 3), np.uint8))
    assert reading.probabilities.shape == (0, len(GESTURE_IDS))
    assert reading.sizes.shape == reading.legible.shape == (0,)
