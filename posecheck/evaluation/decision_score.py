"""The tool held against what people decided on its findings.

People decide on what was raised, so this says how often a finding is one in their eyes
(precision), and nothing of what was missed; labelled photos say that (`posecheck eval CSV`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from posecheck.casefile.types import CasePhoto, Verdict
from posecheck.evaluation.calibration import ReliabilityBin, reliability
from posecheck.evaluation.intervals import Estimate, Resampler
from posecheck.evaluation.measures import width_edges
from posecheck.report.findings import findings_of
from posecheck.results import Level

BINS = 10


@dataclass(frozen=True)
class Verdicts:
    """What people said of photos or hands of one kind.

    Attributes:
        name: The kind: a level, or a gesture's id.
        resembles: How many were said to resemble.
        different: How many were said not to.
        unclear: How many were said to be unclear.
        undecided: How many nobody has decided on.
        precision: Share that resembles, of those said to resemble or not to.
    """

    name: str
    resembles: int
    different: int
    unclear: int
    undecided: int
    precision: Estimate


@dataclass(frozen=True)
class DecisionScore:
    """Findings and decisions of one case file.

    Attributes:
        photos: Photos that were checked.
        raised: Photos at level medium and above.
        all_raised: Verdicts on them.
        levels: Verdicts on photos of each level, the highest first; of level none, only photos
            that somebody decided on.
        hands: Verdicts on all hands that resemble something.
        gestures: Verdicts on these by gesture, the most frequent first.
        ece: How far a hand's probability is from the share that resembles, over bins.
        bins: Those bins.
        recipes: Fingerprints of the recipes that results were made with, and how many by each.
    """

    photos: int
    raised: int
    all_raised: Verdicts
    levels: tuple[Verdicts, ...]
    hands: Verdicts
    gestures: tuple[Verdicts, ...]
    ece: Estimate
    bins: tuple[ReliabilityBin, ...]
    recipes: dict[str, int]


@dataclass(frozen=True)
class _Case:
    """One photo or hand: which, of what kind, and what was said of it."""

    photo: str
    kind: str
    verdict: Verdict | None
    probability: float = 0.0


def score_decisions(
    photos: Iterable[CasePhoto], replicates: int = 1000, seed: int = 0
) -> DecisionScore:
    """Score the photos of a case file.

    Args:
        photos: Every checked photo; drawn one by one.
        replicates: Bootstrap draws.
        seed: Of the bootstrap.
    """
    whole: list[_Case] = []
    hands: list[_Case] = []
    recipes: Counter[str] = Counter()
    checked = 0
    for photo in photos:
        level = photo.result.level
        if level is None:
            continue
        checked += 1
        recipes[photo.recipe.fingerprint] += 1
        verdict = None if photo.decision is None else photo.decision.verdict
        if level is not Level.NONE or verdict is not None:
            whole.append(_Case(photo.result.sha256, level.value, verdict))
        for i in findings_of(photo.result).told:
            hand = photo.result.hands[i]
            hands.append(
                _Case(photo.result.sha256, hand.gesture, photo.verdicts[i], hand.probability)
            )
    resampler = Resampler([case.photo for case in whole], replicates, seed)
    raised = [case for case in whole if Level(case.kind).rank >= Level.MEDIUM.rank]
    ece, bins = _calibration(hands, resampler)
    gestures = Counter(case.kind for case in hands)
    return DecisionScore(
        photos=checked,
        raised=len(raised),
        all_raised=_verdicts("medium and above", raised, resampler),
        levels=tuple(
            _verdicts(level.value, [c for c in whole if c.kind == level.value], resampler)
            for level in sorted(Level, key=lambda level: -level.rank)
        ),
        hands=_verdicts("all", hands, resampler),
        gestures=tuple(
            _verdicts(name, [c for c in hands if c.kind == name], resampler)
            for name, _ in sorted(gestures.items(), key=lambda pair: (-pair[1], pair[0]))
        ),
        ece=ece,
        bins=bins,
        recipes=dict(recipes),
    )


def _verdicts(name: str, cases: Sequence[_Case], resampler: Resampler) -> Verdicts:
    counts = Counter(case.verdict for case in cases)
    clear = _clear(cases)
    hits = [float(case.verdict is Verdict.RESEMBLES) for case in clear]
    return Verdicts(
        name=name,
        resembles=counts[Verdict.RESEMBLES],
        different=counts[Verdict.DIFFERENT],
        unclear=counts[Verdict.UNCLEAR],
        undecided=counts[None],
        precision=resampler.rate(hits, [case.photo for case in clear]),
    )


def _calibration(
    hands: Sequence[_Case], resampler: Resampler
) -> tuple[Estimate, tuple[ReliabilityBin, ...]]:
    clear = _clear(hands)
    if not clear:
        return Estimate(None, 0), ()
    return reliability(
        np.array([case.probability for case in clear], np.float64),
        np.array([case.verdict is Verdict.RESEMBLES for case in clear], np.float64),
        [case.photo for case in clear],
        width_edges(BINS),
        resampler,
    )


def _clear(cases: Sequence[_Case]) -> list[_Case]:
    """Those of which people said that they resemble, or that they do not."""
    return [case for case in cases if case.verdict in (Verdict.RESEMBLES, Verdict.DIFFERENT)]
