"""Which detection belongs to which label: one to one, best overlap first."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]


def iou_matrix(a_xyxy: Float, b_xyxy: Float) -> Float:
    """Intersection over union of every box with every other.

    Args:
        a_xyxy: (A, 4) boxes x0, y0, x1, y1.
        b_xyxy: (B, 4) boxes in the same frame.

    Returns:
        float64 (A, B), 0 to 1; boxes without an area overlap nothing.
    """
    a, b = a_xyxy[:, None, :], b_xyxy[None, :, :]
    sides = np.minimum(a[..., 2:], b[..., 2:]) - np.maximum(a[..., :2], b[..., :2])
    inter = np.prod(np.clip(sides, 0.0, None), axis=-1)
    area_a = np.prod(np.clip(a[..., 2:] - a[..., :2], 0.0, None), axis=-1)
    area_b = np.prod(np.clip(b[..., 2:] - b[..., :2], 0.0, None), axis=-1)
    union = area_a + area_b - inter
    iou = np.zeros(inter.shape)
    np.divide(inter, union, out=iou, where=union > 0)
    return iou


def match(iou: Float, threshold: float) -> NDArray[np.intp]:
    """Pair labels with detections greedily, the pair of the largest overlap first.

    Args:
        iou: (L, D) overlap of label l with detection d.
        threshold: Pairs must overlap more than this.

    Returns:
        (L,) index of each label's detection, -1 where it has none; no detection occurs twice.
        Between equal overlaps the earlier label, then the earlier detection, goes first.
    """
    found = np.full(iou.shape[0], -1, np.intp)
    taken = np.zeros(iou.shape[1], bool)
    rows, columns = np.nonzero(iou > threshold)
    for k in np.argsort(-iou[rows, columns], kind="stable"):
        row, column = rows[k], columns[k]
        if found[row] < 0 and not taken[column]:
            found[row] = column
            taken[column] = True
    return found
