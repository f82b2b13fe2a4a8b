"""The risk: how strongly hands resemble number symbols, 0 to 100.  Here and nowhere else.

docs/risk.md explains it with worked examples.  In short:

* A gesture weighs 1 if it is forbidden, 0.7 if disputed, 0.3 if unlisted and 0 if allowed, and
  0.8 of that if it signals no number of the contest.
* A hand's risk is the weight to be expected of it: the sum of probability times weight.
* A photo's risk is the weight to be expected of its heaviest gesture.  For every weight, the
  hands' probabilities of a gesture at least that heavy are put together; hands that are hardly
  more than ordinary do not add up.

A more certain hand, an additional hand, a stricter rule set: none can lower a risk.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from posecheck.gesture.vocabulary import GESTURE_IDS
from posecheck.results import Level, RuleStatus
from posecheck.risk.contest import Contest
from posecheck.risk.rules import RuleSet

Float = NDArray[np.float64]

STATUS_WEIGHT: dict[RuleStatus, float] = {
    RuleStatus.FORBIDDEN: 1.0,
    RuleStatus.DISPUTED: 0.7,
    RuleStatus.UNLISTED: 0.3,
    RuleStatus.ALLOWED: 0.0,
}
"""A disputed gesture alone, seen for certain, is to be looked at (medium) and not more; an
unlisted one alone is to be mentioned (low).  Our choice."""

NO_NUMBER_FACTOR = 0.8
"""The circulars forbid a gesture in every contest, but one that signals no number on the ballot
resembles no candidate: an acting governor called five fingers fine in 2023 because only three
pairs stood.  Our choice: enough to keep a forbidden gesture at high only if it is certain."""

CORROBORATION = 3
"""Power to which a hand's probability is raised before hands are put together.  Forty ordinary
hands that each keep a residue of 10 % give 4 % together at power 3, 33 % at 2, 99 % at 1."""

LEVEL_FLOORS: tuple[tuple[float, Level], ...] = (
    (80.0, Level.HIGH),
    (50.0, Level.MEDIUM),
    (20.0, Level.LOW),
    (0.0, Level.NONE),
)
"""The least risk of each level, highest first."""

SUM_TOLERANCE = 1e-3
"""How far a hand's probabilities may be from 1 in sum: float32 and its rounding, no more."""


def gesture_weights(rules: RuleSet, contest: Contest) -> Float:
    """Weight of every gesture, float64 (G,), 0 to 1, in the order of `GESTURE_IDS`."""
    return np.array(
        [
            STATUS_WEIGHT[rules.status(gesture)]
            * (1.0 if contest.numbers_for(gesture) else NO_NUMBER_FACTOR)
            for gesture in GESTURE_IDS
        ]
    )


def checked_probabilities(probabilities: ArrayLike) -> Float:
    """`probabilities` as float64 (N, G), hand by gesture.

    Raises:
        ValueError: They are no distribution over `GESTURE_IDS`.  A missing value would make a
            photo look clean, so it is refused.
    """
    p = np.asarray(probabilities, np.float64)
    if p.ndim != 2 or p.shape[1] != len(GESTURE_IDS):
        raise ValueError(f"probabilities must be (N, {len(GESTURE_IDS)}), not {p.shape}")
    if not (np.isfinite(p).all() and (p >= 0).all()):
        raise ValueError("probabilities must be finite and not negative")
    if len(p) and np.abs(p.sum(axis=1) - 1).max() > SUM_TOLERANCE:
        raise ValueError("the probabilities of a hand must have the sum 1")
    return p


def hand_risks(probabilities: ArrayLike, weights: Float) -> Float:
    """Risk of each hand alone.

    Args:
        probabilities: (N, G), calibrated, each row of sum 1.
        weights: (G,), from `gesture_weights`.

    Returns:
        float64 (N,), 0 to 100, to one decimal.

    Raises:
        ValueError: `probabilities` is no distribution.
    """
    return _percent(checked_probabilities(probabilities) @ weights)


def photo_risk(probabilities: ArrayLike, weights: Float) -> float:
    """Risk of a photo with these hands, never less than that of any one of them.

    Args:
        probabilities: (N, G), calibrated, each row of sum 1; N may be 0.
        weights: (G,), from `gesture_weights`.

    Returns:
        0 to 100, to one decimal.

    Raises:
        ValueError: `probabilities` is no distribution.
    """
    p = checked_probabilities(probabilities)
    expected, below = 0.0, 0.0
    for weight in np.unique(weights[weights > 0]):
        at_least = np.minimum(p[:, weights >= weight].sum(axis=1), 1.0)
        expected += float(weight - below) * _any_hand(at_least)
        below = float(weight)
    return float(_percent(np.array([expected]))[0])


def level_of(risk: float) -> Level:
    """The level of a risk, 0 to 100."""
    return next(level for floor, level in LEVEL_FLOORS if risk >= floor)


def _any_hand(probability: Float) -> float:
    """Probability (N,) that each hand makes a sign, to that of any hand making one."""
    if not len(probability):
        return 0.0
    # Sorted, so that the order of hands cannot change the last bits.
    together = 1.0 - np.prod(1.0 - np.sort(probability) ** CORROBORATION)
    return float(max(probability.max(), together))


def _percent(score: Float) -> Float:
    """0..1 to 0..100 with one decimal: what is printed is what the level was taken from."""
    return np.round(np.clip(score, 0.0, 1.0) * 100.0, 1)
