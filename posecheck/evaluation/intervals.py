"""Figures with 95 % intervals, by drawing whole photos or sources with replacement."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]

_Z = 1.959964
"""97.5 % quantile of the normal distribution."""

_ZERO_EVENTS = -math.log(0.025)
"""Upper 97.5 % limit of a Poisson mean when nothing was counted."""


@dataclass(frozen=True)
class Estimate:
    """A figure and how sure it is.

    Attributes:
        value: The figure, or None where there is nothing to compute it from.
        n: How many hands or photos it is over.
        low: Lower end of the 95 % interval, or None.
        high: Upper end, or None.
        hits: Numerator of a rate, or None for other figures.
        method: "bootstrap"; "wilson" or "poisson" where the bootstrap has nothing to vary (one
            unit, or the same rate in all), which takes the n as independent; "" without one.
    """

    value: float | None
    n: int
    low: float | None = None
    high: float | None = None
    hits: float | None = None
    method: str = ""


def wilson(hits: float, n: int) -> tuple[float, float]:
    """The 95 % Wilson score interval of `hits` in `n` (Wilson 1927), n > 0."""
    share, z2 = hits / n, _Z * _Z
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    return max(0.0, centre - half), min(1.0, centre + half)


class Resampler:
    """Draws units (photos, sources) with replacement, once, for every figure of a set.

    Row 0 of the weights is the sample itself, every unit once; the others are draws. A figure
    computed for every row is therefore the figure and its bootstrap distribution in one go.
    """

    def __init__(
        self,
        units: Sequence[str],
        replicates: int,
        seed: int,
        strata: Sequence[str] | None = None,
    ) -> None:
        """Draw.

        Args:
            units: Names of the units; repeats are one unit.
            replicates: How many draws.
            seed: Of the draws.
            strata: Of each entry of `units`; draws keep the number of units in each stratum.
        """
        kinds = dict(zip(units, strata or [""] * len(units), strict=True))
        names = sorted(kinds)
        self.index = {name: i for i, name in enumerate(names)}
        rng = np.random.default_rng(seed)
        self.weights: Float = np.ones((replicates + 1, len(names)))
        """(1 + replicates, units): how often each unit was drawn."""
        for kind in sorted(set(kinds.values())):
            members = np.array([i for i, name in enumerate(names) if kinds[name] == kind])
            share = np.full(len(members), 1 / len(members))
            draws = rng.multinomial(len(members), share, size=replicates)
            self.weights[1:, members] = draws

    def __len__(self) -> int:
        """Number of units."""
        return len(self.index)

    def positions(self, units: Sequence[str]) -> NDArray[np.intp]:
        """Index of every unit named, (len(units),)."""
        return np.array([self.index[unit] for unit in units], np.intp)

    def sums(self, units: Sequence[str], values: Float) -> Float:
        """Weighted sums over observations.

        Args:
            units: Unit of each of n observations.
            values: (n, ...) what to add up.

        Returns:
            (1 + replicates, ...) the sum in the sample and in every draw.
        """
        per_unit = np.zeros((len(self), *values.shape[1:]), np.float64)
        np.add.at(per_unit, self.positions(units), values)
        return self.draw(per_unit)

    def draw(self, per_unit: Float) -> Float:
        """Weighted sums over units.

        Args:
            per_unit: (units, ...) in the order of `index`.

        Returns:
            (1 + replicates, ...) the sum in the sample and in every draw.
        """
        return np.tensordot(self.weights, per_unit, axes=(1, 0))

    def rate(
        self,
        hits: Sequence[float],
        units: Sequence[str],
        proportion: bool = True,
    ) -> Estimate:
        """Mean of `hits` over observations that belong to `units`.

        Args:
            hits: 0 or 1 an observation; any count where `proportion` is False.
            units: Unit of each observation.
            proportion: Whether every entry of `hits` is 0 or 1.
        """
        n, total = len(hits), float(sum(hits))
        if n == 0:
            return Estimate(None, 0, hits=0.0)
        pairs = np.stack([np.asarray(hits, np.float64), np.ones(n)], axis=1)
        sums = self.sums(units, pairs)
        counts = sums[:, 1]
        rates = np.divide(sums[:, 0], counts, out=np.full(len(counts), np.nan), where=counts > 0)
        estimate = self.figure(rates, n, hits=total)
        if estimate.low is not None:
            return estimate
        if proportion:
            low, high = wilson(total, n)
            return Estimate(estimate.value, n, low, high, total, "wilson")
        if total == 0:
            return Estimate(0.0, n, 0.0, _ZERO_EVENTS / n, 0.0, "poisson")
        return estimate

    @staticmethod
    def figure(rows: Float, n: int, hits: float | None = None) -> Estimate:
        """An estimate from the figure of every row of the weights.

        Args:
            rows: (1 + replicates,) row 0 is the figure; NaN where a draw gives none.
            n: How many observations it is over.
            hits: Numerator, for rates.

        Returns:
            Without an interval where draws do not vary, or more than half give no figure.
        """
        value = None if math.isnan(float(rows[0])) else float(rows[0])
        drawn = rows[1:][~np.isnan(rows[1:])]
        still = drawn.size == 0 or float(np.ptp(drawn)) < 1e-12
        if value is None or still or drawn.size < (len(rows) - 1) / 2:
            return Estimate(value, n, hits=hits)
        low, high = (float(v) for v in np.percentile(drawn, [2.5, 97.5]))
        return Estimate(value, n, low, high, hits, "bootstrap")
