"""The constants of scoring, in one place."""

from __future__ import annotations

from dataclasses import dataclass

from posecheck.results import Level
from posecheck.risk.formula import LEVEL_FLOORS

SIZE_EDGES: tuple[float, ...] = (20.0, 40.0, 80.0, 160.0)
"""Edges in pixels between the bins of hand size; a hand of exactly 40 px is in "40-80"."""

SIZE_BINS: tuple[str, ...] = ("<20", "20-40", "40-80", "80-160", ">160")
"""Names of the bins of hand size (longer side of the box in pixels)."""


MEDIUM: float = next(floor for floor, level in LEVEL_FLOORS if level is Level.MEDIUM)
"""Lowest risk of level medium, from which on a hand or photo counts as flagged."""


@dataclass(frozen=True)
class ScoreOptions:
    """How to score.

    Attributes:
        medium: Lowest risk (0 to 100) of a hand that counts as an alarm.
        iou: A detection matches a label when their intersection over union is above this.
        crowded: Photos with more signs than this are also left out of a second set of figures.
        min_examples: A gesture enters the macro-F1 from this many labelled examples on.
        bins: Number of bins of the expected calibration error.
        replicates: Bootstrap draws.
        seed: Of the bootstrap and of the sample that a limit takes.
    """

    medium: float = MEDIUM
    iou: float = 0.3
    crowded: int = 40
    min_examples: int = 20
    bins: int = 15
    replicates: int = 1000
    seed: int = 0


def size_bin(size: float) -> str:
    """Name of the bin that a hand of `size` pixels falls into."""
    return SIZE_BINS[sum(size >= edge for edge in SIZE_EDGES)]
