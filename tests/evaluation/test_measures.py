"""The measures, against figures worked by hand, scikit-learn, and their own laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from posecheck.evaluation.measures import (
    auroc,
    calibration_error,
    class_scores,
    into_bins,
    mass_edges,
    width_edges,
)


def test_auroc_worked_by_hand() -> None:
    scores = np.array([80.0, 50.0, 50.0, 10.0])
    positive = np.array([True, True, False, False])
    # Pairs: 80>50, 80>10, 50=50 (half), 50>10.
    assert auroc(scores, positive).tolist() == [3.5 / 4]


def test_auroc_of_one_class_is_nothing() -> None:
    assert np.isnan(auroc(np.array([1.0, 2.0]), np.array([True, True])))
    assert np.isnan(auroc(np.array([]), np.array([], bool)))


def test_auroc_weights_count_observations() -> None:
    scores = np.array([3.0, 1.0, 2.0])
    positive = np.array([True, True, False])
    weighted = auroc(scores, positive, np.array([[1.0, 1, 1], [3, 1, 1], [0, 0, 1]]))
    assert weighted[:2].tolist() == [0.5, 0.75]
    assert np.isnan(weighted[2])


scored = st.lists(st.tuples(st.integers(0, 100), st.booleans()), min_size=2, max_size=40)


def both_classes(cases: list[tuple[int, bool]]) -> tuple[np.ndarray, np.ndarray]:
    scores = np.array([s for s, _ in cases], np.float64)
    positive = np.array([p for _, p in cases], bool)
    assume(positive.any() and not positive.all())
    return scores, positive


@given(scored)
def test_auroc_keeps_under_monotone_transforms(cases: list[tuple[int, bool]]) -> None:
    scores, positive = both_classes(cases)
    before = auroc(scores, positive)
    assert auroc(np.exp(scores / 20), positive) == before
    assert auroc(3 * scores**3 - 7, positive) == before


@given(scored)
def test_auroc_turns_with_the_scores(cases: list[tuple[int, bool]]) -> None:
    scores, positive = both_classes(cases)
    assert auroc(-scores, positive)[0] == pytest.approx(1 - auroc(scores, positive)[0])


@given(scored)
def test_auroc_agrees_with_scikit_learn(cases: list[tuple[int, bool]]) -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    scores, positive = both_classes(cases)
    expected = metrics.roc_auc_score(positive, scores)
    assert auroc(scores, positive)[0] == pytest.approx(expected)


def test_class_scores_worked_by_hand() -> None:
    # Rows a, b; columns read a, read b, missed.
    scores = class_scores(np.array([[3.0, 1.0, 2.0], [1.0, 4.0, 0.0]]))
    assert scores.precision.tolist() == [3 / 4, 4 / 5]
    assert scores.recall.tolist() == [3 / 6, 4 / 5]
    assert scores.f1.tolist() == [6 / 10, 8 / 10]


def test_a_class_never_read_scores_0_and_one_never_there_nothing() -> None:
    scores = class_scores(np.array([[0.0, 2.0, 0.0], [0.0, 3.0, 0.0], [0.0, 0.0, 0.0]]))
    assert scores.f1[0] == 0.0
    assert np.isnan(scores.precision[0])
    assert np.isnan(scores.f1[2])


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=60))
def test_class_scores_agree_with_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    metrics = pytest.importorskip("sklearn.metrics")
    confusion = np.zeros((5, 5))
    for truth, read in pairs:
        confusion[truth, read] += 1
    precision, recall, f1, _ = metrics.precision_recall_fscore_support(
        [t for t, _ in pairs], [r for _, r in pairs], labels=list(range(5)), zero_division=0
    )
    scores = class_scores(confusion)
    assert np.nan_to_num(scores.precision) == pytest.approx(precision)
    assert np.nan_to_num(scores.recall) == pytest.approx(recall)
    assert np.nan_to_num(scores.f1) == pytest.approx(f1)


def ece(probability: np.ndarray, right: np.ndarray, edges: np.ndarray) -> float:
    sums = np.zeros((1, len(edges) - 1, 3))
    for bin_, p, r in zip(into_bins(probability, edges), probability, right, strict=True):
        sums[0, bin_] += (1, p, r)
    return float(calibration_error(sums)[0])


def test_calibration_error_worked_by_hand() -> None:
    probability = np.array([0.9, 0.6, 0.8, 0.7, 0.5])
    right = np.array([1, 0, 1, 1, 0])
    # Up to 0.5: one of 0.5, wrong, gap 0.5.  Above: four of together 3.0, three right, gap 0.
    assert ece(probability, right, width_edges(2)) == pytest.approx(0.1)


def test_no_readings_have_no_calibration_error() -> None:
    assert np.isnan(calibration_error(np.zeros((1, 15, 3)))[0])


probabilities = hnp.arrays(np.float64, st.integers(1, 60), elements=st.floats(0, 1))


@given(probabilities, st.data(), st.integers(1, 15))
def test_calibration_error_bounds(probability: np.ndarray, data: st.DataObject, bins: int) -> None:
    right = np.array(
        data.draw(st.lists(st.booleans(), min_size=len(probability), max_size=len(probability))),
        float,
    )
    for edges in (width_edges(bins), mass_edges(probability, bins)):
        error = ece(probability, right, edges)
        # At most 1, and never below the gap of everything in one bin.
        assert -1e-9 <= error <= 1 + 1e-9
        assert error >= abs(probability.mean() - right.mean()) - 1e-9


@given(probabilities)
def test_a_probability_of_exactly_what_happens_has_no_error(probability: np.ndarray) -> None:
    certain = np.round(probability)
    assert ece(certain, certain, width_edges(15)) == 0.0


@given(probabilities, st.integers(1, 15))
def test_edges_cover_everything(probability: np.ndarray, bins: int) -> None:
    for edges in (width_edges(bins), mass_edges(probability, bins)):
        assert edges[0] == 0 and edges[-1] == 1
        assert (np.diff(edges) > 0).all()
        assert len(edges) <= bins + 1
        where = into_bins(probability, edges)
        assert ((probability > edges[where]) | (where == 0)).all()
        assert (probability <= edges[where + 1]).all()


def test_bins_of_equal_mass_hold_equally_many() -> None:
    probability = np.linspace(0.3, 0.99, 150)
    counts = np.bincount(into_bins(probability, mass_edges(probability, 15)))
    assert len(counts) == 15
    assert counts.min() >= 9 and counts.max() <= 11
