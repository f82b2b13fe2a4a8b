"""What is opened as a case file, what is refused, and how older ones are brought up to date."""

from __future__ import annotations

import itertools
import shutil
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Barrier

import pytest

from posecheck.casefile import schema
from posecheck.casefile.case import open_case
from posecheck.casefile.selection import ALL
from posecheck.errors import CaseError
from tests.casefile.made import a_case, crowd, quick_case, scan, sha


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("schema") / "a.posecheck"
    with quick_case(path) as case:
        scan(case, {"a.jpg": crowd(1)})
    return path


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(made, tmp_path))


def run(path: Path, script: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)


def refused(path: Path, *, create: bool = True) -> CaseError:
    with pytest.raises(CaseError) as error:
        open_case(path, create=create)
    assert path.name in error.value.message
    assert error.value.remedy
    return error.value


# What is no case file


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert "no case file" in refused(tmp_path / "a.posecheck", create=False).message
    assert list(tmp_path.iterdir()) == []


def test_a_folder(tmp_path: Path) -> None:
    refused(tmp_path)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    refused(tmp_path / "none" / "a.posecheck")


def test_a_name_that_cannot_be(tmp_path: Path) -> None:
    refused(tmp_path / ("a" * 300))


@pytest.mark.parametrize(
    "content", [b"rapat pukul 10\n" * 999, b"\xff\xd8\xff\xe0", b"SQLite format 3\0", b"\0" * 9999]
)
@pytest.mark.parametrize("create", [True, False])
def test_any_other_file_is_left_as_it_is(tmp_path: Path, content: bytes, create: bool) -> None:
    path = tmp_path / "a.posecheck"
    path.write_bytes(content)
    refused(path, create=create)
    assert path.read_bytes() == content
    assert [each.name for each in tmp_path.iterdir()] == ["a.posecheck"]


def test_an_empty_file_is_a_new_case_file_only_for_a_scan(tmp_path: Path) -> None:
    path = tmp_path / "a.posecheck"
    path.touch()
    assert "nothing in" in refused(path, create=False).message
    assert path.stat().st_size == 0
    with a_case(path) as case:
        scan(case, {"a.jpg": crowd(1)})
    with open_case(path) as case:
        assert case.count(ALL) == 1


@pytest.mark.parametrize(
    "script",
    [
        "CREATE TABLE photo (id)",
        "CREATE TABLE moz_places (id); PRAGMA user_version = 1",
        "PRAGMA user_version = 1",
        "PRAGMA application_id = 5",
        f"CREATE TABLE photo (id); PRAGMA application_id = {schema.APPLICATION_ID}",
        f"PRAGMA application_id = {schema.APPLICATION_ID}; PRAGMA user_version = 1",
        f"PRAGMA application_id = {schema.APPLICATION_ID}; PRAGMA user_version = -1",
        f"PRAGMA encoding = 'UTF-16le'; {schema.MIGRATIONS[0]};"
        f"PRAGMA application_id = {schema.APPLICATION_ID}; PRAGMA user_version = 1",
    ],
)
def test_a_foreign_database_is_left_as_it_is(tmp_path: Path, script: str) -> None:
    path = tmp_path / "places.sqlite"
    run(path, script)
    content = path.read_bytes()
    refused(path)
    assert path.read_bytes() == content


def test_a_newer_case_file_says_what_to_do(path: Path) -> None:
    run(path, "PRAGMA user_version = 99")
    assert "update posecheck" in refused(path).remedy


@pytest.mark.parametrize(
    "script",
    [
        "CREATE TRIGGER t AFTER INSERT ON decision BEGIN DELETE FROM photo; END",
        # Only names that begin with "sqlite_" are SQLite's own; in LIKE, "_" is any character.
        "CREATE TRIGGER sqlitex AFTER INSERT ON decision BEGIN DELETE FROM photo; END",
        "CREATE TRIGGER SQLITE AFTER INSERT ON decision BEGIN DELETE FROM photo; END",
        "CREATE TRIGGER t AFTER INSERT ON decision BEGIN DELETE FROM photo; END;"
        "PRAGMA writable_schema = ON;"
        "UPDATE sqlite_master SET name = 'sqlite_t' WHERE name = 't'",
        "DROP TRIGGER audit_is_never_changed",
        "CREATE VIEW v AS SELECT 1",
        "CREATE INDEX i ON photo (reason)",
        "CREATE TABLE extra (id)",
        "ALTER TABLE photo ADD COLUMN extra",
        "DROP TABLE picture; CREATE VIEW picture AS SELECT 1 AS photo, 'x' AS kind, x'00' AS jpeg",
        "CREATE VIRTUAL TABLE words USING fts5 (word)",
        "PRAGMA writable_schema = ON; UPDATE sqlite_master SET"
        " sql = replace (sql, 'level TEXT', 'level TEXT DEFAULT (randomblob (9))')",
    ],
)
def test_tables_of_somebody_else_are_refused(path: Path, script: str) -> None:
    run(path, script)
    assert "tables" in refused(path).message


