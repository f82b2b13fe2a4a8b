"""Globs mean what their documentation says, whatever is typed."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from posecheck.scan.filters import Filters, Globs, is_hidden, suffix_of

NAME = st.text(
    st.characters(exclude_characters="/*?[]", exclude_categories=["Cs", "Cc", "Zs"]), min_size=1
).filter(lambda name: name not in {".", ".."})
PATH = st.lists(NAME, min_size=1, max_size=4).map("/".join)


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("*.png", "a/b/c.PNG", True),
        ("*.png", "c.png.jpg", False),
        ("2019", "2019", True),
        ("2019", "x/2019", True),
        ("2019/", "2019", True),
        ("2019/*", "2019/a/b.jpg", True),
        ("2019/*", "x/2019/a.jpg", False),
        ("/2019/*", "2019/a.jpg", True),
        ("./2019/*", "2019/a.jpg", True),
        ("*/raw/*", "a/raw/b.jpg", True),
        ("*/raw/*", "raw/b.jpg", False),
        ("**/raw/*", "raw/b.jpg", True),
        ("**/raw/*", "a/b/raw/b.jpg", True),
        ("**/*.png", "a.png", True),
        ("img_[0-9]?.jpg", "IMG_12.jpg", True),
        ("[", "[", True),
        ("", "", False),
        ("  ", "  ", False),
    ],
)
def test_what_a_pattern_matches(pattern: str, path: str, expected: bool) -> None:
    assert Globs.of([pattern]).match(path) is expected


@given(st.text(), st.text())
def test_any_text_is_a_pattern_and_any_text_a_path(pattern: str, path: str) -> None:
    Globs.of([pattern]).match(path)


@given(PATH)
def test_a_path_matches_itself_its_name_and_everything_above_it(path: str) -> None:
    assume(not path.startswith("./"))
    folders = path.split("/")
    assert Globs.of([path]).match(path)
    assert Globs.of([folders[-1]]).match(path)
    assert Globs.of([f"**/{path}"]).match(f"some/folder/{path}")
    for count in range(1, len(folders)):
        assert Globs.of(["/".join(folders[:count]) + "/*"]).match(path)


@given(PATH, st.sampled_from(["NFC", "NFD"]), st.sampled_from(["NFC", "NFD"]))
def test_how_an_accent_is_stored_does_not_matter(path: str, typed: str, stored: str) -> None:
    pattern = unicodedata.normalize(typed, path)  # type: ignore[arg-type]
    assert Globs.of([pattern]).match(unicodedata.normalize(stored, path))  # type: ignore[arg-type]


@given(st.from_regex(r"[a-z0-9 ._/-]{1,20}", fullmatch=True))
def test_case_does_not_matter(path: str) -> None:
    assume(path.strip("/ .") and path == path.strip())
    assert Globs.of([path.upper()]).match(path) == Globs.of([path]).match(path.upper())


@given(st.lists(PATH, max_size=3), st.lists(PATH, max_size=3), PATH)
def test_more_patterns_only_match_more(some: list[str], more: list[str], path: str) -> None:
    if Globs.of(some).match(path):
        assert Globs.of(some + more).match(path)


def test_no_include_means_everything_and_no_exclude_nothing() -> None:
    filters = Filters.of()
    assert filters.includes("a.jpg")
    assert not filters.excludes("a.jpg")


def test_hidden_names() -> None:
    hidden = [".a", "..a", "Thumbs.db", "DESKTOP.INI", "__MACOSX", ".DS_Store", "@eaDir"]
    assert all(map(is_hidden, hidden))
    assert not any(map(is_hidden, ["a", "a.jpg", ".", "..", "thumbs.jpg", "_a"]))


def test_suffixes() -> None:
    names = ["a.JPG", "a", ".jpg", "a.b.png", "a."]
    assert [suffix_of(name) for name in names] == [".jpg", "", "", ".png", "."]
