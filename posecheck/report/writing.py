"""Files that are there whole or not at all, and that never replace what is not ours."""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from posecheck.errors import OutputError

REMEDY = "Name another file, or check the space left and the permission to write there."


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file that takes its name only when everything is written.

    A temporary file beside it is renamed over `path` at the end and removed on any failure.  A
    device or pipe at `path` is written to directly.  A link there is refused: it may point at an
    original.

    Args:
        path: Where the file is to be; its folder must exist.

    Yields:
        A binary file to write to.

    Raises:
        OutputError: It cannot be written, or `path` is a link or a folder.
    """
    try:
        if _writes_directly(path):
            with path.open("wb") as stream:
                yield stream
            return
        temporary = path.with_name(f".posecheck-{secrets.token_hex(8)}.tmp")
        try:
            # "x" never follows a link and leaves the permissions to the user's umask.
            with temporary.open("xb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        finally:
            with suppress(FileNotFoundError):
                temporary.unlink()
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror or error}", REMEDY) from error


def is_one_of(path: Path, others: Iterable[Path]) -> bool:
    """Whether a file that is there is one of some others, however their names are spelled.

    Names are not compared: folders may be links, and a file system may not tell upper from lower
    case.  A file that is not there is none of them.
    """
    try:
        found = path.stat()
    except (OSError, ValueError):  # ValueError: a NUL character in the name
        return False
    for other in others:
        with suppress(OSError, ValueError):
            if os.path.samestat(found, other.stat()):
                return True
    return False


def _writes_directly(path: Path) -> bool:
    """Whether `path` is a device or pipe, such as /dev/null.

    Raises:
        OutputError: It is a link to a file, or a folder.
    """
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        mode = 0
    if path.is_symlink() and (not mode or stat.S_ISREG(mode)):
        raise OutputError(f"{path} is a link", "Name the file that it points at, or another one.")
    if stat.S_ISDIR(mode):
        raise OutputError(f"{path} is a folder", "Name a file in it.")
    return bool(mode) and not stat.S_ISREG(mode)
