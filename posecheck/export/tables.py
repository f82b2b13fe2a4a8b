"""JSON Lines, CSV and Parquet: one row a photo or a hand, written as they come."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any, BinaryIO

from posecheck.casefile.types import CasePhoto
from posecheck.errors import DependencyError
from posecheck.export.rows import COLUMNS, Kind, Row, Value, photo_record, rows_of
from posecheck.export.types import ExportContext, PictureOf
from posecheck.report.record import to_json

if TYPE_CHECKING:
    import pyarrow as pa

RISKY_STARTS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
"""A spreadsheet takes a cell that starts so for a formula; the last four are full-width forms."""

BETWEEN = "; "
"""Between the values of a list in a CSV cell."""

ROWS_PER_GROUP = 5_000
"""Rows of a Parquet file that are held in memory together."""


def export_jsonl(
    photos: Iterable[CasePhoto], picture_of: PictureOf, file: BinaryIO, context: ExportContext
) -> None:
    """Write one JSON object a line.

    A photo's is the record of `posecheck check`, which `from_record` reads back, with the fields
    of `photo_record` at its end.  A hand's has the columns of `COLUMNS["hands"]`, with lists as
    lists and times in ISO 8601.
    """
    for photo in photos:
        if context.rows == "photos":
            _write_line(file, photo_record(photo))
        else:
            for row in rows_of(photo, context.rows):
                _write_line(file, {name: _plain(value) for name, value in row.items()})


def export_csv(
    photos: Iterable[CasePhoto], picture_of: PictureOf, file: BinaryIO, context: ExportContext
) -> None:
    """Write `COLUMNS` as CSV: UTF-8 with a byte order mark, for Excel opens it right only so.

    Lists are joined by "; ", times are ISO 8601, a missing value is an empty cell, true and false
    are 1 and 0.  A text that a spreadsheet would take for a formula has an apostrophe before it.
    """
    file.write(codecs.BOM_UTF8)
    text = io.TextIOWrapper(file, "utf-8", newline="")
    try:
        writer = csv.writer(text, lineterminator="\r\n")
        writer.writerow([column.name for column in COLUMNS[context.rows]])
        for photo in photos:
            for row in rows_of(photo, context.rows):
                writer.writerow([cell(value) for value in row.values()])
        text.flush()
    finally:
        text.detach()  # the file is the caller's to close


def export_parquet(
    photos: Iterable[CasePhoto], picture_of: PictureOf, file: BinaryIO, context: ExportContext
) -> None:
    """Write `COLUMNS` as Parquet, typed, `ROWS_PER_GROUP` rows at a time.

    Raises:
        DependencyError: pyarrow is not installed.
    """
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as error:
        raise DependencyError(
            "Parquet files need pyarrow, which is not installed",
            'Install it with: pip install "posecheck[parquet]", or choose csv or jsonl.',
        ) from error
    schema = _schema(pa, context.rows)
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        group: list[Row] = []
        for photo in photos:
            for row in rows_of(photo, context.rows):
                group.append({name: _storable(value) for name, value in row.items()})
                if len(group) >= ROWS_PER_GROUP:
                    writer.write_table(pa.Table.from_pylist(group, schema=schema))
                    group.clear()
        if group:
            writer.write_table(pa.Table.from_pylist(group, schema=schema))


def cell(value: Value) -> str | int | float:
    """A value as a CSV cell; numbers stay numbers, and texts never become formulas."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (int, float)):
        return value
    if isinstance(value, datetime):
        return value.isoformat()
    text = value if isinstance(value, str) else BETWEEN.join(str(item) for item in value)
    text = writable(text).replace("\0", r"\x00")
    return f"'{text}" if text.startswith(RISKY_STARTS) else text


def writable(text: str) -> str:
    """The text as UTF-8 can hold it: bytes of a name that are no Unicode appear escaped."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _write_line(file: BinaryIO, record: dict[str, Any]) -> None:
    file.write(to_json(record).encode("utf-8") + b"\n")


def _plain(value: Value) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _storable(value: Value) -> Value:
    if isinstance(value, str):
        return writable(value)
    if isinstance(value, list):
        items: list[Any] = [writable(v) if isinstance(v, str) else v for v in value]
        return items
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(timezone.utc)
    return value


def _schema(arrow: Any, rows: str) -> pa.Schema:
    types = {
        Kind.TEXT: arrow.string(),
        Kind.WHOLE: arrow.int64(),
        Kind.NUMBER: arrow.float64(),
        Kind.FLAG: arrow.bool_(),
        Kind.UTC: arrow.timestamp("us", tz="UTC"),
        Kind.LOCAL: arrow.timestamp("us"),
        Kind.TEXTS: arrow.list_(arrow.string()),
        Kind.WHOLES: arrow.list_(arrow.int64()),
    }
    return arrow.schema(
        [
            arrow.field(column.name, types[column.kind], metadata={"says": column.says})
            for column in COLUMNS[rows]
        ]
    )
