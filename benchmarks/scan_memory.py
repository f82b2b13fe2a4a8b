"""Peak memory and throughput of `posecheck scan` over folders of growing size.

    python -m benchmarks.scan_memory [--counts 200 2000 20000] [--jobs 2] [--megapixels 24]

Scans folders of tiny pictures, or of group photos of so many megapixels, each in a new process
with a new case file, and prints for each: photos a second, the parent's peak resident memory and
the largest worker's.  Linux only.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.album import make_tiny
from benchmarks.pictures import groups

ROOT = Path(__file__).resolve().parents[1]
LOOK_EVERY = 0.1

FINE = (0, 1)
"""Exit codes of a scan that checked everything."""


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--counts", type=int, nargs="+", default=[200, 2000, 20_000])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--megapixels", type=float, help="of group photos, instead of tiny ones")
    options = parser.parse_args()
    print(
        "| photos | seconds | photos a second | parent, MB | largest worker, MB | case file, MB |"
    )
    print("|---|---|---|---|---|---|")
    for count in options.counts:
        with tempfile.TemporaryDirectory() as folder:
            photos, case = Path(folder, "photos"), Path(folder, "case.posecheck")
            if options.megapixels:
                groups(photos, count, options.megapixels)
            else:
                make_tiny(photos, count, random.Random(count))
            seconds, parent, worker = scan(photos, case, options.jobs)
            size = case.stat().st_size / 1e6
            print(
                f"| {count:,} | {seconds:.1f} | {count / seconds:.1f} | {parent:.0f} |"
                f" {worker:.0f} | {size:.1f} |",
                flush=True,
            )


def command(photos: Path, case: Path, jobs: int) -> list[str]:
    """What scans a folder into a new case file."""
    scan = [sys.executable, "-m", "posecheck", "scan", str(photos), "--case", str(case)]
    return [*scan, "--jobs", str(jobs), "--quiet"]


def scan(photos: Path, case: Path, jobs: int) -> tuple[float, float, float]:
    """Scan a folder.

    Returns:
        Seconds, peak megabytes of the parent, and of the largest worker.

    Raises:
        SystemExit: The scan failed.
    """
    started = time.perf_counter()
    child = subprocess.Popen(command(photos, case, jobs), cwd=ROOT, stdout=subprocess.DEVNULL)
    peaks: dict[int, float] = {}
    while child.poll() is None:
        for pid in (child.pid, *_children(child.pid)):
            peaks[pid] = max(peaks.get(pid, 0.0), _peak(pid))
        time.sleep(LOOK_EVERY)
    seconds = time.perf_counter() - started
    if child.returncode not in FINE:
        raise SystemExit(f"the scan ended with {child.returncode}")
    parent = peaks.pop(child.pid, 0.0)
    return seconds, parent, max(peaks.values(), default=0.0)


def _children(pid: int) -> list[int]:
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return []
    return [int(word) for word in text.split() if int(word) != os.getpid()]


def _peak(pid: int) -> float:
    """Peak resident memory so far, in MB; 0 for a process that is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    found = [line.split()[1] for line in lines if line.startswith("VmHWM:")]
    return int(found[0]) / 1e3 if found else 0.0


if __name__ == "__main__":
    main()
