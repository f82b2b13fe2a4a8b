"""The shape of a hand in numbers that do not depend on where, how large or how turned it is.

Three groups, all from the landmarks: positions in a frame of the hand's own (wrist at the
origin, knuckles above), how far each joint is bent, and how far fingertips are from each other,
from the wrist and from the knuckles.  Only the first changes under mirroring, by the sign of x.
"""

from __future__ import annotations

import numpy as np

from posecheck.hands.crops import (
    INDEX_ROOT,
    MIDDLE_ROOT,
    RING_ROOT,
    WRIST,
    rotate,
    squares_from_landmarks,
)
from posecheck.hands.types import Float

PINKY_ROOT = 17
ROOTS = (INDEX_ROOT, MIDDLE_ROOT, RING_ROOT, PINKY_ROOT)
TIPS = (4, 8, 12, 16, 20)
CHAINS = (
    (0, 1, 2, 3, 4),
    (0, 5, 6, 7, 8),
    (0, 9, 10, 11, 12),
    (0, 13, 14, 15, 16),
    (0, 17, 18, 19, 20),
)
"""Landmarks of each finger from the wrist to its tip, MediaPipe order."""

TINY = 1e-6


def palm_length(points: Float) -> Float:
    """Mean distance from the wrist to the four knuckles, (N,), of points (N, 21, 2 or 3)."""
    roots = points[:, ROOTS] - points[:, WRIST : WRIST + 1]
    return np.asarray(np.maximum(np.linalg.norm(roots, axis=2).mean(axis=1), TINY), np.float32)


def canonical_xy(landmarks_xy: Float) -> Float:
    """Landmarks (N, 21, 2) in the hand's own frame, in palm lengths: float32 (N, 21, 2)."""
    angles = squares_from_landmarks(landmarks_xy).angles
    local = rotate(landmarks_xy - landmarks_xy[:, WRIST : WRIST + 1], -angles)
    return (local / palm_length(landmarks_xy)[:, None, None]).astype(np.float32)


def bends(world_xyz: Float) -> Float:
    """Cosine of the bend at every joint, 1 straight, -1 folded back: float32 (N, 15)."""
    columns = []
    for chain in CHAINS:
        bones = np.diff(world_xyz[:, chain], axis=1)
        bones = bones / np.maximum(np.linalg.norm(bones, axis=2, keepdims=True), TINY)
        columns.append((bones[:, 1:] * bones[:, :-1]).sum(axis=2))
    return np.concatenate(columns, axis=1).astype(np.float32)


def distances(world_xyz: Float) -> Float:
    """Distances that tell gestures apart, in palm lengths: float32 (N, 35).

    Between every two fingertips (10), from every tip to the wrist (5) and to the four knuckles
    (20).
    """
    tips = world_xyz[:, TIPS]
    first, second = np.triu_indices(len(TIPS), 1)
    to_tips = np.linalg.norm(tips[:, first] - tips[:, second], axis=2)
    to_wrist = np.linalg.norm(tips - world_xyz[:, WRIST : WRIST + 1], axis=2)
    to_roots = np.linalg.norm(tips[:, :, None] - world_xyz[:, None, ROOTS], axis=3)
    columns = [to_tips, to_wrist, to_roots.reshape(len(world_xyz), -1)]
    return (np.concatenate(columns, axis=1) / palm_length(world_xyz)[:, None]).astype(np.float32)


def shape_vectors(landmarks_xy: Float, world_xyz: Float) -> Float:
    """Everything above for a hand and for its mirror image.

    Args:
        landmarks_xy: float32 (N, 21, 2), pixels.
        world_xyz: float32 (N, 21, 3), metres.

    Returns:
        float32 (N, 2, 92): [:, 0] as seen, [:, 1] mirrored.
    """
    xy = canonical_xy(landmarks_xy)
    mirrored = xy * np.array([-1, 1], np.float32)
    fixed = [bends(world_xyz), distances(world_xyz)]
    views = [np.concatenate([view.reshape(len(xy), -1), *fixed], axis=1) for view in (xy, mirrored)]
    return np.stack(views, axis=1).astype(np.float32)


def thumb_rise(landmarks_xy: Float) -> Float:
    """How far the thumb points up in the photo: 1 straight up, -1 straight down, (N,).

    The only use of a direction in the photo: a thumb is up or down by it.
    """
    thumb = landmarks_xy[:, 4] - landmarks_xy[:, 2]
    length = np.maximum(np.linalg.norm(thumb, axis=1), TINY)
    return np.asarray(-thumb[:, 1] / length, np.float32)
