from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from posecheck.hands.palm import (
    KEYPOINTS,
    STRIDE,
    PalmDetector,
    Palms,
    anchor_centres,
    decode,
    pad_to_stride,
)
from posecheck.hands.types import Float
from tests.hands.made import session

sides = st.integers(1, 6).map(lambda n: n * STRIDE)


def test_mediapipe_has_2016_anchors() -> None:
    assert len(anchor_centres(192, 192)) == 2016


@given(sides, sides)
def test_anchors_lie_in_the_middle_of_their_cells(height: int, width: int) -> None:
    centres = anchor_centres(height, width)
    fine, coarse = height * width // 64, height * width // 256
    assert centres.shape == (2 * fine + 6 * coarse, 2)
    first, second = centres[: 2 * fine], centres[2 * fine :]
    # Two a cell, then six a cell, row by row.
    assert (first[0] == first[1]).all()
    assert (first[:2] == [4, 4]).all()
    assert (first[2] == [12, 4]).all()
    assert (second[:6] == [8, 8]).all()
    assert (second[6] == [24, 8]).all()
    assert (centres[-1] == [width - 8, height - 8]).all()
    assert len(np.unique(first, axis=0)) == fine


@given(st.integers(1, 200), st.integers(1, 200))
def test_padding_adds_black_at_the_right_and_bottom_only(height: int, width: int) -> None:
    rgb = np.full((height, width, 3), 255, np.uint8)
    padded = pad_to_stride(rgb)
    assert padded.dtype == np.float32
    assert padded.shape[1] % STRIDE == padded.shape[2] % STRIDE == 0
    assert padded.shape[1] - height < STRIDE
    assert padded.shape[2] - width < STRIDE
    assert (padded[0, :height, :width] == 1).all()
    assert padded.sum() == pytest.approx(height * width * 3)


def encoded(palms: Palms, centres: Float) -> Float:
    """What the network says for `palms`, one for each of the first anchors."""
    size = palms.boxes_xyxy[:, 2:] - palms.boxes_xyxy[:, :2]
    middle = (palms.boxes_xyxy[:, 2:] + palms.boxes_xyxy[:, :2]) / 2
    points = palms.keypoints_xy - centres[:, None]
    parts = [middle - centres, size, points.reshape(len(centres), -1)]
    return np.concatenate(parts, axis=1).astype(np.float32)


@given(
    hnp.arrays(np.float32, (8, 2), elements=st.floats(-100, 400, width=32)),
    hnp.arrays(np.float32, (8, 2), elements=st.floats(1, 200, width=32)),
    hnp.arrays(np.float32, (8, KEYPOINTS, 2), elements=st.floats(-100, 400, width=32)),
    hnp.arrays(np.float32, 8, elements=st.floats(-12, 12, width=32)),
    st.floats(0.05, 0.95),
)
def test_decoding_undoes_the_anchors(
    corners: Float, size: Float, points: Float, logits: Float, threshold: float
) -> None:
    centres = anchor_centres(192, 192)[-8:]
    scores = np.asarray(1 / (1 + np.exp(-logits)), np.float32)
    said = Palms(np.concatenate([corners, corners + size], axis=1), points, scores)
    heard = decode(encoded(said, centres), logits, centres, threshold)
    kept = said[logits > np.log(threshold / (1 - threshold))]
    np.testing.assert_allclose(heard.boxes_xyxy, kept.boxes_xyxy, atol=1e-3)
    np.testing.assert_allclose(heard.keypoints_xy, kept.keypoints_xy, atol=1e-3)
    np.testing.assert_allclose(heard.scores, kept.scores, atol=1e-6)
    assert (heard.scores >= threshold - 1e-6).all()


def test_the_detector_pairs_outputs_with_the_anchors_of_its_input() -> None:
    """Scores are the second look's, where the first was not hopeless."""

    def two_palms(feed: dict[str, Float]) -> list[Float]:
        height, width = feed["image"].shape[1:3]
        count = len(anchor_centres(height, width))
        raw = np.zeros((1, count, 18), np.float32)
        raw[0, :, 2:4] = 10
        first, second = (np.full((1, count, 1), -9, np.float32) for _ in range(2))
        first[0, -1], second[0, -1] = -3, 2  # hardly a palm at first sight
        second[0, 0] = 5  # never asked: the first score is hopeless
        first[0, 1] = 4  # taken back
        return [raw, first, second]

    fake = session(two_palms)
    palms = PalmDetector(fake)(np.zeros((65, 120, 3), np.uint8), 0.5)
    assert fake.fed[0]["image"].shape == (1, 128, 128, 3)
    assert fake.asked == [["boxes", "logits", "hand_logits"]]
    assert len(palms) == 1
    np.testing.assert_allclose(palms.boxes_xyxy, [[115, 115, 125, 125]])
    np.testing.assert_allclose(palms.keypoints_xy, np.full((1, KEYPOINTS, 2), 120))
    np.testing.assert_allclose(palms.scores, 1 / (1 + np.exp(-2)), rtol=1e-6)


def test_without_a_second_look_scores_are_mediapipes() -> None:
    def one_palm(feed: dict[str, Float]) -> list[Float]:
        count = len(anchor_centres(*feed["image"].shape[1:3]))
        first, second = (np.full((1, count, 1), value, np.float32) for value in (-9, 9))
        first[0, 3] = 1
        return [np.zeros((1, count, 18), np.float32), first, second]

    palms = PalmDetector(session(one_palm), second_look=False)(np.zeros((64, 64, 3), np.uint8), 0.5)
    np.testing.assert_allclose(palms.scores, [1 / (1 + np.exp(-1))], rtol=1e-6)


def test_rows_are_picked_and_joined() -> None:
    palms = Palms(
        np.arange(12, dtype=np.float32).reshape(3, 4),
        np.zeros((3, KEYPOINTS, 2), np.float32),
        np.array([0.1, 0.2, 0.3], np.float32),
    )
    assert len(palms) == 3
    both = Palms.concatenate([palms[np.array([2])], palms[palms.scores < 0.15]])
    assert both.scores.tolist() == pytest.approx([0.3, 0.1])
    assert both.boxes_xyxy[0].tolist() == [8, 9, 10, 11]


def test_a_black_picture_holds_no_palm(palm_detector: PalmDetector) -> None:
    assert len(palm_detector(np.zeros((256, 192, 3), np.uint8), 0.3)) == 0
