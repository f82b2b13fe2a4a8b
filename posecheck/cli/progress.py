"""One line on a terminal that says how far the run is; nothing anywhere else."""

from __future__ import annotations

import shutil
from typing import TextIO

from posecheck.report.plain import visible
from posecheck.report.texts import Texts


class Progress:
    """Shows which photo is being checked."""

    def __init__(self, say: Texts, total: int, stream: TextIO, wanted: bool = True) -> None:
        """Prepare the line.

        Args:
            say: Words of the chosen language.
            total: Photos in this run.
            stream: Where the line goes; only a terminal gets one.
            wanted: False keeps quiet even there.
        """
        self._say = say
        self._total = total
        self._stream = stream
        # For a single photo the line would be gone before anybody has read it.
        self._shows = wanted and total > 1 and stream.isatty()
        self._drawn = 0

    def show(self, n: int, name: str) -> None:
        """Say that photo `n` of the run, counted from 1, is being checked."""
        if not self._shows:
            return
        columns = shutil.get_terminal_size().columns - 1
        line = self._say("progress.checking", n=n, total=self._total, name=visible(name))
        self.clear()
        self._write(line[:columns])
        self._drawn = len(line[:columns])

    def clear(self) -> None:
        """Take the line away, so that something else can be written there."""
        if self._drawn:
            # Blanks instead of an escape sequence: old Windows consoles print those.
            self._write("\r" + " " * self._drawn + "\r")
            self._drawn = 0

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()
