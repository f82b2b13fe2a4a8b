"""The risk: how strongly hands resemble number symbols, 0 to 100.  Here and nowhere else.

docs/risk.md explains it with worked examples.  In short:

* A gesture weighs 1 if it is forbidden, 0.7 if disputed, 0.3 if unlisted and 0 if allowed, and
  0.8 of that if it signals no number of the contest.
* A hand's risk is the weight to be expected of it: the sum of probability times weight.
* A hand that cannot be told, because it is too small or too blurred and no reading of it is
  likely, weighs 0.3 more times the probability that its likeliest reading is wrong.  That can
  ask for a look (level low), and never makes it medium.
* A photo's risk is the weight to be expected of its heaviest gesture.  For every weight, the
  hands' probabilities of a gesture at least that heavy are put together; hands that are hardly
  more than ordinary do not add up, nor do hands that cannot be told.

More probability on a heavier gesture, an additional hand, a stricter rule set: none can lower a
risk, as long as the same hands cannot be told.
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

_HIGHEST_LOW = next(floor for floor, level in LEVEL_FLOORS if level is Level.MEDIUM) / 100 - 0.001

UNCLEAR_BELOW = 0.7
"""A hand too small or too blurred to read is unclear if no reading of it has this probability.
On the dev photos 3 of 61 such hands are: 2 of the 3 signs among them, both misread, and none of
the 21 labelled ordinary hands.  At 0.8 about 7 would be, the same 2 signs among them."""

UNCLEAR_WEIGHT = 0.3
"""What an unclear hand weighs where it is not what it looks most like: as much as an unlisted
gesture.  Our choice: one chance in ten of a forbidden sign and it is to be looked at."""

ORDINARY_COLUMNS = tuple(i for i, name in enumerate(GESTURE_IDS) if name in ("none", "other"))
"""Between these two nothing depends on which one it is, so that they are one reading."""

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


def doubts(probabilities: ArrayLike, legible: ArrayLike) -> Float:
    """How likely it is that an unclear hand is not what it looks most like.

    Args:
        probabilities: (N, G), calibrated, each row of sum 1.
        legible: Bool (N,), whether the hand has pixels enough to be read.

    Returns:
        float64 (N,), 0 to 1; 0 for a hand that is legible or has a likely reading, and more
        than 0 for an unclear one.

    Raises:
        ValueError: `probabilities` is no distribution, or `legible` has another shape.
    """
    p = checked_probabilities(probabilities)
    can_tell = np.asarray(legible, bool)
    if can_tell.shape != (len(p),):
        raise ValueError(f"legible must be ({len(p)},), not {can_tell.shape}")
    signs = np.delete(p, ORDINARY_COLUMNS, axis=1).max(axis=1, initial=0.0)
    likeliest = np.maximum(signs, p[:, ORDINARY_COLUMNS].sum(axis=1))
    return np.where(can_tell | (likeliest >= UNCLEAR_BELOW), 0.0, 1.0 - likeliest)


def hand_risks(probabilities: ArrayLike, weights: Float, doubt: ArrayLike | None = None) -> Float:
    """Risk of each hand alone.

    Args:
        probabilities: (N, G), calibrated, each row of sum 1.
        weights: (G,), from `gesture_weights`.
        doubt: (N,), 0 to 1, from `doubts`; none without it.

    Returns:
        float64 (N,), 0 to 100, to one decimal.

    Raises:
        ValueError: `probabilities` is no distribution, or `doubt` is not within 0 to 1.
    """
    expected = checked_probabilities(probabilities) @ weights
    if doubt is None:
        return _percent(expected)
    extra = np.asarray(doubt, np.float64)
    if extra.shape != expected.shape or not ((extra >= 0) & (extra <= 1)).all():
        raise ValueError(f"doubt must be ({len(expected)},) and within 0 to 1")
    return _percent(
        np.maximum(expected, np.minimum(expected + UNCLEAR_WEIGHT * extra, _HIGHEST_LOW))
    )


def photo_risk(probabilities: ArrayLike, weights: Float, doubt: ArrayLike | None = None) -> float:
    """Risk of a photo with these hands, never less than that of any one of them.

    Hands that cannot be told are put together with no other: the blur that misleads about one
    misleads about all of them.

    Args:
        probabilities: (N, G), calibrated, each row of sum 1; N may be 0.
        weights: (G,), from `gesture_weights`.
        doubt: (N,), 0 to 1, from `doubts`; none without it.

    Returns:
        0 to 100, to one decimal.

    Raises:
        ValueError: `probabilities` is no distribution, or `doubt` is not within 0 to 1.
    """
    p = checked_probabilities(probabilities)
    riskiest = hand_risks(p, weights, doubt).max(initial=0.0)
    if doubt is not None:
        p = p[np.asarray(doubt) == 0]
    expected, below = 0.0, 0.0
    # Not np.unique, which would load numpy.ma for it.
    for weight in sorted(set(weights[weights > 0].tolist())):
        at_least = np.minimum(p[:, weights >= weight].sum(axis=1), 1.0)
        expected += (weight - below) * _any_hand(at_least)
        below = weight
    return float(max(_percent(np.array([expected]))[0], riskiest))


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
