"""One hand, one detection: without losing the hand beside it.

Averaging NMS, as MediaPipe uses it, merges the two hands of a heart and the hands of people who
stand shoulder to shoulder.  Here boxes only ever compete, and the last word is spoken on
landmarks, where two touching hands differ even when their boxes hardly do.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posecheck.hands.types import Float

PART_OVERLAP, PART_AREA = 0.85, 0.3
"""A box is part of another if this much of it lies inside and it is smaller than this share."""


def iou_matrix(a_xyxy: Float, b_xyxy: Float) -> Float:
    """Intersection over union of boxes (N, 4) and (M, 4): float32 (N, M)."""
    low = np.maximum(a_xyxy[:, None, :2], b_xyxy[None, :, :2])
    high = np.minimum(a_xyxy[:, None, 2:], b_xyxy[None, :, 2:])
    overlap = np.clip(high - low, 0, None).prod(axis=2)
    area_a = np.clip(a_xyxy[:, 2:] - a_xyxy[:, :2], 0, None).prod(axis=1)
    area_b = np.clip(b_xyxy[:, 2:] - b_xyxy[:, :2], 0, None).prod(axis=1)
    union = area_a[:, None] + area_b[None] - overlap
    return np.asarray(overlap / np.maximum(union, 1e-9), np.float32)


def greedy(scores: Float, same: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Keep the best of every group of duplicates.

    Args:
        scores: float32 (N,); ties go to the earlier row.
        same: bool (N, N), whether two rows are the same hand; symmetric.

    Returns:
        Indices kept, best first.
    """
    alive = np.ones(len(scores), bool)
    kept = []
    for i in np.argsort(-scores, kind="stable"):
        if alive[i]:
            kept.append(i)
            alive &= ~same[i]
    return np.array(kept, np.intp)


def suppress_boxes(boxes_xyxy: Float, scores: Float, iou: float) -> NDArray[np.intp]:
    """Plain NMS over boxes (N, 4): indices kept, best first.

    As `greedy` over the IoU matrix, a row at a time: a crowd has ten thousand candidates.
    """
    rest = np.argsort(-scores, kind="stable")
    kept = []
    while len(rest):
        best, rest = rest[0], rest[1:]
        kept.append(best)
        rest = rest[iou_matrix(boxes_xyxy[best : best + 1], boxes_xyxy[rest])[0] <= iou]
    return np.array(kept, np.intp)


def is_part(boxes_xyxy: Float) -> NDArray[np.bool_]:
    """Which boxes (N, 4) are a small part of another: bool (N,).

    A fingertip or a thumb is sometimes detected as a hand of its own, inside the hand.
    """
    low = np.maximum(boxes_xyxy[:, None, :2], boxes_xyxy[None, :, :2])
    high = np.minimum(boxes_xyxy[:, None, 2:], boxes_xyxy[None, :, 2:])
    overlap = np.clip(high - low, 0, None).prod(axis=2)
    area = np.clip(boxes_xyxy[:, 2:] - boxes_xyxy[:, :2], 0, None).prod(axis=1)
    part = (overlap > PART_OVERLAP * area[:, None]) & (area[:, None] < PART_AREA * area)
    return np.asarray(part.any(axis=1))


def landmark_distance(landmarks_xy: Float) -> Float:
    """Mean distance of corresponding landmarks, over the larger hand's size: float32 (N, N).

    Args:
        landmarks_xy: float32 (N, 21, 2).
    """
    size = (landmarks_xy.max(axis=1) - landmarks_xy.min(axis=1)).max(axis=1)
    between = np.linalg.norm(landmarks_xy[:, None] - landmarks_xy[None], axis=3).mean(axis=2)
    scale = np.maximum(np.maximum(size[:, None], size[None]), 1e-6)
    return np.asarray(between / scale, np.float32)
