"""The array-backed value that hand finders return."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float32]
Rgb = NDArray[np.uint8]

FEATURES = 192 * 7 * 7
"""Width of the landmark network's cells before its last stage: 192 channels of 7x7, flattened."""


@dataclass(frozen=True, eq=False)
class Hands:
    """N hands of one photo, row i of every array being hand i.

    All pixel coordinates are of the oriented photo, x to the right and y down, (0, 0) being the
    top left corner of the top left pixel.

    Attributes:
        boxes_xyxy: float32 (N, 4), box around the whole hand, see `boxes_around`.
        landmarks_xy: float32 (N, 21, 2), pixels, MediaPipe order.
        world_xyz: float32 (N, 21, 3), metres, origin at the hand's centre, upright in the photo.
        presence: float32 (N,), the landmark network's probability that the crop holds a hand.
        handedness: float32 (N,), probability of a right hand; never used for a risk.
        palm_score: float32 (N,), score of the palm detection it came from.
        features: float32 (N, 2, F), what the landmark network's last stage sees of the hand's crop
            [:, 0] and of its mirror image [:, 1]; what gestures are read from.
    """

    boxes_xyxy: Float
    landmarks_xy: Float
    world_xyz: Float
    presence: Float
    handedness: Float
    palm_score: Float
    features: Float

    def __len__(self) -> int:
        return int(self.boxes_xyxy.shape[0])

    def __getitem__(self, index: NDArray[np.intp] | NDArray[np.bool_] | slice) -> Hands:
        """The rows that a NumPy index or mask picks."""
        return Hands(**{f.name: getattr(self, f.name)[index] for f in fields(self)})

    @classmethod
    def empty(cls) -> Hands:
        """No hands."""
        shapes = ((0, 4), (0, 21, 2), (0, 21, 3), (0,), (0,), (0,), (0, 2, FEATURES))
        return cls(*(np.zeros(s, np.float32) for s in shapes))


BOX_MARGIN = 1.17
"""Landmarks run along the middle of the fingers; boxes that people drew around whole hands were
this much larger than the landmarks' own (median over 1,000 hands)."""


def boxes_around(landmarks_xy: Float) -> Float:
    """Boxes (N, 4) around whole hands, of landmarks (N, 21, 2)."""
    low, high = landmarks_xy.min(axis=1), landmarks_xy.max(axis=1)
    middle, half = (low + high) / 2, (high - low) / 2 * BOX_MARGIN
    return np.concatenate([middle - half, middle + half], axis=1).astype(np.float32)


class HandFinder(Protocol):
    """Anything that finds hands: the pyramid of ours, or the mediapipe package."""

    def smallest_hand(self, width: int, height: int) -> float:
        """Longer side in pixels of the smallest hand searched for in a photo of that size."""
        ...

    def find(self, rgb: Rgb) -> Hands:
        """Find every hand in `rgb`, uint8 (H, W, 3), each once."""
        ...
