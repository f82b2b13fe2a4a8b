"""From a decoded picture of any kind to upright 8-bit RGB."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image

if TYPE_CHECKING:
    from PIL import ImageCms

Conversion: TypeAlias = Callable[[Image.Image], Image.Image]

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

_BACKWARDS = {3, 4, 6, 7}
"""Those whose first row comes last, be it as a row or as a column."""

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

    Strip by strip, so that little is needed beside the picture and the result: of 200 megapixels
    1.4 GB and not, for deep grey, 4.

    Args:
        image: A picture of any mode: grey, 16 and 32 bit, float, palette, CMYK, alpha and so on.
            Transparency becomes white.
        orientation: EXIF orientation, 1 to 8.

    Returns:
        uint8 (H, W, 3), C-contiguous, read-only.
    """
    turn = _UPRIGHT.get(orientation)
    width, height = image.size
    on_its_side = turn is not None and orientation >= 5
    pixels = np.empty((width, height, 3) if on_its_side else (height, width, 3), np.uint8)
    scale = _full_scale(image) if _is_deep(image) else (0.0, 0.0)
    in_srgb: Conversion | None = None
    for top, bottom in _strips(image):
        strip = _without_alpha(_in_8_bit(image.crop((0, top, width, bottom)), scale))
        # Once: what a profile says of colours takes longer to work out than a strip to convert.
        in_srgb = in_srgb or _conversion(strip.mode, image.info.get("icc_profile"))
        rgb = in_srgb(strip)
        if turn is not None:
            rgb = rgb.transpose(turn)
        if orientation in _BACKWARDS:
            top, bottom = height - bottom, height - top
        if on_its_side:
            pixels[:, top:bottom] = np.asarray(rgb)
        else:
            pixels[top:bottom] = np.asarray(rgb)
    pixels.flags.writeable = False
    return pixels


def _strips(image: Image.Image) -> Iterator[tuple[int, int]]:
    """First row, and the one after the last, of pieces that stay in the processor's cache."""
    rows = max(1, _STRIP // image.width)
    for top in range(0, image.height, rows):
        yield top, min(top + rows, image.height)


def _is_deep(image: Image.Image) -> bool:
    return image.mode == "F" or image.mode.startswith("I")


def _in_8_bit(image: Image.Image, scale: tuple[float, float]) -> Image.Image:
    """Scale deeper grey to 8 bits; Pillow itself would clip it."""
    if not _is_deep(image):
        return image
    low, high = scale
    grey = np.asarray(image).astype(np.float32)
    with np.errstate(over="ignore", invalid="ignore"):  # floats may span all that there are
        grey = (grey - low) * (255 / (high - low))
    grey = np.nan_to_num(grey, nan=0.0, posinf=255.0, neginf=0.0)
    return Image.fromarray(np.rint(np.clip(grey, 0, 255)).astype(np.uint8))


def _full_scale(image: Image.Image) -> tuple[float, float]:
    """The values that stand for black and for white.

    16-bit grey says so itself.  32-bit integers and floats have no agreed scale: it is the
    smallest customary one that holds the picture, and the picture's own range where none does.
    """
    if image.mode.startswith("I;16"):
        return 0.0, 65535.0
    low, high = np.inf, -np.inf
    for top, bottom in _strips(image):
        grey = np.asarray(image.crop((0, top, image.width, bottom))).astype(np.float32)
        finite = grey[np.isfinite(grey)]
        low = min(low, float(finite.min(initial=np.inf)))
        high = max(high, float(finite.max(initial=-np.inf)))
    if low > high:  # no pixel is a number
        return 0.0, 1.0
    for scale in (1.0, 255.0, 65535.0):
        if low >= 0 and high <= scale and (image.mode == "F" or scale > 1):
            return 0.0, scale
    # All pixels alike: black.
    return low, high if high > low else low + max(1.0, abs(low))


def _without_alpha(image: Image.Image) -> Image.Image:
    """Lay a transparent picture over white, as viewers show it."""
    if not image.has_transparency_data:
        return image
    straight = {"La": "LA", "RGBa": "RGBA"}.get(image.mode)  # these hold colour times alpha
    layer = (image.convert(straight) if straight else image).convert("RGBA")
    over = Image.alpha_composite(Image.new("RGBA", layer.size, "white"), layer)
    return over.convert("RGB")


def _conversion(mode: str, icc: bytes | None) -> Conversion:
    """What brings pictures of `mode`, of which `icc` says what the colours mean, into sRGB."""
    if mode not in _SPACES:
        plain = _conversion("RGB", icc)
        return lambda image: plain(image.convert("RGB"))
    transform = _by_profile(mode, icc) if icc else None
    if transform is None and mode == "LAB":  # Pillow knows no plain conversion from it
        from PIL import ImageCms

        spaces = ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB")
        transform = ImageCms.buildTransform(*spaces, "LAB", "RGB")
    if transform is not None:
        return transform.apply
    return lambda image: image if image.mode == "RGB" else image.convert("RGB")


def _by_profile(mode: str, icc: bytes) -> ImageCms.ImageCmsTransform | None:
    """From `mode` to sRGB by a profile; None where that fails or changes next to nothing."""
    from PIL import ImageCms

    try:
        profile = ImageCms.ImageCmsProfile(BytesIO(icc))
        if profile.profile.xcolor_space != _SPACES[mode]:
            return None
        transform = ImageCms.buildTransform(profile, ImageCms.createProfile("sRGB"), mode, "RGB")
        if mode == "RGB" and _mean_change(transform) < WORTH_CONVERTING:
            return None
        return transform
    except (ImageCms.PyCMSError, OSError, ValueError):  # ValueError: names that are no text
        return None  # a damaged profile must not cost the photo; its colours are close without it


def _mean_change(transform: ImageCms.ImageCmsTransform) -> float:
    levels = np.linspace(0, 255, 9).round().astype(np.uint8)
    cube = np.stack(np.meshgrid(levels, levels, levels), axis=-1).reshape(27, 27, 3)
    changed = transform.apply(Image.fromarray(cube))
    return float(np.abs(np.asarray(changed).astype(np.float32) - cube).mean())
