"""Everything under a folder is listed, passed over with a reason, or named as not looked at."""

from __future__ import annotations

import errno
import os
import sys
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from posecheck.errors import UnreadablePhotoError
from posecheck.opening.folders import PHOTO_SUFFIXES
from posecheck.scan.items import Listed, Skipped, Unlisted, Why
from posecheck.scan.listing import list_files
from tests.scan.trees import JPEG, listed, place, skipped, unlisted, write, zipped


def link(at: Path, to: Path) -> None:
    try:
        at.symlink_to(to)
    except OSError:
        pytest.skip("this system makes no links")


def test_photos_are_listed_by_name_or_by_their_first_bytes(tmp_path: Path) -> None:
    for name in ("a.JPG", "sub/b.heic", "sub/deep/c.png", "IMG_0001", "d.jpg.crdownload"):
        write(tmp_path / name)
    for suffix in PHOTO_SUFFIXES:
        write(tmp_path / f"empty{suffix}", b"")
    for name in ("notes.txt", "film.mp4", "BMW.txt", "empty"):
        write(tmp_path / name, b"BMW and others" if "BM" in name else b"")
    items = list(list_files([tmp_path]))
    assert listed(items, tmp_path) == {
        "a.JPG", "sub/b.heic", "sub/deep/c.png", "IMG_0001", "d.jpg.crdownload",
        *(f"empty{suffix}" for suffix in PHOTO_SUFFIXES),
    }  # fmt: skip
    assert skipped(items, tmp_path) == dict.fromkeys(
        ("notes.txt", "film.mp4", "BMW.txt", "empty"), "not_photo"
    )


def test_paths_are_absolute_and_links_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "real/a.jpg")
    link(tmp_path / "named", tmp_path / "real")
    monkeypatch.chdir(tmp_path)
    (item,) = list_files(["real/../named/."])
    assert item.ref.path == str(tmp_path / "named" / "a.jpg")


