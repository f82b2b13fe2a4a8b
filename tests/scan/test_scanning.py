"""A scan over an engine that knows its answers: what is checked, linked, kept and left."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Generator, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from posecheck.casefile.case import CaseFile, open_case
from posecheck.casefile.queue import FileEntry, Queue
from posecheck.casefile.selection import ALL
from posecheck.casefile.tally import tally
from posecheck.errors import PosecheckError, UnreadablePhotoError
from posecheck.opening.refs import PhotoRef
from posecheck.report.record import to_record
from posecheck.results import Level, Status
from posecheck.scan.engine import FunctionMaker, Loss, LostPhoto, Outcome, PhotoRecord, Picture
from posecheck.scan.items import Item, Listed, Skipped, Unlisted, Why
from posecheck.scan.lost import lost_record
from posecheck.scan.scanning import Scanner, Told, as_entries
from tests.casefile.made import JPEG, RECIPE, entry, flagged, plain


def no_function() -> FunctionMaker:
    raise AssertionError("the engine of this test needs none")


@dataclass
class FakeEngine:
    """Answers from the content of files; holds `ahead` photos in hand at a time."""

    contents: dict[str, str]
    ahead: int = 1
    lost: frozenset[str] = frozenset()
    fault: Exception | None = None
    checked: list[str] = field(default_factory=list)

    def run(self, make: FunctionMaker, refs: Iterable[PhotoRef]) -> Generator[Outcome, None, None]:
        drawn = iter(refs)
        hand: list[PhotoRef] = []
        while True:
            while len(hand) < self.ahead and (ref := next(drawn, None)) is not None:
                hand.append(ref)
            if not hand:
                return
            # The last one first: outcomes come in any order.
            yield self._check(hand.pop())

    def _check(self, ref: PhotoRef) -> Outcome:
        if self.fault is not None:
            raise self.fault
        self.checked.append(ref.path)
        if ref.path in self.lost:
            return LostPhoto(ref, Loss.CRASHED, "signal 9")
        content = self.contents[ref.path]
        result = flagged(content) if content.startswith("sign") else plain(content)
        record = to_record(replace(result, path=str(ref), sha256=digest(content)))
        pictures = (Picture("preview", JPEG),) if content.startswith("sign") else ()
        return PhotoRecord(ref, record, pictures)


def digest(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


@dataclass
class Folder:
    """Files with their content, a case file, and scans of the one into the other."""

    case: CaseFile
    contents: dict[str, str]
    ahead: int = 1
    lost: frozenset[str] = frozenset()
    told: list[Told] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)
    stop_after: int | None = None

    def scan(self, *, retry_failed: bool = False, fault: Exception | None = None) -> FakeEngine:
        """One run of a scan; the engine says what it was given."""
        engine = FakeEngine(self.contents, self.ahead, self.lost, fault)
        queue = Queue(self.case, RECIPE, ["/f"], retry_failed=retry_failed)

        def tell(told: Told) -> None:
            self.told.append(told)
            if self.stop_after is not None and len(self.told) >= self.stop_after:
                self.stop.set()

        scanner = Scanner(
            queue=queue,
            engine=engine,
            make=no_function,  # type: ignore[arg-type]
            hash_of=self._hash,
            lost=lambda lost, sha256: lost_record(lost, sha256, "generic", "strict"),
            tell=tell,
            stop=self.stop,
        )
        scanner.enlist([entry(name) for name in self.contents], lambda n: None)
        scanner.work()
        self.queue = queue
        return engine

    def _hash(self, ref: PhotoRef) -> str:
        if self.contents[ref.path] == "gone":
            raise UnreadablePhotoError("There is no file.", "Look for it.", path=ref.path)
        return digest(self.contents[ref.path])

    def levels(self) -> dict[str, str | None]:
        """Every name to the level of its photo, "" for none that was checked."""
        return {
            str(name): None if photo.result.level is None else photo.result.level.value
            for photo in self.case.photos(ALL)
            for name in photo.names
        }


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    case = open_case(tmp_path / "k.posecheck", create=True)
    return Folder(case, {f"/f/{n}.jpg": f"sign {n}" if n % 3 == 0 else f"{n}" for n in range(7)})


@pytest.mark.parametrize("ahead", [1, 3, 20])
def test_every_photo_is_checked_once_and_kept(folder: Folder, ahead: int) -> None:
    folder.ahead = ahead
    engine = folder.scan()
    assert sorted(engine.checked) == sorted(folder.contents)
    assert folder.levels() == {
        name: "high" if content.startswith("sign") else "none"
        for name, content in folder.contents.items()
    }
    signs = [photo for photo in folder.case.photos(ALL) if photo.result.level is Level.HIGH]
    assert all(photo.pictures == ("preview",) for photo in signs)
    assert folder.case.picture(signs[0].result.sha256, "preview") == JPEG


@pytest.mark.parametrize("ahead", [1, 3, 20])
def test_the_same_content_is_checked_once_however_many_are_in_hand(
    folder: Folder, ahead: int
) -> None:
    folder.ahead = ahead
    folder.contents |= {f"/f/copy {n}.jpg": "sign 0" for n in range(4)}
    engine = folder.scan()
    assert len([name for name in engine.checked if folder.contents[name] == "sign 0"]) == 1
    counts = tally(folder.case, folder.queue.scan)
    assert (counts.files, counts.checked, counts.duplicates, counts.left) == (11, 7, 4, 0)
    assert all(folder.levels()[f"/f/copy {n}.jpg"] == "high" for n in range(4))


def test_stopping_keeps_what_is_in_hand_and_the_next_run_does_the_rest(folder: Folder) -> None:
    folder.ahead, folder.stop_after = 2, 2
    first = folder.scan()
    assert 2 <= len(first.checked) <= 4
    assert folder.queue.left() == len(folder.contents) - len(first.checked)
    folder.stop.clear()
    folder.stop_after = None
    second = folder.scan()
    assert sorted(first.checked + second.checked) == sorted(folder.contents)
    assert folder.queue.left() == 0


def test_a_file_that_cannot_be_read_is_told_and_not_retried(folder: Folder) -> None:
    folder.contents["/f/gone.jpg"] = "gone"
    assert "/f/gone.jpg" not in folder.scan().checked
    counts = tally(folder.case, folder.queue.scan)
    assert [(r.why, r.count, r.names) for r in counts.failed] == [
        ("unreadable", 1, ("/f/gone.jpg",))
    ]
    folder.told.clear()
    assert folder.scan().checked == []
    assert folder.told == []
    assert tally(folder.case, folder.queue.scan).failures == 1


def test_a_lost_photo_is_not_checked_and_only_retried_when_asked(folder: Folder) -> None:
    folder.lost = frozenset({"/f/3.jpg"})
    folder.scan()
    found = folder.case.photo(digest("sign 3"))
    assert found is not None and found.result.status is Status.CRASHED
    assert "signal 9" in found.result.reason
    folder.lost = frozenset()
    assert folder.scan().checked == []
    assert folder.scan(retry_failed=True).checked == ["/f/3.jpg"]
    assert folder.levels()["/f/3.jpg"] == "high"
    assert folder.scan(retry_failed=True).checked == []


def test_a_retry_that_fails_again_ends(folder: Folder) -> None:
    folder.lost = frozenset({"/f/3.jpg", "/f/copy.jpg"})
    folder.contents["/f/copy.jpg"] = "sign 3"
    folder.scan()
    again = folder.scan(retry_failed=True)
    assert len(again.checked) == 1
    assert tally(folder.case, folder.queue.scan).failures == 2


def test_a_file_that_changed_between_hash_and_check_is_kept_as_what_was_checked(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "_hash", lambda ref: digest("what was there before"))
    folder.contents = {"/f/0.jpg": "sign now"}
    folder.scan()
    assert folder.case.photo(digest("what was there before")) is None
    found = folder.case.photo(digest("sign now"))
    assert found is not None and [str(name) for name in found.names] == ["/f/0.jpg"]


def test_a_fault_of_the_engine_ends_the_scan_and_loses_nothing(folder: Folder) -> None:
    folder.stop_after = 3
    folder.scan()
    folder.stop.clear()
    folder.stop_after = None
    kept = folder.levels()
    with pytest.raises(PosecheckError, match="no model"):
        folder.scan(fault=PosecheckError("no model"))
    assert folder.levels() == kept
    folder.scan()
    assert len(folder.levels()) == len(folder.contents)


def test_what_listing_gives_is_kept_with_its_reason() -> None:
    gone = UnreadablePhotoError("There is no file /x.", "Look for it.", path="/x")
    items: list[Item] = [
        Listed(PhotoRef("/a.jpg"), 5, "stamp"),
        Skipped(PhotoRef("/b.txt"), Why.NOT_PHOTO),
        Unlisted(PhotoRef("/x"), gone),
    ]
    assert list(as_entries(items)) == [
        FileEntry(PhotoRef("/a.jpg"), 5, "stamp"),
        FileEntry(PhotoRef("/b.txt"), state="skipped", why="not_photo"),
        FileEntry(
            PhotoRef("/x"),
            state="failed",
            why="unreadable",
            reason="There is no file /x. Look for it.",
        ),
    ]
