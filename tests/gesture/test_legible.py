"""How many pixels a hand really has, on drawn hands."""

from __future__ import annotations

import itertools

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from posecheck.gesture.legible import LEGIBLE, MEASURED, box_sizes, effective_sizes
from posecheck.hands.types import Float, Rgb, boxes_around
from tests.hands.made import OPEN_HAND

FINGERS = [[0, *range(4 * f + 1, 4 * f + 5)] for f in range(5)]


def drawn(size: float, angle: float = 0.0, contrast: float = 120.0) -> tuple[Rgb, Float]:
    """A sharp hand, its longer side `size` pixels, on a smooth wall, and its box (1, 4)."""
    zoom = 16
    cos, sin = np.cos(angle), np.sin(angle)
    points = OPEN_HAND @ np.array([[cos, sin], [-sin, cos]])
    points = points * (size / 1.17 / np.ptp(points, axis=0).max())
    points = points - points.min(axis=0) + size * 0.6
    side = int(points.max() + size * 0.6)
    large = np.full((side * zoom, side * zoom), 90, np.float32)
    large += np.linspace(0, 40, side * zoom, dtype=np.float32)  # the wall is lit from the right
    thick = round(size * zoom / 9)
    for finger in FINGERS:
        line = np.round(points[finger] * zoom).astype(np.int32)
        cv2.polylines(large, [line], False, 90.0 + contrast, thick, cv2.LINE_AA)
    small = cv2.resize(large, (side, side), interpolation=cv2.INTER_AREA)
    rgb = np.repeat(np.clip(small, 0, 255).astype(np.uint8)[..., None], 3, axis=2)
    return np.ascontiguousarray(rgb), boxes_around(points[None].astype(np.float32))


def blurred(rgb: Rgb, sigma: float) -> Rgb:
    return np.asarray(cv2.GaussianBlur(rgb, (0, 0), sigma), np.uint8)


def noisy(rgb: Rgb, sigma: float) -> Rgb:
    noise = np.random.default_rng(0).normal(0, sigma, rgb.shape)
    return np.asarray(np.clip(rgb + noise, 0, 255), np.uint8)


