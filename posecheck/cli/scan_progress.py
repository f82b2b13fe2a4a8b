"""How far a scan is: one line that is drawn over on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import shutil
import time
from collections import deque
from collections.abc import Callable
from typing import TextIO

from posecheck.report.texts import Texts

DRAWN_EVERY = 0.2
"""Seconds between two drawings on a terminal."""

WRITTEN_EVERY = 30.0
"""Seconds between two lines in a log."""

WINDOW = 60.0
"""Seconds that the rate is averaged over: photos differ, and so do folders."""


class ScanProgress:
    """Shows done and total, photos a second, time left, and what was found so far."""

    def __init__(
        self,
        say: Texts,
        stream: TextIO,
        *,
        wanted: bool = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare it.

        Args:
            say: Words of the chosen language, those of the part "scan" included.
            stream: Where lines go.
            wanted: False keeps quiet.
            clock: Seconds that only ever grow.
        """
        self._say = say
        self._stream = stream
        self._wanted = wanted
        self._drawn_over = stream.isatty()
        self._clock = clock
        self._told = clock()
        self._drawn = 0
        self._total = self._done = self._found = 0
        self._recent: deque[tuple[float, int]] = deque()

    def listing(self, n: int) -> None:
        """Say that `n` files were listed so far."""
        self._show(self._say("scan.listing", n=n))

    def begin(self, total: int, done: int, found: int) -> None:
        """Say that checking begins.

        Args:
            total: Photos of the scan.
            done: Those that were done before.
            found: Photos among these that resemble something.
        """
        self._total, self._done, self._found = total, done, found
        self._recent.clear()
        self._recent.append((self._clock(), done))

    def step(self, found: bool) -> None:
        """Say that one more photo is done, and whether it resembles something."""
        self._done += 1
        self._found += found
        now = self._clock()
        self._recent.append((now, self._done))
        # Two points are kept however far apart they are: there is always a rate to tell.
        while len(self._recent) > 2 and now - self._recent[0][0] > WINDOW:
            self._recent.popleft()
        self._show(self.line())

    def line(self) -> str:
        """The line as it stands."""
        (start, before), (end, after) = self._recent[0], self._recent[-1]
        facts = {"done": self._done, "total": self._total, "found": self._found}
        if end <= start or after <= before:
            return self._say("scan.line_first", **facts)
        rate = (after - before) / (end - start)
        left = duration((self._total - self._done) / rate)
        return self._say("scan.line", rate=_rate(rate, self._say), left=left, **facts)

    def clear(self) -> None:
        """Take the line away, so that something else can be written there."""
        if self._drawn:
            self._write("\r" + " " * self._drawn + "\r")
            self._drawn = 0

    def _show(self, text: str) -> None:
        every = DRAWN_EVERY if self._drawn_over else WRITTEN_EVERY
        now = self._clock()
        if not self._wanted or now - self._told < every:
            return
        self._told = now
        if not self._drawn_over:
            self._write(text + "\n")
            return
        text = text[: shutil.get_terminal_size().columns - 1]
        self.clear()
        self._write(text)
        self._drawn = len(text)

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()


def duration(seconds: float) -> str:
    """Hours, minutes and seconds as `1:02:03`."""
    whole = max(0, round(seconds))
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}"


def _rate(rate: float, say: Texts) -> str:
    text = f"{rate:.1f}" if rate < 100 else f"{rate:.0f}"
    return text.replace(".", ",") if say.lang == "id" else text
