"""ZIP archives, read in place: nothing is unpacked to disk, and nothing they say is relied on."""

from __future__ import annotations

import io
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO

from posecheck.errors import (
    PhotoError,
    PhotoTooLargeError,
    UnreadablePhotoError,
    UnsupportedPhotoError,
)
from posecheck.opening.refs import PhotoRef
from posecheck.opening.source import open_regular, read_chunks, too_many_bytes, unreadable
from posecheck.scan.items import stamp_of

MAX_DIRECTORY_BYTES = 16 << 20
"""Longest table of contents that is read; about 100,000 photos.  All of it is held in memory,
at up to ten times its length."""

# bzip2 and LZMA are left out: `zipfile` bounds what it unpacks at a time for deflate only, and
# 4 KB of bzip2 can become gigabytes.
_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})

_ENCRYPTED = 0x1 | 0x40 | 0x2000  # APPNOTE.TXT 4.4.4: plain, strong, and of the directory itself

_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, struct.error, ValueError, OverflowError)

_UNPACK = "Unpack it into a folder and scan that."


class Archive:
    """An open ZIP archive; close it, or use it in a `with`.

    Attributes:
        path: Absolute path.
        stamp: `stamp_of` the file when it was opened.

    Raises:
        PhotoError: It cannot be read, is damaged, or has too many members.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        with _told(path):
            # A pipe would be waited for, so look before opening.
            if not stat.S_ISREG(Path(path).stat().st_mode):
                raise UnsupportedPhotoError(f"{path} is no ZIP archive.", "Name a file.", path=path)
            self._file = _ArchiveFile(path)
            try:
                status = os.fstat(self._file.fileno())
                self._zip = zipfile.ZipFile(self._file)
                self._refuse_overlaps(status.st_size)
            except BaseException:
                self._file.close()
                raise
        self.stamp = stamp_of(status)

    def __enter__(self) -> Archive:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the file back."""
        self._zip.close()
        self._file.close()

    def members(self) -> Iterator[zipfile.ZipInfo]:
        """Every file in it, in the archive's order."""
        return (info for info in self._zip.infolist() if not info.is_dir())

    def can_be_named(self, info: zipfile.ZipInfo) -> bool:
        """Whether a member's name leads to it; of several with one name only the last's does."""
        return bool(info.filename) and self._zip.getinfo(info.filename) is info

    def chunks(self, member: str, max_bytes: int) -> Iterator[bytes]:
        """The content of a member, a piece at a time.

        Raises:
            PhotoError: As `posecheck.scan.archives.read_member` does.
        """
        name = str(PhotoRef(self.path, member))
        with _told(name):
            info = self._info(member, name)
            if info.file_size > max_bytes:
                raise too_many_bytes(name, max_bytes)
            with self._zip.open(info) as file:
                yield from read_chunks(_Member(file, name), max_bytes)

    def head(self, member: str, length: int) -> bytes:
        """The first bytes of a member.

        Raises:
            PhotoError: As `posecheck.scan.archives.read_member` does, but for the size.
        """
        name = str(PhotoRef(self.path, member))
        with _told(name), self._zip.open(self._info(member, name)) as file:
            return file.read(length)

    def _info(self, member: str, name: str) -> zipfile.ZipInfo:
        try:
            info = self._zip.getinfo(member)
        except KeyError as error:
            raise UnreadablePhotoError(
                f"There is no file {name}.", "Check its name.", path=name
            ) from error
        if info.flag_bits & _ENCRYPTED:
            raise UnreadablePhotoError(
                f"{name} needs a password.",
                "Unpack the archive into a folder with its password and scan that.",
                path=name,
            )
        if info.compress_type not in _METHODS:
            raise _method(name)
        return info

    def _refuse_overlaps(self, length: int) -> None:
        """Refuse members that share bytes.

        Without that, no archive becomes more than 1032 times its length, the most that deflate
        does (https://zlib.net/zlib_tech.html), however many members it has.
        """
        if sum(info.compress_size for info in self._zip.infolist()) > length:
            raise UnreadablePhotoError(
                f"{self.path} is damaged or made to do harm: its members overlap.",
                "Get the archive once more.",
                path=self.path,
            )


class _ArchiveFile(io.BufferedReader):
    """A file that refuses to be read in one piece longer than a table of contents may be."""

    def __init__(self, path: str) -> None:
        super().__init__(open_regular(path))
        self._path = path

    def read(self, size: int | None = -1, /) -> bytes:
        # `zipfile` reads the table whole, at the length that the archive says it has.
        if size is not None and size > MAX_DIRECTORY_BYTES:
            raise PhotoTooLargeError(
                f"{self._path} has too many members.", _UNPACK, path=self._path
            )
        return super().read(size)


class _Member:
    """What `read_chunks` reads: a file object with the name that messages give."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self._file = file
        self.name = name

    def read(self, size: int) -> bytes:
        with _told(self.name):
            return self._file.read(size)


@contextmanager
def _told(name: str) -> Iterator[None]:
    """Turn what reading an archive raises into errors that say what is wrong with `name`."""
    try:
        yield
    except PhotoError:
        raise
    except NotImplementedError as error:  # a RuntimeError too, so it comes first
        raise _method(name) from error
    except OSError as error:
        raise unreadable(name, error) from error
    except (RuntimeError, *_DAMAGE) as error:
        raise UnreadablePhotoError(
            f"{name} is damaged: {error or type(error).__name__}.",
            "Get the archive once more.",
            path=name,
        ) from error


def _method(name: str) -> UnsupportedPhotoError:
    return UnsupportedPhotoError(f"{name} is packed in a way that is not read.", _UNPACK, path=name)
