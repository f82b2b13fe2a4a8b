"""A real browser for tests: Debian's chromium, headless, driven by playwright.

playwright talks to the browser over a pipe, so that it works where tests may not connect to
anything.  It downloads nothing: the browser is the one that is installed.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

NAMES = ("chromium", "chromium-browser", "google-chrome")

FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    # Without these it looks for its maker's servers at every start.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(frozen=True)
class Tab:
    """A page in a browser, and what went wrong on it.

    Attributes:
        page: To click, type and look with.
        problems: Console errors and warnings (a violated content security policy is one),
            uncaught exceptions, requests that failed.
        requests: Every address that was asked for, data: addresses left out.
    """

    page: Page
    problems: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


@contextmanager
def open_browser() -> Iterator[Browser]:
    """A fresh browser without any profile; the test is skipped where there is none installed."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    program = next((found for name in NAMES if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip("chromium is not installed")
    flags = list(FLAGS)
    # Its sandbox refuses to run for root, which tests in containers are.
    if sys.platform == "linux" and os.geteuid() == 0:
        flags.append("--no-sandbox")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=flags)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def open_tab(
    browser: Browser, width: int = 1280, height: int = 900, *, dark: bool = False
) -> Iterator[Tab]:
    """An empty page of its own: no cookies and no storage of earlier ones.

    Args:
        browser: From `open_browser`.
        width: Of the window, in CSS pixels; 390 is a phone.
        height: Of the window.
        dark: Whether the person prefers dark colours.
    """
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if dark else "light",
        locale="id-ID",
    )
    context.set_default_timeout(10_000)
    tab = Tab(context.new_page())
    tab.page.on(
        "console",
        lambda message: (
            tab.problems.append(f"{message.type}: {message.text}")
            if message.type in {"error", "warning"}
            else None
        ),
    )
    tab.page.on("pageerror", lambda error: tab.problems.append(f"uncaught: {error}"))
    tab.page.on("requestfailed", lambda asked: tab.problems.append(f"failed: {asked.url[:200]}"))
    tab.page.on(
        "request",
        lambda asked: None if asked.url.startswith("data:") else tab.requests.append(asked.url),
    )
    try:
        yield tab
    finally:
        context.close()


def wait_until(page: Page, condition: Callable[[], object], seconds: float = 10) -> None:
    """Wait for what a page does a little later.

    `page.wait_for_function` is no choice: it uses eval, which the pages' content security policies
    refuse.
    """
    for _ in range(round(20 * seconds)):
        if condition():
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"this did not come true within {seconds} seconds")
