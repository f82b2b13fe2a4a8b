"""Makes faces unrecognisable, for good, and leaves the hands before them sharp."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from posecheck.hands.types import Float, Rgb

WIDTH, HEIGHT, UP = 0.85, 1.05, 0.15
"""Half-axes of the ellipse that is blurred, and how far above the box's centre it lies, over the
box's longer side.  Boxes go from eyebrows to chin; forehead, ears and chin are covered too."""

CELLS = 4
"""So many cells lie across a face: eyes, nose and mouth are in one cell or two."""

SOFTEN = 0.5
"""Sigma of the blur over the cells' edges, in cells."""

FRACTION = 4
"""Ellipses and polygons are drawn to 1/16 of a pixel (bits of a fraction)."""


def blur_faces(rgb: Rgb, boxes_xyxy: Float, keep: Sequence[Float] = ()) -> Rgb:
    """A copy of a photo with faces blurred.

    Each face becomes the means of a few large cells, which nothing brings back, softened by a
    gaussian blur.

    Args:
        rgb: uint8 (H, W, 3).
        boxes_xyxy: float32 (N, 4), faces, pixels of the photo; may reach beyond it.
        keep: Polygons float32 (K, 2), pixels of the photo, that stay as they are: hands, see
            `posecheck.faces.outline.hand_outline`.

    Returns:
        uint8 (H, W, 3).
    """
    blurred = rgb.copy()
    for box in boxes_xyxy:
        _blur_one(blurred, box)
    for polygon in keep:
        _paste_back(blurred, rgb, polygon)
    return blurred


def _blur_one(rgb: Rgb, box_xyxy: Float) -> None:
    """Blur one face in place.  What was blurred before is blurred once more, never restored."""
    x0, y0, x1, y1 = (float(v) for v in box_xyxy)
    side = max(x1 - x0, y1 - y0)
    centre = ((x0 + x1) / 2, (y0 + y1) / 2 - UP * side)
    axes = (WIDTH * side, HEIGHT * side)
    window = _window(
        (centre[0] - axes[0], centre[1] - axes[1], centre[0] + axes[0], centre[1] + axes[1]),
        rgb.shape,
    )
    if window is None:
        return
    part = rgb[window]
    height, width = part.shape[:2]
    cell = max(side / CELLS, 1.0)
    few = (max(1, round(width / cell)), max(1, round(height / cell)))
    cells = cv2.resize(part, few, interpolation=cv2.INTER_AREA)
    soft = cv2.resize(cells, (width, height), interpolation=cv2.INTER_NEAREST)
    soft = cv2.GaussianBlur(soft, (0, 0), SOFTEN * cell, borderType=cv2.BORDER_REPLICATE)
    inside: NDArray[np.uint8] = np.zeros((height, width), np.uint8)
    corner = (window[1].start, window[0].start)
    cv2.ellipse(
        inside,
        _fixed(centre[0] - corner[0] - 0.5, centre[1] - corner[1] - 0.5),
        _fixed(*axes),
        angle=0,
        startAngle=0,
        endAngle=360,
        color=1,
        thickness=cv2.FILLED,
        shift=FRACTION,
    )
    np.copyto(part, np.asarray(soft, np.uint8), where=inside[..., None].astype(bool))


def _paste_back(rgb: Rgb, original: Rgb, polygon: Float) -> None:
    """Put the original's pixels back inside a polygon, in place."""
    low, high = polygon.min(axis=0), polygon.max(axis=0)
    window = _window((*low.tolist(), *high.tolist()), rgb.shape)
    if window is None:
        return
    part = rgb[window]
    inside: NDArray[np.uint8] = np.zeros(part.shape[:2], np.uint8)
    corner = np.array([window[1].start, window[0].start], np.float32)
    fixed = np.round((polygon - corner - np.float32(0.5)) * 2**FRACTION).astype(np.int32)
    cv2.fillPoly(inside, [fixed], 1, shift=FRACTION)
    np.copyto(part, original[window], where=inside[..., None].astype(bool))


def _window(
    box: tuple[float, float, float, float], shape: tuple[int, ...]
) -> tuple[slice, slice] | None:
    """Rows and columns of the photo that a box touches, or None."""
    x0, y0, x1, y1 = box
    rows = slice(max(0, int(np.floor(y0))), min(shape[0], int(np.ceil(y1))))
    columns = slice(max(0, int(np.floor(x0))), min(shape[1], int(np.ceil(x1))))
    if rows.start >= rows.stop or columns.start >= columns.stop:
        return None
    return rows, columns


def _fixed(x: float, y: float) -> tuple[int, int]:
    """A point in the fixed-point numbers that OpenCV draws with."""
    return round(x * 2**FRACTION), round(y * 2**FRACTION)
