"""A group photo of 12 megapixels: the whole check against decoding that JPEG alone.

    python -m benchmarks.group_photo [PHOTO ...] [--runs 15]

Decoding and `Checker().check` with each installed runtime take turns, on every core that there
is.  Decoding is Pillow's, from memory, and nothing else; the check begins with the file's path.
Prints wall time, and ratios to decoding.  Without PHOTO one is made of a sample, of 21 people.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.measuring import installed_runtimes, spread, table, turns
from benchmarks.pictures import PEOPLE, group_photo
from posecheck.checker import Checker
from posecheck.hands.team import cores
from posecheck.results import PhotoResult


def decode(content: bytes) -> tuple[int, int]:
    """Decode a picture as Pillow does; its width and height."""
    with Image.open(BytesIO(content)) as image:
        image.load()
        return image.size


def rows(names: Sequence[str], seconds: np.ndarray, given: Sequence[object]) -> list[list[str]]:
    """Lines of the table, decoding first.

    Args:
        names: What was timed.
        seconds: Wall seconds (len(names), 1 + runs), the first run apart.
        given: What each gave.
    """
    lines = []
    for name, mine, result in zip(names, seconds, given, strict=True):
        checked = result if isinstance(result, PhotoResult) else None
        lines.append(
            [
                name,
                spread(mine[1:] * 1e3, 0),
                spread(mine[1:] / seconds[0, 1:], 1) if checked else "",
                f"{mine[0] * 1e3:.0f}",
                f"{len(checked.hands)} hands, {checked.level}" if checked else "",
            ]
        )
    return lines


def measure(path: Path, checkers: dict[str, Checker], runs: int) -> str:
    """Time one photo; a table and a line on the photo."""
    content = path.read_bytes()
    works: list[Callable[[], object]] = [lambda: decode(content)]
    works += [lambda c=c: c.check(path) for c in checkers.values()]  # type: ignore[misc]
    seconds, given = turns(works, runs, time.perf_counter)
    width, height = decode(content)
    names = ["decode", *(f"check, {runtime}" for runtime in checkers)]
    head = ("", "wall, ms", "ratio to decoding", "first, ms", "found")
    speed = width * height / 1e6 / np.median(seconds[0, 1:])
    return (
        f"{table(head, rows(names, seconds, given))}\n\n{path.name}: {width}x{height}, "
        f"{len(content) / 1e6:.1f} MB, decoded at {speed:.0f} megapixels a second; "
        f"{cores()} cores, {runs} turns."
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("photos", type=Path, nargs="*")
    parser.add_argument("--runs", type=int, default=15)
    arguments = parser.parse_args()
    checkers = {runtime: Checker(runtime=runtime) for runtime in installed_runtimes()}
    with tempfile.TemporaryDirectory() as name:
        photos = arguments.photos or [group_photo(Path(name))]
        print("\n\n".join(measure(path, checkers, arguments.runs) for path in photos))
    if not arguments.photos:
        print(f"It is made of samples/group.jpg, with grain, and shows {PEOPLE} people.")


if __name__ == "__main__":
    main()