def test_the_stamp_changes_with_the_file(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jpg")

    def stamp() -> str:
        (item,) = list_files([path])
        assert isinstance(item, Listed)
        assert item.size == path.stat().st_size
        return item.stamp

    first = stamp()
    assert stamp() == first
    path.write_bytes(JPEG + b"more")
    longer = stamp()
    os.utime(path, ns=(0, 0))
    assert len({first, longer, stamp()}) == 3


def test_hidden_files_and_folders_are_named_once_and_not_gone_into(tmp_path: Path) -> None:
    for name in (".a.jpg", "._b.jpg", ".trash/c.jpg", ".trash/deep/d.jpg", "e.jpg", "Thumbs.db"):
        write(tmp_path / name)
    items = list(list_files([tmp_path]))
    assert listed(items, tmp_path) == {"e.jpg"}
    assert skipped(items, tmp_path) == dict.fromkeys(
        (".a.jpg", "._b.jpg", ".trash", "Thumbs.db"), "hidden"
    )


def test_what_is_named_is_taken_as_it_is(tmp_path: Path) -> None:
    named = [write(tmp_path / name) for name in (".a.jpg", "notes.txt", "x.rar")]
    write(tmp_path / ".trash/b.jpg")
    items = list(list_files([*named, tmp_path / ".trash"]))
    assert listed(items, tmp_path) == {".a.jpg", "notes.txt", "x.rar", ".trash/b.jpg"}


def test_what_is_named_and_not_there_is_said(tmp_path: Path) -> None:
    items = list(list_files([tmp_path / "gone.jpg", "nul\0.jpg"]))
    assert [type(item) for item in items] == [Unlisted, Unlisted]
    assert unlisted(items[:1], tmp_path) == {"gone.jpg": f"There is no file {tmp_path}/gone.jpg."}
    assert all(isinstance(item, Unlisted) and item.error.remedy for item in items)


def test_broken_links_are_said(tmp_path: Path) -> None:
    link(tmp_path / "a.jpg", tmp_path / "gone.jpg")
    link(tmp_path / "round.jpg", tmp_path / "round.jpg")
    write(tmp_path / "b.jpg")
    items = list(list_files([tmp_path]))
    assert listed(items, tmp_path) == {"b.jpg"}
    said = unlisted(items, tmp_path)
    assert set(said) == {"a.jpg", "round.jpg"}
    assert all("is a link to something that is not there" in message for message in said.values())


def test_links_that_go_round_in_circles_end(tmp_path: Path) -> None:
    write(tmp_path / "a/b/c.jpg")
    link(tmp_path / "a/b/up", tmp_path / "a")
    link(tmp_path / "top", tmp_path)
    link(tmp_path / "copy.jpg", tmp_path / "a/b/c.jpg")
    items = list(list_files([tmp_path, tmp_path / "a"]))
    assert listed(items, tmp_path) == {"a/b/c.jpg", "copy.jpg"}
    assert skipped(items, tmp_path) == dict.fromkeys(("a/b/up", "top", "a"), "folder_again")


def test_linked_folders_are_followed(tmp_path: Path) -> None:
    write(tmp_path / "elsewhere/a.jpg")
    (tmp_path / "root").mkdir()
    link(tmp_path / "root/link", tmp_path / "elsewhere")
    assert listed(list_files([tmp_path / "root"]), tmp_path) == {"root/link/a.jpg"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_pipes_are_passed_over_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.jpg")
    os.mkfifo(tmp_path / "b.zip")
    items = list(list_files([tmp_path]))
    assert skipped(items, tmp_path) == {"a.jpg": "not_a_file", "b.zip": "not_a_file"}


def test_names_that_are_no_utf8_survive(tmp_path: Path) -> None:
    try:
        with open(os.fsencode(tmp_path) + b"/\xff\xfe.jpg", "wb") as file:  # noqa: PTH123
            file.write(JPEG)
    except OSError:
        pytest.skip("this system has no such names")
    (item,) = list_files([tmp_path])
    assert os.fsencode(item.ref.path).endswith(b"/\xff\xfe.jpg")
    assert list(list_files([item.ref.path], exclude=["*.png"])) == [item]


@pytest.mark.skipif(sys.platform == "win32", reason="paths are shorter there")
def test_folders_may_be_nested_deeper_than_recursion_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    depth = 1200
    monkeypatch.chdir(tmp_path)
    for _ in range(depth):
        Path("a").mkdir()
        os.chdir("a")
    write(Path("x.jpg"))
    try:
        (item,) = list_files([tmp_path])
        assert place(item, tmp_path) == "a/" * depth + "x.jpg"
    finally:
        # pytest cannot delete what is nested so deep, and would say so after every later run.
        Path("x.jpg").unlink()
        for _ in range(depth):
            os.chdir("..")
            Path("a").rmdir()


def refuse(monkeypatch: pytest.MonkeyPatch, name: str, path: Path, error: OSError) -> None:
    """Let one of the system's calls fail for one path, as no permission does for others."""
    call = getattr(os, name)

    def refused(at: Any, *arguments: Any, **options: Any) -> Any:
        if os.fspath(at) == str(path):
            raise error
        return call(at, *arguments, **options)

    monkeypatch.setattr(os, name, refused)


def test_a_folder_that_may_not_be_listed_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "closed/a.jpg")
    write(tmp_path / "b.jpg")
    closed = tmp_path / "closed"
    refuse(monkeypatch, "scandir", closed, PermissionError(errno.EACCES, "Permission denied"))
    items = list(list_files([tmp_path]))
    assert listed(items, tmp_path) == {"b.jpg"}
    assert unlisted(items, tmp_path) == {"closed": f"{closed} may not be read."}


def test_a_folder_that_breaks_off_keeps_what_it_gave(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "a.jpg")
    scandir = os.scandir

    class BreakingOff:
        def __enter__(self) -> BreakingOff:
            return self

        def __exit__(self, *error: object) -> None:
            pass

        def __iter__(self) -> Iterator[os.DirEntry[str]]:
            with scandir(tmp_path) as entries:
                yield from entries
            raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "scandir", lambda path: BreakingOff())
    items = list(list_files([tmp_path]))
    assert listed(items, tmp_path) == {"a.jpg"}
    assert "Input/output error" in unlisted(items, tmp_path)["."]


def test_a_file_that_may_not_be_looked_into_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = write(tmp_path / "no-ending")
    opened = os.open

    def refused(path: Any, *arguments: Any, **options: Any) -> int:
        if path == str(secret):
            raise PermissionError(errno.EACCES, "Permission denied")
        return opened(path, *arguments, **options)

    monkeypatch.setattr(os, "open", refused)
    assert unlisted(list_files([tmp_path]), tmp_path) == {"no-ending": f"{secret} may not be read."}


