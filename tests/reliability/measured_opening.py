"""The opener in a worker of the scan engine, with what each photo took."""

from __future__ import annotations

import time
import traceback
from collections.abc import Sequence
from pathlib import Path

from posecheck.checker import status_of
from posecheck.errors import PhotoError
from posecheck.opening import Limits, open_photo
from posecheck.opening.refs import PhotoRef
from posecheck.results import Status
from posecheck.scan.engine import LostPhoto, PhotoFunction, PhotoRecord
from posecheck.scan.local import LocalEngine
from tests.reliability.corpus import Bad

PROC = Path("/proc/self")
FAULT = "traceback"
"""The opener raised what is no reason: its own fault."""


def make() -> PhotoFunction:
    """What the engine's workers load."""
    return _each


def open_all(files: Sequence[Bad], *, seconds: float, memory: int) -> dict[str, dict[str, object]]:
    """Open every file in a process that may take so many seconds and bytes.

    Returns:
        By path: "outcome" (a status, or `FAULT`), "reason", "seconds" and "peak_mb" of the whole
        process.  A photo whose process ended or took too long has only the first two.
    """
    engine = LocalEngine(1, seconds, memory)
    found: dict[str, dict[str, object]] = {}
    for outcome in engine.run(make, (PhotoRef(str(bad.path)) for bad in files)):
        if isinstance(outcome, LostPhoto):
            found[outcome.ref.path] = {"outcome": outcome.loss.value, "reason": outcome.detail}
        else:
            found[outcome.ref.path] = outcome.record
    return found


def _each(refs: Sequence[PhotoRef]) -> list[PhotoRecord]:
    return [PhotoRecord(ref, _measured(ref.path)) for ref in refs]


def _measured(path: str) -> dict[str, object]:
    _forget_peak()
    started = time.perf_counter()
    outcome, reason = _opened(path)
    seconds = time.perf_counter() - started
    return {"outcome": outcome, "reason": reason, "seconds": seconds, "peak_mb": _peak_mb()}


def _opened(path: str) -> tuple[str, str]:
    try:
        open_photo(path, Limits())
    except PhotoError as error:
        return status_of(error).value, error.words
    except Exception:
        return FAULT, traceback.format_exc()
    return Status.CHECKED.value, ""


def _forget_peak() -> None:
    if PROC.is_dir():
        (PROC / "clear_refs").write_text("5")  # proc(5): resets VmHWM


def _peak_mb() -> float:
    """Peak of the process since `_forget_peak`; 0 where the system does not tell."""
    if not PROC.is_dir():
        return 0.0
    status = (PROC / "status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1000
