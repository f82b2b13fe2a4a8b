"""What arrives in a watched folder is given, whole, however it arrives."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from posecheck.errors import WatchError
from posecheck.scan import watching
from posecheck.scan.items import Item, Listed
from posecheck.scan.settling import Settling
from posecheck.scan.watching import watch
from tests.scan.trees import JPEG, listed, skipped, unlisted, write, zipped

pytest.importorskip("watchfiles")

PATIENCE = 30.0
"""Seconds after which a test gives up; none waits that long unless it fails."""

SETTLE = 0.4


@dataclass
class Watch:
    """A watch in a thread of its own, and all that it has given."""

    root: Path
    stop: threading.Event = field(default_factory=threading.Event)
    items: list[Item] = field(default_factory=list)
    failure: list[BaseException] = field(default_factory=list)

    def start(self, **options: Any) -> threading.Thread:
        options.setdefault("settle_seconds", SETTLE)
        batches = watch([self.root], self.stop, **options)

        def collect() -> None:
            try:
                for batch in batches:
                    assert 0 < len(batch) <= watching.BATCH
                    self.items += batch
            except BaseException as error:
                self.failure.append(error)

        thread = threading.Thread(target=collect, daemon=True)
        thread.start()
        return thread

    def until(self, *names: str) -> set[str]:
        """Wait until all of these are listed; everything that is listed then."""
        self.wait(lambda: set(names) <= listed(self.items, self.root))
        return listed(self.items, self.root)

    def until_size(self, size: int) -> None:
        """Wait until a photo of this length is listed."""
        self.wait(lambda: any(isinstance(i, Listed) and i.size == size for i in self.items))

    def wait(self, done: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not done():
            assert not self.failure, self.failure
            assert time.monotonic() < end, f"only {self.items}"
            time.sleep(0.02)


@pytest.fixture(params=[False, True], ids=["told", "polling"])
def watched(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Watch]:
    root = tmp_path / "upload"
    write(root / "before.jpg")
    seen = Watch(root)
    thread = seen.start(polling=request.param, poll_seconds=0.2, exclude=["left-out"])
    yield seen
    seen.stop.set()
    thread.join(PATIENCE)
    assert not thread.is_alive()
    assert not seen.failure


def test_what_arrives_is_given_and_what_was_there_is_not(watched: Watch) -> None:
    write(watched.root / "a.jpg")
    write(watched.root / "new/deep/b.png")
    write(watched.root / "c.zip", zipped({"d.jpg": JPEG}))
    write(watched.root / "notes.txt", b"no photo")
    write(watched.root / ".hidden.jpg")
    write(watched.root / "left-out/e.jpg")
    write(watched.root / "gone.jpg").unlink()
    expected = {"a.jpg", "new/deep/b.png", "c.zip!/d.jpg"}
    assert watched.until(*expected) == expected
    watched.wait(lambda: bool(skipped(watched.items, watched.root)))
    assert skipped(watched.items, watched.root) == {"notes.txt": "not_photo"}
    assert unlisted(watched.items, watched.root) == {}


def test_a_change_is_given_with_a_stamp_of_its_own(watched: Watch) -> None:
    path = watched.root / "before.jpg"
    now = path.stat().st_mtime
    for seconds, content in ((2, JPEG + b"a"), (4, JPEG + b"bb")):
        write(path, content)
        os.utime(path, (now + seconds, now + seconds))  # polling sees whole seconds only
        watched.until_size(len(content))
    stamps = {item.stamp for item in watched.items if isinstance(item, Listed)}
    assert len(stamps) >= 2


def test_a_download_is_given_once_it_has_its_name(watched: Watch) -> None:
    part = write(watched.root / "a.jpg.crdownload")
    write(watched.root / "marker.jpg")
    assert watched.until("marker.jpg") == {"marker.jpg"}
    part.rename(watched.root / "a.jpg")
    watched.until("a.jpg")


def test_a_folder_that_is_moved_in_is_given_with_all_that_is_in_it(watched: Watch) -> None:
    outside = watched.root.parent / "outside"
    names = {f"{number % 7}/{number}.jpg" for number in range(50)}
    for name in names:
        write(outside / name)
    outside.rename(watched.root / "album")
    watched.until(*(f"album/{name}" for name in names))


def test_a_file_that_grows_is_given_when_it_is_whole(watched: Watch) -> None:
    size = 0
    longest_rest = 0.0
    with (watched.root / "a.jpg").open("wb", buffering=0) as file:
        end = time.monotonic() + 4 * SETTLE
        written = time.monotonic()
        while written < end:
            size += file.write(JPEG)
            time.sleep(SETTLE / 20)
            longest_rest = max(longest_rest, time.monotonic() - written)
            written = time.monotonic()
    watched.until_size(size)
    # On a machine that stood still in between, a part of it may rightly have been given before.
    if longest_rest < SETTLE / 2:
        assert {item.size for item in watched.items if isinstance(item, Listed)} == {size}


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="there are no such names there")
def test_a_name_that_is_no_utf8_neither_ends_the_watch_nor_is_lost(watched: Watch) -> None:
    with open(os.fsencode(watched.root) + b"/\xff.jpg", "wb") as file:  # noqa: PTH123
        file.write(JPEG)
    watched.until(os.fsdecode(b"\xff.jpg"))
    write(watched.root / "later.jpg")
    watched.until("later.jpg")


def test_links_that_lead_nowhere_are_said(tmp_path: Path) -> None:
    seen = Watch(tmp_path)
    thread = seen.start(polling=False)
    try:
        (tmp_path / "a.jpg").symlink_to("gone.jpg")
    except OSError:
        pytest.skip("this system makes no links")
    seen.wait(lambda: "a.jpg" in unlisted(seen.items, tmp_path))
    seen.stop.set()
    thread.join(PATIENCE)


def test_after_a_flood_of_changes_everything_is_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Messages may have been dropped, so what nothing was said of is given too."""
    monkeypatch.setattr(watching, "_BURST", 0)
    monkeypatch.setattr(watching, "_WAITING", 10)
    names = {f"{number}.jpg" for number in range(60)}
    for name in names:
        write(tmp_path / name)
    seen = Watch(tmp_path)
    thread = seen.start(settle_seconds=0.05)
    write(tmp_path / "new.jpg")
    assert seen.until("new.jpg", *names) == {"new.jpg", *names}
    seen.stop.set()
    thread.join(PATIENCE)


