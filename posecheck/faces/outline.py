"""The outline of a hand, drawn from its landmarks: what stays sharp where a face is blurred.

Not the hull: between the fingers of a V before a face is that face.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from posecheck.hands.types import Float

WRIST, MIDDLE_ROOT, INDEX_ROOT, LITTLE_ROOT = 0, 9, 5, 17

PALM = (0, 1, 2, 5, 9, 13, 17)
"""Landmarks around the palm, in MediaPipe's order of 21."""

BONES = tuple((i, i + 1) for root in (1, 5, 9, 13, 17) for i in range(root, root + 3))
"""The three bones of each finger."""

BREADTH = 0.75
"""Least breadth of a palm over its length: from the side the breadth says nothing."""

RADIUS = 0.2
"""Half the width of a finger, over the breadth of the palm's four knuckles; a finger is about a
third of that breadth, and landmarks are not quite in its middle."""

CORNERS = 12
"""Corners of the circle around each landmark."""


def hand_outline(landmarks_xy: Float) -> list[Float]:
    """Polygons that cover one hand, slightly larger than it.

    Args:
        landmarks_xy: float32 (21, 2), MediaPipe order, pixels of the photo.

    Returns:
        Convex polygons float32 (K, 2), pixels of the photo: the palm and each bone of a finger.
    """

    def length(a: int, b: int) -> float:
        return float(np.linalg.norm(landmarks_xy[a] - landmarks_xy[b]))

    breadth = max(length(INDEX_ROOT, LITTLE_ROOT), BREADTH * length(WRIST, MIDDLE_ROOT))
    turns = np.linspace(0, 2 * np.pi, CORNERS, endpoint=False)
    circle = RADIUS * breadth * np.stack([np.cos(turns), np.sin(turns)], axis=1)
    around = landmarks_xy[:, None] + circle[None].astype(np.float32)
    return [_hull(around[list(part)]) for part in (PALM, *BONES)]


def coverage(box_xyxy: Float, polygons: Sequence[Float]) -> float:
    """The share of a box (4,) that polygons cover together, to about a percent."""
    side = 64
    corner, size = box_xyxy[:2], np.maximum(box_xyxy[2:] - box_xyxy[:2], 1e-6)
    grid: NDArray[np.uint8] = np.zeros((side, side), np.uint8)
    for polygon in polygons:
        inside = np.round((polygon - corner) / size * side - 0.5).astype(np.int32)
        cv2.fillConvexPoly(grid, np.clip(inside, -4 * side, 5 * side), 1)
    return float(grid.mean())


def _hull(points: Float) -> Float:
    flat = np.ascontiguousarray(points.reshape(-1, 2), np.float32)
    return np.asarray(cv2.convexHull(flat).reshape(-1, 2), np.float32)
