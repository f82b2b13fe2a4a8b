"""A filter survives its way through an address, and nonsense in an address is no filter."""

from __future__ import annotations

from urllib.parse import parse_qsl

from hypothesis import given
from hypothesis import strategies as st

from posecheck.casefile.case import Selection
from posecheck.casefile.types import Verdict
from posecheck.gesture.vocabulary import GESTURE_IDS
from posecheck.results import Level
from posecheck.review.filters import Filter, State, read_filter

levels = st.sampled_from([None, *Level])
gestures = st.frozensets(st.sampled_from(GESTURE_IDS), max_size=3)
filters = st.builds(Filter, levels, gestures, st.sampled_from(State), st.booleans())
bases = st.builds(Selection, levels, gestures)


@given(filters, bases)
def test_an_address_keeps_the_filter(chosen: Filter, base: Selection) -> None:
    query = dict(parse_qsl(chosen.query(base).removeprefix("?")))
    assert read_filter(query, base) == chosen


@given(bases)
def test_what_is_not_asked_for_is_what_the_command_said(base: Selection) -> None:
    chosen = read_filter({}, base)
    assert (chosen.level, chosen.gestures) == (base.level, base.gestures)
    assert chosen.query(base) == ""


@given(st.dictionaries(st.sampled_from(["level", "gesture", "state", "faces"]), st.text()), bases)
def test_nonsense_is_passed_over(query: dict[str, str], base: Selection) -> None:
    chosen = read_filter(query, base)
    assert chosen.gestures <= set(GESTURE_IDS)
    assert isinstance(chosen.state, State)


def test_progress_counts_photos_whatever_was_said_of_them() -> None:
    base = Selection(raised=True, order="name")
    chosen = Filter(Level.LOW, frozenset({"peace"}), State.UNCLEAR)
    assert chosen.all(base) == Selection(Level.LOW, frozenset({"peace"}), raised=True, order="name")
    wanted = chosen.wanted(base)
    assert wanted is not None
    assert wanted.verdicts == {Verdict.UNCLEAR}
    assert Filter().wanted(base) is None
