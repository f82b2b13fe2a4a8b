"""The line that says how far a scan is, with a clock that the test moves."""

from __future__ import annotations

import io

import pytest

from posecheck.cli.scan_progress import WRITTEN_EVERY, ScanProgress, duration
from posecheck.report.texts import load


class Stream(io.StringIO):
    """A stream that is a terminal or not."""

    def __init__(self, terminal: bool) -> None:
        super().__init__()
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal


class Clock:
    """Seconds that stand still until they are moved."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def progress(
    *, terminal: bool, lang: str = "en", wanted: bool = True
) -> tuple[ScanProgress, Stream, Clock]:
    stream, clock = Stream(terminal), Clock()
    say = load(lang, "scan")
    return ScanProgress(say, stream, wanted=wanted, clock=clock), stream, clock


def test_a_terminal_sees_rate_time_left_and_findings() -> None:
    shown, stream, clock = progress(terminal=True)
    shown.begin(total=1000, done=100, found=3)
    for n in range(10):
        clock.now += 0.5
        shown.step(found=n == 0)
    assert stream.getvalue().split("\r")[-1] == (
        "110/1000 photos, 2.0 a second, 0:07:25 left, found so far: 4"
    )
    shown.clear()
    assert stream.getvalue().endswith(" \r")


def test_indonesian_numbers_have_a_comma() -> None:
    shown, _, clock = progress(terminal=True, lang="id")
    shown.begin(10, 0, 0)
    clock.now += 2
    shown.step(found=False)
    assert shown.line() == "1/10 foto, 0,5 per detik, sisa 0:00:18, ditemukan: 0"


def test_a_log_gets_a_line_now_and_then() -> None:
    shown, stream, clock = progress(terminal=False)
    shown.begin(total=10_000, done=0, found=0)
    for _ in range(600):
        clock.now += 0.25
        shown.step(found=False)
    lines = stream.getvalue().splitlines()
    assert len(lines) == 600 * 0.25 // WRITTEN_EVERY
    assert lines[0].startswith("120/10000 photos, 4.0 a second")
    assert "\r" not in stream.getvalue()


def test_what_was_done_before_is_no_part_of_the_rate() -> None:
    shown, _, clock = progress(terminal=True)
    shown.begin(total=1_000_000, done=999_998, found=0)
    assert "a second" not in shown.line()
    clock.now += 10
    shown.step(found=False)
    assert "0.1 a second, 0:00:10 left" in shown.line()


def test_quiet_is_quiet() -> None:
    shown, stream, clock = progress(terminal=True, wanted=False)
    clock.now += 100
    shown.listing(5)
    shown.begin(2, 0, 0)
    clock.now += 100
    shown.step(found=True)
    shown.clear()
    assert stream.getvalue() == ""


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00:00"), (59.6, "0:01:00"), (3723, "1:02:03"), (360_000, "100:00:00")],
)
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text
