"""Two hands that make one number: which pairs are read, and which are not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecheck.gesture.vocabulary import BY_ID, GESTURE_IDS
from posecheck.results import TwoHandReading
from posecheck.risk.contest import Contest, load_contest
from posecheck.risk.readings import LEAST_PROBABILITY, MOST_READINGS, two_hand_readings

EVERY = Contest("semua", "Semua", tuple(range(1, 100)), {})
FIVE = load_contest("generic")


def box(x: float, y: float = 0.0, size: float = 10.0) -> list[float]:
    return [x - size / 2, y - size / 2, x + size / 2, y + size / 2]


def read(
    boxes: Sequence[Sequence[float]],
    gestures: Sequence[str],
    probabilities: Sequence[float] | None = None,
    contest: Contest = EVERY,
) -> list[tuple[tuple[int, int], int, str]]:
    readings = two_hand_readings(
        np.array(boxes, np.float32), gestures, probabilities or [1.0] * len(gestures), contest
    )
    return [(r.hands, r.number, r.kind) for r in readings]


def test_sum_and_digits_from_left_to_right() -> None:
    assert read([box(0), box(30)], ["one", "peace"]) == [
        ((0, 1), 3, "sum"),
        ((0, 1), 12, "digits"),
    ]
    assert read([box(30), box(0)], ["one", "peace"]) == [
        ((1, 0), 3, "sum"),
        ((1, 0), 21, "digits"),
    ]


def test_only_what_is_on_the_ballot() -> None:
    assert read([box(0), box(30)], ["one", "peace"], contest=FIVE) == [((0, 1), 3, "sum")]
    assert read([box(0), box(30)], ["palm", "palm"], contest=FIVE) == []


def test_hands_above_each_other_are_no_digits() -> None:
    assert read([box(0, 0), box(5, 30)], ["one", "peace"]) == [((0, 1), 3, "sum")]


def test_a_gesture_that_stands_for_another_number_may_count_as_either() -> None:
    # The rock sign raises two fingers and stands for 3.
    assert read([box(0), box(30)], ["horns", "one"], contest=FIVE) == [
        ((0, 1), 4, "sum"),
        ((0, 1), 3, "sum"),
    ]
    # Four fingers stood for two numbers in 2024; which one would be added?
    contest = Contest("x", "X", tuple(range(1, 10)), {"four": (1, 3)})
    assert read([box(0), box(30)], ["four", "one"], contest=contest) == [((0, 1), 5, "sum")]


def test_a_symbol_of_two_digits_is_no_digit() -> None:
    contest = Contest("x", "X", (12, 13, 21, 22), {"peace": (12,)})
    assert read([box(0), box(30)], ["peace", "one"], contest=contest) == [
        ((0, 1), 13, "sum"),
        ((0, 1), 21, "digits"),
    ]
    assert read([box(0), box(30)], ["one", "peace"], contest=contest) == [
        ((0, 1), 13, "sum"),
        ((0, 1), 12, "digits"),
    ]


@pytest.mark.parametrize("gesture", [g for g in GESTURE_IDS if not BY_ID[g].fingers])
def test_hands_that_raise_no_finger_count_nothing(gesture: str) -> None:
    assert read([box(0), box(30)], ["one", gesture]) == []


def test_hands_too_far_apart_are_two_people() -> None:
    assert read([box(0), box(59)], ["one", "one"])
    assert not read([box(0), box(61)], ["one", "one"])


def test_hands_of_different_size_are_two_people() -> None:
    assert read([box(0), box(30, size=19)], ["one", "one"])
    assert not read([box(0), box(30, size=21)], ["one", "one"])


def test_a_hand_is_given_its_nearest_and_no_other() -> None:
    pairs = {hands for hands, _, _ in read([box(0), box(20), box(50), box(80)], ["one"] * 4)}
    assert pairs == {(0, 1), (2, 3)}
    pairs = {hands for hands, _, _ in read([box(0), box(30), box(50)], ["one"] * 3)}
    assert pairs == {(1, 2)}


def test_unsure_hands_are_not_read_together() -> None:
    assert read([box(0), box(30)], ["one", "one"], [0.5, 0.5])
    assert not read([box(0), box(30)], ["one", "one"], [0.5, 0.49])


def test_a_box_without_size_is_not_read() -> None:
    assert not read([box(0, size=0), box(0, size=0)], ["one", "one"])


def test_the_most_probable_come_first_and_not_too_many() -> None:
    boxes = [box(x) for pair in range(10) for x in (pair * 100, pair * 100 + 20)]
    probabilities = [0.6 + 0.02 * (i // 2) for i in range(20)]
    readings = two_hand_readings(np.array(boxes), ["one"] * 20, probabilities, EVERY)
    assert len(readings) == MOST_READINGS
    assert readings[0] == TwoHandReading((18, 19), 2, "sum", 0.78 * 0.78)
    assert [r.probability for r in readings] == sorted(r.probability for r in readings)[::-1]


@given(
    st.lists(
        st.tuples(
            st.floats(0, 300),
            st.floats(0, 300),
            st.floats(5, 40),
            st.sampled_from(GESTURE_IDS),
            st.floats(0, 1),
        ),
        max_size=15,
    )
)
def test_what_holds_of_every_reading(
    hands: list[tuple[float, float, float, str, float]],
) -> None:
    boxes = np.array([box(x, y, size) for x, y, size, _, _ in hands]).reshape(-1, 4)
    probabilities = [p for *_, p in hands]
    readings = two_hand_readings(boxes, [h[3] for h in hands], probabilities, FIVE)
    assert len(readings) <= MOST_READINGS
    pairs = {r.hands for r in readings}
    members = [i for pair in pairs for i in pair]
    assert len(members) == len(set(members))
    for reading in readings:
        left, right = reading.hands
        assert hands[left][0] <= hands[right][0] + 1e-9
        assert reading.number in FIVE.numbers
        assert reading.probability == probabilities[left] * probabilities[right]
        assert reading.probability >= LEAST_PROBABILITY
