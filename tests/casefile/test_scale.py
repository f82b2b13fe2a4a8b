"""Case files of a whole office: memory stays small, and no answer takes a scan for every photo."""

from __future__ import annotations

import sqlite3
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from posecheck.casefile.case import CaseFile, Selection
from posecheck.casefile.failures import totals
from posecheck.casefile.purge import count_old, purge
from posecheck.casefile.selection import ALL
from posecheck.casefile.tally import tally
from posecheck.casefile.types import Verdict
from posecheck.results import Level
from tests.casefile.made import (
    JPEG,
    begin,
    crowd,
    entry,
    plain,
    purge_limit,
    quick_case,
    record_of,
    scan,
    sha,
)

FILES = 30_000
PHOTOS = 20_000


def columns(connection: sqlite3.Connection, table: str, *others: str) -> str:
    rows = connection.execute(f"PRAGMA table_info ({table})")
    return ", ".join(row["name"] for row in rows if row["name"] not in others)


def multiply(case: CaseFile) -> None:
    """Copy a case file's two photos until there are `PHOTOS`, with their hands and names."""
    db = case.connection
    photo, hand = columns(db, "photo", "id", "sha256"), columns(db, "hand", "photo")
    file = columns(db, "file", "id", "path", "photo")
    new = "(SELECT id AS new FROM photo WHERE id > 2)"
    db.execute("BEGIN")
    db.execute(
        f"INSERT INTO photo (id, sha256, {photo}) WITH RECURSIVE n (i) AS"
        f" (SELECT 3 UNION ALL SELECT i + 1 FROM n WHERE i < {PHOTOS})"
        f" SELECT i, printf ('%064x', i), {photo} FROM n JOIN photo ON photo.id = 1 + i % 2"
    )
    db.execute(
        f"INSERT INTO hand (photo, {hand}) SELECT new, {hand} FROM {new}"
        " JOIN hand ON hand.photo = 1 + new % 2"
    )
    db.execute(
        f"INSERT INTO file (path, photo, {file}) SELECT new * 7919 % 100003 || '.jpg', new,"
        f" {file} FROM {new} JOIN file ON file.photo = 1"
    )
    db.execute("COMMIT")


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CaseFile]:
    with quick_case(tmp_path_factory.mktemp("scale") / "a.posecheck") as case:
        scan(case, {"1.jpg": crowd(1), "2.jpg": plain(2)})
        multiply(case)
        yield case


def test_a_million_files_would_not_fill_memory(tmp_path: Path) -> None:
    with quick_case(tmp_path / "a.posecheck") as case:
        queue = begin(case)
        for start in range(0, FILES, 1000):
            queue.enlist(entry(f"/foto/{each}.jpg") for each in range(start, start + 1000))
        tracemalloc.start()
        try:
            assert sum(1 for _ in queue.pending()) == FILES == queue.left()
            queue.enlist(entry(f"/foto/{each}.jpg") for each in range(1000))
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert peak < 2_000_000


# Each takes well below a second on a machine with nothing else to do; a scan of a table for every
# photo would take minutes.
@pytest.mark.parametrize(
    "ask",
    [
        lambda case: case.hashes(ALL),
        lambda case: case.hashes(Selection(gestures=frozenset({"peace"}), raised=True)),
        lambda case: case.hashes(Selection(verdicts=frozenset({None, Verdict.UNCLEAR}))),
        lambda case: case.count(ALL),
        lambda case: tally(case, 1),
        totals,
        lambda case: begin(case).found(Level.MEDIUM),
        lambda case: count_old(case, purge_limit()),
    ],
    ids=["all", "gestures", "verdicts", "count", "tally", "totals", "found", "old"],
)
def test_questions_about_twenty_thousand_photos(
    large: CaseFile, ask: Callable[[CaseFile], object]
) -> None:
    begun = time.process_time()
    assert ask(large) is not None
    assert time.process_time() - begun < 3


def test_photos_are_streamed(large: CaseFile) -> None:
    hashes = large.hashes(ALL)
    assert len(hashes) == PHOTOS
    tracemalloc.start()
    try:
        drawn = large.photos(ALL)
        assert [next(drawn).result.sha256 for _ in range(50)] == hashes[:50]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 20_000_000


def test_what_is_done_for_each_photo_looks_at_no_whole_table(tmp_path: Path) -> None:
    """SQLite says itself which statements read every row of a table."""
    with quick_case(tmp_path / "a.posecheck") as case:
        scan(case, {"1.jpg": crowd(1), "2.jpg": plain(2)}, pictures={"1.jpg": [("preview", JPEG)]})
        seen: list[str] = []
        case.connection.set_trace_callback(seen.append)
        queue = begin(case, retry_failed=True)
        queue.enlist([entry("1.jpg", "2"), entry("2.jpg", "2"), entry("3.jpg")])
        first, second, third = queue.pending()
        assert queue.link_if_fresh(first, sha(1))
        queue.store(second, record_of(second, crowd(2)), [("preview", JPEG)])
        queue.fail(third, "unreadable", "gone")
        kept = case.decide(sha(1), Verdict.UNCLEAR, reviewer="Sari")
        case.undo(kept.id, reviewer="Sari")
        case.photo(sha(1))
        case.picture(sha(1), "preview")
        list(case.photos())
        purge(case, purge_limit())
        case.connection.set_trace_callback(None)
        plans: dict[str, list[str]] = {}
        for statement in seen:
            if statement.split()[0] in ("SELECT", "INSERT", "UPDATE", "DELETE"):
                rows = case.connection.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall()
                plans[statement] = [row["detail"] for row in rows]
    assert len(plans) > 20
    scans = {
        statement
        for statement, steps in plans.items()
        if any(step.startswith("SCAN") and "CONSTANT" not in step for step in steps)
    }
    # These are done once for a whole export or purge, or read one row at the end of an index.
    once = ("checked_before", "checked_at <", "started_at <", "AS name", "FROM audit")
    assert [each for each in scans if not any(word in each for word in once)] == []


def test_a_purge_of_twenty_thousand_photos(large: CaseFile) -> None:
    begun = time.process_time()
    assert purge(large, purge_limit()).photos == PHOTOS
    assert time.process_time() - begun < 10
