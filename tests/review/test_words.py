"""What is put into a page is text, and every word of the page is used."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

import posecheck.review
from posecheck.report.texts import LANGUAGES, load
from posecheck.review.page import split_name
from tests.review.made import a_case, a_site

FOLDER = Path(posecheck.review.__file__).parent

HOSTILE = [
    "<img src=x onerror=alert(1)>.jpg",
    "\"' onload=alert(1) x='.jpg",
    "{{ say('review.title') }}{% raw %}.jpg",
    "</title><script>alert(1)<.jpg",
    "=cmd|' !A0.jpg",
    "foto\nbaris dua.jpg",
    "\u202egpj.exe.jpg",
    "\udcff\udcfe.jpg",
    "😀" * 50 + ".jpg",
]


class Elements(HTMLParser):
    """Every element of a page with the names of its attributes, in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, tuple[str, ...]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, tuple(name for name, _ in attrs)))


def elements(folder: Path, name: str) -> list[Elements]:
    """What the pages are made of when a photo, a reviewer and a note are called so."""
    folder.mkdir()
    case_path, kept = a_case(folder, [name])
    typed = name.encode("utf-8", "replace").decode()
    pages = []
    with a_site(case_path, reviewer=typed) as site:
        here = f"/photo/{kept[0].sha256}"
        site.post(f"{here}/decision", verdict="resembles", note=f"</textarea>{typed}")
        for path in (here, "/reviewer", "/done", "/photo/" + "0" * 64):
            text = site.get(path).text
            assert "\u202e" not in text
            pages.append(Elements(text))
    return pages


@pytest.mark.parametrize("name", HOSTILE)
def test_a_name_or_a_note_adds_nothing_to_a_page(tmp_path: Path, name: str) -> None:
    try:
        (tmp_path / name.replace("/", "")).touch()
    except OSError:
        pytest.skip("this file system has no such names")
    hostile = elements(tmp_path / "1", name.replace("/", ""))
    plain = elements(tmp_path / "2", "foto.jpg")
    for one, other in zip(hostile, plain, strict=True):
        assert one.found == other.found


def test_pages_hold_no_inline_script_or_style() -> None:
    for path in (FOLDER / "pages").iterdir():
        text = path.read_text("utf-8")
        assert not re.search(r"\sstyle=|\son[a-z]+=|<style|javascript:|https?://|\|\s*safe", text)
        assert len(re.findall("<script", text)) == (path.name == "layout.html")


def test_nothing_is_asked_of_another_server() -> None:
    for path in (FOLDER / "static").iterdir():
        text = path.read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?:|//[a-z]+\.|@import|url\(", text)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_word_of_the_page_is_used(lang: str) -> None:
    files = [*FOLDER.rglob("*.py"), *FOLDER.rglob("*.html")]
    code = "\n".join(path.read_text("utf-8") for path in files)
    built = {"review.level_", "review.not_", "review.failed", "review.refused", "verdict_word."}
    built |= {"verdict_button.", "review_state.", "review_key."}
    for key in load(lang, "review").keys() - load(lang).keys():
        plain = re.sub("_(one|many)$", "", key)
        said = f'"{plain}"' in code or f"'{plain}'" in code
        assert said or any(key.startswith(start) for start in built), key


def test_names_are_split_where_people_read_them() -> None:
    assert split_name("/foto/apel pagi/a.jpg") == ("a.jpg", "/foto/apel pagi/")
    assert split_name("C:\\foto\\a.jpg") == ("a.jpg", "C:\\foto\\")
    assert split_name("/foto/album.zip!/hari 1/a.jpg") == ("a.jpg", "/foto/album.zip!/hari 1/")
    assert split_name("a\nb.jpg") == ("a\\nb.jpg", "")
    assert split_name("") == ("", "")
