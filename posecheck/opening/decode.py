"""From the bytes of a file to a decoded picture, whole or not at all."""

from __future__ import annotations

from importlib import import_module
from io import BytesIO
from typing import TYPE_CHECKING

from posecheck.errors import (
    PhotoError,
    PhotoTooLargeError,
    UnreadablePhotoError,
    UnsupportedPhotoError,
)
from posecheck.opening.completeness import is_whole
from posecheck.opening.formats import (
    HEAD_BYTES,
    HEIF,
    READ_FORMATS,
    TIFF,
    Format,
    describe_foreign,
    tell_format,
)
from posecheck.opening.heif import has_readable_names
from posecheck.opening.source import FileBytes, called

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFile import ImageFile

# TIFF 6.0 tag 254, bit 0: a smaller version of another picture in the file; DNG 1.4 tag 50706.
_NEW_SUBFILE_TYPE = 254
_DNG_VERSION = 50706


def decode(file: FileBytes, max_pixels: int) -> tuple[Image, Format]:
    """Decode the first picture of a file.

    Returns:
        The picture with its pixels loaded, not yet upright, and the format it was in.

    Raises:
        UnsupportedPhotoError: It is in no format that is read.
        PhotoTooLargeError: Its header tells more than `max_pixels`; no pixel was decoded.
        UnreadablePhotoError: It is damaged or cut short.
    """
    fmt = tell_format(file.content[:HEAD_BYTES])
    if fmt is None:
        raise _unsupported(file, describe_foreign(file.content[:HEAD_BYTES]))
    if not is_whole(file.content, fmt):
        raise _damaged(file, fmt.name, "its end is missing")
    if fmt is HEIF and not has_readable_names(file.content):
        raise _damaged(file, fmt.name, "the name of an item in it is no text")
    image = _read_header(file, fmt)
    if fmt is TIFF and _is_camera_raw(image):
        raise _unsupported(file, "a camera raw file")
    load_pixels(image, max_pixels, file, fmt.name)
    return image, fmt


def load_pixels(image: Image, max_pixels: int, file: FileBytes, kind: str) -> None:
    """Decode the pixels of an opened picture in place.

    Raises:
        PhotoTooLargeError: It has more than `max_pixels`.
        UnreadablePhotoError: It is damaged, cut short or has no pixels.
    """
    width, height = image.size
    if width * height > max_pixels:
        raise _too_many_pixels(file, f"{width} x {height}", max_pixels)
    if not width * height:
        raise _damaged(file, kind, "it has no pixels")
    try:
        image.load()
    except Exception as error:  # see _read_header
        raise translated(error, file, kind) from error


def _read_header(file: FileBytes, fmt: Format) -> ImageFile:
    # The decoder is made directly, since Image.open would load some forty others to find it and
    # would hold pictures against Pillow's process-wide limit on pixels before ours.
    decoder = getattr(import_module(fmt.module), fmt.decoder)
    try:
        opened: ImageFile = decoder(BytesIO(file.content))
    except Exception as error:  # damaged bytes make decoders raise nearly every built-in error
        raise translated(error, file, fmt.name) from error
    return opened


def _is_camera_raw(image: ImageFile) -> bool:
    """Whether the first picture of a TIFF is only the preview of one that is not decoded."""
    tags = getattr(image, "tag_v2", {})
    kind = tags.get(_NEW_SUBFILE_TYPE)
    is_preview = isinstance(kind, int) and bool(kind & 1)
    return is_preview or _DNG_VERSION in tags


def translated(error: Exception, file: FileBytes, kind: str) -> PhotoError:
    """What an error of a decoder means for the photo; `kind` is the format."""
    from PIL.Image import DecompressionBombError

    # libheif and libavif only say so in words.
    no_memory = isinstance(error, MemoryError) or "memory" in str(error).lower()
    if no_memory or isinstance(error, DecompressionBombError):
        return PhotoTooLargeError(
            f"{called(file.name)} has more pixels than can be decoded.",
            "Save a smaller copy of it and check that.",
            path=file.name,
            sha256=file.sha256,
        )
    return _damaged(file, kind, str(error) or type(error).__name__)


def _too_many_pixels(file: FileBytes, size: str, max_pixels: int) -> PhotoTooLargeError:
    return PhotoTooLargeError(
        f"{called(file.name)} has {size} pixels, more than {max_pixels / 1e6:.0f} million.",
        "Save a smaller copy of it and check that.",
        path=file.name,
        sha256=file.sha256,
    )


def _damaged(file: FileBytes, kind: str, why: str) -> UnreadablePhotoError:
    return UnreadablePhotoError(
        f"{called(file.name)} is damaged or cut short ({kind}: {why}).",
        "Get the photo once more from where it came from.",
        path=file.name,
        sha256=file.sha256,
    )


def _unsupported(file: FileBytes, seems: str) -> UnsupportedPhotoError:
    formats = ", ".join(fmt.name for fmt in READ_FORMATS)
    seems = seems or "not a picture in a format that is read"
    return UnsupportedPhotoError(
        f"{called(file.name)} is {seems}.",
        f"Export it as JPEG or PNG (read are {formats}).",
        path=file.name,
        sha256=file.sha256,
    )
