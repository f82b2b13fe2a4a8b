"""The page in a real browser: keys, reloading, a crash in between, and attempts to inject."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from posecheck.casefile.case import open_case
from posecheck.casefile.types import Decision, Verdict
from tests.browser import Tab, open_browser, open_tab
from tests.review.made import a_case
from tests.review.serving import served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

INJECTING = "<img src=x onerror=document.title='taken'>.jpg"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


def decisions(case_path: Path, sha256: str) -> list[Decision]:
    with open_case(case_path) as case:
        return case.decisions(sha256)


def standing(page: Page) -> str:
    return page.locator(".standing").inner_text()


def press(page: Page, key: str) -> None:
    """Press a key that leads to another page, and wait for that."""
    with page.expect_navigation():
        page.keyboard.press(key)


def assert_only_ours(tab: Tab, address: str) -> None:
    origin = address.split("?")[0]
    # Going on to the next photo gives up what the page still waits for; errors are told apart.
    aborted = f"failed: {origin}"
    assert [each for each in tab.problems if not each.startswith(aborted)] == []
    assert [each for each in tab.requests if not each.startswith(origin)] == []


def test_photos_are_decided_by_keyboard_and_survive_crashes(
    browser: Browser, tmp_path: Path
) -> None:
    case_path, kept = a_case(tmp_path)
    a, b, c = (photo.sha256 for photo in kept)
    with open_tab(browser) as tab, served(case_path) as (address, process):
        page = tab.page
        page.goto(address)
        assert "token" not in page.url
        page.keyboard.type("Sari Wulandari")
        press(page, "Enter")
        assert a in page.url
        assert page.locator("#picture").evaluate("image => image.naturalWidth") == 160
        # What is typed into the note is a note, and no decision.
        page.keyboard.press("c")
        page.keyboard.type("123 mtb nu?")
        assert a in page.url
        page.keyboard.press("Escape")
        press(page, "1")
        assert b in page.url
        [decision] = decisions(case_path, a)
        assert (decision.verdict, decision.note) == (Verdict.RESEMBLES, "123 mtb nu?")
        assert decision.reviewer == "Sari Wulandari"
        # One hand, then the other, which is chosen by then.
        page.keyboard.press("h")
        assert page.locator(".mark.chosen").get_attribute("data-hand") == "1"
        press(page, "t")
        assert page.locator("input[name=hand]:checked").get_attribute("value") == "2"
        press(page, "b")
        assert c in page.url
        assert [len(each.findings) for each in decisions(case_path, b)] == [1, 1]
        press(page, "p")
        assert "belum jelas" in standing(page)
        press(page, "u")
        assert "Sebagian" in standing(page)
        press(page, "p")
        assert "menyerupai" in standing(page)
        page.reload()
        assert "menyerupai" in standing(page)
        assert page.locator("#note").input_value() == "123 mtb nu?"
        # The program dies without a word; another one shows what was said.
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        assert_only_ours(tab, address)
    with open_tab(browser) as tab, served(case_path, "Budi") as (address, _):
        page = tab.page
        page.goto(address)
        press(page, "p")
        assert a in page.url
        assert "Diputuskan: menyerupai" in standing(page)
        assert "oleh Sari Wulandari" in standing(page)
        press(page, "u")
        assert "Belum diputuskan" in standing(page)
        assert decisions(case_path, a)[-1].undoes == decisions(case_path, a)[0].id
        assert_only_ours(tab, address)


def test_names_and_notes_do_nothing(browser: Browser, tmp_path: Path) -> None:
    case_path, kept = a_case(tmp_path, [INJECTING, "b.jpg"])
    with open_tab(browser) as tab, served(case_path, INJECTING) as (address, _):
        page = tab.page
        page.goto(address)
        page.locator("#note").fill(f"</textarea>{INJECTING}<script>document.title='taken'</script>")
        page.get_by_role("button", name="Menyerupai").click()
        page.wait_for_url(f"**/photo/{kept[1].sha256}")
        press(page, "p")
        page.get_by_text("Riwayat keputusan").click()
        assert page.locator(".history .said").inner_text().startswith("</textarea><img")
        assert page.locator("h1").inner_text() == INJECTING
        page.wait_for_load_state("networkidle")
        assert page.title().startswith(INJECTING)
        assert page.locator("img[src=x]").count() == 0
        assert_only_ours(tab, address)


def test_it_works_without_script_as_well(browser: Browser, tmp_path: Path) -> None:
    case_path, kept = a_case(tmp_path, ["a.jpg", "b.jpg"])
    context = browser.new_context(java_script_enabled=False)
    with served(case_path) as (address, _):
        page = context.new_page()
        page.goto(address)
        page.get_by_label("Nama peninjau").fill("Sari")
        page.get_by_role("button", name="Mulai meninjau").click()
        page.locator("label[for=boxes]").click()
        assert not page.locator(".marks").is_visible()
        page.get_by_text("jempol, menyerupai nomor 1").click()
        page.get_by_label("Catatan").fill("baris satu\nbaris dua")
        page.get_by_role("button", name="Tidak").click()
        [decision] = decisions(case_path, kept[0].sha256)
        assert [finding.gesture for finding in decision.findings] == ["thumb_up"]
        assert decision.note == "baris satu\nbaris dua"
        page.get_by_role("button", name="Urungkan").click()
        assert decisions(case_path, kept[0].sha256)[-1].undoes == decision.id
        page.get_by_role("link", name="Lanjut").click()
        assert kept[1].sha256 in page.url
    context.close()


def test_another_page_in_the_same_browser_can_do_nothing(browser: Browser, tmp_path: Path) -> None:
    case_path, kept = a_case(tmp_path)
    sha256 = kept[0].sha256
    with (
        open_tab(browser) as tab,
        served(case_path, "Sari") as (address, _),
        served(case_path, "Sari") as (other, _),
    ):
        tab.page.goto(address)
        mine = tab.page.url
        # A page of another port is the same site for cookies, and a form needs no permission.
        tab.page.goto(other)
        assert tab.page.url.split("/photo/")[0] != mine.split("/photo/")[0]
        outcome = tab.page.evaluate(
            """async (url) => {
                try {
                    const answer = await fetch(url, {method: "POST", mode: "no-cors",
                        credentials: "include", body: new URLSearchParams({verdict: "unclear"})});
                    return answer.type;
                } catch (error) { return "blocked"; }
            }""",
            mine + "/decision",
        )
        assert outcome == "blocked"  # by the other page's own policy, before ours is asked
        with open_tab(browser) as plain:
            plain.page.context.add_cookies(
                [
                    {"name": each["name"], "value": each["value"], "url": mine}
                    for each in tab.page.context.cookies(mine)
                ]
            )
            plain.page.set_content(
                f'<form method="post" action="{mine}/decision">'
                '<input name="verdict" value="unclear"><button>send</button></form>'
            )
            plain.page.get_by_role("button").click()
            plain.page.wait_for_url(f"{mine}/decision")
            assert "alamat lengkap" in plain.page.inner_text("body")
        assert decisions(case_path, sha256) == []


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_everything_fits_and_can_be_pressed(
    browser: Browser, tmp_path: Path, width: int, height: int, dark: bool
) -> None:
    case_path, _ = a_case(tmp_path, ["nama berkas yang sangat panjang " * 6 + ".jpg", "b.jpg"])
    with open_tab(browser, width, height, dark=dark) as tab, served(case_path, "Sari") as opened:
        page = tab.page
        page.goto(opened[0])
        page.wait_for_load_state("networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for button in page.locator(".bar .button, .tool, .menu .button").all():
            box = button.bounding_box()
            assert box is not None
            assert box["height"] >= 40
            assert box["width"] >= 40
        for verdict in page.locator(".say").all():
            box = verdict.bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= height
        picture = page.locator(".frame").bounding_box()
        assert picture is not None
        assert picture["width"] >= 0.7 * width
        assert page.evaluate(CONTRAST) == []
        assert_only_ours(tab, opened[0])


CONTRAST = """() => {
    // WCAG 2.1: 4.5 for text, with what is really behind it.
    const parse = (colour) => colour.match(/[0-9.]+/g).map(Number);
    const luminance = (rgb) => {
        const [r, g, b] = rgb.map((v) => {
            v /= 255;
            return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const behind = (element) => {
        for (let at = element; at; at = at.parentElement) {
            const colour = parse(getComputedStyle(at).backgroundColor);
            if (colour.length === 3 || colour[3] === 1) return colour.slice(0, 3);
        }
        return [255, 255, 255];
    };
    const poor = [];
    for (const element of document.querySelectorAll("body *")) {
        const own = [...element.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
        const box = element.getBoundingClientRect();
        if (!own || box.width < 3 || element.closest("kbd, .off, svg, option")) continue;
        const front = luminance(parse(getComputedStyle(element).color).slice(0, 3));
        const back = luminance(behind(element));
        const ratio = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
        if (ratio < 4.5) poor.push([element.textContent.trim().slice(0, 40), ratio]);
    }
    return poor;
}"""
