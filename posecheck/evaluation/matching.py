"""Which detection belongs to which label: one to one, best overlap first."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.floating]


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
