"""The audit log: whoever changes what it says is noticed."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from posecheck.casefile import audit
from posecheck.casefile.audit import Entry
from posecheck.casefile.case import open_case
from posecheck.casefile.types import Verdict
from posecheck.errors import CaseError
from tests.casefile.made import crowd, forger, plain, quick_case, scan, sha

COLUMNS = ("id", "at", "event", "details", "previous", "hash")
EVENTS = ["scan_started", "scan_ended", "decided", "undone", "exported"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("audit") / "a.posecheck"
    with quick_case(path) as case:
        scan(case, {"a.jpg": crowd(1), "b.jpg": plain(2)})
        kept = case.decide(sha(1), Verdict.DIFFERENT, reviewer="Sari")
        case.undo(kept.id, reviewer="Sari")
        case.log("exported", {"format": "xlsx", "photos": 2})
    return path


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(made, tmp_path))


def log(path: Path) -> list[Entry]:
    with open_case(path) as case:
        return list(case.audit())


def is_whole(path: Path) -> bool:
    return all(entry.intact for entry in log(path))


def test_everything_is_logged_and_whole(path: Path) -> None:
    entries = log(path)
    assert [entry.event for entry in entries] == EVENTS
    assert [entry.id for entry in entries] == [1, 2, 3, 4, 5]
    assert all(entry.intact for entry in entries)
    assert json.loads(entries[4].details) == {"format": "xlsx", "photos": 2}
    assert len({entry.hash for entry in entries}) == 5


def test_the_log_goes_on_where_it_ended(path: Path) -> None:
    with quick_case(path) as case:
        scan(case, {"c.jpg": plain(3)})
    assert [entry.event for entry in log(path)] == [*EVENTS, "scan_started", "scan_ended"]
    assert is_whole(path)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit SET details = '{}' WHERE id = 3",
        "DELETE FROM audit WHERE id = 5",
        "DELETE FROM audit",
        "REPLACE INTO audit VALUES (3, 'a', 'b', 'c', 'd', 'e')",
        "INSERT INTO audit VALUES (9, 'a', 'b', 'c', 'd', 'e')",
        "INSERT INTO audit VALUES (3, 'a', 'b', 'c', 'd', 'e')"
        " ON CONFLICT DO UPDATE SET event = 'x'",
    ],
)
def test_no_statement_changes_or_removes_an_entry(path: Path, statement: str) -> None:
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as connection,
        pytest.raises(sqlite3.IntegrityError, match="append-only"),
    ):
        connection.execute(statement)
    with open_case(path) as case, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        case.connection.execute(statement)
    assert is_whole(path)


def test_a_log_without_its_guard_is_not_opened(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TRIGGER audit_is_never_changed")
    with pytest.raises(CaseError, match="tables"):
        open_case(path)


@pytest.mark.parametrize("number", range(1, 6))
@pytest.mark.parametrize(
    ("column", "value"),
    [(column, "x") for column in COLUMNS[1:]]
    + [("details", b"{}"), ("hash", b"\xff"), ("event", ""), ("details", "\udcff"), ("id", 77)],
)
def test_a_changed_entry_shows(path: Path, number: int, column: str, value: Any) -> None:
    if isinstance(value, str):
        value = value.encode("utf-8", "surrogateescape")
    cast = "?" if isinstance(value, int) or value in (b"{}", b"\xff") else "CAST (? AS TEXT)"
    with forger(path) as connection:
        connection.execute(f"UPDATE audit SET {column} = {cast} WHERE id = ?", (value, number))
    assert not is_whole(path)


@pytest.mark.parametrize("number", range(1, 5))
def test_a_missing_entry_shows(path: Path, number: int) -> None:
    with forger(path) as connection:
        connection.execute("DELETE FROM audit WHERE id = ?", (number,))
    assert not is_whole(path)


@pytest.mark.parametrize("number", range(1, 5))
def test_a_missing_entry_shows_where_the_others_are_renumbered(path: Path, number: int) -> None:
    with forger(path) as connection:
        connection.execute("DELETE FROM audit WHERE id = ?", (number,))
        connection.execute("UPDATE audit SET id = id - 1 WHERE id > ?", (number,))
    assert not is_whole(path)


@pytest.mark.parametrize("number", range(1, 5))
def test_entries_in_another_order_show(path: Path, number: int) -> None:
    with forger(path) as connection:
        for before, after in ((number, 99), (number + 1, number), (99, number + 1)):
            connection.execute("UPDATE audit SET id = ? WHERE id = ?", (after, before))
    assert not is_whole(path)


@pytest.mark.parametrize("number", range(1, 6))
def test_an_entry_put_in_between_shows(path: Path, number: int) -> None:
    with forger(path) as connection:
        connection.execute("UPDATE audit SET id = -id - 1 WHERE id >= ?", (number,))
        connection.execute("UPDATE audit SET id = -id WHERE id < 0")
        connection.execute(
            "INSERT INTO audit SELECT ?, at, event, details, previous, hash FROM audit"
            " WHERE id = ?",
            (number, number + 1),
        )
    assert not is_whole(path)


def test_only_what_follows_a_change_is_told_to_be_changed(path: Path) -> None:
    with forger(path) as connection:
        connection.execute("UPDATE audit SET details = '{}' WHERE id = 3")
    assert [entry.intact for entry in log(path)] == [True, True, False, True, True]


def test_a_cut_off_end_shows_to_whoever_noted_the_last_hash(path: Path) -> None:
    noted = log(path)[-1].hash
    with forger(path) as connection:
        connection.execute("DELETE FROM audit WHERE id = 5")
    assert is_whole(path)
    assert noted not in {entry.hash for entry in log(path)}


def test_a_number_that_was_left_out_shows(path: Path) -> None:
    """Even to somebody who knows how the hashes are made."""
    last = log(path)[-1]
    with forger(path) as connection:
        digest = audit._hash(7, last.at, "exported", "{}", last.hash)
        connection.execute(
            "INSERT INTO audit VALUES (7, ?, 'exported', '{}', ?, ?)", (last.at, last.hash, digest)
        )
    assert [entry.intact for entry in log(path)] == [True] * 5 + [False]
