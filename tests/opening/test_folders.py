"""Every photo below a folder is listed, once, in an order that does not change."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecheck.errors import UnreadablePhotoError, UnsupportedPhotoError
from posecheck.opening import iter_photo_paths, open_photo
from posecheck.opening.folders import READ_SUFFIXES


def made(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()


def listed(root: Path) -> list[str]:
    return [path.relative_to(root).as_posix() for path in iter_photo_paths([root])]


def link(at: Path, to: Path) -> None:
    try:
        at.symlink_to(to, target_is_directory=True)
    except OSError:
        pytest.skip("this system makes no links")


def test_folders_are_searched_to_the_bottom_in_order(tmp_path: Path) -> None:
    made(tmp_path, "b.jpg", "a.JPG", "sub/z.heic", "sub/a/y.png", "abc/x.webp", "c.avif")
    assert listed(tmp_path) == [
        "a.JPG", "b.jpg", "c.avif", "abc/x.webp", "sub/z.heic", "sub/a/y.png",
    ]  # fmt: skip


@given(st.sampled_from(sorted(READ_SUFFIXES)), st.booleans())
def test_every_suffix_in_any_case(suffix: str, upper: bool) -> None:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        name = "foto" + (suffix.upper() if upper else suffix)
        made(Path(folder), name)
        assert listed(Path(folder)) == [name]


def test_what_is_no_photo_is_passed_over(tmp_path: Path) -> None:
    made(tmp_path, "notes.txt", "film.mp4", "jpg", "Thumbs.db", "a.jpg.part", "a.jpg/b.txt")
    assert listed(tmp_path) == []


def test_photos_that_are_not_read_are_listed_so_that_they_are_not_taken_for_clean(
    tmp_path: Path,
) -> None:
    made(tmp_path, "a.jpg", "b.NEF", "c.dng", "d.jxl")
    assert listed(tmp_path) == ["a.jpg", "b.NEF", "c.dng", "d.jxl"]


def test_hidden_files_and_folders_are_passed_over_unless_named(tmp_path: Path) -> None:
    made(tmp_path, ".a.jpg", "._b.jpg", ".trash/c.jpg", "d.jpg")
    assert listed(tmp_path) == ["d.jpg"]
    assert listed(tmp_path / ".trash") == ["c.jpg"]
    assert list(iter_photo_paths([tmp_path / ".a.jpg"])) == [tmp_path / ".a.jpg"]


def test_what_was_named_comes_as_it_is(tmp_path: Path) -> None:
    made(tmp_path, "notes.txt")
    named: list[str | Path] = [
        str(tmp_path / "notes.txt"),
        tmp_path / "missing.jpg",
        tmp_path / "notes.txt",
    ]
    assert list(iter_photo_paths(named)) == [Path(name) for name in named]


def test_links_that_go_round_in_circles_end(tmp_path: Path) -> None:
    made(tmp_path, "a/x.jpg", "b/y.jpg")
    link(tmp_path / "a" / "up", tmp_path)
    link(tmp_path / "a" / "self", tmp_path / "a")
    link(tmp_path / "b" / "to-a", tmp_path / "a")
    assert sorted(os.path.realpath(tmp_path / name) for name in listed(tmp_path)) == sorted(
        os.path.realpath(tmp_path / name) for name in ("a/x.jpg", "b/y.jpg")
    )


def test_a_link_to_a_folder_elsewhere_is_followed(tmp_path: Path) -> None:
    made(tmp_path, "elsewhere/x.jpg")
    (tmp_path / "top").mkdir()
    link(tmp_path / "top" / "here", tmp_path / "elsewhere")
    assert listed(tmp_path / "top") == ["here/x.jpg"]


def test_a_link_to_nothing_is_listed_and_cannot_be_read(tmp_path: Path) -> None:
    link(tmp_path / "gone.jpg", tmp_path / "nowhere")
    assert listed(tmp_path) == ["gone.jpg"]
    with pytest.raises(UnreadablePhotoError):
        open_photo(tmp_path / "gone.jpg")


def test_a_folder_named_twice_is_searched_once(tmp_path: Path) -> None:
    made(tmp_path, "a/x.jpg")
    assert len(list(iter_photo_paths([tmp_path, tmp_path / "a", tmp_path]))) == 1


def test_a_folder_that_may_not_be_listed_comes_back_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(tmp_path, "locked/x.jpg", "y.jpg")
    listing = Path.iterdir

    def forbidden(folder: Path) -> object:
        if folder.name == "locked":
            raise PermissionError(13, "Permission denied")
        return listing(folder)

    monkeypatch.setattr(Path, "iterdir", forbidden)
    assert listed(tmp_path) == ["y.jpg", "locked"]
    with pytest.raises((UnreadablePhotoError, UnsupportedPhotoError)):
        open_photo(tmp_path / "locked")


def test_folders_deeper_than_recursion_allows(tmp_path: Path) -> None:
    """The path stays short enough for every system's limit on its length."""
    deep = tmp_path.joinpath(*["d"] * 300)
    try:
        deep.mkdir(parents=True)
        (deep / "x.jpg").touch()
    except OSError:
        pytest.skip("this system's paths are shorter")
    assert len(listed(tmp_path)) == 1
