"""Pictures made for the tests of opening, and files of them in every format."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import numpy as np
import pillow_heif
from numpy.typing import NDArray
from PIL import Image

Rgb = NDArray[np.uint8]

ORIENTATION = 0x0112

LOSSLESS: dict[str, dict[str, Any]] = {
    "PNG": {},
    "BMP": {},
    "TIFF": {"compression": "tiff_lzw"},
    "WEBP": {"lossless": True},
}
LOSSY: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 95, "subsampling": 0},
    "WEBP": {"quality": 95},
    "AVIF": {"quality": 95, "subsampling": "4:4:4"},
    "HEIF": {"quality": 95},
}


def four_colours(width: int = 96, height: int = 64) -> Rgb:
    """A smooth picture that looks like no other of its eight orientations."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    channels = (255 * x / width, 255 * y / height, 255 * (x / width) * (1 - y / height))
    return np.stack(channels, axis=-1).astype(np.uint8)


def stored_as(upright: Rgb, orientation: int) -> Rgb:
    """The pixels that a camera stores for an upright picture with that EXIF orientation."""
    return np.ascontiguousarray(
        {
            1: upright,
            2: upright[:, ::-1],
            3: upright[::-1, ::-1],
            4: upright[::-1],
            5: upright.transpose(1, 0, 2),
            6: np.rot90(upright, 1),
            7: upright[::-1, ::-1].transpose(1, 0, 2),
            8: np.rot90(upright, -1),
        }[orientation]
    )


def encode(picture: Rgb | Image.Image, fmt: str, **options: Any) -> bytes:
    """A file of `picture`, in memory."""
    image = picture if isinstance(picture, Image.Image) else Image.fromarray(picture)
    if fmt == "HEIF":
        pillow_heif.register_heif_opener()
        if isinstance(options.get("exif"), Image.Exif):  # it takes the turn from bytes only
            options["exif"] = options["exif"].tobytes()
    file = BytesIO()
    image.save(file, fmt, **options)
    return file.getvalue()


def exif(**tags: object) -> Image.Exif:
    """An EXIF block with an `orientation` and the given date tags."""
    block = Image.Exif()
    block[0x010F] = "posecheck"  # Pillow leaves a block out that holds nothing but an inner one
    if "orientation" in tags:
        block[ORIENTATION] = tags["orientation"]
    if "modified" in tags:
        block[0x0132] = tags["modified"]
    details = {
        number: tags[name]
        for name, number in (("original", 0x9003), ("digitized", 0x9004))
        if name in tags
    }
    if details:
        block.get_ifd(0x8769).update(details)
    return block


def difference(a: Rgb, b: Rgb) -> float:
    """Mean difference in levels; infinite where the shapes differ."""
    if a.shape != b.shape:
        return float("inf")
    return float(np.abs(a.astype(np.int16) - b.astype(np.int16)).mean())
