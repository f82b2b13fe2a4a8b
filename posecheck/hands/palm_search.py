"""Palms of every size: the palm detector over a pyramid of scales, coarse to fine.

Seven eighths of the pixels are those of the three finest scales.  They are searched only where
the scale before them holds out hope (`promise`), in windows (`windows`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from posecheck.hands.nms import suppress_boxes
from posecheck.hands.palm import KEYPOINTS, PalmDetector, Palms
from posecheck.hands.promise import CELL, promise
from posecheck.hands.scales import PyramidSettings, Scales, zooms
from posecheck.hands.team import Team
from posecheck.hands.types import Rgb
from posecheck.hands.windows import Mask, Window, windows

NONE = Palms(
    np.zeros((0, 4), np.float32), np.zeros((0, KEYPOINTS, 2), np.float32), np.zeros(0, np.float32)
)

Detect = Callable[[Rgb, float], Palms]
"""Runs a network once over a picture, and is given the smallest score to keep."""


def in_photo(palms: Palms, scaled: Rgb, rgb: Rgb, settings: PyramidSettings) -> Palms:
    """Detections in `scaled`, one for each palm, moved into the photo `rgb` it was made of."""
    # Here as well as over all scales: a crowd fires thousands of anchors, and NMS takes N x N.
    palms = palms[suppress_boxes(palms.boxes_xyxy, palms.scores, settings.palm_iou)]
    back = np.array([rgb.shape[1] / scaled.shape[1], rgb.shape[0] / scaled.shape[0]], np.float32)
    return Palms(palms.boxes_xyxy * np.tile(back, 2), palms.keypoints_xy * back, palms.scores)


def joined(found: list[Palms], settings: PyramidSettings) -> Palms:
    """Detections of all scales, duplicates removed, best first."""
    merged = Palms.concatenate(found)
    kept = suppress_boxes(merged.boxes_xyxy, merged.scores, settings.palm_iou)
    return merged[kept[: settings.most_palms]]


def over_scales(detect: Detect, rgb: Rgb, settings: PyramidSettings) -> Palms:
    """Detections of every scale, duplicates removed, in pixels of `rgb`, best first.

    Args:
        detect: Runs a network once over a picture.
        rgb: uint8 (H, W, 3).
        settings: The scales, the smallest score, and the overlap of duplicates.
    """
    scales, found = Scales(rgb), []
    for zoom in zooms(rgb.shape[1], rgb.shape[0], settings):
        scaled = scales.at(zoom)
        found.append(in_photo(detect(scaled, settings.palm_score), scaled, rgb, settings))
    return joined(found, settings)


def through_window(detect: Detect, rgb: Rgb, window: Window, settings: PyramidSettings) -> Palms:
    """Detections in one window of a picture (H, W, 3), in the picture's pixels."""
    height, width = rgb.shape[:2]
    shown = rgb[window.top : window.bottom, window.left : window.right]
    palms = detect(np.ascontiguousarray(shown), settings.palm_score)
    middle = (palms.boxes_xyxy[:, :2] + palms.boxes_xyxy[:, 2:]) / 2
    # The picture's own edges cut nothing off that a window could show.
    low = [settings.margin if start else -np.inf for start in (window.left, window.top)]
    high = [
        end - start - settings.margin if end < side else np.inf
        for start, end, side in (
            (window.left, window.right, width),
            (window.top, window.bottom, height),
        )
    ]
    palms = palms[np.all((middle >= low) & (middle <= high), axis=1)]
    offset = np.array([window.left, window.top], np.float32)
    return Palms(palms.boxes_xyxy + np.tile(offset, 2), palms.keypoints_xy + offset, palms.scores)


@dataclass(frozen=True, eq=False)
class _Part:
    """A window of the photo at the scale of that number."""

    scale: int
    window: Window

    @property
    def pixels(self) -> int:
        """How much there is to look at."""
        window = self.window
        return (window.bottom - window.top) * (window.right - window.left)


class PalmSearch:
    """Searches photos for palms.

    Args:
        detector: The network.
        team: Who works.
    """

    def __init__(self, detector: PalmDetector, team: Team | None = None) -> None:
        self._detector = detector
        self._team = team or Team()

    def __call__(self, rgb: Rgb, settings: PyramidSettings) -> Palms:
        """Candidates of every scale, duplicates removed, in pixels of the photo, best first.

        Args:
            rgb: uint8 (H, W, 3).
            settings: How thoroughly to search.
        """
        steps = zooms(rgb.shape[1], rgb.shape[0], settings)
        side = max(rgb.shape[:2])
        whole = max(
            len(steps) - settings.in_windows,
            sum(zoom * side <= settings.whole_side for zoom in steps),
        )
        if not 1 <= whole < len(steps):
            return over_scales(self._detector, rgb, settings)
        scales = Scales(rgb)
        pictures = [scales.at(zoom) for zoom in steps[:whole]]
        # The largest first: one core gets it, the other all that is smaller.
        looked = self._team.map(
            lambda picture: self._detector.look(picture, settings.palm_score), pictures[::-1]
        )
        found = [
            in_photo(palms, picture, rgb, settings)
            for (palms, _), picture in zip(looked[::-1], pictures, strict=True)
        ]
        wanted = promise(looked[0][1]) >= settings.hope
        # Cells that lie in the padding, all or most of them, show nothing.
        rows, columns = (max(1, round(side / CELL)) for side in pictures[-1].shape[:2])
        fine = [scales.at(zoom) for zoom in steps[whole:]]
        return joined(found + self._closely(rgb, fine, wanted[:rows, :columns], settings), settings)

    def _closely(
        self, rgb: Rgb, pictures: list[Rgb], wanted: Mask, settings: PyramidSettings
    ) -> list[Palms]:
        """Detections in the wanted parts of pictures of a photo, those of each by themselves."""
        parts = [
            _Part(number, window)
            for number, picture in enumerate(pictures)
            for window in windows(wanted, *picture.shape[:2])
        ]
        parts.sort(key=lambda part: -part.pixels)
        seen = self._team.map(
            lambda part: through_window(
                self._detector, pictures[part.scale], part.window, settings
            ),
            parts,
        )
        found = []
        for number, picture in enumerate(pictures):
            here = [p for p, part in zip(seen, parts, strict=True) if part.scale == number]
            found.append(in_photo(Palms.concatenate([NONE, *here]), picture, rgb, settings))
        return found
