from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecheck.hands.scales import PyramidSettings, Scales, resized, zooms
from posecheck.hands.types import Rgb

sides = st.integers(1, 12000)
SETTINGS = PyramidSettings()


@given(sides, sides)
def test_scales_are_evenly_spaced_and_bounded(width: int, height: int) -> None:
    scales = zooms(width, height, SETTINGS)
    side = max(width, height)
    assert scales
    assert scales == zooms(height, width, SETTINGS)
    assert scales[-1] == min(SETTINGS.largest_zoom, SETTINGS.largest_side / side)
    ratios = np.array(scales[1:]) / np.array(scales[:-1])
    np.testing.assert_allclose(ratios, SETTINGS.factor)
    if len(scales) > 1:
        # Half a step of freedom: the finest scale is the one that is met exactly.
        assert scales[0] * side <= SETTINGS.smallest_side * SETTINGS.factor**0.51
        assert scales[0] * side >= SETTINGS.smallest_side / SETTINGS.factor**0.51


@given(st.integers(1, 300), st.integers(1, 300), st.floats(0.01, 2))
def test_a_copy_keeps_the_proportions_and_at_least_a_pixel(
    width: int, height: int, zoom: float
) -> None:
    scaled = Scales(np.full((height, width, 3), 77, np.uint8)).at(zoom)
    assert scaled.shape == (max(1, round(height * zoom)), max(1, round(width * zoom)), 3)
    assert (scaled == 77).all()


def picture(height: int, width: int) -> Rgb:
    """Things of all sizes: a little grain over noise of five pixels, of 25 and of 125."""
    rng = np.random.default_rng(height * 10000 + width)
    sum_of_all = np.zeros((height, width, 3), np.float32)
    for size, strength in ((1, 16), (5, 70), (25, 70), (125, 70)):
        shape = (height // size + 2, width // size + 2, 3)
        noise = rng.uniform(0, strength, shape).astype(np.float32)
        large = cv2.resize(noise, (shape[1] * size, shape[0] * size))
        sum_of_all += large[:height, :width]
    return np.asarray(sum_of_all, np.uint8)


def ramps(height: int, width: int) -> Rgb:
    """Brighter to the right, to the left and downwards: whatever is moved or stretched shows."""
    x, y = (np.arange(width) + 0.5) / width, (np.arange(height)[:, None] + 0.5) / height
    channels = np.broadcast_arrays(x, 1 - x, y)
    return np.asarray(np.round(np.stack(channels, axis=2) * 255), np.uint8)


@given(
    st.integers(64, 700),
    st.integers(64, 700),
    st.floats(0.12, 1),
    # Twice averaged is a little softer, which shows in what is hardly larger than a pixel.
    st.sampled_from([(ramps, 1.5, 4), (picture, 6.0, 30)]),
)
def test_a_copy_is_what_averaging_the_photo_itself_gives(
    height: int,
    width: int,
    zoom: float,
    kind: tuple[Callable[[int, int], Rgb], float, int],
) -> None:
    make, mean, most = kind
    rgb = make(height, width)
    size = max(1, round(width * zoom)), max(1, round(height * zoom))
    direct = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA).astype(int)
    apart = Scales(rgb).at(zoom).astype(int) - direct
    assert np.abs(apart).mean() < mean
    assert np.abs(apart).max() <= most
    assert abs(apart.mean()) < 1.5


@pytest.mark.parametrize("zoom", [0.5, 0.25, 0.125])
def test_halves_are_exact(zoom: float) -> None:
    """Up to rounding, once a half."""
    rgb = picture(320, 480)
    direct = cv2.resize(rgb, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_AREA)
    assert np.abs(Scales(rgb).at(zoom).astype(int) - direct.astype(int)).max() <= 2


@given(st.permutations([0.07, 0.2, 0.5, 0.71, 1.0, 1.4]))
def test_copies_are_the_same_in_whatever_order_they_are_made(order: list[float]) -> None:
    rgb = picture(150, 230)
    kept = rgb.copy()
    scales = Scales(rgb)
    for zoom in order:
        np.testing.assert_array_equal(scales.at(zoom), Scales(kept).at(zoom))
    np.testing.assert_array_equal(rgb, kept)
    np.testing.assert_array_equal(scales.at(1.0), kept)


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 3000, 3), (3000, 2, 3), (7, 5000, 3)])
def test_thin_photos_have_copies_too(shape: tuple[int, ...]) -> None:
    rgb = np.full(shape, 200, np.uint8)
    for zoom in zooms(shape[1], shape[0], SETTINGS):
        scaled = Scales(rgb).at(zoom)
        assert (scaled == 200).all()
        assert min(scaled.shape) >= 1


def test_larger_is_interpolated_and_smaller_is_averaged() -> None:
    black_and_white = np.zeros((2, 2, 3), np.uint8)
    black_and_white[:, 1] = 255
    larger = resized(black_and_white, 4, 2)[0, :, 0]
    assert larger.tolist() == pytest.approx([0, 64, 191, 255], abs=1)
    assert resized(black_and_white, 1, 1)[0, 0].tolist() == pytest.approx([128] * 3, abs=1)
