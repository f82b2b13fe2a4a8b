"""A folder of bad photos, made from a seed: what a task force's folders hold, and worse.

    python -m tests.reliability.corpus FOLDER [--files 5000] [--seed 1]

Nothing is fetched.  The same seed gives the same files with the same versions of the encoders.
"""

from __future__ import annotations

import argparse
import os
import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from tests.reliability import bombs, damage, names, odd


@dataclass(frozen=True)
class Bad:
    """One file of the corpus.

    Attributes:
        kind: What is wrong with it.
        path: Where it is.
    """

    kind: str
    path: Path


SPREAD = (damage.truncated, damage.flipped, damage.spliced, damage.wrong_name, damage.metadata)
"""Kinds of which any number can be made."""

ONCE = (
    damage.empty, damage.headers, bombs.absurd, bombs.cyclic, bombs.inflating, odd.animated,
    odd.profiles, odd.shapes, odd.plain, odd.deep,
)  # fmt: skip
"""Kinds with so many files as there are."""


def write_corpus(folder: Path, count: int, seed: int = 1, *, large: bool = True) -> list[Bad]:
    """Write at least `count` files.

    Args:
        folder: An empty folder.
        count: How many.
        seed: Of everything that is drawn.
        large: With a few pictures of a hundred megapixels, which take seconds each.
    """
    made = [*_once(folder, seed), *names.named(folder / "names")]
    if large:
        made += [("large", path) for path in _kept(folder, "large", odd.large())]
    files = [Bad(kind, path) for kind, path in made]
    per_kind = -(-max(0, count - len(files)) // len(SPREAD))
    for make in SPREAD:
        kind = make.__name__
        drawn = islice(make(random.Random(f"{seed} {kind}")), per_kind)
        files += [Bad(kind, path) for path in _kept(folder, kind, drawn)]
    return files


def draw(files: list[Bad], count: int, seed: int = 1) -> list[Bad]:
    """A part of a corpus in which every kind has its share."""
    by_kind: dict[str, list[Bad]] = {}
    for bad in files:
        by_kind.setdefault(bad.kind, []).append(bad)
    rng = random.Random(seed)
    for some in by_kind.values():
        rng.shuffle(some)
    turns = cycle([iter(some) for some in by_kind.values()])
    drawn = (next(turn, None) for turn in islice(turns, count * len(by_kind)))
    return list(islice((bad for bad in drawn if bad is not None), count))


def _once(folder: Path, seed: int) -> Iterator[tuple[str, Path]]:
    for make in ONCE:
        kind = make.__name__
        for path in _kept(folder, kind, make(random.Random(f"{seed} {kind}"))):
            yield kind, path


def _kept(folder: Path, kind: str, files: Iterator[tuple[str, bytes]]) -> Iterator[Path]:
    """Write files of (what it is, content), the end of whose names is that of a photo."""
    place = folder / kind
    place.mkdir(parents=True, exist_ok=True)
    for number, (name, content) in enumerate(files):
        path = place / f"{number:05d} {name}"
        path.write_bytes(content)
        yield path


def main() -> None:
    """Write a corpus and say how large it is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    files = write_corpus(options.folder, options.files, options.seed)
    size = sum(os.stat(bad.path).st_size for bad in files)  # noqa: PTH116  (names of any bytes)
    print(f"{len(files)} files, {size / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
