"""Small pictures for a page, as data: addresses, so that nothing has to be fetched."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass

from PIL import Image

THUMBNAIL = 480
"""Longest side of a thumbnail in pixels: sharp on a screen, and 150 dots an inch on paper."""

CLOSEUP = 240
"""Longest side of a hand's close-up in pixels."""

QUALITY = 76
"""Of JPEG: a thumbnail is about 30 kB, so that 10,000 fit into what a browser can hold."""

DAMAGED = (OSError, SyntaxError, ValueError, Image.DecompressionBombError)
"""What Pillow raises for a file that is no picture, or is cut short."""


@dataclass(frozen=True)
class Inlined:
    """A picture as a page holds it.

    Attributes:
        uri: A data: address.
        width: Pixels.
        height: Pixels.
    """

    uri: str
    width: int
    height: int


def inlined(jpeg: bytes, longest: int) -> Inlined | None:
    """A picture of at most `longest` pixels a side, without metadata; None if it is damaged."""
    try:
        with Image.open(io.BytesIO(jpeg), formats=["JPEG"]) as image:
            # The decoder halves while it stays above this size, which saves most of its work.
            image.draft("RGB", (longest, longest))
            small = image.convert("RGB")
    except DAMAGED:
        return None
    small.thumbnail((longest, longest))
    # Pillow would write a comment of the original's into the copy.
    small.info.clear()
    file = io.BytesIO()
    small.save(file, "JPEG", quality=QUALITY, optimize=True)
    return Inlined(data_uri(file.getvalue()), *small.size)


def data_uri(jpeg: bytes) -> str:
    """The address of a JPEG that is written out in the address itself."""
    return "data:image/jpeg;base64," + base64.b64encode(jpeg).decode("ascii")
