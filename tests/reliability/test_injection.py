"""Words in a photo, in its name, in its folder's name and in a note do nothing in a browser."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from posecheck.casefile.case import open_case
from posecheck.casefile.types import Verdict
from posecheck.cli.main import main
from tests.browser import open_browser, open_tab
from tests.review.serving import served

if TYPE_CHECKING:
    from playwright.sync_api import Browser

TAKES = "<img src=x onerror=document.title='taken'>"
SCRIPT = "</textarea></script><script>document.title='taken'</script>"
FOLDER = "<svg onload=document.title='taken'>"

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no such names there")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def case(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A case file over one photo that is full of markup, scanned and decided."""
    folder = tmp_path_factory.mktemp("kasus")
    exif = Image.Exif()
    for tag in (0x010E, 0x010F, 0x0110, 0x0131, 0x013B, 0x8298):
        exif[tag] = f"exif {TAKES}{SCRIPT}"
    exif.get_ifd(0x8769).update({0x9003: TAKES, 0x9286: b"ASCII\0\0\0" + SCRIPT.encode()})
    file = io.BytesIO()
    with Image.open(repository / "samples" / "peace.jpg") as sample:
        sample.convert("RGB").save(
            file, "JPEG", quality=92, exif=exif, comment=SCRIPT.encode(),
            xmp=f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{TAKES}</x:xmpmeta>".encode(),
        )  # fmt: skip
    photo = folder / FOLDER / f"{TAKES}.jpg"
    photo.parent.mkdir()
    photo.write_bytes(file.getvalue())
    (folder / FOLDER / f"{TAKES}\n{TAKES}.jpg").write_bytes(b"\xff\xd8\xff" + SCRIPT.encode())
    path = folder / "<b>k<b>.posecheck"
    assert main(["scan", str(folder / FOLDER), "--case", str(path), "--jobs", "1", "-q"]) == 3
    with open_case(path) as opened:
        [sha256, *_] = opened.hashes()
        opened.decide(sha256, Verdict.RESEMBLES, reviewer=TAKES, note=SCRIPT + TAKES)
    return path


def test_on_the_review_page(browser: Browser, case: Path) -> None:
    with open_case(case) as opened:
        [sha256, *_] = opened.hashes()
    with open_tab(browser) as tab, served(case, TAKES) as (address, _):
        tab.page.goto(address)
        base = tab.page.url.split("/photo/")[0].removesuffix("/done")
        tab.page.goto(f"{base}/photo/{sha256}")
        tab.page.wait_for_load_state("networkidle")
        assert tab.page.locator("h1").inner_text() == f"{TAKES}.jpg"
        assert tab.page.locator("img[src=x], svg[onload]").count() == 0
        assert tab.page.locator("script:not([src])").count() == 0
        assert tab.page.title().startswith(TAKES)
        assert "exif" not in tab.page.content()
        assert [each for each in tab.problems if not each.startswith("failed: ")] == []
        origin = address.split("?")[0]
        assert [each for each in tab.requests if not each.startswith(origin)] == []


def test_on_the_exported_page(browser: Browser, case: Path, tmp_path: Path) -> None:
    page = tmp_path / "out.html"
    assert main(["export", str(case), "-o", str(page)]) == 0
    with open_tab(browser) as tab:
        tab.page.goto(page.as_uri())
        tab.page.wait_for_load_state("networkidle")
        assert tab.page.title() != "taken"
        assert tab.page.locator("img[src=x], svg[onload]").count() == 0
        assert f"{TAKES}.jpg" in tab.page.inner_text("body")
        assert SCRIPT + TAKES in tab.page.inner_text("body")
        assert "exif" not in tab.page.inner_text("body")
        assert tab.problems == []
        assert tab.requests == [page.as_uri()]
