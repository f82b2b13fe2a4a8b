"""Lists of files, as `find` and other programs write them."""

from __future__ import annotations

import codecs
import os
from collections.abc import Iterator
from typing import BinaryIO

from posecheck.errors import ConfigError

_CHUNK = 1 << 16
_LONGEST = 1 << 20  # far above what any system allows for a path

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_file_list(stream: BinaryIO) -> Iterator[str]:
    """The paths in a list, one a line, or with a NUL after each (`find -print0`).

    NULs part the paths if there is one in the first 64 KB.  Blank lines are dropped.  Bytes that
    are no UTF-8 survive, as in every name that Python gets from the system; a list in UTF-16
    with its mark, as PowerShell writes them, is understood.  Relative paths stay so, which makes
    them relative to the working directory.

    Raises:
        ConfigError: A line is longer than 1 MB: this is no list of files.
    """
    separator = b""
    rest = b""
    for chunk in _in_bytes(stream):
        separator = separator or (b"\0" if b"\0" in chunk else b"\n")
        *lines, rest = (rest + chunk).split(separator)
        for line in lines:
            yield from _path(line, separator)
        if len(rest) > _LONGEST:
            raise ConfigError(
                "The list of files has a line that is too long for a path.",
                "Name a text file with one path a line.",
            )
    yield from _path(rest, separator)


def _in_bytes(stream: BinaryIO) -> Iterator[bytes]:
    """The list in the encoding of file names, without a mark at its start."""
    chunk = stream.read(_CHUNK)
    if not chunk.startswith(_UTF16):
        yield chunk.removeprefix(codecs.BOM_UTF8)
        while chunk := stream.read(_CHUNK):
            yield chunk
        return
    # A lone surrogate is half a pair in a name that Windows lets pass.
    decoder = codecs.getincrementaldecoder("utf-16")("surrogatepass")
    while chunk:
        yield decoder.decode(chunk).encode("utf-8", "surrogatepass")
        chunk = stream.read(_CHUNK)
    yield decoder.decode(b"", final=True).encode("utf-8", "surrogatepass")


def _path(line: bytes, separator: bytes) -> Iterator[str]:
    if separator == b"\n":
        line = line.removesuffix(b"\r")
        if line.isspace():
            return
    if line:
        yield os.fsdecode(line)
