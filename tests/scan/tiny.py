"""Small functions that worker processes load, and what tests say of them."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from posecheck.errors import ModelError
from posecheck.opening.refs import PhotoRef
from posecheck.scan.engine import PhotoFunction, PhotoRecord


def refs(n: int) -> list[PhotoRef]:
    return [PhotoRef(f"/{i}") for i in range(n)]


def numbers(names: Iterable[PhotoRef]) -> list[int]:
    return sorted(int(ref.path[1:]) for ref in names)


def make_plain() -> PhotoFunction:
    return partial(_each, Path(), {}, False)


def make_marking(folder: Path, faults: dict[str, str], once: bool = False) -> PhotoFunction:
    """A function that notes when it works on what, and fails on some photos.

    Args:
        folder: Where the notes go, see `notes`.
        faults: Path of a photo to how the function fails on it: "exit", "kill", "raise", "sleep".
        once: Fail on each only the first time.
    """
    return partial(_each, folder, faults, once)


def make_slow(folder: Path, seconds: float) -> PhotoFunction:
    time.sleep(seconds)
    return make_marking(folder, {})


def make_unloadable() -> PhotoFunction:
    raise ModelError("the model is missing", "Install again.")


def make_unforeseen() -> PhotoFunction:
    raise ZeroDivisionError("of all things")


def make_ending() -> PhotoFunction:
    os._exit(7)


def make_starting_badly(folder: Path) -> PhotoFunction:
    """The first worker that loads it ends."""
    try:
        (folder / "started").touch(exist_ok=False)
    except FileExistsError:
        return make_plain()
    os._exit(7)


def make_unpicklable() -> PhotoFunction:
    return _unpicklable


def make_locking(folder: Path) -> PhotoFunction:
    """Work for ten minutes on /long, and hold a lock for as long as the process is there."""
    import fcntl

    file = (folder / f"{os.getpid()}.lock").open("w")
    fcntl.flock(file, fcntl.LOCK_EX)
    return partial(_long, file)


def notes(folder: Path) -> Iterator[tuple[str, str, int]]:
    """In the order of time: "begin" or "end", path of the photo, process."""
    for line in (folder / "notes").read_text().splitlines():
        what, path, pid = line.split()
        yield what, path, int(pid)


def _note(folder: Path, what: str, ref: PhotoRef) -> None:
    # One short write to a file opened for appending is never mixed with another.
    with (folder / "notes").open("ab", buffering=0) as file:
        file.write(f"{what} {ref.path} {os.getpid()}\n".encode())


def _each(
    folder: Path, faults: dict[str, str], once: bool, photos: Sequence[PhotoRef]
) -> list[PhotoRecord]:
    return [_one(folder, faults, once, ref) for ref in photos]


def _one(folder: Path, faults: dict[str, str], once: bool, ref: PhotoRef) -> PhotoRecord:
    if not folder.name:
        return PhotoRecord(ref, {"path": ref.path, "pid": os.getpid()})
    first = ("begin", ref.path) not in [note[:2] for note in notes(folder)]
    _note(folder, "begin", ref)
    fault = faults.get(ref.path, "") if first or not once else ""
    if fault == "exit":
        os._exit(9)
    elif fault == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif fault == "raise":
        raise ValueError("an odd photo")
    elif fault == "sleep":
        time.sleep(600)
    time.sleep(0.02)
    _note(folder, "end", ref)
    return PhotoRecord(ref, {"path": ref.path, "pid": os.getpid()})


def _unpicklable(photos: Sequence[PhotoRef]) -> list[PhotoRecord]:
    return [PhotoRecord(ref, {"function": lambda: None}) for ref in photos]


def _long(_lock: object, photos: Sequence[PhotoRef]) -> list[PhotoRecord]:
    for ref in photos:
        if ref.path == "/long":
            time.sleep(600)
    return [PhotoRecord(ref, {"pid": os.getpid()}) for ref in photos]
