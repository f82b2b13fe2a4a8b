"""The photo as the pipeline sees it, and the one way to get it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from posecheck.errors import PhotoTooLargeError, UnsupportedPhotoError
from posecheck.opening.source import FileBytes, PhotoSource, read_source

if TYPE_CHECKING:
    from PIL.Image import Image


@dataclass(frozen=True)
class Limits:
    """The largest photo that is opened.

    Attributes:
        max_bytes: Length of the file.
        max_pixels: Width times height, held against the header before a pixel is decoded.  The
            default lets the largest phone cameras (16320 x 12240) pass.
    """

    max_bytes: int = 200_000_000
    max_pixels: int = 200_000_000


@dataclass(frozen=True, eq=False)
class Photo:
    """One upright photo.

    Attributes:
        rgb: uint8 (H, W, 3), C-contiguous and read-only, upright after EXIF orientation.
        path: The name the caller gave, or "".
        sha256: Hex digest of the file's bytes, "" for a photo that came as pixels.
        captured_at: EXIF capture date (naive local time of the camera), or None.
        format: "JPEG", "PNG", "HEIF" and so on; "" for pixels.
    """

    rgb: NDArray[np.uint8]
    path: str = ""
    sha256: str = ""
    captured_at: datetime | None = None
    format: str = ""


def open_photo(source: PhotoSource | FileBytes, limits: Limits | None = None) -> Photo:
    """Open a photo, upright and in RGB, whatever it is stored as.

    A file is read once, so its hash and its pixels are of the same bytes; the original is never
    written to.  Of a file with several pictures the first is taken.

    Args:
        source: A path, the bytes of a file (with its name: `FileBytes`), a binary file object
            (read from where it stands), a PIL image, or RGB pixels uint8 (H, W, 3), which must
            already be upright.
        limits: Largest file and picture that are opened.

    Raises:
        UnreadablePhotoError: It is missing, damaged, cut short, or may not be read.
        UnsupportedPhotoError: It is no picture, or in a format that is not read.
        PhotoTooLargeError: It is over a limit.
        TypeError: `source` is none of the above.
    """
    limits = limits or Limits()
    if isinstance(source, np.ndarray):
        return Photo(_checked_pixels(source, limits.max_pixels))

    from PIL import Image

    from posecheck.opening.decode import decode, load_pixels

    if isinstance(source, Image.Image):
        kind = source.format or ""
        load_pixels(source, limits.max_pixels, FileBytes("", b""), kind or "picture")
        return _upright(source, FileBytes("", b""), kind)
    file = read_source(source, limits.max_bytes)
    image, fmt = decode(file, limits.max_pixels)
    return _upright(image, file, fmt.name)


def _upright(image: Image, file: FileBytes, kind: str) -> Photo:
    from posecheck.opening import metadata
    from posecheck.opening.decode import translated
    from posecheck.opening.pixels import to_rgb

    exif = metadata.read_exif(image)
    try:
        rgb = to_rgb(image, metadata.orientation(exif))
    except MemoryError as error:
        raise translated(error, file, kind) from error
    sha256 = file.sha256 if file.content else ""
    return Photo(rgb, file.name, sha256, metadata.captured_at(exif), kind)


def _checked_pixels(rgb: NDArray[np.uint8], max_pixels: int) -> NDArray[np.uint8]:
    if rgb.dtype != np.uint8 or rgb.ndim != 3 or rgb.shape[2] != 3 or not rgb.size:
        raise UnsupportedPhotoError(
            f"An array of {rgb.dtype} {rgb.shape} is no photo.",
            "Give RGB pixels as uint8 (height, width, 3).",
        )
    if rgb.shape[0] * rgb.shape[1] > max_pixels:
        raise PhotoTooLargeError(
            f"The photo has {rgb.shape[1]} x {rgb.shape[0]} pixels, "
            f"more than {max_pixels / 1e6:.0f} million.",
            "Make it smaller.",
        )
    view: NDArray[np.uint8] = np.ascontiguousarray(rgb).view()
    view.flags.writeable = False
    return view
