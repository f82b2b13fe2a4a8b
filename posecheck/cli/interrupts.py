"""Ctrl-C once lets a scan finish what is in hand; twice stops it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def stopped_by_signals(stop: threading.Event, tell: Callable[[], None]) -> Iterator[None]:
    """Set `stop` on the first interrupt or request to end; the second raises.

    Args:
        stop: What those who work look at between two photos.
        tell: Says that the work in hand is being finished.

    Raises:
        KeyboardInterrupt: At the second signal.
    """

    def handle(number: int, frame: FrameType | None) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()
        tell()

    watched = [signal.SIGINT, signal.SIGTERM]
    before = {number: signal.signal(number, handle) for number in watched}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