def test_statistics_of_the_database_are_no_tables_of_somebody_else(path: Path) -> None:
    run(path, "ANALYZE")
    with open_case(path) as case:
        assert case.count(ALL) == 1


def test_a_case_file_survives_a_vacuum_by_other_tools(path: Path) -> None:
    run(path, "VACUUM")
    with open_case(path) as case:
        assert case.count(ALL) == 1


# Older versions

STEP_TWO = """
ALTER TABLE photo ADD COLUMN colour TEXT NOT NULL DEFAULT 'red';
CREATE TRIGGER painted AFTER UPDATE ON photo WHEN NEW.colour = 'blue; no'
BEGIN
    SELECT 1;
    SELECT 2;
END;
"""
STEP_THREE = """
-- A comment; with a semicolon.
CREATE TABLE painter (name TEXT NOT NULL);
INSERT INTO painter SELECT colour FROM photo;
"""
STEPS = (*schema.MIGRATIONS, STEP_TWO, STEP_THREE)


def of_version(path: Path, version: int) -> Path:
    """A case file with one photo as that version left it."""
    for step in STEPS[len(schema.MIGRATIONS) : version]:
        run(path, step)
    run(path, f"PRAGMA user_version = {version}")
    return path


@pytest.mark.parametrize("version", range(1, len(STEPS) + 1))
def test_every_version_becomes_the_newest(
    path: Path, monkeypatch: pytest.MonkeyPatch, version: int
) -> None:
    assert len(schema.MIGRATIONS) == 1, "make an older case file another way from now on"
    of_version(path, version)
    monkeypatch.setattr(schema, "MIGRATIONS", STEPS)
    for _ in range(2):
        with open_case(path) as case:
            assert case.connection.execute("PRAGMA user_version").fetchone()[0] == len(STEPS)
            assert [row[0] for row in case.connection.execute("SELECT * FROM painter")] == ["red"]
            photo = case.photo(sha(1))
            assert photo is not None and len(photo.result.hands) == 14


def test_a_new_case_file_is_of_the_newest_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema, "MIGRATIONS", STEPS)
    with a_case(tmp_path / "a.posecheck") as case:
        assert case.connection.execute("PRAGMA user_version").fetchone()[0] == len(STEPS)
        scan(case, {"a.jpg": crowd(1)})


class Killed(BaseException):
    """Stands for a process that ends on the spot."""


@pytest.mark.parametrize("count", range(6))
def test_a_migration_that_ends_on_the_way_leaves_the_old_version(
    path: Path, monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
    before = sorted(tables(path))
    with monkeypatch.context() as patch:
        patch.setattr(schema, "MIGRATIONS", STEPS)
        statements, begun = schema._statements, itertools.count()

        def watched(script: str) -> Iterator[str]:
            for statement in statements(script):
                if next(begun) == count:
                    raise Killed
                yield statement
            if next(begun) == count:
                raise Killed

        patch.setattr(schema, "_statements", watched)
        with pytest.raises(Killed):
            open_case(path)
    assert sorted(tables(path)) == before
    with open_case(path) as case:  # the old posecheck still can
        assert case.count(ALL) == 1


def test_a_migration_that_fails_is_told_and_leaves_the_old_version(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = sorted(tables(path))
    with monkeypatch.context() as patch:
        broken = STEP_THREE + "INSERT INTO nowhere VALUES (1);"
        patch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, STEP_TWO, broken))
        assert "nowhere" in refused(path).message
    assert sorted(tables(path)) == before
    with open_case(path) as case:
        assert case.count(ALL) == 1


def tables(path: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as connection:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        rows = connection.execute("SELECT name, coalesce (sql, '') FROM sqlite_master").fetchall()
        return [("version", str(version)), *rows]


# Many at once


@pytest.mark.parametrize("attempt", range(3))
def test_a_new_case_file_can_be_opened_by_many_at_once(tmp_path: Path, attempt: int) -> None:
    path, barrier = tmp_path / f"{attempt}.posecheck", Barrier(8)

    def work(number: int) -> None:
        barrier.wait()
        with a_case(path) as case:
            scan(case, {f"{number}.jpg": crowd(number)})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))
    with open_case(path) as case:
        assert case.count(ALL) == 8
        assert all(entry.intact for entry in case.audit())
