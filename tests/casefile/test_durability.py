"""What was told to be kept is there: after a kill, beside another program, on a full disk."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest

from posecheck.casefile import database
from posecheck.casefile.case import CaseFile, open_case
from posecheck.casefile.selection import ALL, Selection
from posecheck.casefile.tally import tally
from posecheck.casefile.types import Verdict
from posecheck.errors import CaseError
from tests.casefile.made import JPEG, a_case, begin, crowd, entry, quick_case, record_of, scan, sha
from tests.conftest import REPOSITORY

KILLS = int(os.environ.get("POSECHECK_KILLS", "12"))
"""How often a process is killed, for those who have more time."""

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")


def told_by(*arguments: object) -> list[list[str]]:
    """What processes said, line by line."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.casefile.child", *map(str, arguments)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert run.returncode == 0 and run.stderr == ""
    return [line.split() for line in run.stdout.splitlines()]


@needs_fork
def test_nothing_that_was_told_is_lost_by_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "a.posecheck"
    lines = told_by("killed", path, KILLS, 4)
    told = Counter(line[0] for line in lines)
    assert told["ended"] == KILLS
    assert ["ended", "-9"] in lines, "some were killed before they were done"
    assert told["stored"] > 10 and told["decided"] > 2
    assert all(line == ["integrity", "ok"] for line in lines if line[0] == "integrity")
    assert all(line == ["strays", "0"] for line in lines if line[0] == "strays")
    stored = [(line[1], line[2]) for line in lines if line[0] == "stored"]
    assert len(stored) == len(set(stored)), "nothing is checked twice"
    with open_case(path) as case:
        for name, sha256 in stored:
            photo = case.photo(sha256)
            assert photo is not None and len(photo.result.hands) == 14
            assert name in [str(each) for each in photo.names]
            assert case.picture(sha256, "preview") == JPEG * 300
        for _, number, sha256 in (line for line in lines if line[0] == "decided"):
            assert int(number) in [each.id for each in case.decisions(sha256)]
            photo = case.photo(sha256)
            assert photo is not None and photo.decision is not None
        undecided = Selection(verdicts=frozenset({None}))
        for sha256 in case.hashes(undecided):
            assert case.decisions(sha256) == []
        assert all(each.intact for each in case.audit())
        # What is left to do is what nobody told of, but for what was in hand when the kill came.
        names = {line[1] for line in lines if line[0] in ("stored", "failed")}
        queue = begin(case)
        queue.enlist([entry(f"{each}.jpg") for each in range(40 * KILLS)])
        left = {file.ref.path for file in queue.pending()}
        assert not left & names
        assert 40 * KILLS - len(left | names) <= KILLS


@needs_fork
def test_a_scan_and_a_reviewer_at_the_same_time(tmp_path: Path) -> None:
    path, photos = tmp_path / "a.posecheck", 60
    lines = told_by("together", path, photos)
    assert [line for line in lines if line[0] == "ended"] == [["ended", "0"]] * 2
    assert Counter(line[0] for line in lines) == {
        "stored": 2 * photos, "decided": photos, "ended": 2,
    }  # fmt: skip
    with open_case(path) as case:
        assert case.count(ALL) == 2 * photos
        assert case.count() == photos
        assert case.count(Selection(verdicts=frozenset({Verdict.DIFFERENT}))) == photos // 2
        assert case.count(Selection(raised=True)) == photos // 2
        assert tally(case, 1).left == 0
        log = [each.event for each in case.audit() if each.intact]
        assert Counter(log) == {"scan_started": 1, "decided": photos, "undone": photos // 2}


def test_another_program_that_writes_for_too_long_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "WAIT_SECONDS", 0.05)
    with a_case(tmp_path / "a.posecheck") as case:
        scan(case, {"a.jpg": crowd(1)})
        with closing(sqlite3.connect(case.path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(CaseError, match="locked"):
                case.decide(sha(1), Verdict.UNCLEAR, reviewer="Sari")
            assert case.count(ALL) == 1, "reading needs nobody's leave"
            other.execute("ROLLBACK")
        case.decide(sha(1), Verdict.UNCLEAR, reviewer="Sari")


def test_a_photo_is_read_as_it_was_at_one_moment(tmp_path: Path) -> None:
    """Another program may write between the rows of a photo."""
    with quick_case(tmp_path / "a.posecheck") as case:
        scan(case, {"a.jpg": crowd(1)})
        with open_case(case.path) as other:
            meddled: list[str] = []

            def meddle(statement: str) -> None:
                if "FROM hand" in statement and not meddled:
                    meddled.append(statement)
                    other.connection.execute("DELETE FROM hand")

            case.connection.set_trace_callback(meddle)
            photo = case.photo(sha(1))
            case.connection.set_trace_callback(None)
            assert meddled and photo is not None and len(photo.result.hands) == 14
            assert (again := case.photo(sha(1))) is not None and again.result.hands == ()


@contextmanager
def few_pages(case: CaseFile) -> Iterator[None]:
    """SQLite's own limit on the size of a database."""
    pages = case.connection.execute("PRAGMA page_count").fetchone()[0]
    case.connection.execute(f"PRAGMA max_page_count = {pages + 20}")
    yield
    case.connection.execute("PRAGMA max_page_count = 1000000")


@contextmanager
def short_files(case: CaseFile) -> Iterator[None]:
    """The system's limit on the length of a file: writing stops short, as on a full disk."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    longest = max(each.stat().st_size for each in case.path.parent.iterdir())
    resource.setrlimit(resource.RLIMIT_FSIZE, (longest + 300_000, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("limited", [few_pages, short_files])
def test_a_full_disk_costs_what_did_not_fit_and_nothing_else(
    tmp_path: Path, limited: Callable[[CaseFile], AbstractContextManager[None]]
) -> None:
    names = [f"{number}.jpg" for number in range(40)]
    with a_case(tmp_path / "a.posecheck") as case:
        scan(case, {"first.jpg": crowd("first")})
        queue = begin(case)
        queue.enlist([entry(name) for name in names])
        drawn = queue.pending()
        stored = []
        with limited(case):
            with pytest.raises(CaseError) as error:
                for file in drawn:
                    result = crowd(file.ref.path)
                    queue.store(file, record_of(file, result), [("preview", JPEG * 400)])
                    stored.append(result.sha256)
            assert "space" in error.value.remedy
            assert 0 < len(stored) < 40
            for sha256 in (sha("first"), *stored):
                photo = case.photo(sha256)
                assert photo is not None and len(photo.result.hands) == 14
            assert case.count(ALL) == 1 + len(stored)
            assert tally(case, queue.scan).left == 40 - len(stored)
        # With space again, the same connection goes on.
        case.decide(stored[0], Verdict.UNCLEAR, reviewer="Sari")
        assert scan(case, {name: crowd(name) for name in names}) == names[len(stored) :]
        assert all(each.intact for each in case.audit())
    with closing(sqlite3.connect(case.path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
