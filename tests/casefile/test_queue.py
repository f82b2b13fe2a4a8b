"""A scan goes on where the one before ended: nothing twice, nothing lost, nothing out of date."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from posecheck.casefile.case import CaseFile
from posecheck.casefile.failures import everything, totals
from posecheck.casefile.purge import purge
from posecheck.casefile.queue import FileEntry, Pending, Queue
from posecheck.casefile.selection import ALL, Selection
from posecheck.casefile.tally import tally
from posecheck.casefile.types import Verdict
from posecheck.opening.refs import PhotoRef
from posecheck.results import Level, PhotoResult, Status
from tests.casefile.made import (
    JPEG,
    OTHER_RECIPE,
    RECIPE,
    begin,
    broken,
    crowd,
    entry,
    plain,
    purge_limit,
    quick_case,
    record_of,
    scan,
    sha,
)


@pytest.fixture
def case(tmp_path: Path) -> Iterator[CaseFile]:
    with quick_case(tmp_path / "a.posecheck") as case:
        yield case


def names(case: CaseFile, result: PhotoResult) -> list[str]:
    photo = case.photo(result.sha256)
    return [] if photo is None else [str(name) for name in photo.names]


def left(queue: Queue) -> list[str]:
    return [str(file.ref) for file in queue.pending()]


def one(queue: Queue) -> Pending:
    (file,) = queue.pending()
    return file


# Names and contents


def test_one_content_under_two_names_is_one_photo(case: CaseFile) -> None:
    assert scan(case, {"b.jpg": crowd(1), "a.jpg": crowd(1)}) == ["b.jpg"]
    assert case.count(ALL) == 1
    assert names(case, crowd(1)) == ["a.jpg", "b.jpg"]
    counts = tally(case, 1)
    assert (counts.files, counts.checked, counts.duplicates) == (2, 1, 1)


def test_members_of_an_archive_are_files_of_their_own(case: CaseFile) -> None:
    queue = begin(case)
    queue.enlist([entry("a.zip", member="1.jpg"), entry("a.zip", member="2.jpg"), entry("a.zip")])
    assert left(queue) == ["a.zip!/1.jpg", "a.zip!/2.jpg", "a.zip"]


def test_a_file_that_changed_in_place_is_the_new_photo(case: CaseFile) -> None:
    scan(case, {"a.jpg": crowd(1), "b.jpg": crowd(1)})
    assert scan(case, {"a.jpg": crowd(2)}, stamps={"a.jpg": "2"}) == ["a.jpg"]
    assert names(case, crowd(1)) == ["b.jpg"]
    assert names(case, crowd(2)) == ["a.jpg"]


def test_a_changed_file_is_not_taken_for_what_it_was(case: CaseFile) -> None:
    scan(case, {"a.jpg": crowd(1)})
    queue = begin(case)
    queue.enlist([entry("a.jpg", "2")])
    assert one(queue).sha256 == "", "its old digest must not be trusted"
    assert case.photo(crowd(1).sha256) is None


def test_a_photo_whose_names_are_all_gone_is_nowhere(case: CaseFile) -> None:
    scan(case, {"a.jpg": crowd(1), "b.jpg": plain(2)})
    scan(case, {"a.jpg": crowd(3)}, stamps={"a.jpg": "2"})
    assert case.hashes(ALL) == [sha(3), sha(2)]
    assert case.count(ALL) == 2
    assert case.count() == 1
    assert [photo.result.sha256 for photo in case.photos(ALL)] == [sha(3), sha(2)]
    assert case.photo(sha(1)) is None
    assert tally(case, 2).found(Level.MEDIUM) == 1


def test_a_decision_outlives_a_file_that_is_looked_at_again(case: CaseFile) -> None:
    """Between listing and looking, a touched file's photo has no name; a reviewer may be at it."""
    scan(case, {"a.jpg": crowd(1)})
    queue = begin(case)
    queue.enlist([entry("a.jpg", "2")])
    case.decide(sha(1), Verdict.RESEMBLES, reviewer="Sari")
    assert queue.link_if_fresh(one(queue), sha(1))
    photo = case.photo(sha(1))
    assert photo is not None and photo.decision is not None
    assert photo.decision.verdict is Verdict.RESEMBLES


# Going on


