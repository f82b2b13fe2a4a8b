"""What people are told at the end of a scan, and of a whole case file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from posecheck.casefile.case import CaseFile, Selection
from posecheck.casefile.failures import everything, failed_files, totals
from posecheck.casefile.queue import FileEntry
from posecheck.casefile.tally import SHOWN_NAMES, Reason, tally
from posecheck.casefile.types import Verdict
from posecheck.opening.refs import PhotoRef
from posecheck.results import Level, PhotoResult, Status
from tests.casefile.made import (
    OTHER_RECIPE,
    begin,
    broken,
    crowd,
    entry,
    flagged,
    of,
    plain,
    quick_case,
    record_of,
    scan,
    sha,
)
from tests.report.photos import peace, unread


@pytest.fixture
def case(tmp_path: Path) -> Iterator[CaseFile]:
    with quick_case(tmp_path / "a.posecheck") as case:
        yield case


FILES: dict[str, PhotoResult | None] = {
    "a.jpg": crowd(1),
    "b.jpg": crowd(1),
    "c.jpg": flagged(2, peace(), level=Level.MEDIUM),
    "d.jpg": plain(3),
    "e.jpg": of(unread(), 4),
    "f.jpg": broken(5),
    "g.jpg": broken(5),
    "h.jpg": None,
    "i.jpg": replace(broken(6, Status.TOO_LARGE), sha256=""),
}


def test_every_file_is_counted_once(case: CaseFile) -> None:
    scan(case, FILES)
    counts = tally(case, 1)
    assert (counts.files, counts.checked, counts.duplicates, counts.left) == (9, 4, 2, 0)
    assert counts.levels == {Level.NONE: 2, Level.LOW: 0, Level.MEDIUM: 1, Level.HIGH: 1}
    assert (counts.found(Level.MEDIUM), counts.found(Level.HIGH)) == (2, 1)
    assert counts.unread_hands == 1
    assert counts.failed == (
        Reason("unreadable", 3, ("f.jpg", "g.jpg", "h.jpg")),
        Reason("too_large", 1, ("i.jpg",)),
    )
    assert counts.failures == 4 and counts.skipped == ()


def test_what_was_judged_is_counted_apart(case: CaseFile) -> None:
    scan(case, FILES)
    case.decide(sha(1), Verdict.DIFFERENT, reviewer="Sari")
    case.decide(sha(2), Verdict.RESEMBLES, reviewer="Sari")
    counts = tally(case, 1)
    assert (counts.found(Level.LOW), counts.settled(Level.LOW)) == (1, 1)
    assert (counts.found(Level.HIGH), counts.settled(Level.HIGH)) == (0, 1)
    assert counts.checked == 4
    assert begin(case).found(Level.MEDIUM) == 0, "of a scan that has listed nothing"


def test_only_some_names_are_given_of_many(case: CaseFile) -> None:
    queue = begin(case)
    queue.enlist(
        [FileEntry(PhotoRef(f"{i}.txt"), state="skipped", why="no_photo") for i in range(9)]
        + [FileEntry(PhotoRef("a.zip", "x/.b.jpg"), state="skipped", why="hidden")]
    )
    counts = tally(case, queue.scan)
    assert counts.skipped == (
        Reason("no_photo", 9, tuple(f"{i}.txt" for i in range(SHOWN_NAMES))),
        Reason("hidden", 1, ("a.zip!/x/.b.jpg",)),
    )
    assert counts.files == 0


def test_a_scan_in_the_middle_says_what_is_left(case: CaseFile) -> None:
    queue = begin(case)
    queue.enlist([entry("a.jpg"), entry("b.jpg"), entry("c.jpg")])
    first, second, _ = queue.pending()
    queue.store(first, record_of(first, crowd(1)))
    assert queue.link_if_fresh(second, sha(1))
    counts = tally(case, queue.scan)
    assert (counts.files, counts.checked, counts.duplicates, counts.left) == (3, 1, 1, 1)
    assert queue.found(Level.MEDIUM) == 1


def test_photos_that_wait_for_another_check_are_not_counted_as_checked(case: CaseFile) -> None:
    scan(case, {"a.jpg": crowd(1)})
    queue = begin(case, with_recipe=OTHER_RECIPE)
    queue.enlist([entry("a.jpg")])
    counts = tally(case, queue.scan)
    assert (counts.checked, counts.found(Level.LOW), counts.left) == (0, 0, 1)


def test_files_that_could_not_be_read_are_never_left_out(case: CaseFile) -> None:
    scan(case, FILES)
    wanted = [photo.result.path for photo in everything(case, Selection(level=Level.HIGH))]
    assert wanted == ["a.jpg", "f.jpg", "h.jpg", "i.jpg"]
    every = [photo.result.path for photo in everything(case, Selection(level=None))]
    assert sorted(every) == ["a.jpg", "c.jpg", "d.jpg", "e.jpg", "f.jpg", "h.jpg", "i.jpg"]
    lost = list(failed_files(case))
    assert [photo.result.status for photo in lost] == [Status.UNREADABLE, Status.TOO_LARGE]
    assert lost[0].result.reason == "There is no file h.jpg."
    assert lost[0].names == (PhotoRef("h.jpg"),) and lost[0].result.contest == "generic"
    counts = totals(case)
    assert counts.levels == {Level.NONE: 2, Level.LOW: 0, Level.MEDIUM: 1, Level.HIGH: 1}
    assert counts.unchecked == {Status.UNREADABLE: 2, Status.TOO_LARGE: 1}


def test_many_failures_are_all_given(case: CaseFile) -> None:
    scan(case, {f"{i}\udcff.jpg": None for i in range(600)})
    found = [photo.result.path for photo in failed_files(case)]
    assert found == [f"{i}\udcff.jpg" for i in range(600)]
