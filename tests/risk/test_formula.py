"""What the risk promises whatever the hands are."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from posecheck.gesture.vocabulary import GESTURE_IDS
from posecheck.results import Level, RuleStatus
from posecheck.risk.contest import contest_ids, load_contest
from posecheck.risk.formula import (
    UNCLEAR_BELOW,
    UNCLEAR_WEIGHT,
    doubts,
    gesture_weights,
    hand_risks,
    level_of,
    photo_risk,
)
from posecheck.risk.rules import RuleSet, load_rules, rule_ids

G = len(GESTURE_IDS)
Float = NDArray[np.float64]

GENERIC, STRICT = load_contest("generic"), load_rules("strict")
WEIGHTS = gesture_weights(STRICT, GENERIC)

# Hands with mass on few gestures, with much on ordinary hands, and with mass on everything.
distributions = hnp.arrays(
    np.float64,
    (G,),
    elements=st.one_of(st.just(0.0), st.floats(0, 1), st.floats(0, 1e-3)),
    fill=st.just(0.0),
).filter(lambda p: p.sum() > 1e-6)
hands = st.lists(distributions.map(lambda p: p / p.sum()), max_size=12)
weight_tables = st.one_of(
    st.builds(
        lambda rules, contest: gesture_weights(load_rules(rules), load_contest(contest)),
        st.sampled_from(rule_ids()),
        st.sampled_from(contest_ids()),
    ),
    hnp.arrays(np.float64, (G,), elements=st.floats(0, 1)),
)


def photo(rows: Sequence[Float], weights: Float, doubt: Sequence[float] | None = None) -> float:
    return photo_risk(np.reshape(np.array(rows), (-1, G)), weights, doubt)


def unsure(rows: Sequence[Float], random: Random) -> list[float]:
    """Doubt of some of the hands."""
    return [random.choice([0.0, random.random()]) for _ in rows]


def hand(**probabilities: float) -> Float:
    return np.array([probabilities.get(gesture, 0.0) for gesture in GESTURE_IDS])


@given(hands, weight_tables, st.randoms())
def test_between_0_and_100_and_never_below_a_hand(
    rows: list[Float], weights: Float, random: Random
) -> None:
    for doubt in (None, unsure(rows, random)):
        risk = photo(rows, weights, doubt)
        assert 0 <= risk <= 100
        if rows:
            assert risk >= hand_risks(np.array(rows), weights, doubt).max()


@given(distributions.map(lambda p: p / p.sum()), weight_tables)
def test_of_one_hand_the_photo_is_the_hand(row: Float, weights: Float) -> None:
    # Two ways to the same sum may fall on two sides of a rounding.
    assert photo([row], weights) == pytest.approx(hand_risks([row], weights)[0], abs=0.1001)


@given(hands, distributions.map(lambda p: p / p.sum()), weight_tables, st.randoms())
def test_one_more_hand_never_lowers(
    rows: list[Float], row: Float, weights: Float, random: Random
) -> None:
    assert photo([*rows, row], weights) >= photo(rows, weights)
    doubt = unsure([*rows, row], random)
    assert photo([*rows, row], weights, doubt) >= photo(rows, weights, doubt[:-1])


@given(hands.filter(len), weight_tables, st.data())
def test_more_mass_on_a_heavier_gesture_never_lowers(
    rows: list[Float], weights: Float, data: st.DataObject
) -> None:
    which = data.draw(st.integers(0, len(rows) - 1))
    lighter, heavier = sorted(
        data.draw(st.tuples(st.integers(0, G - 1), st.integers(0, G - 1))),
        key=lambda g: weights[g],
    )
    moved = rows[which].copy()
    share = data.draw(st.floats(0, 1)) * moved[lighter]
    moved[lighter] -= share
    moved[heavier] += share
    after = [*rows[:which], moved, *rows[which + 1 :]]
    assert hand_risks([moved], weights)[0] >= hand_risks([rows[which]], weights)[0]
    for doubt in (None, unsure(rows, data.draw(st.randoms()))):
        assert photo(after, weights, doubt) >= photo(rows, weights, doubt)


@given(hands, weight_tables, st.integers(0, G - 1), st.floats(0, 1), st.randoms())
def test_a_heavier_weight_never_lowers(
    rows: list[Float], weights: Float, gesture: int, weight: float, random: Random
) -> None:
    heavier = weights.copy()
    heavier[gesture] = max(weights[gesture], weight)
    for doubt in (None, unsure(rows, random)):
        assert photo(rows, heavier, doubt) >= photo(rows, weights, doubt)


@given(hands, weight_tables, st.randoms())
def test_the_order_of_hands_does_not_matter(
    rows: list[Float], weights: Float, random: Random
) -> None:
    shuffled = list(zip(rows, unsure(rows, random), strict=True))
    doubt = [d for _, d in shuffled]
    before = photo(rows, weights), photo(rows, weights, doubt)
    random.shuffle(shuffled)
    rows, doubt = [row for row, _ in shuffled], [d for _, d in shuffled]
    assert (photo(rows, weights), photo(rows, weights, doubt)) == before


@given(hands, weight_tables)
def test_hands_of_allowed_gestures_change_nothing(rows: list[Float], weights: Float) -> None:
    weights = np.where(np.array(GESTURE_IDS) == "none", 0.0, weights)
    assert photo([*rows, hand(none=1)], weights) == photo(rows, weights)


@given(hands.filter(len), st.floats(0.01, 1))
def test_with_one_weight_hands_are_put_together_by_the_power_of_three(
    rows: list[Float], weight: float
) -> None:
    weights = np.where(WEIGHTS == 1, weight, 0.0)
    q = np.array(rows)[:, WEIGHTS == 1].sum(axis=1)
    expected = 100 * weight * max(q.max(), 1 - np.prod(1 - q**3))
    assert photo(rows, weights) == pytest.approx(expected, abs=0.0501)


def test_many_certain_hands_of_one_weight_are_worth_one() -> None:
    for gesture in GESTURE_IDS:
        one = photo([hand(**{gesture: 1.0})], WEIGHTS)
        assert photo([hand(**{gesture: 1.0})] * 60, WEIGHTS) == one


def test_no_hands_no_risk() -> None:
    assert photo([], WEIGHTS) == 0.0
    assert hand_risks(np.zeros((0, G)), WEIGHTS).shape == (0,)


@pytest.mark.parametrize(
    ("gesture", "risk", "level"),
    [
        ("peace", 100.0, Level.HIGH),
        ("palm", 70.0, Level.MEDIUM),
        ("four", 70.0, Level.MEDIUM),
        ("middle", 30.0, Level.LOW),
        ("fist", 0.0, Level.NONE),
        ("holy", 0.0, Level.NONE),
        ("two_hand_heart", 0.0, Level.NONE),
        ("none", 0.0, Level.NONE),
        ("other", 0.0, Level.NONE),
    ],
)
def test_gestures_seen_for_certain_under_the_defaults(
    gesture: str, risk: float, level: Level
) -> None:
    assert photo([hand(**{gesture: 1.0})], WEIGHTS) == risk
    assert level_of(risk) is level


def test_a_sign_without_a_number_on_the_ballot_counts_less() -> None:
    three_pairs = gesture_weights(STRICT, load_contest("pemilu-2024"))
    palm = GESTURE_IDS.index("palm")
    assert three_pairs[palm] == pytest.approx(0.56)
    assert (np.delete(three_pairs, palm) == np.delete(WEIGHTS, palm)).all()


def test_an_ordinary_hand_weighs_nothing_under_any_rules() -> None:
    everything = {
        gesture: RuleStatus.FORBIDDEN for gesture in GESTURE_IDS if gesture not in ("none", "other")
    }
    for rules in (RuleSet("all", "All", everything), RuleSet("none", "None", {})):
        weights = gesture_weights(rules, GENERIC)
        assert photo([hand(none=0.5, other=0.5)], weights) == 0.0


@pytest.mark.parametrize(
    "rows",
    [
        np.full((1, G), np.nan),
        np.full((2, G), 0.5),
        np.zeros((1, G)),
        np.eye(G)[:1] - np.eye(G)[1:2] + np.eye(G)[2:3],
        np.ones((1, G - 1)) / (G - 1),
        np.ones(G) / G,
    ],
    ids=["nan", "too much", "nothing", "negative", "too few gestures", "one row"],
)
def test_what_is_no_distribution_is_refused(rows: Float) -> None:
    for function in (photo_risk, hand_risks):
        with pytest.raises(ValueError, match="probabilities"):
            function(rows, WEIGHTS)


@given(st.floats(0, 100), st.floats(0, 100))
def test_levels_rise_with_the_risk(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert level_of(low).rank <= level_of(high).rank


@given(hands.filter(len), weight_tables, st.randoms())
def test_doubt_raises_a_hand_within_level_low_and_never_lowers_it(
    rows: list[Float], weights: Float, random: Random
) -> None:
    doubt = np.array(unsure(rows, random))
    plain = hand_risks(np.array(rows), weights)
    raised = hand_risks(np.array(rows), weights, doubt)
    assert (raised >= plain).all()
    for risk, before, more in zip(raised, plain, doubt, strict=True):
        if risk > before:
            assert Level.LOW.rank >= level_of(risk).rank
            assert risk <= before + 100 * UNCLEAR_WEIGHT * more + 0.1001
    doubted = np.minimum(doubt + random.random(), 1)
    assert (hand_risks(np.array(rows), weights, doubted) >= raised).all()


@given(hands, weight_tables)
def test_without_doubt_nothing_changes(rows: list[Float], weights: Float) -> None:
    assert photo(rows, weights, [0.0] * len(rows)) == photo(rows, weights)


@given(hands.filter(len), weight_tables)
def test_unclear_hands_are_worth_the_riskiest_of_them_however_many(
    rows: list[Float], weights: Float
) -> None:
    risk = photo(rows * 40, weights, [0.4] * len(rows) * 40)
    assert risk == hand_risks(np.array(rows), weights, [0.4] * len(rows)).max()


@given(hands, st.randoms())
def test_a_hand_is_in_doubt_if_it_is_illegible_and_nothing_is_likely(
    rows: list[Float], random: Random
) -> None:
    p = np.reshape(np.array(rows), (-1, G))
    legible = np.array([random.random() < 0.5 for _ in rows], bool)
    ordinary = [GESTURE_IDS.index(name) for name in ("none", "other")]
    for row, can_tell, doubt in zip(p, legible, doubts(p, legible), strict=True):
        likeliest = max(row[ordinary].sum(), *np.delete(row, ordinary))
        assert (doubt > 0) == (not can_tell and likeliest < UNCLEAR_BELOW)
        if doubt:
            assert doubt == pytest.approx(1 - likeliest)


@pytest.mark.parametrize(
    ("row", "risk", "level"),
    [
        (hand(none=0.65, peace=0.15, fist=0.2), 25.5, Level.LOW),
        (hand(none=0.3, other=0.3, fist=0.4), 12.0, Level.NONE),
        (hand(none=0.55, peace=0.45), 49.9, Level.LOW),
        (hand(none=0.45, peace=0.55), 55.0, Level.MEDIUM),
        (hand(peace=0.5, two_up=0.5), 100.0, Level.HIGH),
        (hand(none=0.75, peace=0.25), 25.0, Level.LOW),
    ],
)
def test_what_an_illegible_hand_says(row: Float, risk: float, level: Level) -> None:
    doubt = doubts([row], [False])
    assert hand_risks([row], WEIGHTS, doubt)[0] == risk
    assert photo([row] * 40, WEIGHTS, list(doubt) * 40) >= risk
    assert level_of(risk) is level


def test_a_wrong_doubt_is_refused() -> None:
    row = [hand(none=1)]
    for doubt in ([0.1, 0.2], [-0.1], [1.1], [np.nan], 0.5):
        with pytest.raises(ValueError, match="doubt"):
            photo_risk(row, WEIGHTS, doubt)
    with pytest.raises(ValueError, match="legible"):
        doubts(row, [True, False])
