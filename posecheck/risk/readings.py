"""Numbers that two hands may make together: 1 and 2 as 3, or as 12.

These are alternatives for a person to think about.  They never change a risk.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

from posecheck.gesture.vocabulary import BY_ID
from posecheck.results import TwoHandReading
from posecheck.risk.contest import Contest

REACH = 6.0
"""Two hands of one person are at most this many hand sizes apart, centre to centre.  An adult's
hand is about 18 cm long, so this is about a metre: both hands raised, elbows bent."""

SIZE_RATIO = 2.0
"""The larger box of one person's two hands is at most this many times the smaller: an open palm
is about 1.7 times as long as a closed hand with a thumb, and one arm may be stretched forward."""

LEAST_PROBABILITY = 0.25
"""Both hands at 50 %; below, a reading says more about chance than about the photo."""

MOST_READINGS = 5
"""A group that shows V signs makes dozens; nobody reads more than a few."""


def two_hand_readings(
    boxes_xyxy: NDArray[np.floating],
    gestures: Sequence[str],
    probabilities: Sequence[float],
    contest: Contest,
) -> tuple[TwoHandReading, ...]:
    """Numbers of the contest that two hands make together.

    A hand counts as many as it raises fingers, and also as the number that its gesture stands for
    alone in the contest, if that is one number: the rock sign raises two and stands for three.  A
    hand that raises no finger counts nothing.

    Two hands are read together if they may be one person's: near each other (`REACH`) and of like
    size (`SIZE_RATIO`).  Nearest first, a hand is given one other hand at most.  Digits are read
    from left to right as the photo shows them, if the hands are more beside than above each other.

    Args:
        boxes_xyxy: (N, 4), pixels of the oriented photo.
        gestures: (N,), id of each hand's most probable gesture.
        probabilities: (N,), its probability, 0 to 1.
        contest: Only numbers on its ballot are returned.

    Returns:
        At most `MOST_READINGS`, most probable first; indices are rows of `boxes_xyxy`.
    """
    boxes = np.asarray(boxes_xyxy, np.float64).reshape(-1, 4)
    counts = [_counts(gesture, contest) for gesture in gestures]
    readings: list[TwoHandReading] = []
    for first, second in _pairs(boxes, [i for i, count in enumerate(counts) if count]):
        probability = float(probabilities[first] * probabilities[second])
        if probability < LEAST_PROBABILITY:
            continue
        dx, dy = _centres(boxes)[second] - _centres(boxes)[first]
        left, right = (first, second) if dx >= 0 else (second, first)
        beside = abs(dx) > abs(dy)
        readings.extend(
            TwoHandReading((left, right), number, kind, probability)
            for kind, number in sorted(_made(counts[left], counts[right], beside), reverse=True)
            if number in contest.numbers
        )
    readings.sort(key=lambda r: (-r.probability, r.hands))
    return tuple(readings[:MOST_READINGS])


def _counts(gesture: str, contest: Contest) -> frozenset[int]:
    """What one hand may count in a number of two hands."""
    fingers = len(BY_ID[gesture].fingers)
    alone = contest.numbers_for(gesture)
    if not fingers:
        return frozenset()
    return frozenset({fingers, *alone} if len(alone) == 1 else {fingers})


def _made(left: frozenset[int], right: frozenset[int], beside: bool) -> set[tuple[str, int]]:
    """Kind and number of everything that two hands make; digits only if they are `beside`."""
    pairs = list(product(left, right))
    sums = {("sum", one + other) for one, other in pairs}
    digits = {("digits", 10 * one + other) for one, other in pairs if max(one, other) <= 9}
    return sums | digits if beside else sums


def _centres(boxes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Boxes (N, 4) to centres (N, 2)."""
    return (boxes[:, :2] + boxes[:, 2:]) / 2


def _pairs(boxes: NDArray[np.float64], counting: Sequence[int]) -> list[tuple[int, int]]:
    """Pairs of the rows `counting` that may be one person's hands, every row once at most."""
    centres = _centres(boxes)
    sizes = (boxes[:, 2:] - boxes[:, :2]).max(axis=1, initial=0.0)
    near = []
    for i, j in combinations(counting, 2):
        small, large = sorted((sizes[i], sizes[j]))
        if small <= 0 or large > SIZE_RATIO * small:
            continue
        apart = float(np.hypot(*(centres[i] - centres[j]))) / ((small + large) / 2)
        if apart <= REACH:
            near.append((apart, i, j))
    pairs, taken = [], set[int]()
    for _, i, j in sorted(near):
        if not {i, j} & taken:
            taken |= {i, j}
            pairs.append((i, j))
    return pairs
