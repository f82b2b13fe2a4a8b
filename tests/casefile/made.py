"""Case files made by hand, without networks, from the records of `tests.report.photos`."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from posecheck import __version__
from posecheck.casefile.case import CaseFile, open_case
from posecheck.casefile.queue import FileEntry, Pending, Queue
from posecheck.casefile.types import Recipe
from posecheck.opening.refs import PhotoRef
from posecheck.report.record import Record, from_record, to_record
from posecheck.results import HandResult, Level, PhotoResult, Status
from tests.report.photos import clean, group, photo, unchecked

JPEG = b"\xff\xd8\xff\xe0 a small picture \xff\xd9"

Pictures = Sequence[tuple[str, bytes]]


def sha(content: object) -> str:
    """The digest of made-up content."""
    return hashlib.sha256(repr(content).encode()).hexdigest()


def of(result: PhotoResult, content: object) -> PhotoResult:
    """The same result of other content."""
    return replace(result, sha256=sha(content))


def flagged(content: object, *hands: HandResult, level: Level = Level.HIGH) -> PhotoResult:
    """A photo where each of these hands resembles something."""
    risk = {Level.HIGH: 94.0, Level.MEDIUM: 60.0, Level.LOW: 30.0, Level.NONE: 3.0}[level]
    return of(photo(*hands, risk=risk, level=level), content)


def plain(content: object) -> PhotoResult:
    """A photo where nothing resembles anything."""
    return of(clean(3), content)


def crowd(content: object) -> PhotoResult:
    """A photo with two signs and eleven ordinary hands."""
    return of(group(), content)


def broken(content: object, status: Status = Status.UNREADABLE) -> PhotoResult:
    """A photo that was read and could not be checked."""
    return of(unchecked(status), content)


def moved(hand: HandResult, dx: float, dy: float = 0.0) -> HandResult:
    """The same hand some pixels further on, as other models may find it."""
    step = np.array([dx, dy], np.float32)
    return replace(
        hand, box_xyxy=hand.box_xyxy + np.tile(step, 2), landmarks_xy=hand.landmarks_xy + step
    )


def recipe(**details: Any) -> Recipe:
    """A recipe; other details are another one."""
    return Recipe(
        fingerprint=sha(sorted(details.items())),
        contest="generic",
        rules="strict",
        backend="onnx",
        version=__version__,
        details=details,
    )


RECIPE = recipe(models="first")
OTHER_RECIPE = recipe(models="second")


def entry(name: str, stamp: str = "1", *, member: str = "", size: int = 1000) -> FileEntry:
    """A file as a listing finds it."""
    return FileEntry(PhotoRef(name, member), size, stamp)


@contextmanager
def a_case(path: Path) -> Iterator[CaseFile]:
    """An open case file, made where there is none."""
    with open_case(path, create=True) as case:
        yield case


@contextmanager
def quick_case(path: Path) -> Iterator[CaseFile]:
    """The same without waiting for the disk."""
    with a_case(path) as case:
        case.connection.execute("PRAGMA synchronous = OFF")
        yield case


def begin(case: CaseFile, *, with_recipe: Recipe = RECIPE, retry_failed: bool = False) -> Queue:
    """A scan that has not listed anything."""
    return Queue(case, with_recipe, ["/foto"], retry_failed=retry_failed)


def scan(
    case: CaseFile,
    files: Mapping[str, PhotoResult | None],
    *,
    with_recipe: Recipe = RECIPE,
    retry_failed: bool = False,
    stamps: Mapping[str, str] | None = None,
    pictures: Mapping[str, Pictures] | None = None,
) -> list[str]:
    """A whole scan, as the command does it.

    Args:
        case: The case file.
        files: Name to what the check says of it; None for one that cannot be read.  A result
            without a sha256 could not be read either.
        with_recipe: What it is scanned with.
        retry_failed: As for `Queue`.
        stamps: Of files that have another one than "1".
        pictures: Kind and JPEG by file name.

    Returns:
        Names of the files that were checked, in order.
    """
    queue = begin(case, with_recipe=with_recipe, retry_failed=retry_failed)
    queue.enlist([entry(name, (stamps or {}).get(name, "1")) for name in files])
    checked = []
    for file in queue.pending():
        result = files[file.ref.path]
        if result is None:
            queue.fail(file, "unreadable", f"There is no file {file.ref}.")
        elif not (result.sha256 and queue.link_if_fresh(file, result.sha256)):
            queue.store(file, record_of(file, result), (pictures or {}).get(file.ref.path, ()))
            checked.append(file.ref.path)
    queue.end(finished=True, told_of={})
    return checked


def record_of(file: Pending, result: PhotoResult) -> Record:
    """The record of a result as the work on that file gives it."""
    return to_record(replace(result, path=str(file.ref)))


def seen(result: PhotoResult, name: str) -> Record:
    """The record that a case file is to give back of a photo found under `name`."""
    return to_record(from_record(to_record(replace(result, path=name))))


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let the clock of the case file stand still."""
    names = ("audit", "decisions", "queue")
    patches = [patch(f"posecheck.casefile.{name}.now", lambda: moment) for name in names]
    for each in patches:
        each.start()
    try:
        yield
    finally:
        for each in patches:
            each.stop()


def raw(path: Path) -> bytes:
    """Every byte that is on the disk for a case file."""
    return b"".join(
        each.read_bytes() for each in sorted(path.parent.iterdir()) if path.name in each.name
    )


def purge_limit() -> datetime:
    """A limit that makes everything old that there is now."""
    return datetime.now(timezone.utc) + timedelta(days=1)


@contextmanager
def forger(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection for those who change an audit log and put its triggers back afterwards."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        triggers = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        kept = triggers.fetchall()
        connection.execute("PRAGMA synchronous = OFF")
        for name, _ in kept:
            connection.execute(f"DROP TRIGGER {name}")
        yield connection
        for _, sql in kept:
            connection.execute(sql)
