from __future__ import annotations

import csv
import io
import json
import sys
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posecheck.casefile.types import CasePhoto, Verdict
from posecheck.errors import DependencyError
from posecheck.export import tables
from posecheck.export.rows import COLUMNS, rows_of
from posecheck.export.tables import cell, export_csv, export_jsonl, export_parquet
from posecheck.export.types import Exporter
from posecheck.report.record import from_record, to_record
from posecheck.results import Level, Status
from tests.export.made import NASTY, case_photo, context, decision, no_picture
from tests.report import photos as results

NAMES = st.text(min_size=1) | st.sampled_from(NASTY)


def written(exporter: Exporter, photos: list[CasePhoto], rows: str = "photos") -> bytes:
    file = io.BytesIO()
    exporter(photos, no_picture, file, context(rows=rows))
    return file.getvalue()


def lines(photos: list[CasePhoto], rows: str = "photos") -> list[dict[str, Any]]:
    data = written(export_jsonl, photos, rows).decode("utf-8")
    return [json.loads(line) for line in data.split("\n") if line]


def table(photos: list[CasePhoto], rows: str = "photos") -> list[dict[str, str]]:
    data = written(export_csv, photos, rows)
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def parquet(photos: list[CasePhoto], rows: str = "photos") -> Any:
    return pq.read_table(io.BytesIO(written(export_parquet, photos, rows)))


def everything() -> list[CasePhoto]:
    return [case_photo(result, number=i) for i, result in enumerate(results.everything(), 1)]


def test_a_line_of_json_is_the_record_of_check_with_more_at_its_end() -> None:
    said = decision(Verdict.DIFFERENT, note="melambaikan tangan")
    photo = case_photo(results.group(), "a.jpg", "b.zip!/c.jpg", decided=said)
    (line,) = lines([photo])
    record = to_record(photo.result)
    assert list(line)[: len(record)] == list(record)
    assert {key: line[key] for key in record} == record
    assert list(line)[len(record) :] == ["names", "bytes", "checked_at", "decision", "raised"]
    assert line["names"] == ["a.jpg", "b.zip!/c.jpg"]
    assert line["decision"] == {
        "verdict": "does_not_resemble",
        "reviewer": "Sri Wahyuni",
        "note": "melambaikan tangan",
        "decided_at": "2026-11-21T08:15:00+00:00",
    }
    assert line["raised"] is False


def test_lines_of_json_read_back_as_results() -> None:
    photos = everything()
    assert [to_record(from_record(line)) for line in lines(photos)] == [
        to_record(photo.result) for photo in photos
    ]


def test_a_decision_that_was_taken_back_is_none() -> None:
    photo = case_photo(decided=decision(None))
    assert lines([photo])[0]["decision"] is None
    assert table([photo])[0]["verdict"] == table([photo])[0]["reviewer"] == ""


@pytest.mark.parametrize("rows", ["photos", "hands"])
def test_csv_and_parquet_have_the_documented_columns(rows: str) -> None:
    names = [column.name for column in COLUMNS[rows]]
    assert len(set(names)) == len(names)
    assert list(table(everything(), rows)[0]) == names
    assert parquet(everything(), rows).column_names == names


def test_every_hand_has_a_row_with_its_photo() -> None:
    photos = [case_photo(results.group(), number=1), case_photo(results.heart(), number=2)]
    hands = lines(photos, "hands")
    assert len(hands) == sum(len(photo.result.hands) for photo in photos)
    first, heart = hands[0], hands[-1]
    assert (first["sha256"], first["hand"], first["gesture"]) == (f"{1:064x}", 0, "peace")
    assert (first["level"], first["numbers"], first["told"]) == ("high", [2], True)
    assert first["alternatives"] == ["two_up 0.0400"]
    assert (first["x0"], first["y1"]) == (120.0, 210.0)
    # The other hand of a gesture that takes two is told with it.
    assert (heart["gesture"], heart["partner"], heart["told"]) == ("two_hand_heart", 0, True)
    assert hands[5]["told"] is False


