"""How well whole photos are told apart: those with a deliberate sign and those without."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from posecheck.evaluation.intervals import Estimate, Resampler
from posecheck.evaluation.measures import Bool, auroc
from posecheck.evaluation.pairing import GroupPair, is_flagged


@dataclass(frozen=True)
class SourcePhotos:
    """Whole group photos of one source; see `PhotoScore`."""

    sensitivity: Estimate
    specificity: Estimate


@dataclass(frozen=True)
class PhotoScore:
    """Whole group photos; a photo counts as flagged from level medium on.

    Attributes:
        with_sign: Photos with a deliberate sign whose label is sure.
        without_sign: Photos without one whose label is sure.
        sensitivity: Share flagged of those with a sign.
        specificity: Share not flagged of those without.
        auroc: Chance that a photo with a sign has a higher risk than one without.
        unsure: Photos whose label is unsure, left out of all of these.
        unsure_flagged: Share of those that is flagged.
        by_source: Source -> sensitivity and specificity.
    """

    with_sign: int
    without_sign: int
    sensitivity: Estimate
    specificity: Estimate
    auroc: Estimate
    unsure: int
    unsure_flagged: Estimate
    by_source: Mapping[str, SourcePhotos]


def score_photos(pairs: Sequence[GroupPair], resampler: Resampler) -> PhotoScore:
    """Sensitivity, specificity and AUROC of the risk; the truth is `has_gesture`."""
    sure = [p for p in pairs if not p.label.unsure]
    doubted = [p for p in pairs if p.label.unsure]
    positive = np.array([p.label.has_gesture for p in sure], bool)
    return PhotoScore(
        with_sign=int(positive.sum()),
        without_sign=int((~positive).sum()),
        sensitivity=_sensitivity(sure, resampler),
        specificity=_specificity(sure, resampler),
        auroc=_auroc(sure, positive, resampler),
        unsure=len(doubted),
        unsure_flagged=resampler.rate([is_flagged(p.result) for p in doubted], _units(doubted)),
        by_source={
            source: SourcePhotos(
                _sensitivity([p for p in sure if p.label.source == source], resampler),
                _specificity([p for p in sure if p.label.source == source], resampler),
            )
            for source in sorted({p.label.source for p in sure})
        },
    )


def _units(pairs: Sequence[GroupPair]) -> list[str]:
    return [str(p.label.path) for p in pairs]


def _sensitivity(pairs: Sequence[GroupPair], resampler: Resampler) -> Estimate:
    signs = [p for p in pairs if p.label.has_gesture]
    return resampler.rate([is_flagged(p.result) for p in signs], _units(signs))


def _specificity(pairs: Sequence[GroupPair], resampler: Resampler) -> Estimate:
    empty = [p for p in pairs if not p.label.has_gesture]
    return resampler.rate([not is_flagged(p.result) for p in empty], _units(empty))


def _auroc(pairs: Sequence[GroupPair], positive: Bool, resampler: Resampler) -> Estimate:
    risks = np.array([p.result.risk or 0.0 for p in pairs], np.float64)
    weights = resampler.weights[:, resampler.positions(_units(pairs))]
    return resampler.figure(auroc(risks, positive, weights), len(pairs))
