"""Which hands are told."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from posecheck.report.findings import (
    crop_side,
    findings_of,
    is_only_unclear,
    is_ordinary,
    place_of,
    resembling,
)
from posecheck.results import HandResult, Level, RuleStatus
from posecheck.risk.formula import level_of
from tests.report import photos

PLACES = [
    ["top_left", "top_middle", "top_right"],
    ["left", "middle", "right"],
    ["bottom_left", "bottom_middle", "bottom_right"],
]

hands = st.builds(
    lambda hand, unclear: replace(hand, unclear=unclear),
    st.builds(
        photos.hand,
        gesture=st.sampled_from(["peace", "none", "other", "fist"]),
        risk=st.integers(0, 100).map(float),
        rule=st.sampled_from(RuleStatus),
    ),
    st.booleans(),
)


@given(st.lists(hands, max_size=12))
def test_every_hand_is_either_told_or_counted(found: list[HandResult]) -> None:
    risk = max((hand.risk for hand in found), default=0.0)
    chosen = findings_of(photos.photo(*found, risk=risk, level=level_of(risk)))
    assert sorted(chosen.told + chosen.rest) == list(range(len(found)))


@given(st.lists(hands, max_size=12))
def test_a_flagged_photo_tells_a_hand_and_another_tells_none(
    found: list[HandResult],
) -> None:
    risk = max((hand.risk for hand in found), default=0.0)
    told = findings_of(photos.photo(*found, risk=risk, level=level_of(risk))).told
    assert bool(told) == (level_of(risk) is not Level.NONE)
    risks = [found[i].risk for i in told]
    assert risks == sorted(risks, reverse=True)


@given(st.lists(hands, max_size=12))
def test_a_sign_at_any_level_is_told(found: list[HandResult]) -> None:
    risk = max((hand.risk for hand in found), default=0.0)
    told = findings_of(photos.photo(*found, risk=risk, level=level_of(risk))).told
    for i, hand in enumerate(found):
        if not is_ordinary(hand) and level_of(hand.risk) is not Level.NONE:
            assert i in told


@given(st.lists(hands, max_size=12))
def test_the_verdict_is_about_clear_hands_where_there_are_any(found: list[HandResult]) -> None:
    risk = max((hand.risk for hand in found), default=0.0)
    result = photos.photo(*found, risk=risk, level=level_of(risk))
    told = [found[i] for i in findings_of(result).told]
    said = resembling(result)
    assert bool(said) == bool(told)
    assert len({hand.unclear for hand in said}) <= 1
    assert is_only_unclear(result) == (
        result.level is Level.LOW and all(hand.unclear for hand in said)
    )


def test_places_are_thirds_of_the_photo() -> None:
    for row in range(3):
        for column in range(3):
            x, y = 100 * column + 50, 200 * row + 100
            box = photos.hand(box=(x - 5, y - 5, x + 5, y + 5))
            assert place_of(box, 300, 600) == PLACES[row][column]


def test_a_hand_that_reaches_over_the_edge_has_a_place() -> None:
    assert place_of(photos.hand(box=(-80, -80, -20, -20)), 300, 600) == "top_left"
    assert place_of(photos.hand(box=(380, 700, 420, 720)), 300, 600) == "bottom_right"


def test_the_cut_is_the_one_that_keeps_most() -> None:
    def side(*box: float) -> str | None:
        return crop_side([photos.hand(box=box)], 1000, 1000)  # type: ignore[arg-type]

    assert side(0, 400, 100, 500) == "left"
    assert side(900, 400, 1000, 500) == "right"
    assert side(400, 0, 500, 100) == "top"
    assert side(400, 900, 500, 1000) == "bottom"
    assert side(450, 450, 550, 550) is None
