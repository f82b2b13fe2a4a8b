from __future__ import annotations

from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from posecheck.hands.nms import (
    greedy,
    iou_matrix,
    is_part,
    landmark_distance,
    suppress_boxes,
)
from posecheck.hands.types import Float
from tests.hands.made import hands, placed


def boxes(most: int = 8) -> st.SearchStrategy[Float]:
    corner, side = st.integers(-50, 50), st.integers(0, 60)
    one = st.tuples(corner, corner, side, side).map(
        lambda b: (b[0], b[1], b[0] + b[2], b[1] + b[3])
    )
    return st.lists(one, min_size=1, max_size=most).map(lambda rows: np.array(rows, np.float32))


@given(boxes(), boxes())
def test_overlap_is_a_share_and_symmetric(a: Float, b: Float) -> None:
    overlap = iou_matrix(a, b)
    assert overlap.shape == (len(a), len(b))
    assert (overlap >= 0).all()
    assert (overlap <= 1).all()
    np.testing.assert_allclose(overlap, iou_matrix(b, a).T)


@given(boxes())
def test_a_box_is_all_of_itself(a: Float) -> None:
    has_area = (a[:, 2:] > a[:, :2]).all(axis=1)
    assert (np.diag(iou_matrix(a, a)) == has_area).all()


def test_overlap_of_known_boxes() -> None:
    a = np.array([[0, 0, 10, 10]], np.float32)
    b = np.array([[5, 0, 15, 10], [10, 0, 20, 10], [0, 0, 5, 10], [2, 2, 4, 4]], np.float32)
    np.testing.assert_allclose(iou_matrix(a, b), [[1 / 3, 0, 0.5, 0.04]], rtol=1e-6)


@st.composite
def graphs(draw: st.DrawFn) -> tuple[Float, NDArray[np.bool_]]:
    """Scores of N rows and which of them are the same."""
    count = draw(st.integers(0, 10))
    scores = draw(hnp.arrays(np.float32, count, elements=st.sampled_from([0, 0.25, 0.5, 1])))
    half = draw(hnp.arrays(bool, (count, count)))
    return scores, half | half.T | np.eye(count, dtype=bool)


@given(graphs())
def test_of_duplicates_the_best_is_kept(graph: tuple[Float, NDArray[np.bool_]]) -> None:
    scores, same = graph
    kept = greedy(scores, same)
    assert len(np.unique(kept)) == len(kept)
    assert (np.diff(scores[kept]) <= 0).all()
    # No two that are kept are the same, and whatever went is like something better that stayed.
    assert not (same[np.ix_(kept, kept)] & ~np.eye(len(kept), dtype=bool)).any()
    for row in np.setdiff1d(np.arange(len(scores)), kept):
        assert any(same[row, k] and (scores[k], -k) > (scores[row], -row) for k in kept)


def test_equal_scores_go_to_the_earlier_row() -> None:
    same = np.ones((3, 3), bool)
    assert greedy(np.array([0.5, 0.9, 0.9], np.float32), same).tolist() == [1]


def test_a_chain_of_neighbours_is_not_swallowed() -> None:
    """The middle one of three is like both others, which are not like each other."""
    three = np.array([[0, 0, 10, 10], [4, 0, 14, 10], [8, 0, 18, 10]], np.float32)
    assert suppress_boxes(three, np.array([0.9, 0.8, 0.7], np.float32), 0.4).tolist() == [0, 2]
    assert suppress_boxes(three, np.array([0.8, 0.9, 0.7], np.float32), 0.4).tolist() == [1]


@given(boxes(), st.floats(0.1, 0.9))
def test_suppression_is_greedy_on_overlap(a: Float, limit: float) -> None:
    scores = np.linspace(1, 0, len(a), dtype=np.float32)
    kept = suppress_boxes(a, scores, limit)
    overlap = iou_matrix(a[kept], a[kept])
    np.fill_diagonal(overlap, 0)
    assert (overlap <= limit).all()


@given(hands(), st.floats(0.1, 10), st.floats(-300, 300))
def test_distance_of_hands_does_not_depend_on_scale_or_place(
    landmarks: Float, scale: float, shift: float
) -> None:
    before = landmark_distance(landmarks)
    after = landmark_distance((landmarks * scale + shift).astype(np.float32))
    np.testing.assert_allclose(after, before, rtol=1e-2, atol=1e-2)
    np.testing.assert_allclose(before, before.T)
    assert (np.diag(before) == 0).all()


def test_distance_is_counted_in_sizes_of_the_larger_hand() -> None:
    pair = np.concatenate([placed((100, 100), 80), placed((120, 100), 80)])
    assert landmark_distance(pair)[0, 1] == pytest.approx(20 / 80, rel=1e-3)
    larger = np.concatenate([pair, placed((120, 100), 200)])
    between = np.linalg.norm(larger[2] - larger[1], axis=1).mean()
    assert landmark_distance(larger)[1, 2] == pytest.approx(between / 200, rel=1e-3)


def test_a_fingertip_inside_a_hand_is_part_of_it() -> None:
    boxes = np.array([[0, 0, 100, 100], [80, 10, 98, 30], [60, 60, 140, 160]], np.float32)
    assert is_part(boxes).tolist() == [False, True, False]


def test_two_hands_of_one_size_are_no_parts_of_each_other() -> None:
    boxes = np.array([[0, 0, 100, 100], [5, 5, 95, 95]], np.float32)
    assert not is_part(boxes).any()
    assert is_part(np.zeros((0, 4), np.float32)).shape == (0,)


@given(boxes(), st.integers(1, 9))
def test_the_largest_box_is_never_part_of_another(a: Float, scale: int) -> None:
    found = is_part(a)
    area = (a[:, 2:] - a[:, :2]).prod(axis=1)
    assert not found[area.argmax()]
    assert (found == is_part(a * scale)).all()
    for small in np.flatnonzero(found):
        within = (iou_matrix(a[[small]], a)[0] > 0) & (area > area[small])
        assert within.any()


@given(boxes(12), st.sampled_from([0.2, 0.45]), st.randoms(use_true_random=False))
def test_rows_at_a_time_keep_what_the_whole_matrix_keeps(
    a: Float, iou: float, random: Random
) -> None:
    scores = np.array([random.choice((0.25, 0.5, 0.75)) for _ in a], np.float32)
    # Boxes without an area are not even like themselves, and are kept either way.
    whole = greedy(scores, iou_matrix(a, a) > iou)
    assert suppress_boxes(a, scores, iou).tolist() == whole.tolist()
