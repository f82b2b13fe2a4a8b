"""The poster: every pose once and in its place, nothing from outside, one page on paper."""

from __future__ import annotations

import base64
import hashlib
import io
import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from html.parser import HTMLParser
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from posecheck.export import poster
from posecheck.export.poster import poster_html
from posecheck.export.poster_layout import (
    COLUMNS,
    HEIGHT,
    SMALLEST,
    Block,
    lay_out,
)
from posecheck.export.text_width import lines, width_of
from posecheck.gesture.vocabulary import GESTURES
from posecheck.report.texts import LANGUAGES, load
from posecheck.results import RuleStatus
from posecheck.risk.contest import Contest, contest_ids, load_contest
from posecheck.risk.rules import RuleSet, load_rules, rule_ids
from tests.browser import open_browser, open_tab
from tests.report.test_texts import ACCUSING, CLEAN, PROMISING

SIGNS = [gesture.id for gesture in GESTURES if gesture.is_sign]
DAY = date(2026, 11, 22)
SHIPPED = [
    pytest.param(contest, rules, id=f"{contest}-{rules}")
    for contest, rules in product(contest_ids(), rule_ids())
]


def made(
    contest: str | Contest = "generic", rules: str | RuleSet = "strict", lang: str = "id"
) -> str:
    contest = load_contest(contest) if isinstance(contest, str) else contest
    rules = load_rules(rules) if isinstance(rules, str) else rules
    return poster_html(contest, rules, load(lang), DAY, "9.8.7")


