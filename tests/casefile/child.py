"""Processes for `test_durability`: they say on stdout what the case file has taken, and are killed.

`python -m tests.casefile.child killed CASE ROUNDS SEED` scans and decides in one forked process
after the other, each of which is killed at a random moment.  `... together CASE PHOTOS` scans in
one process and decides in another at the same time.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

from posecheck.casefile.case import open_case
from posecheck.casefile.queue import Queue
from posecheck.casefile.selection import Selection
from posecheck.casefile.types import Verdict
from tests.casefile.made import JPEG, RECIPE, crowd, entry, plain, record_of, sha

UNDECIDED = Selection(verdicts=frozenset({None}))


def say(*words: object) -> None:
    """A line that is there whole or not at all, whatever happens next."""
    os.write(1, (" ".join(str(word) for word in words) + "\n").encode())


def scan_and_decide(path: Path, names: list[str]) -> None:
    """One run of a scan, with a decision on every third photo."""
    with open_case(path, create=True) as case:
        queue = Queue(case, RECIPE, ["/foto"])
        queue.enlist([entry(name) for name in names])
        for number, file in enumerate(queue.pending()):
            if number % 5 == 0:
                queue.fail(file, "unreadable", "gone")
                say("failed", file.ref)
                continue
            result = crowd(file.ref.path)
            queue.store(file, record_of(file, result), [("preview", JPEG * 300)])
            say("stored", file.ref, result.sha256)
            if number % 3 == 0:
                kept = case.decide(result.sha256, Verdict.UNCLEAR, reviewer="Sari")
                say("decided", kept.id, result.sha256)
        queue.end(finished=True, told_of={})


def forked(work: Callable[[], None], stdout: int = 1) -> int:
    """Do something in a process of its own; its number."""
    process = os.fork()
    if process:
        return process
    try:
        os.dup2(stdout, 1)
        work()
        os._exit(0)
    except BaseException:
        traceback.print_exc()
        os._exit(1)


def killed(path: Path, rounds: int, seed: int) -> None:
    """Scan, be killed, go on."""
    chance = random.Random(seed)
    for number in range(rounds):
        # Some files are new, the others are those of the rounds before.
        names = [f"{each}.jpg" for each in range(40 * (number + 1))]
        reading, writing = os.pipe()
        process = forked(partial(scan_and_decide, path, names), writing)
        os.close(writing)
        with os.fdopen(reading) as lines:
            for _ in range(chance.choice([0, 1, 5, 10, 20, 40])):
                say(*lines.readline().split())
            time.sleep(chance.uniform(0, 0.02))
            os.kill(process, signal.SIGKILL)
            _, status = os.waitpid(process, 0)
            for line in lines:
                say(*line.split())
        say("ended", os.waitstatus_to_exitcode(status))
        if path.exists():
            with closing(sqlite3.connect(path)) as connection:
                say("integrity", connection.execute("PRAGMA integrity_check").fetchone()[0])
                say("strays", len(connection.execute("PRAGMA foreign_key_check").fetchall()))


def decide_all(path: Path, photos: int) -> None:
    """Decide on everything as it appears, and take half of it back."""
    decided: set[str] = set()
    with open_case(path) as case:
        while len(decided) < photos:
            for sha256 in case.hashes(UNDECIDED):
                if sha256 not in decided:
                    kept = case.decide(sha256, Verdict.DIFFERENT, reviewer="Budi")
                    if len(decided) % 2:
                        case.undo(kept.id, reviewer="Budi")
                    decided.add(sha256)
                    say("decided", kept.id, sha256)


def together(path: Path, photos: int) -> None:
    """Scan and decide at the same time."""

    def scan() -> None:
        with open_case(path) as case:
            queue = Queue(case, RECIPE, ["/foto"])
            queue.enlist([entry(f"{number}.jpg") for number in range(2 * photos)])
            for number, file in enumerate(queue.pending()):
                result = crowd(number) if number % 2 else plain(number)
                if not queue.link_if_fresh(file, sha(number)):
                    queue.store(file, record_of(file, result))
                say("stored", file.ref, result.sha256)

    open_case(path, create=True).close()
    processes = [forked(scan), forked(lambda: decide_all(path, photos))]
    for process in processes:
        _, status = os.waitpid(process, 0)
        say("ended", os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    mode, case, *numbers = sys.argv[1:]
    if mode == "killed":
        killed(Path(case), int(numbers[0]), int(numbers[1]))
    else:
        together(Path(case), int(numbers[0]))
