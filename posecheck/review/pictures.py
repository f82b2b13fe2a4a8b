"""The picture that a reviewer sees: the original where it is still the same file.

No path ever comes from a request.  A file is opened because a case file names it, and shown only
if its bytes have the hash that the case file has for it, whatever lies at that path by now.
"""

from __future__ import annotations

import stat
from collections import OrderedDict
from io import BytesIO
from pathlib import Path
from typing import TypeVar

from posecheck.casefile.types import CasePhoto
from posecheck.errors import PosecheckError
from posecheck.opening import Limits, open_photo
from posecheck.opening.refs import PhotoRef

LONGEST_SIDE = 2048
"""Pixels; more than a screen shows, and a few hundred kilobytes."""

QUALITY = 88
KEPT_PICTURES = 8
KEPT_MISMATCHES = 10_000
TRIED_NAMES = 16
"""A picture under thousands of names is looked for under the first few."""

K = TypeVar("K")
V = TypeVar("V")

_Stamp = tuple[str, str, int, int]
"""Path, member, size and time of change of a file: when these are the same, so is its content."""


class Originals:
    """Pictures made of originals; to be used by one thread."""

    def __init__(self, limits: Limits | None = None) -> None:
        """Start with none; `limits` are those of photos that are opened."""
        self._limits = limits or Limits()
        self._jpegs: OrderedDict[str, bytes] = OrderedDict()
        self._others: OrderedDict[tuple[str, _Stamp], None] = OrderedDict()

    def load(self, photo: CasePhoto) -> bytes | None:
        """The original, upright, at most `LONGEST_SIDE` pixels, as JPEG without any metadata.

        Returns:
            None where no name of the photo leads to the same file any more.
        """
        sha256 = photo.result.sha256
        if sha256 in self._jpegs:
            self._jpegs.move_to_end(sha256)
            return self._jpegs[sha256]
        for ref in photo.names[:TRIED_NAMES]:
            stamp = _stamp(ref, photo.bytes)
            if stamp is None or (sha256, stamp) in self._others:
                continue
            jpeg = self._open(ref, sha256)
            if jpeg is not None:
                _keep(self._jpegs, sha256, jpeg, KEPT_PICTURES)
                return jpeg
            _keep(self._others, (sha256, stamp), None, KEPT_MISMATCHES)
        return None

    def _open(self, ref: PhotoRef, sha256: str) -> bytes | None:
        from PIL import Image

        try:
            opened = open_photo(_source(ref, self._limits.max_bytes), self._limits)
        except PosecheckError:
            # Gone, unreadable or another file by now: the page says so and shows the stored one.
            return None
        if opened.sha256 != sha256:
            return None
        image = Image.fromarray(opened.rgb)
        image.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
        file = BytesIO()
        image.save(file, "JPEG", quality=QUALITY)
        return file.getvalue()


def may_be_there(photo: CasePhoto) -> bool:
    """Whether a file of the right length lies under a name of the photo; cheap, and no promise."""
    return any(_stamp(ref, photo.bytes) for ref in photo.names[:TRIED_NAMES])


def _source(ref: PhotoRef, max_bytes: int) -> str | bytes:
    if not ref.member:
        return ref.path
    from posecheck.scan.archives import read_member

    return read_member(ref.path, ref.member, max_bytes)


def _stamp(ref: PhotoRef, length: int) -> _Stamp | None:
    """What tells a file from what lies there at another time; None where it cannot be the one."""
    try:
        found = Path(ref.path).stat()
    except (OSError, ValueError):  # ValueError: a NUL character in the name
        return None
    if not stat.S_ISREG(found.st_mode) or (not ref.member and found.st_size != length):
        return None
    return ref.path, ref.member, found.st_size, found.st_mtime_ns


def _keep(kept: OrderedDict[K, V], key: K, value: V, most: int) -> None:
    kept[key] = value
    while len(kept) > most:
        kept.popitem(last=False)