def test_globs(tmp_path: Path) -> None:
    for name in ("a.jpg", "b.png", "2019/c.jpg", "2020/raw/d.jpg", "2020/e.jpg"):
        write(tmp_path / name)
    write(tmp_path / "f.zip", zipped({"raw/g.jpg": JPEG, "h.jpg": JPEG, "i.png": JPEG}))
    items = list(list_files([tmp_path], include=["*.JPG"], exclude=["2019", "*/raw/*"]))
    assert listed(items, tmp_path) == {"a.jpg", "2020/e.jpg", "f.zip!/h.jpg"}
    assert skipped(items, tmp_path) == dict.fromkeys(
        ("b.png", "2019", "2020/raw/d.jpg", "f.zip!/raw/g.jpg", "f.zip!/i.png"), "excluded"
    )


def test_excluded_folders_and_archives_are_not_gone_into(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "old/a.jpg")
    write(tmp_path / "old.zip", b"damaged")
    refuse(monkeypatch, "scandir", tmp_path / "old", PermissionError())
    items = list(list_files([tmp_path], exclude=["old*"]))
    assert skipped(items, tmp_path) == {"old": "excluded", "old.zip": "excluded"}
    assert len(items) == 2


def test_globs_hold_for_named_files_as_they_were_typed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "2019/a.jpg")
    monkeypatch.chdir(tmp_path)
    path = "2019/a.jpg"
    assert listed(list_files([path], exclude=["b.jpg", "19/*"]), tmp_path) == {path}
    assert skipped(list_files([path], exclude=["2019/*"]), tmp_path) == {path: "excluded"}
    assert skipped(list_files([path], include=["*.png"]), tmp_path) == {path: "excluded"}


def test_archives_that_are_not_opened_are_named(tmp_path: Path) -> None:
    write(tmp_path / "a.zip", zipped({"b.jpg": JPEG}))
    write(tmp_path / "c.rar", b"Rar!")
    items = list(list_files([tmp_path], archives=False))
    assert skipped(items, tmp_path) == {"a.zip": "archive", "c.rar": "archive"}


def test_every_reason_has_its_case(tmp_path: Path) -> None:
    """Summaries go by these words, so they stay."""
    assert {why.value for why in Why} == {
        "hidden", "not_photo", "excluded", "archive", "nested_archive", "encrypted",
        "folder_again", "not_a_file",
    }  # fmt: skip


class Entry:
    """A file in a folder that nobody made."""

    def __init__(self, folder: str, number: int) -> None:
        self.name = f"IMG_{number:08}.jpg"
        self.path = f"{folder}/{self.name}"


class BigFolder:
    def __init__(self, path: str, count: int) -> None:
        self.path, self.count = path, count

    def __enter__(self) -> BigFolder:
        return self

    def __exit__(self, *error: object) -> None:
        pass

    def __iter__(self) -> Iterator[Entry]:
        return (Entry(self.path, number) for number in range(self.count))


def test_memory_does_not_grow_with_the_number_of_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    status = write(tmp_path / "a.jpg").stat()
    stat = os.stat

    def stat_any(path: Any, *arguments: Any, **options: Any) -> os.stat_result:
        return status if "IMG_" in str(path) else stat(path, *arguments, **options)

    def peak(count: int) -> int:
        monkeypatch.setattr(os, "scandir", lambda path: BigFolder(path, count))
        tracemalloc.start()
        try:
            assert sum(isinstance(item, Listed) for item in list_files([tmp_path])) == count
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    monkeypatch.setattr(os, "stat", stat_any)
    peak(100)  # what is loaded once
    assert peak(100_000) < peak(100) + 100_000


def test_errors_carry_the_name(tmp_path: Path) -> None:
    (item,) = list_files([tmp_path / "gone"])
    assert isinstance(item, Unlisted)
    assert isinstance(item.error, UnreadablePhotoError)
    assert item.error.path == str(item.ref) == str(tmp_path / "gone")


def test_items_are_values() -> None:
    (first,), (second,) = list_files([__file__]), list_files([__file__])
    assert first == second
    assert not isinstance(first, Skipped)