def test_hands_tell_their_own_verdict_beside_that_of_the_photo() -> None:
    photo = replace(
        case_photo(results.group(), decided=decision()),
        verdicts=(Verdict.RESEMBLES, Verdict.DIFFERENT, *[None] * 12),
    )
    rows = table([photo], "hands")
    assert [row["verdict"] for row in rows[:3]] == ["resembles", "does_not_resemble", ""]
    assert {row["photo_verdict"] for row in rows} == {"resembles"}


def test_a_photo_that_was_not_checked_is_there_without_a_level() -> None:
    (row,) = table([case_photo(results.unchecked(Status.TOO_LARGE))])
    assert (row["status"], row["level"], row["risk"]) == ("too_large", "", "")
    assert row["reason"]


def test_parquet_keeps_types() -> None:
    photo = case_photo(results.group(), "a.jpg", "b.jpg", decided=decision())
    row = parquet([photo, case_photo(results.unchecked())]).to_pylist()[0]
    assert row["names"] == ["a.jpg", "b.jpg"] and row["numbers"] == [1, 2]
    assert row["captured_at"] == datetime(2024, 1, 20, 9, 30, 5)
    assert row["decided_at"] == datetime(2026, 11, 21, 8, 15, tzinfo=timezone.utc)
    assert row["risk"] == 98.2 and row["raised"] is True


def test_parquet_is_written_in_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "ROWS_PER_GROUP", 3)
    photos = [case_photo(number=i) for i in range(1, 9)]
    file = pq.ParquetFile(io.BytesIO(written(export_parquet, photos)))
    assert [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)] == [3, 3, 2]
    assert file.read()["sha256"].to_pylist() == [photo.result.sha256 for photo in photos]


def test_an_empty_parquet_has_its_columns() -> None:
    assert parquet([]).num_rows == 0
    assert parquet([]).column_names == [column.name for column in COLUMNS["photos"]]


def test_without_pyarrow_there_is_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(DependencyError) as error:
        written(export_parquet, [case_photo()])
    assert 'pip install "posecheck[parquet]"' in error.value.remedy


@pytest.mark.parametrize("name", NASTY)
def test_no_cell_of_a_csv_is_a_formula(name: str) -> None:
    said = decision(reviewer=name, note=name)
    (row,) = table([case_photo(results.group(), name, name, decided=said)])
    for text in row.values():
        assert not text.startswith(
            ("=", "+", "-", "@", "\t", "\r", "\n", *"\uff1d\uff0b\uff0d\uff20")
        )
    assert float(row["risk"]) == 98.2


@pytest.mark.parametrize("value", [-1.5, -2, 0, 3.25])
def test_numbers_stay_numbers(value: float) -> None:
    assert cell(value) == value


@settings(max_examples=60, deadline=None)
@given(NAMES, NAMES)
def test_every_name_and_note_survives_in_every_table(name: str, note: str) -> None:
    said = decision(reviewer=name, note=note)
    photo = case_photo(results.photo(risk=60.0, level=Level.MEDIUM), name, decided=said)
    (line,) = lines([photo])
    assert (line["names"], line["decision"]["note"]) == ([str(photo.names[0])], note)
    # CSV and Parquet hold valid Unicode only; CSV adds an apostrophe to what is risky.
    as_unicode = note.encode("utf-8", "backslashreplace").decode()
    assert parquet([photo]).to_pylist()[0]["note"] == as_unicode
    (row,) = table([photo])
    assert row["note"].removeprefix("'") == as_unicode.replace("\0", "\\x00").removeprefix("'")


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(results.everything()), st.sampled_from(["photos", "hands"]))
def test_csv_and_parquet_say_the_same(result: Any, rows: str) -> None:
    photo = case_photo(result, decided=decision())
    made = [{k: str(cell(v)) for k, v in row.items()} for row in rows_of(photo, rows)]
    assert table([photo], rows) == made
    values = [
        {k: str(cell(v)) for k, v in row.items()} for row in parquet([photo], rows).to_pylist()
    ]
    assert values == made
