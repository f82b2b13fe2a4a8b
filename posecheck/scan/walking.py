"""Walking folders of any depth and size: one folder open at a time, none searched twice."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from posecheck.errors import PhotoError, UnreadablePhotoError
from posecheck.opening.refs import PhotoRef
from posecheck.opening.source import unreadable
from posecheck.scan.filters import Filters, is_hidden
from posecheck.scan.items import Skipped, Unlisted, Why


@dataclass(frozen=True)
class Found:
    """A file, not yet looked into.

    Attributes:
        path: Absolute path.
        relative: What globs are held against; of a named file, what was typed.
        status: What the system says of it, links followed.
        named: Whether it was named itself, and not found in a folder.
    """

    path: str
    relative: str
    status: os.stat_result
    named: bool = False


Step: TypeAlias = Found | Skipped | Unlisted


class Walker:
    """Finds files.  It keeps in mind which folders it has been in, and no files."""

    def __init__(self, filters: Filters) -> None:
        self._filters = filters
        self._searched: set[tuple[int, int] | str] = set()

    def start(self, given: str | os.PathLike[str]) -> Iterator[Step]:
        """What a path that somebody named stands for: a file, or all files of a folder."""
        typed = os.fsdecode(given)
        path = absolute(typed)
        try:
            status = Path(path).stat()
        except (OSError, ValueError) as error:  # ValueError: a NUL character in the name
            yield Unlisted(PhotoRef(path), _no_status(path, error))
            return
        relative = _with_slashes(typed)
        if stat.S_ISDIR(status.st_mode):
            if self._is_new(path, status):
                yield from self._walk(path, "")
            else:
                yield Skipped(PhotoRef(path), Why.FOLDER_AGAIN)
        elif self._filters.excludes(relative):
            yield Skipped(PhotoRef(path), Why.EXCLUDED)
        else:
            yield Found(path, relative, status, named=True)

    def enter(self, root: str, path: str) -> Iterator[Step]:
        """What is at a path below `root`: a file, or all files of a folder.

        Nothing where a walk from `root` would not have come: there is no such thing any more, or
        it is hidden or excluded, or in such a folder.

        Args:
            root: Absolute path of a folder.
            path: Absolute path below it.
        """
        relative = _with_slashes(os.path.relpath(path, root))
        parts = relative.split("/")
        for count in range(1, len(parts) + 1):
            if is_hidden(parts[count - 1]) or self._filters.excludes("/".join(parts[:count])):
                return
        if os.path.lexists(path):
            folders: list[tuple[str, str]] = []
            yield from self._follow(path, relative, folders)
            for folder, below in folders:
                yield from self._walk(folder, below)

    def _walk(self, top: str, relative: str) -> Iterator[Step]:
        waiting = [(top, relative)]  # no recursion: folders may be nested deeper than its limit
        while waiting:
            folder, relative = waiting.pop()
            prefix = f"{relative}/" if relative else ""
            try:
                with os.scandir(folder) as entries:
                    for entry in entries:
                        yield from self._look(entry, prefix + entry.name, waiting)
            except OSError as error:
                yield Unlisted(PhotoRef(folder), unreadable(folder, error))

    def _look(
        self, entry: os.DirEntry[str], relative: str, waiting: list[tuple[str, str]]
    ) -> Iterator[Step]:
        if is_hidden(entry.name):
            yield Skipped(PhotoRef(entry.path), Why.HIDDEN)
        elif self._filters.excludes(relative):
            yield Skipped(PhotoRef(entry.path), Why.EXCLUDED)
        else:
            yield from self._follow(entry.path, relative, waiting)

    def _follow(self, path: str, relative: str, waiting: list[tuple[str, str]]) -> Iterator[Step]:
        try:
            # Not the entry's own: on Windows that comes from the folder and may be out of date.
            status = os.stat(path)  # noqa: PTH116  (a Path for each file costs time and memory)
        except OSError as error:
            yield Unlisted(PhotoRef(path), _no_status(path, error))
            return
        if not stat.S_ISDIR(status.st_mode):
            yield Found(path, relative, status)
        elif self._is_new(path, status):
            waiting.append((path, relative))
        else:
            yield Skipped(PhotoRef(path), Why.FOLDER_AGAIN)

    def _is_new(self, path: str, status: os.stat_result) -> bool:
        """Whether a folder has not been searched; from now on it has."""
        # Some network drives number no files.
        key = (status.st_dev, status.st_ino) if status.st_ino else os.path.realpath(path)
        if key in self._searched:
            return False
        self._searched.add(key)
        return True


def absolute(path: str) -> str:
    """The absolute path, links left as they are and `..` taken out."""
    return os.path.abspath(path)  # noqa: PTH100  (Path.absolute leaves `..` in)


def _with_slashes(path: str) -> str:
    return path.replace(os.sep, "/")


def _no_status(path: str, error: Exception) -> PhotoError:
    if os.path.islink(path) and not isinstance(error, PermissionError):  # noqa: PTH114  (str)
        return UnreadablePhotoError(
            f"{path} is a link to something that is not there.",
            "Mend the link, or delete it.",
            path=path,
        )
    return unreadable(path, error)
