"""Whether a probability of 0.8 is right in 80 % of cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecheck.evaluation.intervals import Estimate, Resampler
from posecheck.evaluation.measures import calibration_error, into_bins, mass_edges, width_edges
from posecheck.evaluation.options import ScoreOptions
from posecheck.evaluation.pairing import Reading


@dataclass(frozen=True)
class ReliabilityBin:
    """Readings of about the same probability.

    Attributes:
        low: Lower edge of the bin, not in it (but 0 is in the first).
        high: Upper edge, in it.
        n: Readings.
        probability: Their mean probability, or None without any.
        accuracy: Share of them that is right, or None without any.
    """

    low: float
    high: float
    n: int
    probability: float | None
    accuracy: float | None


@dataclass(frozen=True)
class Calibration:
    """Calibration of the probability of the gesture that is named.

    Attributes:
        ece: Expected calibration error over bins of equal width.
        ece_equal_mass: The same over bins of equally many readings.
        bias: Mean probability minus accuracy; above 0 is too sure.
        bins: Reliability over bins of equal width.
        bins_equal_mass: Reliability over bins of equally many readings.
    """

    ece: Estimate
    ece_equal_mass: Estimate
    bias: float | None
    bins: tuple[ReliabilityBin, ...]
    bins_equal_mass: tuple[ReliabilityBin, ...]


def calibrate(
    readings: Sequence[Reading], resampler: Resampler, options: ScoreOptions
) -> Calibration:
    """Calibration over hands that were found and whose label is scored."""
    seen = [r for r in readings if r.scored and r.hand is not None]
    probability = np.array([r.hand.probability for r in seen if r.hand], np.float64)
    right = np.array([r.right for r in seen], np.float64)
    units = [r.unit for r in seen]
    if not seen:
        nothing = Estimate(None, 0)
        return Calibration(nothing, nothing, None, (), ())
    wide, wide_bins = reliability(probability, right, units, width_edges(options.bins), resampler)
    even, even_bins = reliability(
        probability, right, units, mass_edges(probability, options.bins), resampler
    )
    bias = float(probability.mean() - right.mean())
    return Calibration(wide, even, bias, wide_bins, even_bins)


def reliability(
    probability: NDArray[np.float64],
    right: NDArray[np.float64],
    units: Sequence[str],
    edges: NDArray[np.float64],
    resampler: Resampler,
) -> tuple[Estimate, tuple[ReliabilityBin, ...]]:
    """The expected calibration error over bins, and the bins.

    Args:
        probability: (n,) what was said, 0 to 1.
        right: (n,) whether it was right, 0 or 1.
        units: Unit of each, for the interval.
        edges: Edges of the bins, ascending.
        resampler: Draws the units.
    """
    n = len(probability)
    cells = np.zeros((n, len(edges) - 1, 3))
    cells[np.arange(n), into_bins(probability, edges)] = np.stack(
        [np.ones(n), probability, right], axis=1
    )
    sums = resampler.sums(units, cells)
    bins = []
    for low, high, (count, summed, correct) in zip(edges[:-1], edges[1:], sums[0], strict=True):
        mean, share = (summed / count, correct / count) if count else (None, None)
        bins.append(
            ReliabilityBin(
                float(low),
                float(high),
                round(count),
                None if mean is None else float(mean),
                None if share is None else float(share),
            )
        )
    return resampler.figure(calibration_error(sums), n), tuple(bins)
