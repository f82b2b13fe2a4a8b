"""From whatever the caller has to the bytes of a file, read once and not past the limit."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from io import FileIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, TypeAlias, Union

import numpy as np
from numpy.typing import NDArray

from posecheck.errors import (
    PhotoError,
    PhotoTooLargeError,
    UnreadablePhotoError,
    UnsupportedPhotoError,
)

if TYPE_CHECKING:
    from PIL.Image import Image

PhotoSource: TypeAlias = Union[
    str, "os.PathLike[str]", bytes, bytearray, memoryview, IO[bytes], "Image", NDArray[np.uint8]
]
"""A path, the bytes of a file, a binary file object, a PIL image, or RGB uint8 (H, W, 3)."""

_CHUNK = 1 << 20


@dataclass(frozen=True)
class FileBytes:
    """The content of one file.

    Attributes:
        name: The name the caller gave, or "".
        content: Every byte of it.
    """

    name: str
    content: bytes

    @cached_property
    def sha256(self) -> str:
        """Hex digest of the content."""
        return hashlib.sha256(self.content).hexdigest()


def read_source(source: object, max_bytes: int) -> FileBytes:
    """Read a path, bytes or a binary file object; what has been read already is only looked at.

    A file object is read from where it stands, and is left open.

    Raises:
        UnreadablePhotoError: It is missing, empty, or may not be read.
        UnsupportedPhotoError: It is a folder or a device.
        PhotoTooLargeError: It is longer than `max_bytes`.
        TypeError: `source` is none of these.
    """
    return FileBytes(_name_of(source), b"".join(read_chunks(source, max_bytes)))


def read_chunks(source: object, max_bytes: int) -> Iterator[bytes]:
    """What `read_source` reads, a piece at a time, for those who need not hold all of it.

    Raises:
        PhotoError: As `read_source` does, some of them after the first pieces.
        TypeError: As `read_source` does.
    """
    name = _name_of(source)
    length = 0
    for chunk in _chunks(source, name, max_bytes):
        length += len(chunk)
        if length > max_bytes:
            raise too_many_bytes(name, max_bytes)
        yield chunk
    if not length:
        raise UnreadablePhotoError(
            f"{called(name)} is empty.", "Get the photo once more.", path=name
        )


def called(name: str) -> str:
    """How messages call a photo."""
    return name or "The photo"


def too_many_bytes(name: str, max_bytes: int) -> PhotoTooLargeError:
    """The error of a file that is over the limit on bytes."""
    return PhotoTooLargeError(
        f"{called(name)} has more than {max_bytes / 1e6:.0f} MB.",
        "Save a smaller copy of it and check that.",
        path=name,
    )


def unreadable(name: str, error: Exception) -> PhotoError:
    """The error of a file or folder that the system does not let be read."""
    if isinstance(error, FileNotFoundError):
        return UnreadablePhotoError(
            f"There is no file {name}.", "Check its name and folder.", path=name
        )
    if isinstance(error, PermissionError):
        return _forbidden(name)
    return UnreadablePhotoError(
        f"{called(name)} could not be read: {error}.", "Copy it to this computer first.", path=name
    )


def open_regular(name: str) -> FileIO:
    """Open a file that was just seen to be one, unbuffered, and never wait for it.

    A pipe that has taken its place meanwhile would be waited for until somebody writes to it.

    Raises:
        UnsupportedPhotoError: It is a folder, device or pipe by now.
        OSError: It cannot be opened.
    """
    file = FileIO(name, opener=_at_once)
    try:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise _no_file(name)
    except BaseException:
        file.close()
        raise
    return file


def _at_once(name: str, flags: int) -> int:
    return os.open(name, flags | getattr(os, "O_NONBLOCK", 0))  # Windows has no such pipes


def _no_file(name: str) -> PhotoError:
    return UnsupportedPhotoError(
        f"{name} is not a file but a device, pipe or socket.", "Name a photo.", path=name
    )


def _name_of(source: object) -> str:
    if isinstance(source, (str, os.PathLike)):
        return os.fsdecode(source)
    name = getattr(source, "name", "")
    return name if isinstance(name, str) else ""  # a file opened by its number has that


def _chunks(source: object, name: str, max_bytes: int) -> Iterator[bytes]:
    if isinstance(source, FileBytes):
        yield source.content
    elif isinstance(source, (bytes, bytearray, memoryview)):
        yield bytes(source)
    elif isinstance(source, (str, os.PathLike)):
        yield from _path_chunks(name, max_bytes)
    elif hasattr(source, "read"):
        yield from _stream_chunks(source, name, max_bytes)
    else:
        raise TypeError(
            "a photo is a path, bytes, a binary file object, a PIL image or a uint8 array "
            f"(H, W, 3), not {type(source).__name__}"
        )


def _path_chunks(name: str, max_bytes: int) -> Iterator[bytes]:
    try:
        # A pipe would be waited for and a device would never end, so look before opening.
        found = Path(name).stat()
        if stat.S_ISDIR(found.st_mode):
            raise _folder(name)
        if not stat.S_ISREG(found.st_mode):
            raise _no_file(name)
        if found.st_size > max_bytes:
            raise too_many_bytes(name, max_bytes)
        with open_regular(name) as file:
            yield from _stream_chunks(file, name, max_bytes)
    except (OSError, ValueError) as error:  # ValueError: a NUL character in the name
        raise unreadable(name, error) from error


def _folder(name: str) -> PhotoError:
    if not os.access(name, os.R_OK | os.X_OK):
        return _forbidden(name)
    return UnsupportedPhotoError(
        f"{name} is a folder, not a photo.", "Name the photos in it.", path=name
    )


def _forbidden(name: str) -> PhotoError:
    return UnreadablePhotoError(
        f"{name} may not be read.", "Ask its owner for permission to read it.", path=name
    )


def _stream_chunks(stream: object, name: str, max_bytes: int) -> Iterator[bytes]:
    """At most one byte more than the limit, so that an endless stream ends."""
    left = max_bytes + 1
    while left > 0:
        try:
            chunk = stream.read(min(_CHUNK, left))  # type: ignore[attr-defined]
        except (OSError, ValueError) as error:  # ValueError: it has been closed
            raise unreadable(name, error) from error
        if isinstance(chunk, str):
            raise TypeError("a photo's file object must be opened in binary mode")
        if not chunk:
            break
        left -= len(chunk)
        yield bytes(chunk)
