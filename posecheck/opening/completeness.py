"""Whether a file was written to its end.

A transfer that stops half-way leaves a file that is short, which decoders notice, or one of the
right length whose tail is zeros, which several of them decode to flat colour without an error.
"""

from __future__ import annotations

from posecheck.opening.formats import AVIF, HEIF, JPEG, WEBP, Format

_ZEROS = 32
"""No compressed stream ends in that many zeros: HEVC never has three in a row, and the entropy
coders of WebP and AV1 make such runs next to never."""


def is_whole(content: bytes, fmt: Format) -> bool:
    """Whether the tail of a file was written; True too where the format gives no way to tell."""
    if fmt is JPEG:
        return content.find(b"\xff\xd9", _first_scan(content)) >= 0
    if fmt in (WEBP, HEIF, AVIF):
        return any(content[-_ZEROS:])
    return True


def _first_scan(content: bytes) -> int:
    """Where the first scan of a JPEG starts, behind the thumbnail that EXIF holds.

    Behind it an end marker is the picture's own: within a scan FF D9 cannot occur (ITU T.81,
    B.1.1.5), and what phones append to a photo, such as a short video, comes after the end.
    """
    at = 2
    while at + 4 <= len(content) and content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xDA:
            break
        # A marker may be preceded by any number of FF (ITU T.81, B.1.1.2).
        at += 1 if marker == 0xFF else 2 + int.from_bytes(content[at + 2 : at + 4], "big")
    return at
