"""Loaded by Python at start-up when this folder is on PYTHONPATH: forbids every socket."""

from __future__ import annotations

import sys


def _forbid(event: str, _arguments: tuple[object, ...]) -> None:
    if event.startswith("socket."):
        raise RuntimeError(f"network touched: {event}")


# An audit hook cannot be taken off again and also sees sockets made by C code through Python.
sys.addaudithook(_forbid)