class Reader(HTMLParser):
    """What a poster shows: gesture to section and words, and every text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.section = self.gesture = ""
        self.found: list[tuple[str, str]] = []
        self.words: dict[str, str] = {}
        self.text = ""
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self.section = values.get("data-status", self.section)
        if tag == "li":
            self.gesture = values["data-gesture"]
            self.found.append((self.gesture, self.section))
        self.addresses += [v for n, v in values.items() if n in ("src", "href", "action", "data")]

    def handle_endtag(self, tag: str) -> None:
        if tag == "li":
            self.gesture = ""

    def handle_data(self, data: str) -> None:
        if self.lasttag != "style":
            self.text += data
            if self.gesture:
                known = self.words.get(self.gesture, "")
                self.words[self.gesture] = " ".join((known + " " + data).split())


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("contest,rules", SHIPPED)
def test_every_sign_is_there_once_with_its_status_and_number(
    contest: str, rules: str, lang: str
) -> None:
    page = Reader(made(contest, rules, lang))
    loaded, ballot, say = load_rules(rules), load_contest(contest), load(lang, "poster")
    assert sorted(gesture for gesture, _ in page.found) == sorted(SIGNS)
    for gesture, section in page.found:
        assert section == loaded.status(gesture).value, gesture
        words, numbers = page.words[gesture], ballot.numbers_for(gesture)
        # The star stands behind the part of the name that is in large letters.
        assert f" {say.gesture(gesture)} " in f" {words} ".replace(" * ", " ")
        spoken = say.join([str(number) for number in numbers], "or")
        wanted = say("hand.numbers", numbers=spoken) if numbers else say("poster.no_number")
        assert words.endswith(wanted), gesture
        assert ("*" in words) == (gesture in loaded.inferred), gesture
    for text in (ballot.name, loaded.name, "2026", "9.8.7", say("poster.title")):
        assert text in page.text
    assert not ACCUSING.search(page.text)
    assert not PROMISING.search(page.text)
    assert not CLEAN.search(page.text)


def test_what_to_avoid_comes_first_and_is_said_as_people_say_it() -> None:
    text = Reader(made()).text
    order = ["Hindari saat berfoto", "Diperdebatkan", "Tidak tercantum", "Boleh"]
    places = [text.index(heading) for heading in order]
    assert places == sorted(places)
    assert "22 November 2026" in text
    assert "menyerupai nomor 1 atau 3" in Reader(made("pemilu-2024")).text


def test_nothing_comes_from_outside_and_nothing_can_run() -> None:
    page = made()
    reader = Reader(page)
    assert reader.addresses and all(a.startswith("data:image/webp") for a in reader.addresses)
    assert not {"script", "link", "iframe", "object", "embed", "base", "form"} & set(reader.tags)
    assert not re.search(r"https?:|//[a-z]|url\(|@import", page.split("</style>")[0])
    assert not re.search(r'https?:|\sstyle="|\son[a-z]+=', re.sub(r'src="data:[^"]*"', "", page))
    policy = unescape(re.search(r'Content-Security-Policy" content="([^"]*)"', page)[1])  # type: ignore[index]
    style = page.split("<style>")[1].split("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy.startswith("default-src 'none'; img-src data:;")
    assert f"style-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy


def test_names_by_people_are_text_and_no_markup() -> None:
    nasty = '<script>alert(1)</script> "A" & {{ 7 * 7 }} \x1b[2J'
    contest = Contest("kami", nasty, (1, 2), {"ok": (1, 2)})
    page = made(contest, RuleSet("kami", nasty, {"ok": RuleStatus.DISPUTED}))
    reader = Reader(page)
    assert "script" not in reader.tags
    assert reader.text.count('<script>alert(1)</script> "A" & {{ 7 * 7 }} \\x1b[2J') == 4
    assert "\x1b" not in page


def test_a_very_long_name_is_cut_and_says_so() -> None:
    contest = Contest("kami", "Pemilihan " * 60, (1,), {})
    text = Reader(made(contest)).text
    assert "Pemilihan Pemilihan" in text and "…" in text
    assert text.count("Pemilihan ") < 50


def test_every_sign_has_a_small_square_picture() -> None:
    folder = Path(poster.__file__).parent / "poses"
    assert sorted(path.stem for path in folder.glob("*.webp")) == sorted(SIGNS)
    for path in folder.glob("*.webp"):
        assert path.stat().st_size < 12_000
        with Image.open(path) as picture:
            assert picture.format == "WEBP" and picture.size == (320, 320)
            # On white, so that nothing but the hand costs ink.
            assert np.median(np.asarray(picture.convert("L"))) >= 250


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(list(RuleStatus)), min_size=len(SIGNS), max_size=len(SIGNS)))
def test_any_rule_set_fits_the_page(statuses: list[RuleStatus]) -> None:
    pairs = [(load("id").gesture(g), s) for g, s in zip(SIGNS, statuses, strict=True)]
    say = load("id", "poster")
    tiles = {
        status: tuple((n, ("menyerupai nomor 10 atau 12",)) for n, s in pairs if s is status)
        for status in RuleStatus
    }
    blocks = [
        Block(say(f"poster.{status.value}"), say(f"poster.{status.value}_advice"), tiles[status])
        for status in RuleStatus
        if tiles[status]
    ]
    layout = lay_out(blocks, ["Pemilihan Pilkada", "Aturan kami"], notes=2)
    assert layout.columns in COLUMNS
    places = [place for band in layout.bands for place in band.places]
    assert [place.index for place in places] == list(range(len(blocks)))
    for place in places:
        assert place.width * place.rows >= len(blocks[place.index].tiles)
    for band in layout.bands:
        last = band is layout.bands[-1]
        assert band.width + (layout.tip_columns if last else 0) == layout.columns
    assert layout.picture > 1.3 * SMALLEST
    assert layout.height <= HEIGHT + 0.01


def test_text_is_measured_in_lines() -> None:
    assert lines("jempol", 12, 25) == 1
    assert lines("salam namaste", 12, 25) == 2
    assert lines("x" * 100, 12, 25) >= width_of("x" * 100, 12) / 25
    assert lines("a word on a line", 12, 0.1) >= 5


def rule_set(*statuses: RuleStatus) -> RuleSet:
    """Every sign with one of these, in turn."""
    given_to = {sign: statuses[i % len(statuses)] for i, sign in enumerate(SIGNS)}
    return RuleSet("kami", "Aturan kami", given_to)


def posters() -> Iterator[tuple[str, str]]:
    for contest, rules, lang in product(contest_ids(), rule_ids(), LANGUAGES):
        yield f"{contest} {rules} {lang}", made(contest, rules, lang)
    many = Contest(
        "partai", "Pemilu legislatif", tuple(range(1, 25)), dict.fromkeys(SIGNS, (10, 11, 24))
    )
    for kind in RuleStatus:
        yield f"all {kind.value}", made(many, rule_set(kind))
    yield "all alike", made(many, rule_set(*RuleStatus))
    yield (
        "three",
        made(many, rule_set(RuleStatus.ALLOWED, RuleStatus.FORBIDDEN, RuleStatus.DISPUTED)),
    )
    long = "Pemilihan Gubernur dan Wakil Gubernur " * 4
    yield "long", made(Contest("kami", long, (1,), {}), RuleSet("kami", long, {}))


def test_it_prints_on_one_page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Even with margins of 12.7 mm, the widest that a browser sets by itself."""
    pypdf = pytest.importorskip("pypdf")
    pages = [("as it is", made())]
    read = poster._template
    monkeypatch.setattr(
        poster, "_template", lambda name: read(name).replace("margin: 10mm", "margin: 12.7mm")
    )
    pages += posters()
    file = tmp_path / "poster.html"
    with open_browser() as browser, open_tab(browser) as tab:
        for name, page in pages:
            file.write_text(page, "utf-8")
            tab.page.goto(file.as_uri())
            pdf = pypdf.PdfReader(io.BytesIO(tab.page.pdf(prefer_css_page_size=True)))
            assert len(pdf.pages) == 1, name
            size = pdf.pages[0].mediabox
            assert (round(size.width), round(size.height)) == (595, 842), name
        assert tab.problems == []
        assert set(tab.requests) == {file.as_uri()}


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_it_fits_a_screen(width: int, tmp_path: Path) -> None:
    page = tmp_path / "poster.html"
    page.write_text(made("pemilu-2024"), "utf-8")
    with open_browser() as browser, open_tab(browser, width, 800) as tab:
        tab.page.goto(page.as_uri())
        assert tab.page.evaluate("document.documentElement.scrollWidth") == width
        assert tab.page.evaluate("[...document.images].every(i => i.naturalWidth === 320)")
        # Nothing sticks out of its tile or its section.
        wide = "e => e.scrollWidth > e.clientWidth + 6"
        out = f"[...document.querySelectorAll('li, h2, header, .tip')].filter({wide}).length"
        assert tab.page.evaluate(out) == 0
        assert tab.problems == []
