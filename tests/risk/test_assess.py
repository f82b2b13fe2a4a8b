"""What is said of hands and photo, ready for a result."""

from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecheck.gesture.vocabulary import GESTURE_IDS
from posecheck.results import Level, RuleStatus
from posecheck.risk.assess import Assessment, assess
from posecheck.risk.contest import load_contest
from posecheck.risk.formula import gesture_weights, hand_risks, photo_risk
from posecheck.risk.rules import load_rules

G = len(GESTURE_IDS)
GENERIC, STRICT = load_contest("generic"), load_rules("strict")


def hand(**probabilities: float) -> list[float]:
    return [probabilities.get(gesture, 0.0) for gesture in GESTURE_IDS]


def boxes(*left: float) -> list[list[float]]:
    return [[x, 0, x + 10, 10] for x in left]


def said(*rows: list[float]) -> Assessment:
    return assess(boxes(*(20.0 * i for i in range(len(rows)))), rows, GENERIC, STRICT)


def test_a_hand() -> None:
    (result,) = said(hand(peace=0.5, two_up=0.25, none=0.2, one=0.03, middle=0.02)).hands
    assert (result.index, result.gesture, result.probability) == (0, "peace", 0.5)
    assert result.alternatives == (("two_up", 0.25), ("none", 0.2))
    assert result.numbers == (2,)
    assert result.rule is RuleStatus.FORBIDDEN
    assert result.risk == 78.6


def test_alternatives_are_few() -> None:
    (result,) = said(hand(peace=0.4, two_up=0.2, one=0.15, ok=0.15, none=0.1)).hands
    assert [gesture for gesture, _ in result.alternatives] == ["two_up", "one", "ok"]


def test_hands_too_small_to_read_are_unclear_unless_a_reading_is_likely() -> None:
    rows = [hand(none=0.6, peace=0.4), hand(none=0.4, other=0.5, fist=0.1), hand(peace=1.0)]
    legible = np.array([False, False, False])
    result = assess(boxes(0, 20, 40), rows, GENERIC, STRICT, legible)
    assert [(h.index, h.unclear) for h in result.hands] == [(2, False), (0, True), (1, False)]
    alone = assess(boxes(0), rows[:1], GENERIC, STRICT, legible[:1])
    assert (alone.risk, alone.level, alone.hands[0].risk) == (49.9, Level.LOW, 49.9)
    assert alone.hands[0].gesture == "none"
    assert not any(h.unclear for h in said(*rows).hands)


def test_of_equals_the_sign_is_named_before_the_ordinary_hand() -> None:
    (result,) = said(hand(peace=0.5, none=0.5)).hands
    assert result.gesture == "peace"


def test_the_riskiest_hand_comes_first_and_equals_from_left_to_right() -> None:
    rows = [hand(none=1), hand(peace=1), hand(palm=1), hand(ok=1)]
    result = assess(boxes(0, 90, 40, 20), rows, GENERIC, STRICT)
    assert [h.index for h in result.hands] == [3, 1, 2, 0]


def test_no_hands() -> None:
    result = assess(np.zeros((0, 4)), np.zeros((0, G)), GENERIC, STRICT)
    assert result == Assessment((), 0.0, Level.NONE, ())


def test_readings_point_at_the_sorted_hands() -> None:
    rows = [hand(none=1), hand(one=0.9, none=0.1), hand(peace=1)]
    result = assess(boxes(0, 20, 40), rows, GENERIC, STRICT)
    (reading,) = result.readings
    assert [result.hands[i].index for i in reading.hands] == [1, 2]
    assert (reading.number, reading.kind) == (3, "sum")


def test_readings_never_change_a_risk() -> None:
    rows = [hand(thumb_down=0.9, none=0.1), hand(middle=0.8, none=0.2)]
    near = assess(boxes(0, 20), rows, GENERIC, STRICT)
    far = assess(boxes(0, 2000), rows, GENERIC, STRICT)
    assert near.readings and not far.readings
    assert near.risk == far.risk
    assert near.hands == far.hands


def test_wrong_shapes_are_refused() -> None:
    for wrong in (boxes(0), np.zeros((2, 5)), np.full((2, 4), np.nan)):
        with pytest.raises(ValueError, match="boxes"):
            assess(wrong, [hand(none=1)] * 2, GENERIC, STRICT)
    with pytest.raises(ValueError, match="probabilities"):
        assess(boxes(0, 1), [hand(none=0.5)] * 2, GENERIC, STRICT)


@given(st.lists(st.tuples(st.integers(0, 10**6), st.floats(0, 1000)), max_size=10), st.randoms())
def test_hands_and_photo_agree_with_the_formula_in_any_order(
    seeds: list[tuple[int, float]], random: Random
) -> None:
    def run(order: list[tuple[int, float]]) -> Assessment:
        rows = [np.random.default_rng(seed).dirichlet(np.full(G, 0.1)) for seed, _ in order]
        return assess(
            np.reshape(boxes(*(x for _, x in order)), (-1, 4)),
            np.reshape(rows, (-1, G)),
            GENERIC,
            STRICT,
        )

    result = run(seeds)
    weights = gesture_weights(STRICT, GENERIC)
    rows = np.reshape(
        [np.random.default_rng(seed).dirichlet(np.full(G, 0.1)) for seed, _ in seeds], (-1, G)
    )
    assert result.risk == photo_risk(rows, weights)
    risks = hand_risks(rows, weights)
    assert [h.risk for h in result.hands] == sorted(risks, reverse=True)
    assert all(h.risk == risks[h.index] for h in result.hands)
    shuffled = list(seeds)
    random.shuffle(shuffled)
    again = run(shuffled)
    assert (again.risk, again.level) == (result.risk, result.level)
    assert [h.risk for h in again.hands] == [h.risk for h in result.hands]
