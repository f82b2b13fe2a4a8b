"""Warm: `Checker.check` on a photo of one person against mediapipe's `HandLandmarker.detect`.

    python -m benchmarks.warm --mediapipe-python VENV/bin/python [PHOTO] [--runs 15]

Both have loaded their networks and seen the photo once; then they take turns, mediapipe in a
process of the other interpreter, all pinned to one core where the system offers it.  Prints wall
time and ratios, once for decoded pixels (`detect` takes nothing else) and once for the file.
mediapipe looks for one hand; posecheck searches every size of hand and reads what it finds.
Without PHOTO a sample is enlarged to 1.5 megapixels.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from benchmarks.measuring import (
    installed_runtimes,
    keep_to_one_core,
    spread,
    table,
)
from benchmarks.pictures import one_person
from posecheck.checker import Checker
from posecheck.opening import open_photo

BUNDLE = Path(__file__).resolve().parents[1] / "models" / "hand_landmarker.task"
MEGAPIXELS = 1.5

THEIRS = "mediapipe"
INPUTS = ("pixels", "file")

CHILD = """
import sys, time
import mediapipe
from mediapipe.tasks.python import BaseOptions, vision

path, bundle = sys.argv[1:]
options = vision.HandLandmarkerOptions(
    base_options=BaseOptions(model_asset_path=bundle),
    running_mode=vision.RunningMode.IMAGE,
    num_hands=1,
)
with vision.HandLandmarker.create_from_options(options) as landmarker:
    opened = mediapipe.Image.create_from_file(path)
    for line in sys.stdin:
        wall, processor = time.perf_counter(), time.process_time()
        image = opened if line.strip() == "pixels" else mediapipe.Image.create_from_file(path)
        hands = landmarker.detect(image).hand_landmarks
        wall, processor = time.perf_counter() - wall, time.process_time() - processor
        print(wall, processor, len(hands), flush=True)
"""
"""Answers each line with wall seconds, processor seconds and how many hands it found."""


@dataclass(frozen=True)
class Run:
    """One photo: wall and processor seconds, and how many hands were found."""

    seconds: float
    processor: float
    hands: int


Work = Callable[[], Run]
Key = tuple[str, str]
"""Who, and what it was given."""


@contextmanager
def mediapipe_process(python: Path, photo: Path) -> Iterator[Callable[[str], Run]]:
    """A process of the other interpreter; what it yields asks for one detection.

    Raises:
        SystemExit: The process ended.
    """
    with tempfile.TemporaryFile("w+") as log:
        child = subprocess.Popen(
            # Not resolved: the interpreter of a virtual environment is a link out of it.
            [str(python.absolute()), "-c", CHILD, str(photo), str(BUNDLE)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        assert child.stdin is not None
        assert child.stdout is not None
        asked, answers = child.stdin, child.stdout

        def ask(given: str) -> Run:
            with suppress(BrokenPipeError):  # it ended, which the missing answer tells as well
                print(given, file=asked, flush=True)
            words = answers.readline().split()
            if len(words) != 3:
                log.seek(0)
                raise SystemExit(f"mediapipe ended with {child.wait()}:\n{log.read()[-2000:]}")
            return Run(float(words[0]), float(words[1]), int(words[2]))

        try:
            yield ask
        finally:
            child.terminate()
            child.wait()


def checking(checker: Checker, photo: object) -> Work:
    """One check of a photo, timed as the other process times its own."""

    def run() -> Run:
        wall, processor = time.perf_counter(), time.process_time()
        result = checker.check(photo)  # type: ignore[arg-type]
        wall, processor = time.perf_counter() - wall, time.process_time() - processor
        return Run(wall, processor, len(result.hands))

    return run


def take_turns(works: Mapping[Key, Work], runs: int) -> dict[Key, list[Run]]:
    """Let all take turns; the first turn warms up and is left out."""
    found: dict[Key, list[Run]] = {key: [] for key in works}
    for turn in range(runs + 1):
        for key, work in works.items():
            run = work()
            if turn:
                found[key].append(run)
    return found


def rows(found: Mapping[Key, list[Run]]) -> list[list[str]]:
    """Lines of the table: each against mediapipe given the same."""
    lines = []
    for (who, given), runs in found.items():
        theirs = found[THEIRS, given]
        ratios = [
            "" if who == THEIRS else spread(mine / its)
            for mine, its in (
                (np.array([getattr(r, name) for r in side]) for side in (runs, theirs))
                for name in ("seconds", "processor")
            )
        ]
        wall = spread([run.seconds * 1e3 for run in runs], 1)
        processor = spread([run.processor * 1e3 for run in runs], 1)
        lines.append([who, given, wall, processor, *ratios, str(runs[-1].hands)])
    return lines


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("photo", type=Path, nargs="?")
    parser.add_argument("--mediapipe-python", type=Path, required=True, metavar="PATH")
    parser.add_argument("--runs", type=int, default=15)
    arguments = parser.parse_args()
    pinned = keep_to_one_core()
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory() as name:
        photo = (arguments.photo or one_person(Path(name), MEGAPIXELS)).resolve()
        rgb = open_photo(photo).rgb
        with mediapipe_process(arguments.mediapipe_python, photo) as ask:
            works: dict[Key, Work] = {
                (THEIRS, given): lambda given=given: ask(given)  # type: ignore[misc]
                for given in INPUTS
            }
            for runtime in installed_runtimes():
                checker = Checker(threads=1, runtime=runtime)
                for given, shown in zip(INPUTS, (rgb, photo), strict=True):
                    works[f"posecheck, {runtime}", given] = checking(checker, shown)
            found = take_turns(works, arguments.runs)
    head = ("", "given", "wall, ms", "processor, ms", "ratio, wall", "ratio, processor", "hands")
    print(table(head, rows(found)))
    print(
        f"\nA photo of {rgb.shape[1]}x{rgb.shape[0]}, one thread, {arguments.runs} turns.", pinned
    )


if __name__ == "__main__":
    main()