def test_what_is_done_stays_done(case: CaseFile) -> None:
    files = {"a.jpg": crowd(1), "b.jpg": plain(2), "c.jpg": broken(3), "d.jpg": None}
    assert scan(case, files) == ["a.jpg", "b.jpg", "c.jpg"]
    queue = begin(case)
    queue.enlist([entry(name) for name in files])
    assert left(queue) == []
    assert (queue.total(), queue.left()) == (4, 0)
    assert tally(case, queue.scan).failures == 2


def test_an_interrupted_scan_goes_on_in_order(case: CaseFile) -> None:
    entries = [entry(f"{i}.jpg") for i in range(600)]  # more than the queue draws at once
    first = begin(case)
    first.enlist(entries)
    for _, file in zip(range(300), first.pending(), strict=False):
        first.store(file, record_of(file, plain(file.ref.path)))
    second = begin(case)
    second.enlist(entries)
    assert left(second) == [f"{i}.jpg" for i in range(300, 600)]
    assert (second.total(), second.left()) == (600, 300)


def test_files_that_arrive_while_the_queue_is_drawn_are_drawn_as_well(case: CaseFile) -> None:
    queue = begin(case)
    queue.enlist([entry("a.jpg")])
    drawn = queue.pending()
    assert next(drawn).ref.path == "a.jpg"
    queue.enlist([entry("b.jpg")])
    assert [file.ref.path for file in drawn] == ["b.jpg"]


def test_files_that_another_scan_left_are_not_this_scans(case: CaseFile) -> None:
    begin(case).enlist([entry("a.jpg")])
    queue = begin(case)
    queue.enlist([entry("b.jpg")])
    assert left(queue) == ["b.jpg"]


def test_results_of_another_recipe_are_stale(case: CaseFile) -> None:
    files = {"a.jpg": crowd(1), "b.jpg": crowd(1), "c.jpg": broken(3)}
    scan(case, files)
    queue = begin(case, with_recipe=OTHER_RECIPE)
    queue.enlist([entry(name) for name in files])
    assert left(queue) == ["a.jpg", "b.jpg", "c.jpg"]
    assert {file.sha256 for file in queue.pending()} == {sha(1), sha(3)}, "content is known"
    assert scan(case, files, with_recipe=OTHER_RECIPE) == ["a.jpg", "c.jpg"]
    photo = case.photo(sha(1))
    assert photo is not None and photo.recipe == OTHER_RECIPE


def test_a_failure_under_another_recipe_is_tried_again(case: CaseFile) -> None:
    """Such as a file over the limit on bytes, when the limit has been raised."""
    scan(case, {"a.jpg": None})
    assert scan(case, {"a.jpg": plain(1)}) == []
    assert scan(case, {"a.jpg": plain(1)}, with_recipe=OTHER_RECIPE) == ["a.jpg"]


def test_a_newer_version_alone_makes_nothing_stale(case: CaseFile) -> None:
    scan(case, {"a.jpg": crowd(1)})
    assert scan(case, {"a.jpg": crowd(1)}, with_recipe=replace(RECIPE, version="99.0")) == []


# Failures


def test_retry_redoes_failures_only(case: CaseFile) -> None:
    files: dict[str, PhotoResult | None] = {
        "a.jpg": crowd(1),
        "b.jpg": broken(2, Status.TIMED_OUT),
        "c.jpg": None,
        "d.jpg": broken(2, Status.TIMED_OUT),
    }
    scan(case, files)
    assert scan(case, files) == []
    # Content that fails again is tried once, not once for each of its names.
    assert scan(case, files, retry_failed=True) == ["b.jpg"]
    files |= {"b.jpg": plain(2), "c.jpg": plain(3), "d.jpg": plain(2)}
    assert scan(case, files, retry_failed=True) == ["b.jpg", "c.jpg"]
    counts = tally(case, 4)
    assert (counts.checked, counts.failures, counts.duplicates) == (3, 0, 1)


def test_a_failed_file_that_changed_is_tried_without_being_asked(case: CaseFile) -> None:
    scan(case, {"a.jpg": None, "b.jpg": broken(1)})
    changed = {"a.jpg": plain(2), "b.jpg": plain(3)}
    assert scan(case, changed, stamps=dict.fromkeys(changed, "2")) == ["a.jpg", "b.jpg"]
    assert tally(case, 2).failures == 0


def test_a_failure_never_takes_the_place_of_a_result(case: CaseFile) -> None:
    """Two workers may have the same content in hand, and one of them may run out of time."""
    queue = begin(case)
    queue.enlist([entry("a.jpg"), entry("b.jpg")])
    first, second = queue.pending()
    queue.store(first, record_of(first, crowd(1)), [("preview", JPEG)])
    queue.store(second, record_of(second, broken(1, Status.TIMED_OUT)))
    photo = case.photo(sha(1))
    assert photo is not None
    assert photo.result.status is Status.CHECKED and len(photo.names) == 2
    assert case.picture(sha(1), "preview") == JPEG


