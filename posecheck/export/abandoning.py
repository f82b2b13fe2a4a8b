"""A file that a writer may go on writing to after it was given up, without effect."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO


class Abandonable:
    """What `zipfile` needs of a file to write to it.

    A `ZipFile` whose writing failed tries to end the archive when it is deleted, whenever that
    is, and Python prints a stack trace of what then happens to the closed file.
    """

    def __init__(self, file: BinaryIO) -> None:
        """Write to `file`."""
        self._file: BinaryIO | None = file
        self._place = 0  # once it is given up

    def abandon(self) -> None:
        """Let everything from now on go nowhere."""
        self._file = None

    def write(self, data: bytes) -> int:
        """Write bytes; how many there were."""
        if self._file is not None:
            return self._file.write(data)
        self._place += len(data)
        return len(data)

    def tell(self) -> int:
        """Where the next byte goes."""
        return self._place if self._file is None else self._file.tell()

    def seek(self, offset: int) -> int:
        """Go to another place."""
        if self._file is not None:
            return self._file.seek(offset)
        self._place = offset
        return offset

    def flush(self) -> None:
        """Pass on what has been written."""
        if self._file is not None:
            self._file.flush()


@contextmanager
def abandonable(file: BinaryIO) -> Iterator[Abandonable]:
    """A file that is given up once something has been raised."""
    target = Abandonable(file)
    try:
        yield target
    except BaseException:
        target.abandon()
        raise
