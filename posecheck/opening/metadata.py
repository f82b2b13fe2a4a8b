"""What a photo's EXIF block says of it: which way is up, and when it was taken.

Cameras, phones and editors write broken blocks.  A photo is checked all the same then: a block
that cannot be understood says nothing.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Exif, Image

# Tags of Exif 2.32 (CIPA DC-008).
_ORIENTATION = 0x0112
_DATE_TIME = 0x0132
_EXIF_IFD = 0x8769
_DATE_TIME_ORIGINAL = 0x9003
_DATE_TIME_DIGITIZED = 0x9004
_DATE_FORMAT = "%Y:%m:%d %H:%M:%S"

# What Pillow raises on a damaged block, found by cutting blocks short and flipping their bytes.
_DAMAGE = (
    AttributeError, IndexError, KeyError, OSError, OverflowError, SyntaxError, TypeError,
    ValueError, ZeroDivisionError, struct.error,
)  # fmt: skip


def read_exif(image: Image) -> Exif:
    """The EXIF block of `image`, an empty one where it has none that can be understood."""
    from PIL.Image import Exif

    try:
        return image.getexif()
    except _DAMAGE:
        return Exif()


def orientation(exif: Exif) -> int:
    """EXIF orientation, 1 to 8; 1 (upright) where it is missing or makes no sense."""
    value = exif.get(_ORIENTATION)
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def captured_at(exif: Exif) -> datetime | None:
    """When the photo was taken, in the camera's own local time, or None.

    DateTimeOriginal is believed first, then DateTimeDigitized, then DateTime, which editors
    overwrite.
    """
    try:
        details: Mapping[int, object] = exif.get_ifd(_EXIF_IFD)
    except _DAMAGE:
        details = {}
    dates = (
        details.get(_DATE_TIME_ORIGINAL),
        details.get(_DATE_TIME_DIGITIZED),
        exif.get(_DATE_TIME),
    )
    return next((date for date in map(_parse, dates) if date), None)


def _parse(value: object) -> datetime | None:
    if isinstance(value, bytes):
        value = value.decode("ascii", "replace")
    if not isinstance(value, str):
        return None
    try:
        return datetime.strptime(value.strip("\x00 "), _DATE_FORMAT)
    except ValueError:
        return None
