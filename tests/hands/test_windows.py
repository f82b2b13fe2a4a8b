from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from posecheck.hands.windows import HALO, LONGEST, STEP, Mask, windows

grids = hnp.arrays(np.bool_, st.tuples(st.integers(1, 14), st.integers(1, 14)))
sides = st.integers(1, 1500)


@given(grids, sides, sides)
def test_all_that_is_wanted_is_shown_with_its_surroundings(
    wanted: Mask, height: int, width: int
) -> None:
    shown = windows(wanted, height, width)
    cells = np.array([height / wanted.shape[0], width / wanted.shape[1]])
    for row, column in np.argwhere(wanted):
        low = np.maximum(np.array([row, column]) * cells - HALO, 0)
        high = np.minimum(np.array([row + 1, column + 1]) * cells + HALO, [height, width])
        assert any(
            window.top <= low[0] + 1
            and window.left <= low[1] + 1
            and window.bottom >= high[0] - 1
            and window.right >= high[1] - 1
            for window in shown
        )


@given(grids, sides, sides)
def test_windows_lie_in_the_picture_and_are_of_sides_that_the_network_takes(
    wanted: Mask, height: int, width: int
) -> None:
    for window in windows(wanted, height, width):
        assert 0 <= window.top < window.bottom <= height
        assert 0 <= window.left < window.right <= width
        for length, side in (
            (window.bottom - window.top, height),
            (window.right - window.left, width),
        ):
            assert length % STEP == 0 or length == side


def test_nothing_wanted_nothing_shown() -> None:
    assert windows(np.zeros((5, 7), bool), 400, 500) == []


def test_two_places_far_apart_are_two_windows_and_two_side_by_side_are_one() -> None:
    wanted = np.zeros((40, 40), bool)
    wanted[3, 3] = wanted[35, 35] = True
    assert len(windows(wanted, 1600, 1600)) == 2
    wanted[:] = False
    wanted[20, 20] = wanted[20, 21] = True
    assert len(windows(wanted, 1600, 1600)) == 1


def test_a_window_is_no_longer_than_the_caches_hold() -> None:
    shown = windows(np.ones((60, 60), bool), 1900, 1900)
    assert max(window.bottom - window.top for window in shown) <= LONGEST
    assert max(window.right - window.left for window in shown) <= LONGEST