def compressed(rgb: Rgb, quality: int) -> Rgb:
    _, data = cv2.imencode(".jpg", rgb, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


@settings(max_examples=30)
@given(st.floats(20, 60), st.floats(0, 2 * np.pi))
def test_a_sharp_hand_has_the_pixels_of_its_box(size: float, angle: float) -> None:
    rgb, box = drawn(size, angle)
    assert box_sizes(box)[0] == pytest.approx(size, rel=0.01)
    found = effective_sizes(rgb, box)[0]
    assert 0.75 * size < found <= size * 1.001


@settings(max_examples=30)
@given(
    st.floats(20, 60),
    st.floats(0, 2 * np.pi),
    st.floats(1.5, 5),
    st.sampled_from([cv2.INTER_LINEAR, cv2.INTER_CUBIC]),
)
def test_enlarging_adds_nothing(size: float, angle: float, by: float, method: int) -> None:
    rgb, box = drawn(size, angle)
    side = round(rgb.shape[0] * by)
    larger = np.asarray(cv2.resize(rgb, (side, side), interpolation=method), np.uint8)
    found = effective_sizes(larger, box * (side / rgb.shape[0]))[0]
    assert 0.7 * size < found < 1.6 * size


@settings(max_examples=20)
@given(st.floats(30, 60), st.floats(0, 2 * np.pi))
def test_the_more_it_is_blurred_the_less_is_left(size: float, angle: float) -> None:
    rgb, box = drawn(size, angle)
    found = [effective_sizes(blurred(rgb, sigma), box)[0] for sigma in (0.3, 1, 1.5, 2, 3)]
    assert all(a > b for a, b in itertools.pairwise(found))
    assert 0.4 < found[1] / size < 0.75
    assert 0.2 < found[3] / size < 0.45


@pytest.mark.parametrize("sigma", [0.0, 2.0])
def test_noise_and_compression_hide_no_blur_and_make_none(sigma: float) -> None:
    rgb, box = drawn(50)
    rgb = blurred(rgb, sigma) if sigma else rgb
    plain = effective_sizes(rgb, box)[0]
    for worse in (noisy(rgb, 4), noisy(rgb, 8), compressed(rgb, 60), noisy(compressed(rgb, 60), 4)):
        assert effective_sizes(worse, box)[0] == pytest.approx(plain, rel=0.25)


def test_a_flat_glove_is_not_blurred() -> None:
    """One grey, no texture, no creases, little contrast: the outline says how sharp it is."""
    rgb, box = drawn(40, contrast=40)
    assert effective_sizes(rgb, box)[0] > 0.75 * 40
    assert effective_sizes(blurred(rgb, 2.5), box)[0] < 0.5 * 40


def test_a_box_without_contrast_is_taken_for_sharp() -> None:
    for value in (0, 200):
        rgb = np.full((80, 80, 3), value, np.uint8)
        assert effective_sizes(rgb, np.array([[10, 10, 40, 50]], np.float32)).tolist() == [40]


def test_pixelated_faces_beside_a_hand_make_it_no_worse() -> None:
    rgb, box = drawn(40)
    plain = effective_sizes(rgb, box)[0]
    _, y0, x1, _ = box[0].astype(int)
    blocks = np.random.default_rng(1).integers(60, 200, (3, 3, 3), np.uint8)
    mosaic = rgb.copy()
    mosaic[y0 : y0 + 24, x1 - 24 : x1] = np.kron(blocks, np.ones((8, 8, 1), np.uint8))
    assert effective_sizes(mosaic, box)[0] > 0.9 * plain


@settings(max_examples=40)
@given(
    st.floats(18, 150),
    st.floats(0, 2 * np.pi),
    st.sampled_from([0.0, 1.2]),
    st.integers(0, 3),
    st.booleans(),
)
def test_mirroring_and_quarter_turns_change_nothing(
    size: float, angle: float, sigma: float, turns: int, mirror: bool
) -> None:
    rgb, box = drawn(size, angle)
    rgb = noisy(blurred(rgb, sigma), 3) if sigma else rgb
    x0, y0, x1, y1 = (float(v) for v in box[0])
    turned: NDArray[np.uint8] = rgb[:, ::-1] if mirror else rgb
    if mirror:
        x0, x1 = rgb.shape[1] - x1, rgb.shape[1] - x0
    for _ in range(turns):  # counterclockwise
        x0, y0, x1, y1 = y0, turned.shape[1] - x1, y1, turned.shape[1] - x0
        turned = np.rot90(turned)
    moved = np.array([[x0, y0, x1, y1]], np.float32)
    again = effective_sizes(np.ascontiguousarray(turned), moved)
    assert again[0] == pytest.approx(effective_sizes(rgb, box)[0], rel=2e-3)


@given(
    st.lists(
        st.tuples(
            st.floats(-80, 160), st.floats(-80, 160), st.floats(0.5, 300), st.floats(0.5, 90)
        ),
        max_size=5,
    )
)
def test_any_box_has_a_size_of_at_most_its_own(
    drawn_boxes: list[tuple[float, float, float, float]],
) -> None:
    rgb = noisy(np.full((90, 120, 3), 120, np.uint8), 20)
    boxes = np.array([[x, y, x + w, y + h] for x, y, w, h in drawn_boxes], np.float32)
    boxes = boxes.reshape(-1, 4)
    found = effective_sizes(rgb, boxes)
    assert found.shape == (len(boxes),)
    assert found.dtype == np.float32
    assert (found > 0).all()
    assert (found <= np.minimum(box_sizes(boxes), MEASURED)).all()


def test_a_large_hand_may_be_blurred_too() -> None:
    rgb, box = drawn(400)
    assert LEGIBLE < effective_sizes(rgb, box)[0] <= MEASURED
    assert effective_sizes(blurred(rgb, 20), box)[0] < LEGIBLE
