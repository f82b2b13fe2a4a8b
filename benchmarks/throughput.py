"""Throughput of `posecheck scan` with one worker and with two.

    python -m benchmarks.throughput [--count 32] [--turns 4]

Scans a folder of different photos of 1 to 2 megapixels, one in five of a group, with `--jobs 1`
and `--jobs 2` in turns, each time in a new process with a new case file.  Starting up (Python, the
networks, each worker's first photo) is measured in every turn on a folder of two photos and taken
off, so that what is left is what a folder of thousands would see; the ratio with it is printed
too.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from benchmarks.measuring import spread, table
from benchmarks.pictures import album
from benchmarks.scan_memory import FINE, ROOT, command

JOBS = (1, 2)
FEW = 2
"""Photos in the folder that starting up is measured on: one a worker."""


def seconds(photos: Path, case: Path, jobs: int) -> float:
    """Wall seconds of a scan.

    Raises:
        SystemExit: It failed.
    """
    started = time.perf_counter()
    done = subprocess.run(
        command(photos, case, jobs), cwd=ROOT, stdout=subprocess.DEVNULL, check=False
    )
    if done.returncode not in FINE:
        raise SystemExit(f"the scan ended with {done.returncode}")
    return time.perf_counter() - started


def rates(count: int, many: np.ndarray, few: np.ndarray) -> np.ndarray:
    """Photos a second once started, (turns,), from seconds of `count` photos and of `FEW`."""
    return np.asarray((count - FEW) / (many - few))


def report(count: int, many: Mapping[int, np.ndarray], few: Mapping[int, np.ndarray]) -> str:
    """The table, and the ratios under it.

    Args:
        count: Photos in the folder.
        many: Seconds (turns,) of scanning them, for each number of workers.
        few: The same for `FEW` photos.
    """
    head = ("jobs", f"{count} photos, s", "starting up, s", "photos a second once started")
    started = {jobs: rates(count, many[jobs], few[jobs]) for jobs in many}
    rows = [
        [str(jobs), spread(many[jobs], 1), spread(few[jobs], 1), spread(started[jobs], 1)]
        for jobs in many
    ]
    one, two = JOBS
    return (
        f"{table(head, rows)}\n\n"
        f"Throughput of --jobs 2 over --jobs 1: {spread(started[two] / started[one])} "
        f"once started, {spread(many[one] / many[two])} with starting up.  "
        f"{len(many[one])} turns."
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=32)
    parser.add_argument("--turns", type=int, default=4)
    options = parser.parse_args()
    if options.count <= 2 * FEW:
        parser.error(f"--count must be above {2 * FEW}")
    found: dict[int, dict[int, list[float]]] = {
        count: {jobs: [] for jobs in JOBS} for count in (FEW, options.count)
    }
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for count in found:
            album(folder / str(count), count)
        seconds(folder / str(FEW), folder / "first.posecheck", 1)  # fills the file cache
        for turn in range(options.turns):
            for count, of_count in found.items():
                for jobs in JOBS[:: -1 if turn % 2 else 1]:
                    case = folder / f"{turn}_{count}_{jobs}.posecheck"
                    of_count[jobs].append(seconds(folder / str(count), case, jobs))
    few, many = ({jobs: np.array(s) for jobs, s in found[n].items()} for n in found)
    print(report(options.count, many, few))


if __name__ == "__main__":
    main()
