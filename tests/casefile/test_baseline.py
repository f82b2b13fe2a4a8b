"""What decisions mean for a photo's hands now, whatever models found them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecheck.casefile.baseline import Standing, finding_of, findings_to_decide, standing
from posecheck.casefile.types import Decision, Finding, Verdict
from posecheck.results import HandResult, Level, PhotoResult
from tests.casefile.made import flagged, moved
from tests.report.photos import clean, hand, heart, peace, photo, thumb

RESEMBLES, UNCLEAR, DIFFERENT = Verdict.RESEMBLES, Verdict.UNCLEAR, Verdict.DIFFERENT


def said(
    number: int,
    verdict: Verdict | None,
    *about: HandResult | Finding,
    undoes: int | None = None,
) -> Decision:
    return Decision(
        id=number,
        sha256="a",
        verdict=verdict,
        findings=tuple(f if isinstance(f, Finding) else finding_of(f) for f in about),
        reviewer="Sari",
        note="",
        decided_at=datetime(2024, 1, 1, tzinfo=timezone.utc),
        version="1",
        fingerprint="f",
        undoes=undoes,
    )


def held(result: PhotoResult, *decisions: Decision) -> tuple[Verdict | None, bool]:
    """Verdict on the whole photo, and whether it is raised."""
    holds = standing(result, decisions)
    return (None if holds.decision is None else holds.decision.verdict), holds.raised


def test_undecided_photos_are_raised() -> None:
    two = flagged(1, peace(), thumb())
    assert standing(two, []) == Standing((None, None), None, raised=True)
    assert standing(clean(2), []) == Standing((None, None), None, raised=True)


@pytest.mark.parametrize("verdict", Verdict)
def test_a_decision_on_the_whole_photo_is_one_on_every_hand_that_resembles(
    verdict: Verdict,
) -> None:
    result = flagged(1, peace(), hand(), thumb())
    decision = said(1, verdict, *findings_to_decide(result))
    holds = standing(result, [decision])
    assert holds.verdicts == (verdict, None, verdict)
    assert holds.decision == decision
    assert holds.raised is (verdict is not DIFFERENT)


def test_a_photo_is_decided_once_every_hand_is() -> None:
    result = flagged(1, peace(), thumb())
    first = said(1, DIFFERENT, peace())
    assert standing(result, [first]) == Standing((DIFFERENT, None), None, raised=True)
    assert held(result, first, said(2, DIFFERENT, thumb())) == (DIFFERENT, False)


@pytest.mark.parametrize(
    ("one", "other", "whole"),
    [
        (RESEMBLES, DIFFERENT, RESEMBLES),
        (DIFFERENT, RESEMBLES, RESEMBLES),
        (UNCLEAR, RESEMBLES, RESEMBLES),
        (DIFFERENT, UNCLEAR, UNCLEAR),
        (UNCLEAR, DIFFERENT, UNCLEAR),
    ],
)
def test_the_gravest_verdict_on_a_hand_is_the_photos(
    one: Verdict, other: Verdict, whole: Verdict
) -> None:
    decisions = [said(1, one, peace()), said(2, other, thumb())]
    assert held(flagged(1, peace(), thumb()), *decisions) == (whole, True)


def test_of_equal_verdicts_the_latest_decision_is_the_photos() -> None:
    decisions = [said(1, RESEMBLES, thumb()), said(2, RESEMBLES, peace())]
    assert standing(flagged(1, peace(), thumb()), decisions).decision == decisions[1]


def test_the_latest_decision_on_a_hand_holds() -> None:
    result = flagged(1, peace(), thumb())
    whole = said(1, RESEMBLES, *findings_to_decide(result))
    one_hand = said(2, DIFFERENT, thumb())
    assert standing(result, [whole, one_hand]).verdicts == (RESEMBLES, DIFFERENT)
    again = said(3, DIFFERENT, *findings_to_decide(result))
    assert held(result, whole, one_hand, again) == (DIFFERENT, False)


def test_clearing_a_hand_leaves_it_undecided() -> None:
    result = flagged(1, peace(), thumb())
    whole = said(1, DIFFERENT, *findings_to_decide(result))
    assert standing(result, [whole, said(2, None, thumb())]) == Standing(
        (DIFFERENT, None), None, raised=True
    )


def test_undoing_brings_back_what_held_before() -> None:
    result = flagged(1, peace())
    first, second = said(1, DIFFERENT, peace()), said(2, RESEMBLES, peace())
    assert held(result, first, second) == (RESEMBLES, True)
    assert held(result, first, second, said(3, None, peace(), undoes=2)) == (DIFFERENT, False)
    cleared = said(4, None, peace())
    assert held(result, first, cleared) == (None, True)
    assert held(result, first, cleared, said(5, None, peace(), undoes=4)) == (DIFFERENT, False)


def test_a_decision_on_a_photo_without_findings_is_kept_and_can_be_cleared() -> None:
    result = clean(2)
    looked = said(1, DIFFERENT)
    assert held(result, looked) == (DIFFERENT, True)
    assert held(result, looked, said(2, None)) == (None, True)
    assert held(result, looked, said(2, None), said(3, UNCLEAR)) == (UNCLEAR, True)


def test_the_baseline_holds_where_other_models_find_the_same_hand() -> None:
    decision = said(1, DIFFERENT, peace())
    assert held(flagged(1, moved(peace(), 12, -20)), decision) == (DIFFERENT, False)


@pytest.mark.parametrize(
    "other",
    [moved(peace(), 60), thumb((120, 90, 200, 210)), moved(peace(), 0, 100)],
    ids=["elsewhere", "other gesture", "below"],
)
def test_another_hand_or_another_gesture_is_raised(other: HandResult) -> None:
    assert held(flagged(1, other), said(1, DIFFERENT, peace())) == (None, True)


def test_a_new_hand_raises_the_photo_again() -> None:
    decision = said(1, DIFFERENT, *findings_to_decide(flagged(1, peace())))
    assert held(flagged(1, peace()), decision) == (DIFFERENT, False)
    assert held(flagged(1, peace(), thumb()), decision) == (None, True)


def test_a_sign_in_a_photo_judged_before_it_was_seen_is_raised() -> None:
    assert held(flagged(1, peace()), said(1, DIFFERENT)) == (None, True)


def test_a_pair_of_hands_is_known_by_either() -> None:
    """Which of the two comes first depends on their risks, which other models see otherwise."""
    pair = heart()
    decision = said(1, DIFFERENT, *findings_to_decide(pair))
    first, second = pair.hands
    other_way = replace(pair, hands=(replace(second, partner=1), replace(first, partner=0)))
    assert findings_to_decide(pair) != findings_to_decide(other_way)
    assert held(other_way, decision) == (DIFFERENT, False)
    assert standing(pair, [decision]).verdicts == (DIFFERENT, DIFFERENT)


def test_a_partner_that_is_not_there_is_nobody() -> None:
    alone = replace(heart(), hands=(replace(heart().hands[0], partner=7),))
    assert held(alone, said(1, DIFFERENT, alone.hands[0])) == (DIFFERENT, False)


def test_crops_of_a_flat_hand_are_still_the_same_hand() -> None:
    flat = peace((50, 50, 50, 90))
    assert held(flagged(1, flat), said(1, DIFFERENT, flat)) == (DIFFERENT, False)


_hands = st.lists(
    st.builds(
        lambda x, make: moved(make(), x),
        st.integers(0, 3000).map(float),
        st.sampled_from([peace, thumb, hand]),
    ),
    max_size=4,
)


@given(hands=_hands, level=st.sampled_from(Level), verdict=st.sampled_from(Verdict))
def test_deciding_on_the_whole_photo_decides_it(
    hands: list[HandResult], level: Level, verdict: Verdict
) -> None:
    result = photo(*hands, risk=50.0, level=level)
    findings = findings_to_decide(result)
    decision = said(1, verdict, *findings)
    holds = standing(result, [decision])
    assert holds.decision == decision
    assert holds.raised is not (bool(findings) and verdict is DIFFERENT)
    # Taking back what was just said is as if nothing had been.
    undone = standing(result, [decision, said(2, None, *findings, undoes=1)])
    assert undone == standing(result, [])
