"""However the parent ends, no worker outlives it; and no socket is made on the way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

fcntl = pytest.importorskip("fcntl")

REPOSITORY = Path(__file__).resolve().parents[2]
NO_NETWORK = REPOSITORY / "tests" / "cli" / "no_network"

PATIENCE = 60.0
"""Seconds before a test gives up; much longer than anything takes on a busy machine, and much
shorter than the ten minutes that a worker has in hand."""

PARENT = """
import signal
import sys
from functools import partial
from pathlib import Path
from posecheck.opening.refs import PhotoRef
from posecheck.scan.local import LocalEngine
from tests.scan import tiny

if __name__ == "__main__":
    folder, *names = sys.argv[1:]
    if names[0] == "--patient":
        signal.signal(signal.SIGINT, lambda *_: None)
        print(names.pop(0)[2:], flush=True)
    refs = [PhotoRef(name) for name in names]
    for outcome in LocalEngine(2).run(partial(tiny.make_locking, Path(folder)), refs):
        print(outcome.ref, flush=True)
        if outcome.ref.path == "/wait":
            sys.stdin.read()
"""


class Parent:
    """A process that runs the engine; each of its workers holds a lock in `folder`."""

    def __init__(self, folder: Path, *photos: str) -> None:
        script = folder / "parent.py"
        script.write_text(PARENT)
        self.locks = folder / "locks"
        self.locks.mkdir()
        path = os.pathsep.join([str(REPOSITORY), str(NO_NETWORK)])
        self.process = subprocess.Popen(
            [sys.executable, str(script), str(self.locks), *photos],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=folder,
            env={**os.environ, "PYTHONPATH": path},
            start_new_session=True,
        )

    def workers(self) -> int:
        """How many workers there are: locks that somebody holds."""
        return sum(is_held(path) for path in self.locks.glob("*.lock"))

    def wait_for_workers(self, n: int) -> None:
        until = time.monotonic() + PATIENCE
        while self.workers() != n:
            assert time.monotonic() < until, f"{self.workers()} workers are left, not {n}"
            time.sleep(0.05)

    def line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def words(self) -> tuple[str, str]:
        """What is left of its output, up to the end of it and of every process it began."""
        return self.process.communicate(timeout=PATIENCE)


def is_held(path: Path) -> bool:
    with path.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


@pytest.fixture
def parents() -> Iterator[list[Parent]]:
    begun: list[Parent] = []
    yield begun
    for parent in begun:
        if parent.process.poll() is None:
            os.killpg(parent.process.pid, signal.SIGKILL)


def start(parents: list[Parent], folder: Path, *photos: str) -> Parent:
    parent = Parent(folder, *photos)
    parents.append(parent)
    return parent


def test_the_engine_makes_no_socket(tmp_path: Path, parents: list[Parent]) -> None:
    """Neither here nor in a worker: any would raise, see tests/cli/no_network."""
    parent = start(parents, tmp_path, "/0", "/1", "/2")
    out, err = parent.words()
    assert (sorted(out.split()), err) == (["/0", "/1", "/2"], "")
    assert parent.process.returncode == 0


@pytest.mark.parametrize("photos", [("/long", "/long"), ("/0", "/wait")], ids=["busy", "idle"])
def test_no_worker_outlives_a_parent_that_was_killed(
    tmp_path: Path, parents: list[Parent], photos: tuple[str, ...]
) -> None:
    parent = start(parents, tmp_path, *photos)
    if "/wait" in photos:
        while parent.line() != "/wait":
            assert parent.process.poll() is None
    parent.wait_for_workers(2)
    parent.process.kill()
    parent.wait_for_workers(0)
    assert parent.words() == ("", "")


def test_ctrl_c_ends_everything_at_once(tmp_path: Path, parents: list[Parent]) -> None:
    """The terminal sends it to the parent and to every worker."""
    parent = start(parents, tmp_path, "/long", "/long")
    parent.wait_for_workers(2)
    os.killpg(parent.process.pid, signal.SIGINT)
    out, err = parent.words()
    assert parent.workers() == 0
    assert parent.process.returncode == -signal.SIGINT
    assert (out, err.count("Traceback")) == ("", 1)  # the parent's own


def test_ctrl_c_is_the_parents_alone_to_answer(tmp_path: Path, parents: list[Parent]) -> None:
    """From the first moment of a worker: one that began to answer it would say so on stderr."""
    parent = start(parents, tmp_path, "--patient", *(f"/{n}" for n in range(6)))
    assert parent.line() == "patient"
    until = time.monotonic() + PATIENCE
    while parent.process.poll() is None and time.monotonic() < until:
        os.killpg(parent.process.pid, signal.SIGINT)
        time.sleep(0.005)
    out, err = parent.words()
    assert (sorted(out.split()), err) == ([f"/{n}" for n in range(6)], "")