def test_nothing_is_lost_between_its_start_and_its_first_use(tmp_path: Path) -> None:
    stop = threading.Event()
    batches = watch([tmp_path], stop, settle_seconds=SETTLE)
    write(tmp_path / "a.jpg")
    time.sleep(2 * SETTLE)
    assert listed(next(batches), tmp_path) == {"a.jpg"}
    stop.set()
    assert list(batches) == []


def test_a_linked_root_is_told_by_the_name_it_was_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = tmp_path / "real"
    real.mkdir()
    try:
        (tmp_path / "link").symlink_to(real, target_is_directory=True)
    except OSError:
        pytest.skip("this system makes no links")
    # As macOS tells of it.
    changes: Iterator[set[str] | None] = iter([set(), {str(write(real / "a.jpg"))}, set()])
    monkeypatch.setattr(watching, "watch_changes", lambda *arguments: changes)
    batches = watch([tmp_path / "link"], threading.Event(), settle_seconds=0)
    assert [item.ref.path for item in next(batches)] == [str(tmp_path / "link" / "a.jpg")]


def test_a_root_has_to_be_a_folder_and_to_stay(tmp_path: Path) -> None:
    for root in (tmp_path / "gone", write(tmp_path / "a.jpg")):
        with pytest.raises(WatchError, match="There is no folder"):
            watch([root], threading.Event())
    root = tmp_path / "drive"
    root.mkdir()
    batches = watch([root], threading.Event())
    root.rmdir()
    with pytest.raises(WatchError, match="There is no folder"):
        next(batches)


def test_a_watch_that_was_stopped_before_it_began_ends(tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    assert list(watch([tmp_path], stop)) == []


def test_a_file_settles_once_two_looks_are_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    settling = Settling(2.0)
    path = write(tmp_path / "a.jpg")
    settling.touch(str(path))
    now = 1.9
    assert list(settling.settled()) == []
    path.write_bytes(JPEG + b"more")  # and nothing was told of it
    now = 2.1
    assert list(settling.settled()) == []
    now = 4.0
    assert list(settling.settled()) == []
    now = 4.2
    assert list(settling.settled()) == [str(path)]
    assert len(settling) == 0
