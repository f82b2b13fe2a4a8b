"""From the gestures' probabilities to what is said of each hand and of the photo."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from posecheck.gesture.vocabulary import GESTURE_IDS
from posecheck.results import Level, RuleStatus, TwoHandReading
from posecheck.risk.contest import Contest
from posecheck.risk.formula import (
    checked_probabilities,
    doubts,
    gesture_weights,
    hand_risks,
    level_of,
    photo_risk,
)
from posecheck.risk.readings import two_hand_readings
from posecheck.risk.rules import RuleSet

LEAST_ALTERNATIVE = 0.05
"""Probability from which another gesture is worth naming."""

MOST_ALTERNATIVES = 3
"""More than a person can weigh."""


@dataclass(frozen=True)
class HandAssessment:
    """What is said of one hand; the fields of `HandResult` that follow from its gesture.

    Attributes:
        index: Row of the hand in the arrays that were assessed.
        gesture: Id of the most probable gesture.
        probability: Its probability, 0 to 1.
        alternatives: The next gestures (id, probability), most probable first; an ordinary hand
            (`none`) is one of them.
        numbers: Numbers of the contest that `gesture` is said to signal, ascending.
        rule: What the rule set says of `gesture`.
        risk: 0 to 100.
        unclear: The hand is too small or too blurred to read, and no reading of it is likely.
    """

    index: int
    gesture: str
    probability: float
    alternatives: tuple[tuple[str, float], ...]
    numbers: tuple[int, ...]
    rule: RuleStatus
    risk: float
    unclear: bool


@dataclass(frozen=True)
class Assessment:
    """What is said of a photo.

    Attributes:
        hands: Every hand, riskiest first, then from left to right.
        risk: 0 to 100.
        level: Level of `risk`.
        readings: Numbers that two hands make together; their indices are positions in `hands`.
    """

    hands: tuple[HandAssessment, ...]
    risk: float
    level: Level
    readings: tuple[TwoHandReading, ...]


def assess(
    boxes_xyxy: ArrayLike,
    probabilities: ArrayLike,
    contest: Contest,
    rules: RuleSet,
    legible: ArrayLike | None = None,
) -> Assessment:
    """Say how strongly hands resemble the number symbols of a contest.

    Args:
        boxes_xyxy: (N, 4), x0 y0 x1 y1 in pixels of the oriented photo.
        probabilities: (N, G), calibrated, in the order of `GESTURE_IDS`, each row of sum 1.  The
            hands of a two-hand gesture come with their probability on that gesture already.
        contest: What gestures signal.
        rules: What the circulars say of gestures.
        legible: Bool (N,), whether each hand has pixels enough to be read; all have without it.

    Raises:
        ValueError: A shape is wrong, or `probabilities` is no distribution.
    """
    p = checked_probabilities(probabilities)
    boxes = np.asarray(boxes_xyxy, np.float64)
    if boxes.shape != (len(p), 4) or not np.isfinite(boxes).all():
        raise ValueError(f"boxes must be finite and ({len(p)}, 4), not {boxes.shape}")
    weights = gesture_weights(rules, contest)
    doubt = doubts(p, np.ones(len(p), bool) if legible is None else legible)
    risks = hand_risks(p, weights, doubt)
    order = np.lexsort((boxes[:, 1], boxes[:, 0], -risks))
    hands = tuple(
        _hand(int(i), p[i], float(risks[i]), bool(doubt[i] > 0), contest, rules) for i in order
    )
    risk = photo_risk(p, weights, doubt)
    readings = two_hand_readings(
        boxes[order], [h.gesture for h in hands], [h.probability for h in hands], contest
    )
    return Assessment(hands, risk, level_of(risk), readings)


def _hand(
    index: int,
    p: NDArray[np.float64],
    risk: float,
    unclear: bool,
    contest: Contest,
    rules: RuleSet,
) -> HandAssessment:
    """Assess one hand with the probabilities `p` (G,)."""
    ranked = [(GESTURE_IDS[g], float(p[g])) for g in np.argsort(-p, kind="stable")]
    gesture, probability = ranked[0]
    alternatives = [pair for pair in ranked[1:] if pair[1] >= LEAST_ALTERNATIVE]
    return HandAssessment(
        index=index,
        gesture=gesture,
        probability=probability,
        alternatives=tuple(alternatives[:MOST_ALTERNATIVES]),
        numbers=contest.numbers_for(gesture),
        rule=rules.status(gesture),
        risk=risk,
        unclear=unclear,
    )
