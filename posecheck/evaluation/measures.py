"""The measures themselves, each over many weightings at once; NumPy only.

`R` is the number of weightings (the sample itself and its bootstrap draws).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]
Bool = NDArray[np.bool_]


def ratio(numerator: Float, denominator: Float) -> Float:
    """Elementwise quotient, NaN where the denominator is 0."""
    out = np.full(np.broadcast_shapes(numerator.shape, denominator.shape), np.nan)
    np.divide(numerator, denominator, out=out, where=denominator > 0)
    return out


def auroc(scores: Float, positive: Bool, weights: Float | None = None) -> Float:
    """Chance that a positive scores above a negative, ties counting half.

    Args:
        scores: (n,) the higher, the more positive.
        positive: (n,) the truth.
        weights: (R, n) not negative; every observation once where it is None.

    Returns:
        (R,) 0 to 1; NaN where either class has no weight.
    """
    weights = np.ones((1, len(scores))) if weights is None else weights
    _, rank = np.unique(scores, return_inverse=True)
    ranks = int(rank.max()) + 1 if len(scores) else 0
    on_rank = np.zeros((len(scores), ranks))
    on_rank[np.arange(len(scores)), rank] = 1.0
    up = (weights * positive) @ on_rank
    down = (weights * ~positive) @ on_rank
    below = np.cumsum(down, axis=1) - down
    return ratio((up * (below + 0.5 * down)).sum(axis=1), up.sum(axis=1) * down.sum(axis=1))


@dataclass(frozen=True, eq=False)
class ClassScores:
    """Scores of K classes, arrays over (..., K); NaN where there is nothing to divide by.

    Attributes:
        precision: Right among those read as the class.
        recall: Right among those labelled so.
        f1: 2 TP / (2 TP + FP + FN), 0 for a class that is labelled and never read right.
    """

    precision: Float
    recall: Float
    f1: Float


def class_scores(confusion: Float) -> ClassScores:
    """Precision, recall and F1 of every class.

    Args:
        confusion: (..., K, K + m) row = truth, column = reading; columns after the first K are
            readings that are no class (missed, cannot tell) and only cost recall.
    """
    k = confusion.shape[-2]
    right = np.diagonal(confusion[..., :k], axis1=-2, axis2=-1)
    labelled = confusion.sum(axis=-1)
    read = confusion[..., :k].sum(axis=-2)
    return ClassScores(
        precision=ratio(right, read),
        recall=ratio(right, labelled),
        f1=ratio(2 * right, labelled + read),
    )


def width_edges(bins: int) -> Float:
    """(bins + 1,) edges of equal width from 0 to 1."""
    return np.linspace(0.0, 1.0, bins + 1)


def mass_edges(probability: Float, bins: int) -> Float:
    """Edges that put as nearly equal numbers as ties allow into each bin.

    Args:
        probability: (n,) n > 0.
        bins: How many bins at most; equal probabilities share one.

    Returns:
        (at most bins + 1,) ascending, from 0 to 1.
    """
    inner = np.quantile(probability, np.linspace(0.0, 1.0, bins + 1)[1:-1], method="lower")
    inner = inner[(inner > 0) & (inner < probability.max())]
    return np.unique(np.concatenate([[0.0], inner, [1.0]]))


def into_bins(probability: Float, edges: Float) -> NDArray[np.intp]:
    """(n,) bin of every probability; a bin holds its upper edge, and the first also 0."""
    bins = np.searchsorted(edges, probability, side="left") - 1
    return np.clip(bins, 0, len(edges) - 2).astype(np.intp)


def calibration_error(sums: Float) -> Float:
    """Expected calibration error (Naeini 2015; Guo 2017) from sums in bins.

    Args:
        sums: (R, bins, 3) in each bin the number, the sum of probabilities, the number right.

    Returns:
        (R,) mean over observations of the gap between probability and accuracy in their bin,
        0 to 1; NaN where there is no observation.
    """
    gaps = np.abs(sums[..., 1] - sums[..., 2]).sum(axis=-1)
    return ratio(gaps, sums[..., 0].sum(axis=-1))
