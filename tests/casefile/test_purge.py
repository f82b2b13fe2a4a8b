"""Purging: nothing about old photos is left on the disk, and nothing else is touched."""

from __future__ import annotations

import itertools
import struct
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest

from posecheck.casefile import database
from posecheck.casefile.baseline import finding_of
from posecheck.casefile.case import CaseFile, open_case
from posecheck.casefile.failures import failed_files, totals
from posecheck.casefile.purge import Purged, count_old, purge
from posecheck.casefile.queue import FileEntry, Queue
from posecheck.casefile.selection import ALL
from posecheck.casefile.types import Verdict
from posecheck.errors import CaseError
from posecheck.opening.refs import PhotoRef
from posecheck.report.record import to_record
from tests.casefile.made import (
    JPEG,
    OTHER_RECIPE,
    RECIPE,
    a_case,
    at,
    broken,
    crowd,
    entry,
    flagged,
    plain,
    raw,
    record_of,
    scan,
    sha,
)
from tests.report.photos import peace, thumb

OLD = datetime(2024, 1, 10, 8, tzinfo=timezone.utc)
LIMIT = datetime(2024, 3, 1, tzinfo=timezone.utc)
YOUNG = datetime(2024, 5, 1, tzinfo=timezone.utc)

BOX = (1234.1, 567.3, 1300.7, 640.9)

SECRETS = {
    "folder": b"/drive/rahasia",
    "name": b"acara-lama",
    "other name": b"salinan-lama",
    "name of a failure": b"rusak-lama",
    "name of what was skipped": b"dokumen-lama",
    "reason": b"kartu SD rusak",
    "note": b"orang ini jelas",
    "note taken back": b"salah tekan",
    "reviewer": b"Ibu Sari Dewi",
    "preview": b"old preview",
    "replaced preview": b"preview before that",
    "close-up": b"old close-up",
    "digest": sha("plain old").encode(),
}


def number(value: float) -> bytes:
    """A box's side as SQLite stores it."""
    return struct.pack(">d", value)


def traces(path: Path) -> set[str]:
    """Which of the secrets are on the disk."""
    content = raw(path)
    found = {name for name, secret in SECRETS.items() if secret in content}
    if any(number(x) in content or number(float(np.float32(x))) in content for x in BOX):
        found.add("box")
    if np.array(BOX[:2], "<f4").tobytes() in content:
        found.add("landmarks")
    return found


def make_old(case: CaseFile) -> None:
    with at(OLD):
        queue = Queue(case, RECIPE, ["/drive/rahasia"])
        names = ["acara-lama.jpg", "salinan-lama.jpg", "biasa-lama.jpg"]
        queue.enlist(
            [
                *(entry(name) for name in names),
                FileEntry(PhotoRef("dokumen-lama.docx"), state="skipped", why="no_photo"),
                FileEntry(
                    PhotoRef("rusak-lama.jpg"),
                    state="failed",
                    why="unreadable",
                    reason="kartu SD rusak",
                ),
            ]
        )
        first, second, third = queue.pending()
        result = flagged("old", peace(BOX), thumb())
        for preview in (b"preview before that" * 100, b"old preview" * 700):
            queue.store(
                first,
                record_of(first, result),
                [("preview", preview), ("hand-0", b"old close-up" * 900)],
            )
        assert queue.link_if_fresh(second, sha("old"))
        queue.store(third, record_of(third, plain("plain old")))
        queue.end(finished=True, told_of={})
        said = case.decide(
            sha("old"), Verdict.DIFFERENT, reviewer="Ibu Sari Dewi", note="salah tekan"
        )
        case.undo(said.id, reviewer="Ibu Sari Dewi")
        case.decide(
            sha("old"),
            Verdict.RESEMBLES,
            reviewer="Ibu Sari Dewi",
            note="orang ini jelas",
            findings=[finding_of(result.hands[0])],
        )


def make_young(case: CaseFile) -> None:
    with at(YOUNG):
        scan(case, {"baru.jpg": crowd("young")}, pictures={"baru.jpg": [("preview", JPEG)]})
        case.decide(sha("young"), Verdict.UNCLEAR, reviewer="Budi", note="lihat lagi")


def state(case: CaseFile) -> list[object]:
    """Everything that can be told of the photos that are left."""
    return [
        (to_record(p.result), p.names, p.decision, p.verdicts, p.checked_at, p.pictures)
        for p in case.photos(ALL)
    ]


def test_nothing_of_old_photos_is_left_on_the_disk(tmp_path: Path) -> None:
    path = tmp_path / "a.posecheck"
    with a_case(path) as case:
        make_young(case)
        young = state(case)
        decided = case.decisions(sha("young"))
        make_old(case)
        assert traces(path) == {*SECRETS, "box", "landmarks"}, "what is looked for is there"
        wanted = count_old(case, LIMIT)
        assert wanted == Purged(photos=2, pictures=2, files=5, decisions=3)
        assert purge(case, LIMIT) == wanted
        assert traces(path) == set()
        assert state(case) == young
        assert case.decisions(sha("young")) == decided
        assert case.picture(sha("young"), "preview") == JPEG
        assert case.photo(sha("old")) is None and case.decisions(sha("old")) == []
        assert list(failed_files(case)) == [] and totals(case).unchecked == {}
        log = list(case.audit())
        assert all(each.intact for each in log) and log[-1].event == "purged"
        assert '"photos":2' in log[-1].details
        assert count_old(case, LIMIT) == purge(case, LIMIT) == Purged(0, 0, 0, 0)
    assert traces(path) == set()
    with open_case(path) as case:
        assert state(case) == young


