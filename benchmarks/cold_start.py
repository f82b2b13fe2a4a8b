"""Cold start: `posecheck check` on one photo against a minimal script with mediapipe.

    python -m benchmarks.cold_start --mediapipe-python VENV/bin/python [PHOTO] [--runs 11]

Each run is a new process and all take turns, so that they see the same machine.  Prints medians,
the middle 80 % of the runs, and the ratio to mediapipe's as the median of the turns; `--help`
stands for what needs no photo.  Without PHOTO a sample is enlarged to 12 megapixels.  The other
interpreter needs mediapipe 0.10.31 to 0.10.34, installed in full; it gets our model bundle.
POSIX only.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.pictures import one_person

ROOT = Path(__file__).resolve().parents[1]
BUNDLE = ROOT / "models" / "hand_landmarker.task"

MEGAPIXELS = 12
"""Of the photo, where none is named."""

THEIRS = "mediapipe"

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


MEASURES: Mapping[str, tuple[str, Callable[[Run], float]]] = {
    "wall time": ("s", lambda run: run.seconds),
    "processor time": ("s", lambda run: run.processor),
    "peak memory": ("MB", lambda run: run.megabytes),
}


@dataclass(frozen=True)
class Program:
    """What is started: its command, and the exit codes that are no failure."""

    command: Sequence[str]
    allowed: tuple[int, ...] = (0,)


def measure(program: Program, environment: Mapping[str, str]) -> Run:
    """Run a program to its end.

    Raises:
        SystemExit: It ended with another exit code than those allowed.
    """
    # The children's peak is kept for ever, so each is measured from a process of its own.
    reader, writer = os.pipe()
    started = time.perf_counter()
    child = os.fork()
    if child == 0:
        os.close(reader)
        done = subprocess.run(
            program.command, capture_output=True, text=True, cwd=ROOT, env=environment
        )
        import resource

        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        said = done.stdout if done.returncode in program.allowed else done.stderr
        numbers = f"{done.returncode} {used.ru_maxrss} {used.ru_utime + used.ru_stime}\n"
        os.write(writer, numbers.encode() + said[-4000:].encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        numbers, said = pipe.read().split("\n", 1)
    seconds = time.perf_counter() - started
    os.waitpid(child, 0)
    code, peak, processor = (float(number) for number in numbers.split())
    if code not in program.allowed:
        raise SystemExit(f"{' '.join(program.command[:4])} … ended with {code:.0f}:\n{said}")
    return Run(seconds, processor, peak / (1024 if sys.platform == "linux" else 1024**2), said)


def compare(programs: Mapping[str, Program], runs: int, folder: Path) -> dict[str, list[Run]]:
    """Let programs take turns; `folder` keeps what Python compiles."""
    # As installed: modules are compiled once, and not again by every process.
    environment = os.environ | {"PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    found: dict[str, list[Run]] = {name: [] for name in programs}
    for turn in range(runs + 1):
        for name, program in programs.items():
            run = measure(program, environment)
            if turn:  # the first compiles, and fills the file cache
                found[name].append(run)
    return found


def table(found: Mapping[str, Sequence[Run]]) -> str:
    """Medians, spread and ratios in Markdown, one row a program and measure."""
    lines = [
        "| program | measure | median (80 % of runs) | ratio to mediapipe |",
        "|---|---|---|---|",
    ]
    for name, runs in found.items():
        for title, (unit, value) in MEASURES.items():
            mine = np.array([value(run) for run in runs])
            its = np.array([value(run) for run in found[THEIRS]])
            low, median, high = np.percentile(mine, (10, 50, 90))
            ratio = "" if name == THEIRS else f"{np.median(mine / its):.2f}"
            digits = 0 if unit == "MB" else 2
            spread = f"{median:.{digits}f} {unit} ({low:.{digits}f} to {high:.{digits}f})"
            lines.append(f"| {name} | {title} | {spread} | {ratio} |")
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("photo", type=Path, nargs="?")
    parser.add_argument("--mediapipe-python", type=Path, required=True, metavar="PATH")
    parser.add_argument("--runs", type=int, default=11)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        photo = str((arguments.photo or one_person(folder, MEGAPIXELS)).resolve())
        script = folder / "minimal.py"
        script.write_text(MINIMAL, "utf-8")
        # Not resolved: the interpreter of a virtual environment is a link out of it.
        theirs = [str(arguments.mediapipe_python.absolute()), str(script), photo, str(BUNDLE)]
        ours = [sys.executable, "-m", "posecheck"]
        programs = {
            THEIRS: Program(theirs),
            "posecheck check": Program([*ours, "check", photo, "-q"], (0, 1)),
            "posecheck --help": Program([*ours, "--help"]),
        }
        found = compare(programs, arguments.runs, folder)
    print(table(found))
    said = found["posecheck check"][0].said.strip().removeprefix(f"{photo}: ")
    print(f"\nposecheck says: {said}")
    print(f"mediapipe finds hands: {found[THEIRS][0].said.strip()}")


if __name__ == "__main__":
    main()
