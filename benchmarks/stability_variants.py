"""The same photo, changed in ways that should not change what is said of it.

All in memory: pixels go in, pixels come out, no file is written anywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""RGB, uint8 (H, W, 3), upright."""

JPEG_QUALITY = 60
"""About what messengers send photos with."""

BLUR_SIGMA = 1.0
"""Standard deviation of the blur, in pixels."""


@dataclass(frozen=True)
class Variant:
    """One way to change a photo.

    Attributes:
        name: Short, for tables and JSON.
        words: What is done.
        make: Changes pixels; its argument is left as it is.
        rotates: Turns the photo, so that a thumb up may rightly become another sign.
    """

    name: str
    words: str
    make: Callable[[Pixels], Pixels]
    rotates: bool = False


def rotated(rgb: Pixels, quarters: int) -> Pixels:
    """Turned clockwise by quarters, as a photo is whose EXIF orientation was lost."""
    return np.ascontiguousarray(np.rot90(rgb, -quarters))


def mirrored(rgb: Pixels) -> Pixels:
    """Left and right exchanged."""
    return np.ascontiguousarray(rgb[:, ::-1])


def recompressed(rgb: Pixels, quality: int = JPEG_QUALITY) -> Pixels:
    """Through JPEG and back.

    Raises:
        ValueError: The pixels cannot be stored as JPEG (a side over 65,500 pixels).
    """
    done, stored = cv2.imencode(
        ".jpg", cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, quality]
    )
    back = cv2.imdecode(stored, cv2.IMREAD_COLOR) if done else None
    if back is None:
        raise ValueError(f"{rgb.shape[1]} x {rgb.shape[0]} pixels cannot be stored as JPEG")
    return np.asarray(cv2.cvtColor(back, cv2.COLOR_BGR2RGB), np.uint8)


def halved(rgb: Pixels) -> Pixels:
    """Half as wide and half as high, every pixel the mean of those it covers."""
    size = (max(1, rgb.shape[1] // 2), max(1, rgb.shape[0] // 2))
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)


def blurred(rgb: Pixels, sigma: float = BLUR_SIGMA) -> Pixels:
    """A little out of focus."""
    return np.asarray(cv2.GaussianBlur(rgb, (0, 0), sigma), np.uint8)


VARIANTS: tuple[Variant, ...] = (
    Variant("rotated 90", "turned by 90 degrees", lambda rgb: rotated(rgb, 1), rotates=True),
    Variant("rotated 180", "turned by 180 degrees", lambda rgb: rotated(rgb, 2), rotates=True),
    Variant("rotated 270", "turned by 270 degrees", lambda rgb: rotated(rgb, 3), rotates=True),
    Variant("mirrored", "left and right exchanged", mirrored),
    Variant("recompressed", f"stored as JPEG of quality {JPEG_QUALITY}", recompressed),
    Variant("half size", "scaled to half, by area", halved),
    Variant("blurred", f"Gaussian blur, sigma {BLUR_SIGMA:g} px", blurred),
)
"""Rotations are clockwise and carry no EXIF orientation that would tell of them."""
