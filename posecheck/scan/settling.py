"""Telling when a file is no longer being written to."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from posecheck.scan.filters import suffix_of
from posecheck.scan.items import stamp_of

_UNFINISHED_SUFFIXES = frozenset(
    {
        ".crdownload", ".part", ".partial", ".download", ".opdownload", ".filepart", ".tmp",
        ".temp", ".!ut", ".aria2",
    }
)  # fmt: skip


def is_unfinished(path: str) -> bool:
    """Whether a file's name says that a program is still at work on it, and will rename it."""
    name = Path(path).name
    return suffix_of(name) in _UNFINISHED_SUFFIXES or name.startswith("~$")


class Settling:
    """Files that changed, until they have been left alone for a while.

    Two looks are compared, and no time of the file with ours: clocks of network drives differ.

    Args:
        seconds: How long a file must have been left alone.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._waiting: dict[str, tuple[str, float]] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def touch(self, path: str, *, keep: bool = False) -> None:
        """A file changed, or with `keep`, may have; then it waits no longer than it does."""
        if not (keep and path in self._waiting):
            self._waiting[path] = (_look(path), time.monotonic() + self._seconds)

    def settled(self) -> Iterator[str]:
        """The files that are settled now; each is forgotten as it is given."""
        now = time.monotonic()
        for path, (before, due) in list(self._waiting.items()):
            if due > now:
                continue
            look = _look(path)
            if look == before:
                del self._waiting[path]
                yield path
            else:
                self._waiting[path] = (look, time.monotonic() + self._seconds)


def _look(path: str) -> str:
    try:
        return stamp_of(Path(path).stat())
    except OSError:
        return ""  # gone, or a link to nothing
