from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from posecheck.gesture.classifier import CLASSES
from posecheck.gesture.pairs import INDEX_TIP, THUMB_TIP, find_pairs, meeting
from posecheck.hands.types import Float
from tests.hands.made import OPEN_HAND, placed

HALF = CLASSES.index("half_heart")


def said(*half_hearts: float) -> Float:
    """Class probabilities of hands that are half a heart that surely, and else ordinary."""
    classes = np.zeros((len(half_hearts), len(CLASSES)), np.float32)
    classes[:, HALF] = half_hearts
    classes[:, CLASSES.index("none")] = 1 - classes[:, HALF]
    return classes


def heart(x: float, y: float = 300, size: float = 100, gap: float = 0) -> Float:
    """Two hands (2, 21, 2) that mirror each other and whose thumb and index tips meet."""
    left = OPEN_HAND.copy()
    left[[THUMB_TIP, INDEX_TIP]] = [[60, -60], [60, -120]]
    left = (left - [60, -90]) * (size / np.ptp(left, axis=0).max())
    left[:, 0] -= gap / 2
    right = left * [-1, 1]
    return np.asarray(np.stack([left, right]) + np.array([x, y]), np.float32)


def test_two_halves_whose_tips_meet_make_a_heart() -> None:
    pairs = find_pairs(said(0.9, 0.8), heart(400))
    assert pairs.partner.tolist() == [1, 0]
    assert pairs.heart[0] == pairs.heart[1] > 0.8


def test_two_halves_apart_make_none() -> None:
    pairs = find_pairs(said(0.9, 0.9), heart(400, gap=150))
    assert pairs.partner.tolist() == [-1, -1]
    assert (pairs.heart == 0).all()


def test_meeting_hands_that_are_no_halves_make_none() -> None:
    pairs = find_pairs(said(0.001, 0.002), heart(400))
    assert pairs.partner.tolist() == [-1, -1]
    assert (pairs.heart == 0).all()


def test_a_sure_half_vouches_for_an_unsure_one() -> None:
    pairs = find_pairs(said(0.95, 0.2), heart(400))
    assert pairs.partner.tolist() == [1, 0]
    assert 0.2 < pairs.heart[0] < 0.95


def test_every_hand_has_one_partner_at_most_and_the_nearest_pairs_first() -> None:
    """Two hearts side by side, and an ordinary hand between them."""
    landmarks = np.concatenate([heart(200), placed((300, 300)), heart(400)])
    pairs = find_pairs(said(0.9, 0.9, 0.0, 0.9, 0.9), landmarks)
    assert pairs.partner.tolist() == [1, 0, -1, 4, 3]
    assert pairs.heart[2] == 0


@pytest.mark.parametrize("count", [0, 1])
def test_one_hand_has_no_partner(count: int) -> None:
    pairs = find_pairs(said(*[0.9] * count), heart(400)[:count])
    assert pairs.partner.tolist() == [-1] * count
    assert pairs.heart.tolist() == [0] * count


def test_tips_meet_when_both_do() -> None:
    both = heart(400)
    thumb_only = both.copy()
    thumb_only[0, INDEX_TIP] -= [90, 0]
    assert meeting(both, (THUMB_TIP, INDEX_TIP))[0, 1] > 0.95
    assert meeting(thumb_only, (THUMB_TIP, INDEX_TIP))[0, 1] < 0.3
    assert meeting(thumb_only, (THUMB_TIP,))[0, 1] > 0.95


@given(
    st.integers(2, 6).flatmap(
        lambda n: st.tuples(
            hnp.arrays(np.float32, n, elements=st.floats(0, 1, width=32)),
            hnp.arrays(np.float32, (n, 2), elements=st.floats(0, 300, width=32)),
        )
    ),
    st.booleans(),
)
def test_partnership_is_mutual_and_blind_to_mirroring(
    drawn: tuple[Float, Float], mirror: bool
) -> None:
    halves, places = drawn
    landmarks = np.concatenate([placed((x, y)) for x, y in places])
    pairs = find_pairs(said(*halves), landmarks)
    assert ((pairs.heart >= 0) & (pairs.heart <= 1)).all()
    for i, j in enumerate(pairs.partner):
        assert (pairs.heart[i] > 0) == (j >= 0)
        if j >= 0:
            assert i != j
            assert pairs.partner[j] == i
            assert pairs.heart[j] == pairs.heart[i]
            assert pairs.heart[i] <= max(halves[i], halves[j]) + 1e-6
    if mirror:
        again = find_pairs(said(*halves), landmarks * np.array([-1, 1], np.float32))
        np.testing.assert_allclose(np.sort(again.heart), np.sort(pairs.heart), atol=1e-3)


@given(st.permutations(range(5)))
def test_the_order_of_the_hands_does_not_matter(order: list[int]) -> None:
    landmarks = np.concatenate([heart(200), placed((300, 300)), heart(420, size=80)])
    classes = said(0.9, 0.7, 0.4, 0.8, 0.6)
    plain = find_pairs(classes, landmarks)
    shuffled = find_pairs(classes[order], landmarks[order])
    np.testing.assert_allclose(shuffled.heart, plain.heart[order], atol=1e-6)
    partners = [order[j] if j >= 0 else -1 for j in shuffled.partner]
    assert partners == [plain.partner[i] for i in order]
