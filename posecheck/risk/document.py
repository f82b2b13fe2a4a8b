"""TOML files that people edit: read whole, and every fault named with its line.

A syntax error is named by the TOML reader with its line; what is well formed and still wrong (an
unknown key, a number that is not on the ballot) is named by those who look at the data, and
`Document.line` gives them the line.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from posecheck.errors import ConfigError
from posecheck.risk.lines import KeyPath, statements

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

MAX_BYTES = 64 * 1024
"""No contest, rule or settings file is near this long; a photo given by mistake is."""

_DEEP_KEY = re.compile(r"""(?<![\w-])(?:(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*){32}""")
"""A dotted key of 32 parts and more: Python's reader takes minutes for one of some thousands, and
none of our files has more than two."""


class FieldError(ConfigError):
    """A value breaks a rule of the thing that it describes.

    Attributes:
        path: Where the value would be in a file.
        item: The entry of an array that is wrong, or None for the whole value.
        nth: Which of several equal entries is meant, from 0.
    """

    def __init__(
        self,
        message: str,
        path: KeyPath,
        item: str | int | None = None,
        nth: int = 0,
        remedy: str = "",
    ) -> None:
        """An error about the value at `path`."""
        super().__init__(message, remedy)
        self.path = path
        self.item = item
        self.nth = nth


def suggestion(word: str, known: Sequence[str]) -> str:
    """A half sentence that offers the nearest known word, or "" where none is near."""
    near = get_close_matches(word, known, n=1)
    return f"; did you mean '{near[0]}'?" if near else ""


@dataclass(frozen=True)
class Document:
    r"""One TOML file.

    Attributes:
        name: What messages call the file: its path, as the person gave it.
        text: The whole file, with line ends as "\n".
        data: What the file says.
    """

    name: str
    text: str
    data: dict[str, Any]

    @classmethod
    def load(cls, path: Path) -> Document:
        """Read the file at `path`.

        Raises:
            ConfigError: It is missing, may not be read, is too long, is not UTF-8 or not TOML.
        """
        try:
            with path.open("rb") as file:
                raw = file.read(MAX_BYTES + 1)
        except OSError as error:
            why = error.strerror or type(error).__name__
            raise ConfigError(
                f"{path}: cannot be read: {why}", "Check the path and who may read the file."
            ) from error
        return cls.parse(raw, str(path))

    @classmethod
    def parse(cls, raw: bytes, name: str) -> Document:
        """Read `raw`, the bytes of a file that messages call `name`.

        Raises:
            ConfigError: It is too long, is not UTF-8 or not TOML.
        """
        if len(raw) > MAX_BYTES:
            raise ConfigError(
                f"{name}: is longer than {MAX_BYTES // 1024} KiB, so it is no settings file",
                "Give a TOML text file.",
            )
        try:
            # Notepad puts a byte order mark before UTF-8; TOML does not know it.
            text = raw.decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            line = raw[: error.start].count(b"\n") + 1
            raise ConfigError(
                f"{name}, line {line}: is not UTF-8 text",
                "Save the file again with the encoding UTF-8.",
            ) from error
        deep = _DEEP_KEY.search(text)
        if deep is not None:
            line = text[: deep.start()].count("\n") + 1
            raise ConfigError(
                f"{name}, line {line}: a key has too many parts", "Give a TOML text file."
            )
        try:
            data = tomllib.loads(text)
        except ValueError as error:  # A number of 5,000 digits is no TOMLDecodeError.
            line, what = _syntax_error(error, text)
            raise ConfigError(
                f"{name}, line {line}: is not TOML: {what}",
                "Texts stand in quotes, lists in [ ], dates as 2024-02-14, comments after #; "
                "write paths with / also on Windows.",
            ) from error
        except RecursionError as error:
            raise ConfigError(f"{name}: is nested too deeply", "Give a TOML text file.") from error
        return cls(name, text, data)

    def line(self, path: KeyPath, item: str | int | None = None, nth: int = 0) -> int:
        """The line, from 1, where the value at `path` begins.

        Args:
            path: Where the value is.  Of a path that the file does not hold, the line of the
                longest part that it does hold; 1 for none.
            item: An entry of the array at `path`, to name its own line.
            nth: Which of several equal entries is meant, from 0.
        """
        for length in range(len(path), 0, -1):
            for statement in statements(self.text):
                if statement.holds(path[:length]):
                    within = length == len(path) and item is not None
                    return statement.line_of(item, nth) if within else statement.first
        return 1

    def error(
        self,
        message: str,
        path: KeyPath = (),
        item: str | int | None = None,
        nth: int = 0,
        remedy: str = "",
    ) -> ConfigError:
        """An error to raise that names this file and the line of `path` (see `line`)."""
        line = self.line(path, item, nth)
        return ConfigError(
            f"{self.name}, line {line}: {message}", remedy or "Correct that line of the file."
        )

    def located(self, error: FieldError) -> ConfigError:
        """The same error, naming this file and the line."""
        return self.error(error.message, error.path, error.item, error.nth, error.remedy)


def _syntax_error(error: ValueError, text: str) -> tuple[int, str]:
    """The line of a syntax error and what is wrong, without the position."""
    found = re.search(r"\s*\((?:at line (\d+), column \d+|at end of document)\)$", str(error))
    if found is None:
        return 1, str(error)
    line = int(found.group(1)) if found.group(1) else len(text.rstrip("\n").split("\n"))
    return line, str(error)[: found.start()]
