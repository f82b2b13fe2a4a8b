"""The first photo, opened while the networks are loaded: both are native code, on a core each."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from threading import Thread

from posecheck.checker import Checker
from posecheck.opening import Limits, Photo, open_photo
from posecheck.results import PhotoResult


class OpenedAhead:
    """A photo that a thread opens, and the first that is checked.

    Args:
        photo: A path, or the bytes of a file.
        limits: Largest file and picture that are opened.
    """

    def __init__(self, photo: Path | bytes, limits: Limits) -> None:
        self._photo = photo
        self._limits = limits
        self._opened: Photo | None = None
        self._seconds = 0.0
        # A daemon, so that Ctrl-C does not wait for it.
        self._thread = Thread(target=self._open, daemon=True)
        self._thread.start()

    def _open(self) -> None:
        started = time.perf_counter()
        try:
            self._opened = open_photo(self._photo, self._limits)
        except Exception:
            # Opened once more by whoever checks it, it says what is wrong.
            return
        self._seconds = time.perf_counter() - started

    def check(self, checker: Checker) -> PhotoResult:
        """What `checker` says of the photo; to be called once."""
        self._thread.join()
        opened, self._opened = self._opened, None
        if opened is None:
            return checker.check(self._photo)
        result = checker.check(opened)
        return replace(result, elapsed_ms=result.elapsed_ms + self._seconds * 1000)
