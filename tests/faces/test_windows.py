from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecheck.faces.windows import centred, cut
from posecheck.hands.types import Rgb


@given(st.integers(1, 400), st.integers(1, 400), st.integers(8, 64))
def test_windows_cover_every_pixel(height: int, width: int, step: int) -> None:
    rgb = np.full((height, width, 3), 255, np.uint8)
    windows, corners = cut(rgb, 64, step)
    seen = np.zeros((height, width), bool)
    for window, (left, top) in zip(windows, corners.astype(int), strict=True):
        part = seen[top : top + 64, left : left + 64]
        part[:] = True
        assert window.sum() == pytest.approx(part.size * 3)
    assert seen.all()


def disc(side: int, x: float, y: float, radius: float) -> Rgb:
    rows, columns = np.mgrid[0:side, 0:side] + 0.5
    inside = (columns - x) ** 2 + (rows - y) ** 2 < radius**2
    return np.repeat(inside[..., None], 3, axis=2).astype(np.uint8) * 255


@given(
    st.floats(0, 400),
    st.floats(0, 400),
    st.floats(12, 120),
    st.sampled_from([20.0, 28.0]),
)
def test_a_box_comes_to_the_middle_at_its_size(
    x: float, y: float, radius: float, size: float
) -> None:
    """Also where it reaches beyond the picture, as long as it lies in it mostly."""
    x, y = (min(max(v, radius), 400 - radius) for v in (x, y))
    box = np.array([[x - radius, y - radius, x + radius, y + radius]], np.float32)
    (window,) = centred(disc(400, x, y, radius), box, size, 128)
    expected = disc(128, 64, 64, size / 2) / 255
    assert np.abs(window - expected).mean() < 0.012


def test_a_box_outside_the_picture_is_black() -> None:
    box = np.array([[900, 900, 920, 920]], np.float32)
    assert not centred(disc(100, 50, 50, 40), box, 20, 128).any()
