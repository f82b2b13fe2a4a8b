"""Rows of a label file, with the line each came from and errors that name it."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from posecheck.errors import LabelError


@dataclass(frozen=True)
class Row:
    """One row of a label file.

    Attributes:
        file: The label file.
        line: Line of the file, the header being line 1.
        cells: Column -> text without surrounding blanks; "" for a column that is not there.
        decimal_comma: Numbers may be written as "12,5" (files that separate by semicolons).
    """

    file: Path
    line: int
    cells: dict[str, str]
    decimal_comma: bool = False

    def error(self, what: str, remedy: str) -> LabelError:
        """A `LabelError` that names this row's file and line."""
        return LabelError(f"{self.file}:{self.line}: {what}", remedy)

    def text(self, column: str) -> str:
        """The text of `column`, which must not be empty."""
        value = self.cells.get(column, "")
        if not value:
            raise self.error(f"column {column!r} is empty.", f"Fill in {column!r} on this line.")
        return value

    def optional(self, column: str) -> str:
        """The text of `column`, or ""."""
        return self.cells.get(column, "")

    def number(self, column: str) -> float:
        """The finite number in `column`."""
        text = self.text(column)
        try:
            value = float(text.replace(",", ".") if self.decimal_comma else text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise self.error(f"column {column!r}: {text!r} is no number.", "Write a number there.")
        return value

    def flag(self, column: str, default: bool = False) -> bool:
        """The 0 or 1 in `column`; `default` where it is empty."""
        text = self.optional(column)
        if text not in ("", "0", "1"):
            raise self.error(f"column {column!r}: {text!r} is neither 0 nor 1.", "Write 0 or 1.")
        return default if text == "" else text == "1"

    def one_of(self, column: str, allowed: Collection[str]) -> str:
        """The text of `column`, which must be one of `allowed`."""
        text = self.text(column)
        if text not in allowed:
            raise self.error(
                f"column {column!r}: {text!r} is not known.",
                "Use one of: " + ", ".join(sorted(allowed)) + ".",
            )
        return text


def read_text(path: Path) -> str:
    """The text of a label file, with or without a byte order mark.

    Raises:
        LabelError: The file cannot be read, or is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise LabelError(
            f"{path}: the file is not UTF-8 text.", "Save it again as 'CSV UTF-8'."
        ) from error
    except OSError as error:
        raise LabelError(
            f"{path}: cannot be read: {error.strerror or error}.", "Check the name and the rights."
        ) from error


@dataclass(frozen=True)
class Table:
    """A label file as columns and rows.

    Attributes:
        file: The label file.
        columns: Names in the header.
        rows: Rows that are not blank.
    """

    file: Path
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def read_table(path: Path) -> Table:
    """Read a CSV file with a header; commas or semicolons separate, the header tells which.

    Raises:
        LabelError: Not readable, no header, a column named twice, or a row of another length.
    """
    text = read_text(path)
    first = text.splitlines()[0] if text.strip() else ""
    # Spreadsheets of places that write "12,5" separate by semicolons.
    semicolons = ";" in first and "," not in first
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=";" if semicolons else ",")
    rows = []
    start = 1
    try:
        header = tuple(name.strip().lower() for name in next(lines, []))
        _check_header(path, header)
        # A quoted cell may span lines: a row starts on the line after the one before it ended.
        start = lines.line_num + 1
        for cells in lines:
            if any(cell.strip() for cell in cells):
                rows.append(_row(path, start, header, cells, semicolons))
            start = lines.line_num + 1
    except csv.Error as error:
        raise LabelError(
            f"{path}:{start}: {error}.", "Write one row a line, cells separated by commas."
        ) from error
    return Table(path, header, tuple(rows))


def _check_header(path: Path, header: tuple[str, ...]) -> None:
    if not any(header):
        raise LabelError(f"{path}:1: there is no header.", "Put the column names on line 1.")
    if len(set(header)) != len(header):
        raise LabelError(f"{path}:1: a column is named twice.", "Give every column its own name.")


def _row(
    path: Path, line: int, header: tuple[str, ...], cells: list[str], decimal_comma: bool
) -> Row:
    if len(cells) != len(header):
        raise LabelError(
            f"{path}:{line}: {len(cells)} cells where the header has {len(header)}.",
            "Give every row as many cells as the header has columns.",
        )
    texts = dict(zip(header, (cell.strip() for cell in cells), strict=True))
    return Row(path, line, texts, decimal_comma)
