"""On which line of a TOML text a value stands.

The TOML readers of Python forget all lines once a text is read.  They are found again without a
grammar of our own: the reader itself says where each statement ends, which is where the lines
since the last statement can first be read alone.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

KeyPath = tuple[str | int, ...]
"""Where a value is: table names and keys, and positions in arrays of tables."""


_ENDS = ("]", "}", '"""', "'''")
"""What the last of several lines of a statement must have in it."""

_MOST_TRIES = 200
"""Ends of one statement that are tried: each takes as long as the statement, and a file may be
made to have thousands."""


@dataclass(frozen=True)
class Statement:
    """A header, or a `key = value`.

    Attributes:
        first: Number of its first line, from 1.
        lines: Its lines.
        table: The table that it opens, or puts its value into.
        content: The key and the value; empty for a header.
    """

    first: int
    lines: tuple[str, ...]
    table: KeyPath
    content: dict[str, Any]

    def holds(self, path: KeyPath) -> bool:
        """Whether this is the statement that begins the value at `path`."""
        if not self.content:
            return self.table[: len(path)] == path
        if path[: len(self.table)] != self.table or len(path) == len(self.table):
            return False
        value: Any = self.content
        for key in path[len(self.table) :]:
            inside = (isinstance(value, dict) and key in value) or (
                isinstance(value, list) and isinstance(key, int) and key < len(value)
            )
            if not inside:
                return False
            value = value[key]
        return True

    def line_of(self, item: str | int | None, nth: int = 0) -> int:
        """The line of the `nth` entry `item` (from 0) of an array; `first` if it is not seen."""
        word = re.escape(str(item))
        pattern = rf"(?<![\w-]){word}(?![\w-])" if isinstance(item, int) else rf"[\"']{word}[\"']"
        seen = 0
        for offset, line in enumerate(self.lines):
            # The key may look like an entry (`1 = [1, 2]`), and so may a comment.
            text = line.partition("=")[2] if offset == 0 else line
            seen += len(re.findall(pattern, text.partition("#")[0]))
            if seen > nth:
                return self.first + offset
        return self.first


def statements(text: str) -> Iterator[Statement]:
    """Every header and every `key = value` of a well-formed TOML text, in order.

    It ends early at a statement that nobody writes, whose end it would take too long to find.
    """
    lines = text.split("\n")
    table: KeyPath = ()
    arrays: dict[tuple[str, ...], int] = {}
    first = tries = 0
    for last in range(len(lines)):
        if last > first:
            if not any(end in lines[last] for end in _ENDS):
                continue
            tries += 1
            if tries > _MOST_TRIES:
                return
        content = _parsed("\n".join(lines[first : last + 1]))
        if content is None:
            continue  # An array or a text that goes on in the next line.
        if content:
            if lines[first].lstrip().startswith("["):
                repeated = lines[first].lstrip().startswith("[[")
                table = _header_path(_chain(content), repeated, arrays)
                content = {}
            yield Statement(first + 1, tuple(lines[first : last + 1]), table, content)
        first, tries = last + 1, 0


def _parsed(text: str) -> dict[str, Any] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def _chain(content: dict[str, Any]) -> tuple[str, ...]:
    """The names in a header that was parsed alone: `[a.b]` is {"a": {"b": {}}}."""
    names: list[str] = []
    value: Any = content
    while value:
        value = value[0] if isinstance(value, list) else value
        if not value:
            break
        name, value = next(iter(value.items()))
        names.append(name)
    return tuple(names)


def _header_path(
    names: tuple[str, ...], repeated: bool, arrays: dict[tuple[str, ...], int]
) -> KeyPath:
    """The path of a header; `arrays` counts the tables of each array so far and is updated."""
    if repeated:
        arrays[names] = arrays.get(names, -1) + 1
    path: list[str | int] = []
    for length in range(1, len(names) + 1):
        path.append(names[length - 1])
        if names[:length] in arrays:
            path.append(arrays[names[:length]])
    return tuple(path)
