"""A photo at many scales, a factor of sqrt(2) apart."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from posecheck.hands.types import Rgb

SMALLEST_AT_SCALE = 28.0
"""Size in pixels of the smallest hand that the detector reliably fires on at some scale."""


@dataclass(frozen=True)
class PyramidSettings:
    """How thoroughly to search.  The defaults are measured in docs/accuracy.md.

    Attributes:
        smallest_side: Longer side of the photo at the coarsest scale, pixels.
        largest_side: Longer side of the photo at the finest scale, pixels.
        largest_zoom: Never enlarge a photo by more than this.
        factor: Ratio of neighbouring scales.
        palm_score: Smallest palm score followed up.
        palm_iou: Palm boxes that overlap more than this are one palm.
        first_presence: Smallest presence of the first crop that earns a second.
        presence: Smallest presence kept.
        same_crop: Mean landmark distance, in hand sizes, below which two first looks are one.
        same_hand: The same for the final landmarks.
        most_palms: At most this many palms are followed up, best first.
        in_windows: How many of the finest scales are searched in windows only; 0 shows every
            scale whole.
        whole_side: Scales up to this longer side in pixels are shown whole in any case: there is
            little to save.
        hope: Smallest `promise` of a cell that earns a window.
        margin: Palms whose middle is closer than this to where a window cuts the picture, in
            pixels of the scale, are left to the window beside it.
    """

    smallest_side: float = 90.5
    largest_side: float = 2896.0
    largest_zoom: float = 1.4
    factor: float = 2**0.5
    palm_score: float = 0.05
    palm_iou: float = 0.45
    first_presence: float = 0.1
    presence: float = 0.5
    same_crop: float = 0.12
    same_hand: float = 0.25
    most_palms: int = 1000
    in_windows: int = 3
    whole_side: float = 700.0
    hope: float = -1.6
    margin: float = 12.0


def zooms(width: int, height: int, settings: PyramidSettings) -> list[float]:
    """Scale factors for a photo of that size, coarsest first."""
    side = max(width, height)
    finest = min(settings.largest_zoom, settings.largest_side / side)
    coarsest = min(settings.smallest_side / side, finest)
    steps = round(np.log(finest / coarsest) / np.log(settings.factor))
    return [finest / settings.factor**i for i in range(steps, -1, -1)]


def resized(rgb: Rgb, width: int, height: int) -> Rgb:
    """`rgb` (H, W, 3) at another size: area average down, bilinear up."""
    smaller = width <= rgb.shape[1] and height <= rgb.shape[0]
    method = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(rgb, (width, height), interpolation=method), np.uint8)


class Scales:
    """Copies of one photo, each made of the last half that is still larger.

    Averages of averages are averages, and of a large photo most scales are small.

    Args:
        rgb: uint8 (H, W, 3).
    """

    def __init__(self, rgb: Rgb) -> None:
        self._halves = [rgb]

    def at(self, zoom: float) -> Rgb:
        """The photo scaled by `zoom`; at least one pixel."""
        height, width = self._halves[0].shape[:2]
        size = max(1, round(width * zoom)), max(1, round(height * zoom))
        while all(side // 2 >= wanted for side, wanted in zip(self._smallest(), size, strict=True)):
            wide, high = self._smallest()
            self._halves.append(resized(self._halves[-1], wide // 2, high // 2))
        larger = [h for h in self._halves if h.shape[1] >= size[0] and h.shape[0] >= size[1]]
        return resized(larger[-1] if larger else self._halves[0], *size)

    def _smallest(self) -> tuple[int, int]:
        """Width and height of the smallest half."""
        height, width = self._halves[-1].shape[:2]
        return width, height
