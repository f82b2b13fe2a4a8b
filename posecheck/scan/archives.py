"""Reading photos out of ZIP archives that stay open from one photo to the next."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path

from posecheck.scan.archive_file import Archive
from posecheck.scan.items import stamp_of

KEPT_OPEN = 2
"""Archives that a thread keeps open, since photos come archive by archive."""


def read_member(path: str, member: str, max_bytes: int) -> bytes:
    """The content of a member, its checksum compared.

    The archive stays open for the next call of this thread, unless the file changes.

    Args:
        path: The archive.
        member: Name in it.
        max_bytes: Longest content; what the archive says of the length is not relied on.

    Raises:
        UnreadablePhotoError: The archive or the member is missing, damaged, or needs a password.
        UnsupportedPhotoError: It is compressed in another way than stored or deflated.
        PhotoTooLargeError: The member is longer than `max_bytes`, or the archive has too many.
    """
    return b"".join(member_chunks(path, member, max_bytes))


def member_chunks(path: str, member: str, max_bytes: int) -> Iterator[bytes]:
    """What `read_member` gives, a piece at a time.

    Raises:
        PhotoError: As `read_member` does, some of them after the first pieces.
    """
    return _opened.get(path).chunks(member, max_bytes)


def close_archives() -> None:
    """Close what `read_member` has left open in this thread."""
    _opened.clear()


class _Opened(threading.local):
    """The archives that were read last; each thread has its own, so none closes another's."""

    def __init__(self) -> None:
        self._archives: OrderedDict[str, Archive] = OrderedDict()

    def get(self, path: str) -> Archive:
        archive = self._archives.pop(path, None)
        if archive is not None and archive.stamp != _stamp_now(path):
            archive.close()
            archive = None
        if archive is None:
            archive = Archive(path)
        self._archives[path] = archive
        while len(self._archives) > KEPT_OPEN:
            self._archives.popitem(last=False)[1].close()
        return archive

    def clear(self) -> None:
        while self._archives:
            self._archives.popitem()[1].close()


_opened = _Opened()


def _stamp_now(path: str) -> str:
    try:
        return stamp_of(Path(path).stat())
    except OSError:
        return ""  # opening it again says what is wrong
