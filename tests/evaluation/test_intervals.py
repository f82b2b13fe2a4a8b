"""Intervals: seeded, drawn by unit, and never of width zero without saying so."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecheck.evaluation.intervals import Resampler, wilson


def test_a_rate_and_its_interval() -> None:
    units = [f"photo{i}" for i in range(100)]
    hits = [i % 4 == 0 for i in range(100)]
    rate = Resampler(units, 2000, 0).rate(hits, units)
    assert (rate.value, rate.hits, rate.n, rate.method) == (0.25, 25, 100, "bootstrap")
    assert rate.low is not None and rate.high is not None
    # Normal theory: 0.25 +- 1.96 * sqrt(0.25 * 0.75 / 100) = 0.165 to 0.335.
    assert rate.low == pytest.approx(0.165, abs=0.02)
    assert rate.high == pytest.approx(0.335, abs=0.02)


def test_whole_units_are_drawn() -> None:
    # Ten photos of ten hands each, all right or all wrong: as uncertain as ten hands, not 100.
    hands = [f"photo{i // 10}" for i in range(100)]
    hits = [i < 50 for i in range(100)]
    by_photo = Resampler(hands, 2000, 0).rate(hits, hands)
    single = [str(i) for i in range(100)]
    by_hand = Resampler(single, 2000, 0).rate(hits, single)
    assert by_photo.value == by_hand.value == 0.5
    assert by_photo.high - by_photo.low > 2 * (by_hand.high - by_hand.low)  # type: ignore[operator]


def test_same_seed_same_draws_in_any_order() -> None:
    units = ["c", "a", "b", "a"]
    assert np.array_equal(Resampler(units, 50, 7).weights, Resampler(units[::-1], 50, 7).weights)
    assert not np.array_equal(Resampler(units, 50, 7).weights, Resampler(units, 50, 8).weights)


def test_strata_keep_their_number_of_units() -> None:
    units = ["a", "b", "c", "p", "q"]
    resampler = Resampler(units, 200, 0, ["crop"] * 3 + ["group"] * 2)
    assert (resampler.weights[:, :3].sum(axis=1) == 3).all()
    assert (resampler.weights[:, 3:].sum(axis=1) == 2).all()


def test_no_hit_at_all_still_has_an_upper_end() -> None:
    units = [str(i) for i in range(50)]
    rate = Resampler(units, 100, 0).rate([0] * 50, units)
    assert rate.value == 0.0
    assert rate.method == "wilson"
    assert (rate.low, rate.high) == pytest.approx((0.0, 0.0714), abs=1e-3)


def test_no_event_at_all_still_has_an_upper_end() -> None:
    units = [str(i) for i in range(50)]
    rate = Resampler(units, 100, 0).rate([0] * 50, units, proportion=False)
    # -ln(0.025) / 50
    assert rate.method == "poisson"
    assert rate.high == pytest.approx(0.07378, abs=1e-4)


def test_one_unit_gives_wilson() -> None:
    rate = Resampler(["s"] * 8, 100, 0).rate([1, 1, 1, 1, 1, 1, 0, 0], ["s"] * 8)
    assert rate.method == "wilson"
    assert (rate.low, rate.high) == wilson(6, 8)


def test_wilson_worked_by_hand() -> None:
    # Wilson (1927) for 5 of 10: centre 0.5, half width 0.2634.
    assert wilson(5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-4)


def test_nothing_observed() -> None:
    rate = Resampler(["a"], 10, 0).rate([], [])
    assert (rate.value, rate.n, rate.low, rate.high) == (None, 0, None, None)
    empty = Resampler([], 10, 0)
    assert empty.rate([], []).value is None


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.booleans()), min_size=1, max_size=40))
def test_an_interval_lies_between_0_and_1_around_the_rate(cases: list[tuple[str, bool]]) -> None:
    units, hits = [u for u, _ in cases], [h for _, h in cases]
    rate = Resampler(units, 60, 0).rate(hits, units)
    assert rate.value == pytest.approx(sum(hits) / len(hits))
    assert rate.low is not None and rate.high is not None
    assert 0 <= rate.low <= rate.high <= 1
