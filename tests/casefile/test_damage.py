"""Case files that were damaged, or made up by somebody who means harm: a reason, never a crash."""

from __future__ import annotations

import itertools
import os
import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from posecheck.casefile.case import CaseFile, Selection, open_case
from posecheck.casefile.failures import everything, failed_files, totals
from posecheck.casefile.purge import count_old, purge
from posecheck.casefile.selection import ALL
from posecheck.casefile.tally import tally
from posecheck.casefile.types import Verdict
from posecheck.errors import CaseError
from tests.casefile.made import (
    JPEG,
    begin,
    broken,
    crowd,
    entry,
    forger,
    plain,
    purge_limit,
    quick_case,
    record_of,
    scan,
    sha,
)

SEED = 20240214

ROUNDS = int(os.environ.get("POSECHECK_DAMAGE_ROUNDS", "1"))
"""How much is tried, for those who have more time."""


def fill(case: CaseFile) -> None:
    files = {f"{i}.jpg": (crowd, plain, broken)[i % 3](i) for i in range(9)}
    pictures = {"0.jpg": [("preview", JPEG * 200), ("hand-0", JPEG * 50)]}
    scan(case, {**files, "lost.jpg": None}, pictures=pictures)
    for content in (0, 3):
        kept = case.decide(sha(content), Verdict.DIFFERENT, reviewer="Sari", note="bukan")
    case.undo(kept.id, reviewer="Budi")
    begin(case).enlist([entry("left.jpg")])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("damage") / "a.posecheck"
    with quick_case(path) as case:
        fill(case)
    return path


@pytest.fixture
def path(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(made, tmp_path))


def check_more(case: CaseFile) -> None:
    queue = begin(case)
    queue.enlist([entry(f"{i}.jpg", "2") for i in range(3)])
    for file in queue.pending():
        if not queue.link_if_fresh(file, sha(0)):
            queue.store(file, record_of(file, crowd(0)))
    queue.end(finished=True, told_of={})


READERS: list[Callable[[CaseFile], object]] = [
    lambda case: list(case.photos(ALL)),
    lambda case: list(everything(case, Selection())),
    lambda case: case.count(Selection(gestures=frozenset({"peace"}), raised=True)),
    lambda case: [case.photo(sha(i)) for i in range(9)],
    lambda case: [case.decisions(sha(i)) for i in range(9)],
    lambda case: [case.picture(sha(0), kind) for kind in ("preview", "hand-0")],
    lambda case: list(case.audit()),
    lambda case: list(failed_files(case)),
    totals,
    lambda case: tally(case, 1),
]
WRITERS: list[Callable[[CaseFile], object]] = [
    lambda case: case.decide(sha(0), Verdict.RESEMBLES, reviewer="Sari"),
    lambda case: case.undo(1, reviewer="Sari"),
    check_more,
    lambda case: count_old(case, purge_limit()),
    lambda case: purge(case, purge_limit()),
]


def use(path: Path) -> int:
    """Do everything that can be done with a case file; how often it said that it is damaged."""
    told = 0
    try:
        case = open_case(path)
    except CaseError as error:
        assert error.remedy
        return 1
    with case:
        case.connection.execute("PRAGMA synchronous = OFF")
        for each in (*READERS, *WRITERS):
            try:
                each(case)
            except CaseError as error:
                assert error.message
                told += 1
    return told


def test_a_sound_case_file_has_nothing_to_tell(path: Path) -> None:
    assert use(path) == 0


def harms(content: bytes) -> Iterator[bytes]:
    """Ways to damage a file."""
    chance = random.Random(SEED)
    for _ in range(30 * ROUNDS):
        harmed = bytearray(content)
        for _ in range(chance.choice([1, 1, 5, 50])):
            place = chance.randrange(len(harmed))
            harmed[place] ^= 1 << chance.randrange(8)
        yield bytes(harmed)
    for _ in range(12 * ROUNDS):
        page, other = (4096 * chance.randrange(len(content) // 4096) for _ in range(2))
        harmed = bytearray(content)
        harmed[page : page + 4096] = chance.choice(
            [bytes(4096), chance.randbytes(4096), content[other : other + 4096]]
        )
        yield bytes(harmed)
    for _ in range(8 * ROUNDS):
        yield content[: chance.randrange(len(content))]
    # The first hundred bytes say how everything else is to be read.
    for place in chance.sample(range(100), 20):
        yield content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :]


def test_damaged_bytes_never_crash(made: Path, tmp_path: Path) -> None:
    content = made.read_bytes()
    told = 0
    for number, harmed in enumerate(harms(content)):
        path = tmp_path / f"{number}.posecheck"
        path.write_bytes(harmed)
        told += use(path) > 0
        for each in tmp_path.iterdir():
            each.unlink()
    assert told > 25, "many of them are noticed"


def test_a_damaged_log_of_changes_never_crashes(tmp_path: Path) -> None:
    """After a kill there is a second file beside the case file, and it may be damaged as well."""
    with quick_case(tmp_path / "a.posecheck") as case:
        fill(case)
        main = case.path.read_bytes()
        wal = Path(f"{case.path}-wal").read_bytes()
    assert len(wal) > 50_000
    for number, harmed in enumerate(harms(wal)):
        if number % 3:
            continue
        path = tmp_path / f"{number}.posecheck"
        path.write_bytes(main)
        Path(f"{path}-wal").write_bytes(harmed)
        use(path)


DEEP = "[" * 100_000
VALUES: list[Any] = [b"\xff\x00", "", "x", DEEP, '{"a":1e999}', "[1]", -1, 2**63 - 1, 9e999, "NULL"]


def columns(path: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return [
            (table, row[1])
            for (table,) in names
            if not table.startswith("sqlite_")
            for row in connection.execute(f"PRAGMA table_info ({table})")
        ]


def test_made_up_values_never_crash(made: Path, tmp_path: Path) -> None:
    tried = told = 0
    chance = random.Random(SEED)
    numbers = itertools.count()
    for table, column in columns(made):
        for value in chance.sample(VALUES, min(len(VALUES), 2 * ROUNDS)):
            path = Path(shutil.copy(made, tmp_path / f"{next(numbers)}.posecheck"))
            with forger(path) as connection:
                connection.execute("PRAGMA ignore_check_constraints = ON")
                try:
                    connection.execute(
                        f"UPDATE {table} SET {column} = ? WHERE rowid IN"
                        f" (SELECT rowid FROM {table} LIMIT 1)"
                        if table not in ("hand", "decided_hand")
                        else f"UPDATE {table} SET {column} = ? WHERE place = 0",
                        (None if value == "NULL" else value,),
                    )
                except sqlite3.IntegrityError:
                    continue
            tried += 1
            told += use(path) > 0
    assert tried > 100 and told > 40
