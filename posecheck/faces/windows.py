"""Square windows of a photo, as the face network is shown them."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from posecheck.hands.types import Float, Rgb


def cut(rgb: Rgb, side: int, step: int) -> tuple[Float, Float]:
    """Overlapping windows that cover a picture.

    Args:
        rgb: uint8 (H, W, 3).
        side: Side of a window in pixels.
        step: How far the next window lies, at most `side`.

    Returns:
        Windows float32 (N, side, side, 3), 0 to 1, black beyond the picture; their top left
        corners float32 (N, 2), x and y.
    """
    height, width = rgb.shape[:2]
    tops, lefts = (range(0, max(1, length - side + step), step) for length in (height, width))
    windows = np.zeros((len(tops) * len(lefts), side, side, 3), np.float32)
    corners = np.array([(left, top) for top in tops for left in lefts], np.float32)
    for window, (left, top) in zip(windows, corners.astype(int), strict=True):
        part = rgb[top : top + side, left : left + side]
        np.multiply(
            part,
            np.float32(1 / 255),
            out=window[: part.shape[0], : part.shape[1]],
            casting="unsafe",
        )
    return windows, corners


def centred(rgb: Rgb, boxes_xyxy: Float, size: float, side: int) -> Float:
    """Each box in the middle of a window, scaled so that its longer side is `size` pixels.

    Args:
        rgb: uint8 (H, W, 3).
        boxes_xyxy: float32 (N, 4), pixels of `rgb`.
        size: Pixels of the window.
        side: Side of a window in pixels.

    Returns:
        float32 (N, side, side, 3), 0 to 1, black beyond the photo.
    """
    windows = np.empty((len(boxes_xyxy), side, side, 3), np.float32)
    for window, box in zip(windows, boxes_xyxy, strict=True):
        longer = max(float(box[2] - box[0]), float(box[3] - box[1]), 1.0)
        reach = side / 2 * longer / size
        middle = (box[:2] + box[2:]) / 2
        low = np.floor(middle - reach).astype(int)
        high = np.ceil(middle + reach).astype(int)
        x0, y0 = np.maximum(low, 0)
        x1, y1 = np.minimum(high, rgb.shape[1::-1])
        if x0 >= x1 or y0 >= y1:
            window[:] = 0
            continue
        part, corner = rgb[y0:y1, x0:x1], np.array([x0, y0], np.float32)
        zoom = size / longer
        if zoom < 1:
            # First by the mean of areas: bilinear sampling skips pixels.
            few = (max(1, round((x1 - x0) * zoom)), max(1, round((y1 - y0) * zoom)))
            part = np.asarray(cv2.resize(part, few, interpolation=cv2.INTER_AREA), np.uint8)
        scale = np.array([part.shape[1] / (x1 - x0), part.shape[0] / (y1 - y0)]) / zoom
        at = side / 2 - (middle - corner) * zoom
        matrix = np.array([[1 / scale[0], 0, at[0]], [0, 1 / scale[1], at[1]]])
        # OpenCV counts from the middle of pixels.
        matrix[:, 2] += 0.5 * np.diag(matrix) - 0.5
        shown: NDArray[np.uint8] = cv2.warpAffine(  # type: ignore[assignment]
            part, matrix, (side, side), flags=cv2.INTER_LINEAR
        )
        np.multiply(shown, np.float32(1 / 255), out=window, casting="unsafe")
    return windows
