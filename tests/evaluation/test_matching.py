"""Labels and detections are paired one to one, best overlap first."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from posecheck.evaluation.matching import match


def test_no_boxes() -> None:
    assert match(np.zeros((0, 3)), 0.3).tolist() == []
    assert match(np.zeros((2, 0)), 0.3).tolist() == [-1, -1]


def test_the_best_pair_goes_first() -> None:
    # Label 0 would take detection 0, but label 1 fits it better and label 0 has another.
    assert match(np.array([[0.6, 0.5], [0.9, 0.4]]), 0.3).tolist() == [1, 0]


def test_a_label_whose_only_detection_is_taken_stays_without() -> None:
    assert match(np.array([[0.6], [0.9]]), 0.3).tolist() == [-1, 0]


def test_the_threshold_itself_is_no_match() -> None:
    assert match(np.array([[0.3]]), 0.3).tolist() == [-1]
    assert match(np.array([[0.3001]]), 0.3).tolist() == [0]


overlaps = hnp.arrays(
    np.float64,
    hnp.array_shapes(min_dims=2, max_dims=2, min_side=0, max_side=8),
    elements=st.sampled_from([0.0, 0.2, 0.3, 0.4, 0.5, 0.7, 1.0]),
)


@given(overlaps)
def test_one_to_one_and_maximal(iou: np.ndarray) -> None:
    found = match(iou, 0.3)
    taken = [int(i) for i in found if i >= 0]
    assert len(set(taken)) == len(taken)
    for label, detection in enumerate(found):
        if detection >= 0:
            assert iou[label, detection] > 0.3
        else:
            # Nothing that would fit was left over, and whoever has it fits at least as well.
            for other in np.flatnonzero(iou[label] > 0.3):
                owner = found.tolist().index(other)
                assert iou[owner, other] >= iou[label, other]
