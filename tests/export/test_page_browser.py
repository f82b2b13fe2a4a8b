"""The HTML page in a real browser, opened from a folder and used by keyboard alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from posecheck.casefile.types import CasePhoto, Verdict
from posecheck.export.page import export_html
from posecheck.report.texts import load
from tests.browser import Tab, open_browser, open_tab, wait_until
from tests.export.made import NASTY, case_photo, context, decision, jpeg
from tests.report import photos as results

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

TOTAL = 310
PICTURES = {"preview": jpeg(320, 240), "hand-0": jpeg(64, 64)}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as found:
        yield found


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A page of 310 photos, 10 of them on the second page, and one that was not checked."""

    def photos() -> Iterator[CasePhoto]:
        for n in range(1, TOTAL + 1):
            decided = (
                decision(Verdict.RESEMBLES, "<img src=x onerror=alert(1)>") if n == 7 else None
            )
            name = f"{NASTY[n % len(NASTY)]}-{n}.jpg"
            result = results.heart() if n % 10 == 0 else results.group()
            pictures = ("preview", "hand-0") if n != 3 else ()
            yield case_photo(result, name, decided=decided, pictures=pictures, number=n)
        yield case_photo(results.unchecked(path="rusak.jpg"))

    path = tmp_path_factory.mktemp("usb stick") / "halaman #1.html"
    with path.open("wb") as file:
        export_html(photos(), lambda _sha, kind: PICTURES[kind], file, context())
    return path.as_uri()


@pytest.fixture
def tab(browser: Browser, address: str) -> Iterator[Tab]:
    """The page, of which nothing may be amiss when a test is done with it."""
    with open_tab(browser) as opened:
        opened.page.goto(address)
        yield opened
        assert opened.problems == []
        assert opened.requests == [address]


def shown(page: Page) -> int:
    return page.locator(".card:visible").count()


def focused(page: Page) -> str:
    """Label of what has the focus."""
    return str(page.evaluate("document.activeElement.getAttribute('aria-label')"))


def test_pages_of_300(tab: Tab) -> None:
    page = tab.page
    assert shown(page) == 300
    assert page.inner_text("#shown") == "310 dari 310 foto"
    assert page.locator("#tools .page").inner_text() == "Halaman 1 dari 2"
    page.locator("#tools [data-page=next]").focus()
    page.keyboard.press("Enter")
    assert shown(page) == 10
    assert page.locator("#tools .page").inner_text() == "Halaman 2 dari 2"
    page.keyboard.press("Enter")  # there is no third
    assert shown(page) == 10


def test_filters_by_keyboard(tab: Tab) -> None:
    page = tab.page
    gestures = page.locator("[name=gesture] option").all_inner_texts()
    assert gestures[0] == "semua"
    heart = load("id").gesture("two_hand_heart")
    assert f"{heart} (31)" in gestures
    assert len(gestures) == 4  # only what occurs
    page.locator("[name=gesture]").focus()
    page.keyboard.type(heart[:8])
    assert page.inner_text("#shown") == "31 dari 310 foto"
    page.locator("[name=name]").focus()
    page.keyboard.type("-300.jpg")
    assert shown(page) == 1
    page.keyboard.type("?")
    assert shown(page) == 0
    assert page.locator("#no-match").is_visible()
    assert page.locator("#unchecked").is_visible(), "what was not checked is never filtered away"
    page.locator("#tools [type=reset]").focus()
    page.keyboard.press("Enter")
    wait_until(page, lambda: page.inner_text("#shown") == "310 dari 310 foto")
    page.locator("[name=decision]").select_option("resembles")
    assert shown(page) == 1
    assert "<img src=x onerror=alert(1)>" in page.locator(".card:visible").inner_text()
    page.locator("[name=level]").select_option("medium")
    assert shown(page) == 0


def test_the_large_view_by_keyboard(tab: Tab) -> None:
    page = tab.page
    page.keyboard.press("j")
    first = focused(page)
    page.keyboard.press("j")
    assert focused(page) != first
    top = "document.activeElement.getBoundingClientRect().top"
    wait_until(page, lambda: 0 <= page.evaluate(top) < 300)
    page.keyboard.press("k")
    assert focused(page) == first
    page.keyboard.press("Enter")
    view = page.locator("#view")
    assert view.is_visible()
    assert view.locator(".position").inner_text() == "Foto 1 dari 310"
    assert view.locator(".stage img").evaluate("image => image.naturalWidth") == 320
    assert view.locator(".stage .chip").count() == 2
    page.keyboard.press("ArrowRight")
    page.keyboard.press("j")
    assert view.locator(".position").inner_text() == "Foto 3 dari 310"
    assert "tidak disimpan" in view.locator(".stage").inner_text()
    page.keyboard.press("ArrowLeft")
    assert view.locator(".position").inner_text() == "Foto 2 dari 310"
    assert view.locator(".hash").inner_text() == f"{2:064x}"
    page.keyboard.press("Escape")
    assert not view.is_visible()
    assert (
        page.locator(".card")
        .nth(1)
        .locator(".open")
        .evaluate("button => button === document.activeElement")
    )


def test_next_goes_over_the_edge_of_a_page(tab: Tab) -> None:
    page = tab.page
    page.locator(".card .open").nth(299).click()
    page.keyboard.press("j")
    assert page.locator("#view .position").inner_text() == "Foto 301 dari 310"
    page.keyboard.press("Escape")
    assert page.locator("#tools .page").inner_text() == "Halaman 2 dari 2"
    assert (
        page.locator(".card")
        .nth(300)
        .locator(".open")
        .evaluate("button => button === document.activeElement")
    )


def test_counts_come_first(tab: Tab) -> None:
    assert tab.page.evaluate(
        "document.querySelector('#summary').compareDocumentPosition("
        "document.querySelector('#cards')) & Node.DOCUMENT_POSITION_FOLLOWING"
    )


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_is_cut_off_and_colours_follow_the_person(
    browser: Browser, address: str, width: int, dark: bool
) -> None:
    with open_tab(browser, width, 844, dark=dark) as tab:
        tab.page.goto(address)
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= width
        paper = tab.page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (sum(int(v) for v in paper[4:-1].split(",")) < 200) == dark
        tab.page.keyboard.press("j")
        tab.page.keyboard.press("Enter")
        box = tab.page.locator("#view .stage img").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert tab.problems == []


def test_on_paper_there_are_no_filters_and_no_dark_colours(browser: Browser, address: str) -> None:
    with open_tab(browser, dark=True) as tab:
        page = tab.page
        page.goto(address)
        page.fill("[name=name]", "-300.jpg")
        page.emulate_media(media="print", color_scheme="dark")
        assert not page.locator("#tools").is_visible()
        assert (
            page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        )
        assert (
            page.locator(".card:visible").evaluate("c => getComputedStyle(c).breakInside")
            == "avoid"
        )
        # Paper says what it leaves out.
        assert page.inner_text("#print-state") == "1 dari 310 foto; Nama berkas: -300.jpg"
        assert page.locator("#unchecked").is_visible()
        assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
        assert tab.problems == []


def test_without_script_everything_is_there(browser: Browser, address: str) -> None:
    plain = browser.new_context(java_script_enabled=False)
    try:
        page = plain.new_page()
        page.goto(address)
        assert page.locator(".card:visible").count() == TOTAL
        assert page.locator("#summary").is_visible()
        assert page.locator("#unchecked").is_visible()
        assert not page.locator("#tools").is_visible()
    finally:
        plain.close()