def test_a_stale_result_does_give_way_to_a_failure(case: CaseFile) -> None:
    scan(case, {"a.jpg": crowd(1)})
    scan(case, {"a.jpg": broken(1)}, with_recipe=OTHER_RECIPE)
    photo = case.photo(sha(1))
    assert photo is not None and photo.result.status is Status.UNREADABLE


def test_what_listing_cannot_read_or_does_not_want_is_kept_with_its_reason(case: CaseFile) -> None:
    queue = begin(case)
    queue.enlist(
        [
            FileEntry(PhotoRef("x\udcff.txt"), state="skipped", why="no_photo"),
            FileEntry(PhotoRef("locked"), state="failed", why="unreadable", reason="no \udcff key"),
        ]
    )
    assert left(queue) == []
    counts = tally(case, queue.scan)
    assert [(r.why, r.count, r.names) for r in counts.skipped] == [
        ("no_photo", 1, ("x\udcff.txt",))
    ]
    assert [(r.why, r.count, r.names) for r in counts.failed] == [("unreadable", 1, ("locked",))]
    # What was skipped by a filter may be wanted by the next scan, and the other way round.
    assert scan(case, {"x\udcff.txt": plain(1)}) == ["x\udcff.txt"]
    queue = begin(case)
    queue.enlist([FileEntry(PhotoRef("x\udcff.txt"), state="skipped", why="excluded")])
    assert case.photo(sha(1)) is None


# Two at once


def test_a_result_for_a_file_that_was_listed_again_does_not_hide_its_change(
    case: CaseFile,
) -> None:
    old = begin(case)
    old.enlist([entry("a.jpg", "1")])
    file = one(old)
    new = begin(case)
    new.enlist([entry("a.jpg", "2")])
    old.store(file, record_of(file, plain("before")))
    assert left(new) == ["a.jpg"]
    old.fail(file, "unreadable", "gone")
    assert left(new) == ["a.jpg"]


def test_a_purge_in_the_middle_loses_nothing_that_is_stored_after_it(case: CaseFile) -> None:
    queue = begin(case)
    queue.enlist([entry("a.jpg"), entry("b.jpg")])
    first, second = queue.pending()
    purge(case, purge_limit())
    begin(case).enlist([entry("c.jpg")])  # takes the number that a.jpg had
    queue.store(first, record_of(first, crowd(1)))
    queue.fail(second, "unreadable", "gone")
    assert names(case, crowd(1)) == ["a.jpg"]
    assert tally(case, queue.scan).failures == 1


def test_files_whose_turn_has_not_come_are_told_as_not_checked(case: CaseFile) -> None:
    queue = begin(case)
    queue.enlist([entry("/f/a.jpg"), entry("/f/b.jpg")])
    first, second = queue.pending()
    queue.store(first, record_of(first, crowd("a")))
    told = {str(p.names[0]): p.result.status for p in everything(case, Selection())}
    assert told == {"/f/a.jpg": Status.CHECKED, "/f/b.jpg": Status.WAITING}
    assert totals(case).unchecked == {Status.WAITING: 1}
    queue.store(second, record_of(second, plain("b")))
    assert totals(case).unchecked == {}


def test_pictures_that_were_not_wanted_before_are_made_when_they_are(case: CaseFile) -> None:
    results = {"/f/sign.jpg": crowd("s"), "/f/plain.jpg": plain("p")}
    pictured = {"/f/pictured.jpg": crowd("c")}
    files = [entry(name) for name in (*results, *pictured)]
    scan(case, results)
    scan(case, pictured, pictures={"/f/pictured.jpg": [("preview", JPEG)]})
    unwanted = begin(case)
    unwanted.enlist(files)
    assert unwanted.left() == 0
    wanted = Queue(case, RECIPE, [], pictures=True)
    wanted.enlist(files)
    (file,) = wanted.pending()
    assert file.ref.path == "/f/sign.jpg"
    assert not wanted.link_if_fresh(file, results["/f/sign.jpg"].sha256)
    wanted.store(file, record_of(file, results["/f/sign.jpg"]), [("preview", JPEG)])
    again = Queue(case, RECIPE, [], pictures=True)
    again.enlist(files)
    assert again.left() == 0