def test_the_file_shrinks(tmp_path: Path) -> None:
    path = tmp_path / "a.posecheck"
    with a_case(path) as case:
        with at(OLD):
            scan(case, {"a.jpg": crowd(1)}, pictures={"a.jpg": [("preview", b"x" * 1_000_000)]})
        assert len(raw(path)) > 1_000_000
        purge(case, LIMIT)
        assert len(raw(path)) < 300_000


def test_a_photo_that_was_checked_again_is_young(tmp_path: Path) -> None:
    with a_case(tmp_path / "a.posecheck") as case:
        make_old(case)
        with at(YOUNG):
            files = {"acara-lama.jpg": flagged("old", peace(BOX), thumb())}
            assert scan(case, files, with_recipe=OTHER_RECIPE) == ["acara-lama.jpg"]
        before = state(case)[0]
        assert count_old(case, LIMIT).photos == 1
        purge(case, LIMIT)
        assert state(case) == [before]
        assert len(case.decisions(sha("old"))) == 3


def test_a_decision_of_yesterday_goes_with_its_old_photo(tmp_path: Path) -> None:
    with a_case(tmp_path / "a.posecheck") as case:
        make_old(case)
        with at(YOUNG):
            late = case.decide(sha("old"), Verdict.UNCLEAR, reviewer="Ibu Sari Dewi")
            case.undo(late.id, reviewer="Ibu Sari Dewi")
        assert count_old(case, LIMIT).decisions == purge(case, LIMIT).decisions == 5
        assert case.decisions(sha("old")) == []
        assert traces(case.path) == set()


def test_what_a_young_scan_could_not_read_stays(tmp_path: Path) -> None:
    with a_case(tmp_path / "a.posecheck") as case:
        make_old(case)
        with at(YOUNG):
            scan(case, {"rusak-lama.jpg": None, "b.jpg": broken(1)}, with_recipe=OTHER_RECIPE)
        purge(case, LIMIT)
        assert [photo.result.path for photo in failed_files(case)] == ["rusak-lama.jpg"]
        assert [photo.result.path for photo in case.photos(ALL)] == ["b.jpg"]


def test_a_photo_whose_file_is_another_one_now_goes_as_well(tmp_path: Path) -> None:
    with a_case(tmp_path / "a.posecheck") as case:
        with at(OLD):
            scan(case, {"a.jpg": crowd(1)}, pictures={"a.jpg": [("preview", b"old preview")]})
        with at(YOUNG):
            scan(case, {"a.jpg": crowd(2)}, stamps={"a.jpg": "2"})
        assert purge(case, LIMIT) == Purged(photos=1, pictures=1, files=0, decisions=0)
        assert traces(case.path) == set()
        assert [photo.result.sha256 for photo in case.photos(ALL)] == [sha(2)]


def test_a_photo_can_come_back_after_a_purge(tmp_path: Path) -> None:
    with a_case(tmp_path / "a.posecheck") as case:
        make_old(case)
        highest = case.decisions(sha("old"))[-1].id
        purge(case, LIMIT)
        assert scan(case, {"acara-lama.jpg": crowd("old")}) == ["acara-lama.jpg"]
        photo = case.photo(sha("old"))
        assert photo is not None and photo.decision is None and photo.raised
        # The log still speaks of decisions by their numbers.
        assert case.decide(sha("old"), Verdict.UNCLEAR, reviewer="B").id > highest


def test_decisions_without_a_photo_go_together_or_not_at_all(tmp_path: Path) -> None:
    """Such rows have no way of coming about; a purge must not break on them."""
    with a_case(tmp_path / "a.posecheck") as case:
        make_old(case)
        with at(YOUNG):
            case.undo(case.decisions(sha("old"))[-1].id, reviewer="Ibu Sari Dewi")
        case.connection.execute("DELETE FROM photo")
        assert count_old(case, LIMIT).decisions == purge(case, LIMIT).decisions == 0
        later = YOUNG + timedelta(days=1)
        assert count_old(case, later).decisions == purge(case, later).decisions == 4
        assert case.decisions(sha("old")) == []


def test_a_reader_who_keeps_old_pages_alive_is_told_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.posecheck"
    monkeypatch.setattr(database, "WAIT_SECONDS", 0.1)
    with a_case(path) as case, open_case(path) as reader:
        make_old(case)
        reader.connection.execute("BEGIN")
        reader.connection.execute("SELECT count(*) FROM photo").fetchone()
        with pytest.raises(CaseError) as error:
            purge(case, LIMIT)
        assert "close" in error.value.remedy.lower()
        reader.connection.execute("COMMIT")
        purge(case, LIMIT)
        assert traces(path) == set()


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_counts_are_those_of_what_goes(tmp_path: Path, order: tuple[int, ...]) -> None:
    """Whatever order things came in, numbers told before are numbers gone."""
    days = [OLD, LIMIT, YOUNG]
    with a_case(tmp_path / "a.posecheck") as case:
        for place, which in enumerate(order):
            with at(days[which]):
                scan(case, {f"{place}.jpg": crowd(place), "same.jpg": plain(0), "x.jpg": None})
                case.decide(sha(place), Verdict.UNCLEAR, reviewer="B")
        for limit in (*days, YOUNG + timedelta(seconds=1)):
            rows = {
                table: case.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
                for table in ("photo", "picture", "file", "decision")
            }
            told = count_old(case, limit)
            assert purge(case, limit) == told
            left = [
                case.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
                for table in rows
            ]
            gone = [told.photos, told.pictures, told.files, told.decisions]
            assert [a - b for a, b in zip(rows.values(), left, strict=True)] == gone
        assert left == [0, 0, 0, 0]
