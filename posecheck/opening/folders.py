"""Finding the photos in folders."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

READ_SUFFIXES = frozenset(
    {
        ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".tif", ".tiff", ".bmp", ".dib",
        ".gif", ".heic", ".heif", ".hif", ".avif",
    }
)  # fmt: skip
"""Lower-case name endings of the formats that are read."""

UNREAD_SUFFIXES = frozenset(
    {
        ".jp2", ".jxl", ".psd",
        ".arw", ".cr2", ".cr3", ".dng", ".nef", ".nrw", ".orf", ".pef", ".raf", ".raw", ".rw2",
        ".srw",
    }
)  # fmt: skip
"""Endings of photos that are not read.  They are listed all the same, so that a check says it
could not look at them; left out in silence they would pass for clean."""

PHOTO_SUFFIXES = READ_SUFFIXES | UNREAD_SUFFIXES
"""Lower-case name endings that make a file in a folder a photo."""


def iter_photo_paths(paths: Iterable[str | os.PathLike[str]]) -> Iterator[Path]:
    """The photos at `paths`: files as they were given, folders searched to the bottom.

    A folder's own photos come before those of its folders, each sorted by name.  Hidden files and
    folders are passed over unless they were named.  Links to folders are followed, but no folder
    is searched twice, so loops end.  What was named but is not there comes as it is, and so does
    a folder that may not be listed: opening it says what is wrong.

    Yields:
        Paths that start with the one that was given.
    """
    searched: set[str] = set()
    for given in paths:
        path = Path(given)
        if path.is_dir():
            yield from _search(path, searched)
        else:
            yield path


def _search(top: Path, searched: set[str]) -> Iterator[Path]:
    waiting = [top]  # a stack and not recursion: folders may be nested deeper than Python's limit
    while waiting:
        folder = waiting.pop()
        real = os.path.realpath(folder)
        if real in searched:
            continue
        searched.add(real)
        try:
            entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
        except OSError:
            yield folder
            continue
        visible = [entry for entry in entries if not entry.name.startswith(".")]
        folders = [entry for entry in visible if entry.is_dir()]
        inside = set(folders)
        for entry in visible:
            if entry not in inside and entry.suffix.lower() in PHOTO_SUFFIXES:
                yield entry
        waiting.extend(reversed(folders))
