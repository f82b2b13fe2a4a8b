"""Ending a program in the middle of what it does: at a moment, or at one of its writes."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.reliability.program import run, start
from tests.reliability.shim import faults, library


@dataclass(frozen=True)
class Course:
    """What a run takes when nobody disturbs it.

    Attributes:
        seconds: How long.
        writes: Operations on files under the folder that is written to; 0 without the shim.
    """

    seconds: float
    writes: int


def measure(under: Path, *arguments: object) -> Course:
    """Run posecheck to its end."""
    count = under.parent / "count"
    env = faults(under, count=count) if library() else {}
    began = time.monotonic()
    run(*arguments, env=env)
    seconds = time.monotonic() - began
    writes = int(count.read_text()) if count.exists() else 0
    # Else rounds that should end at a write would quietly end anywhere.
    assert writes or not library(), "the shim counted nothing"
    count.unlink(missing_ok=True)
    return Course(seconds, writes)


def strike(process: subprocess.Popen[str]) -> None:
    """Kill a program with all its children, at once."""
    with suppress(ProcessLookupError):  # it has ended
        os.killpg(process.pid, signal.SIGKILL)


def kill_alone(process: subprocess.Popen[str]) -> bool:
    """Kill a program and not its children; whether all of them end by themselves."""
    process.kill()
    process.communicate()
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    return False


def killed_at_moment(
    draw: random.Random, course: Course, got_on: Callable[[], object], *arguments: object
) -> tuple[str, bool]:
    """Run posecheck and kill it at a random moment.

    Half of the moments are drawn from the whole run, half from what comes once it has got on.

    Returns:
        How it was killed, and whether nothing of it was left running.
    """
    process = start(*arguments)
    late = draw.random() < 0.5
    deadline = time.monotonic() + 60
    while late and not got_on() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(draw.uniform(0, course.seconds * (0.3 if late else 1.0)))
    if draw.random() < 0.25:
        return "alone", kill_alone(process)
    strike(process)
    process.communicate()
    return "group", True


def killed_at_write(
    draw: random.Random, course: Course, under: Path, *arguments: object
) -> tuple[str, bool]:
    """Run posecheck and kill its group at one of its writes, or in the middle of it."""
    how = draw.choice(["kill", "torn"])
    env = faults(under, at=draw.randint(1, course.writes), how=how)
    process = start(*arguments, env=env)
    process.communicate(timeout=1200)
    return how, True
