"""From a decoded picture of any kind to upright 8-bit RGB."""

from __future__ import annotations

from io import BytesIO
from typing import cast

import numpy as np
from numpy.typing import NDArray
from PIL import Image

# EXIF orientation (Exif 2.32, tag 0x0112) to what makes the picture upright.
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# Colour spaces of an ICC profile (ICC.1:2010, 7.2.6) that fit the modes that are converted.
_SPACES = {"RGB": "RGB ", "L": "GRAY", "CMYK": "CMYK", "LAB": "Lab "}

_STRIP = 1 << 18
"""Pixels that are copied at a time; they stay in the processor's cache."""

WORTH_CONVERTING = 12.0
"""Mean change in levels (of 255) over the colour cube from which a profile is applied.  Display P3
(10.2), which every iPhone embeds, and Adobe RGB (10.6) stay below: applying them takes longer than
all else that opening a photo does (0.4 s for 12 megapixels), and moves a real photo by 2 levels.
Gamma 1.8, Rec. 2020, ProPhoto (14.7 to 23.9), swapped channels and the like are above."""


def to_rgb(image: Image.Image, orientation: int = 1) -> NDArray[np.uint8]:
    """Convert a loaded picture to RGB and turn it upright.

    Args:
        image: A picture of any mode: grey, 16 and 32 bit, float, palette, CMYK, alpha and so on.
            Transparency becomes white.
        orientation: EXIF orientation, 1 to 8.

    Returns:
        uint8 (H, W, 3), C-contiguous, read-only.
    """
    rgb = _in_srgb(_without_alpha(_in_8_bit(image)), image.info.get("icc_profile"))
    if orientation in _UPRIGHT:
        rgb = rgb.transpose(_UPRIGHT[orientation])
    pixels = _as_array(rgb)
    pixels.flags.writeable = False
    return pixels


def _as_array(image: Image.Image) -> NDArray[np.uint8]:
    """The pixels of an RGB picture, strip by strip: half the time and memory of all at once."""
    pixels = np.empty((image.height, image.width, 3), np.uint8)
    rows = max(1, _STRIP // image.width)
    for top in range(0, image.height, rows):
        bottom = min(top + rows, image.height)
        pixels[top:bottom] = np.asarray(image.crop((0, top, image.width, bottom)))
    return pixels


def _in_8_bit(image: Image.Image) -> Image.Image:
    """Scale deeper grey to 8 bits; Pillow itself would clip it."""
    if image.mode != "F" and not image.mode.startswith("I"):
        return image
    grey = np.asarray(image).astype(np.float32)
    low, high = _full_scale(image.mode, grey)
    grey = np.nan_to_num((grey - low) * (255 / (high - low)), nan=0.0, posinf=255.0, neginf=0.0)
    return Image.fromarray(np.rint(np.clip(grey, 0, 255)).astype(np.uint8))


def _full_scale(mode: str, grey: NDArray[np.float32]) -> tuple[float, float]:
    """The values that stand for black and for white.

    16-bit grey says so itself.  32-bit integers and floats have no agreed scale: it is the
    smallest customary one that holds the picture, and the picture's own range where none does.
    """
    if mode.startswith("I;16"):
        return 0.0, 65535.0
    finite = grey[np.isfinite(grey)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    for scale in (1.0, 255.0, 65535.0):
        if low >= 0 and high <= scale and (mode == "F" or scale > 1):
            return 0.0, scale
    return low, high


def _without_alpha(image: Image.Image) -> Image.Image:
    """Lay a transparent picture over white, as viewers show it."""
    if not image.has_transparency_data:
        return image
    straight = {"La": "LA", "RGBa": "RGBA"}.get(image.mode)  # these hold colour times alpha
    layer = (image.convert(straight) if straight else image).convert("RGBA")
    over = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)
    return over.convert("RGB")


def _in_srgb(image: Image.Image, icc: bytes | None) -> Image.Image:
    if image.mode not in _SPACES:
        image = image.convert("RGB")
    converted = _by_profile(image, icc) if icc else None
    if converted is not None:
        return converted
    if image.mode == "LAB":  # Pillow knows no plain conversion from it
        from PIL import ImageCms

        spaces = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
        return cast(Image.Image, ImageCms.profileToProfile(image, *spaces, outputMode="RGB"))
    return image if image.mode == "RGB" else image.convert("RGB")


def _by_profile(image: Image.Image, icc: bytes) -> Image.Image | None:
    """`image` in sRGB by its own profile; None where that fails or changes next to nothing."""
    from PIL import ImageCms

    try:
        profile = ImageCms.ImageCmsProfile(BytesIO(icc))
        if profile.profile.xcolor_space != _SPACES[image.mode]:
            return None
        transform = ImageCms.buildTransform(
            profile, ImageCms.createProfile("sRGB"), image.mode, "RGB"
        )
        if image.mode == "RGB" and _mean_change(transform) < WORTH_CONVERTING:
            return None
        return ImageCms.applyTransform(image, transform)
    except (ImageCms.PyCMSError, OSError):
        return None  # a damaged profile must not cost the photo; its colours are close without it


def _mean_change(transform: object) -> float:
    from PIL import ImageCms

    levels = np.linspace(0, 255, 9).round().astype(np.uint8)
    cube = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(27, 27, 3)
    changed = ImageCms.applyTransform(
        Image.fromarray(cube), cast(ImageCms.ImageCmsTransform, transform)
    )
    return float(np.abs(np.asarray(changed).astype(np.float32) - cube).mean())
