"""Cold start: `posecheck check` on one photo against a minimal script with mediapipe.

    python benchmarks/cold_start.py PHOTO --mediapipe-python VENV/bin/python [--runs 7]

Each run is a new process and the two take turns, so that both see the same machine.  Prints
medians of wall time, processor time and peak memory and their ratios.  The other interpreter needs
mediapipe 0.10.31 to 0.10.34, installed in full; it gets our model bundle.  POSIX only.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BUNDLE = ROOT / "models" / "hand_landmarker.task"

MINIMAL = """
import sys
import mediapipe
from mediapipe.tasks.python import BaseOptions, vision

options = vision.HandLandmarkerOptions(
    base_options=BaseOptions(model_asset_path=sys.argv[2]), num_hands=2
)
with vision.HandLandmarker.create_from_options(options) as landmarker:
    result = landmarker.detect(mediapipe.Image.create_from_file(sys.argv[1]))
print(len(result.hand_landmarks))
"""
"""Import, load, detect: what the package's own guide shows."""


@dataclass(frozen=True)
class Run:
    """One process: wall and processor seconds, peak resident memory in MB, what it printed."""

    seconds: float
    processor: float
    megabytes: float
    said: str


def measure(command: list[str], allowed: tuple[int, ...], folder: Path) -> Run:
    """Run a command to its end.

    Raises:
        SystemExit: It ended with another exit code than those allowed.
    """
    # The children's peak is kept for ever, so each is measured from a process of its own.
    reader, writer = os.pipe()
    started = time.perf_counter()
    child = os.fork()
    if child == 0:
        os.close(reader)
        done = subprocess.run(command, capture_output=True, text=True, cwd=folder)
        import resource

        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        said = done.stdout if done.returncode in allowed else done.stderr
        numbers = f"{done.returncode} {used.ru_maxrss} {used.ru_utime + used.ru_stime}\n"
        os.write(writer, numbers.encode() + said[-4000:].encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        numbers, said = pipe.read().split("\n", 1)
    seconds = time.perf_counter() - started
    os.waitpid(child, 0)
    code, peak, processor = (float(number) for number in numbers.split())
    if code not in allowed:
        raise SystemExit(f"{' '.join(command[:4])} … ended with {code:.0f}:\n{said}")
    return Run(seconds, processor, peak / (1024 if sys.platform == "linux" else 1024**2), said)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("photo", type=Path)
    parser.add_argument("--mediapipe-python", type=Path, required=True, metavar="PATH")
    parser.add_argument("--runs", type=int, default=7)
    arguments = parser.parse_args()
    photo = str(arguments.photo.resolve())
    ours = [sys.executable, "-m", "posecheck", "check", photo, "-q"]
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "minimal.py"
        script.write_text(MINIMAL, "utf-8")
        # Not resolved: the interpreter of a virtual environment is a link out of it.
        theirs = [str(arguments.mediapipe_python.absolute()), str(script), photo, str(BUNDLE)]
        runs: dict[str, list[Run]] = {"posecheck": [], "mediapipe": []}
        for turn in range(arguments.runs + 1):
            for name, command, allowed in (
                ("posecheck", ours, (0, 1)),
                ("mediapipe", theirs, (0,)),
            ):
                run = measure(command, allowed, ROOT)
                if turn:  # the first fills the file cache
                    runs[name].append(run)

    print(f"posecheck says: {runs['posecheck'][0].said.strip()}")
    print(f"mediapipe finds hands: {runs['mediapipe'][0].said.strip()}")

    def median(name: str, value: Callable[[Run], float]) -> float:
        return statistics.median(value(run) for run in runs[name])

    for title, unit, value in (
        ("wall time", "s", lambda run: run.seconds),
        ("processor time", "s", lambda run: run.processor),
        ("peak memory", "MB", lambda run: run.megabytes),
    ):
        mine, its = median("posecheck", value), median("mediapipe", value)
        print(
            f"{title}: posecheck {mine:.2f} {unit}, mediapipe {its:.2f} {unit} "
            f"(medians of {arguments.runs}), ratio {mine / its:.2f}"
        )


if __name__ == "__main__":
    main()
