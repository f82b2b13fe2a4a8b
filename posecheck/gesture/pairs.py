"""Gestures that two hands make together, recognised from both.

A two-hand heart is two hands, each of which looks like half a heart, whose index fingertips
meet and whose thumb tips meet.  Palms together are two flat hands on top of each other, which
the hand finder often reports as one; a lone hand is read as such by the network, a pair confirms
it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecheck.gesture.classifier import CLASSES
from posecheck.hands.types import Float

THUMB_TIP, INDEX_TIP = 4, 8

MEETING = 0.45
"""Fingertips closer than this many hand sizes may be touching (landmarks of small hands jitter)."""

SLOPE = 12.0
"""Steepness of the step at `MEETING`."""


@dataclass(frozen=True, eq=False)
class Pairs:
    """Two-hand evidence for N hands.

    Attributes:
        partner: intp (N,), index of the other hand, -1 for none.
        heart: float32 (N,), probability that the hand is half of a two-hand heart.
    """

    partner: NDArray[np.intp]
    heart: Float


def meeting(landmarks_xy: Float, tips: tuple[int, ...]) -> Float:
    """How nearly the given fingertips of every two hands meet, 0 to 1: float32 (N, N)."""
    size = (landmarks_xy.max(axis=1) - landmarks_xy.min(axis=1)).max(axis=1)
    points = landmarks_xy[:, tips]
    apart = np.linalg.norm(points[:, None] - points[None], axis=3).max(axis=2)
    scale = np.maximum((size[:, None] + size[None]) / 2, 1e-6)
    # Clipped where the sigmoid is 0 to six digits anyway: far apart, exp would overflow.
    close = 1 / (1 + np.exp(np.minimum(SLOPE * (apart / scale - MEETING), 15)))
    np.fill_diagonal(close, 0)
    return np.asarray(close, np.float32)


def find_pairs(classes: Float, landmarks_xy: Float) -> Pairs:
    """Match hands that make a heart together, the most likely pair first.

    Args:
        classes: float32 (N, len(CLASSES)), probabilities of single hands.
        landmarks_xy: float32 (N, 21, 2), pixels.
    """
    count = len(classes)
    partner = np.full(count, -1, np.intp)
    heart = np.zeros(count, np.float32)
    if count < 2:
        return Pairs(partner, heart)
    half = classes[:, CLASSES.index("half_heart")]
    together = meeting(landmarks_xy, (THUMB_TIP, INDEX_TIP))
    # The better half vouches for the other: the finder often cuts one of two touching hands.
    joint = together * np.sqrt(half[:, None] * half[None])
    for flat in np.argsort(-joint, axis=None, kind="stable"):
        i, j = divmod(int(flat), count)
        if joint[i, j] < 0.05:
            break
        if i < j and partner[i] < 0 and partner[j] < 0:
            partner[i], partner[j] = j, i
            heart[i] = heart[j] = joint[i, j]
    return Pairs(partner, heart)
