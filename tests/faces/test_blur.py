"""What is blurred cannot be told any more; what must stay sharp is the same to the bit."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecheck.faces.blur import blur_faces
from posecheck.faces.detector import FaceFinder
from posecheck.faces.outline import coverage, hand_outline
from posecheck.hands.types import Float, Rgb
from tests.hands.made import placed

BOX: Float = np.array([[80, 90, 120, 130]], np.float32)


def noise(height: int = 200, width: int = 200) -> Rgb:
    return np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)


def test_nothing_to_blur_gives_a_copy() -> None:
    rgb = noise()
    blurred = blur_faces(rgb, np.zeros((0, 4), np.float32))
    assert blurred is not rgb
    np.testing.assert_array_equal(blurred, rgb)


def test_forehead_ears_and_chin_are_blurred_and_the_rest_is_not() -> None:
    rgb = noise()
    changed = (blur_faces(rgb, BOX) != rgb).any(axis=2)
    assert changed[90:130, 80:120].mean() > 0.98
    assert changed[64:90, 95:105].all()
    assert changed[130:134, 95:105].all()
    assert changed[105:115, 70:130].all()
    assert not changed[:, :60].any()
    assert not changed[147:].any()


@pytest.mark.parametrize("side", [16, 40, 150])
def test_nothing_smaller_than_an_eye_is_left(side: int) -> None:
    """Dots of an eighth of a face, the finest a mosaic of four cells could hint at, are gone."""
    dot = max(1, side // 16)
    rows, columns = np.mgrid[0:600, 0:600] // dot
    rgb = np.repeat((((rows + columns) % 2) * 255).astype(np.uint8)[..., None], 3, axis=2)
    half = side / 2
    box = np.array([[300 - half, 300 - half, 300 + half, 300 + half]], np.float32)
    blurred = blur_faces(rgb, box)
    third = side // 3
    face = blurred[300 - third : 300 + third, 300 - third : 300 + third].astype(float)
    assert np.ptp(face) < 50
    assert rgb.std() > 120


def test_a_drawn_face_is_none_any_more(finder: FaceFinder, drawn_group: Rgb) -> None:
    faces = finder.search(drawn_group)
    blurred = blur_faces(drawn_group, faces.boxes_xyxy)
    assert (finder.search(blurred).scores < 0.6).all()
    assert (faces.scores[:7] > 0.8).all()


def test_a_hand_before_a_face_stays_sharp() -> None:
    rgb = noise(300, 300)
    (hand,) = placed((150, 160), size=90)
    box = np.array([[110, 110, 190, 190]], np.float32)
    outline = hand_outline(hand)
    blurred = blur_faces(rgb, box, outline)
    x, y = hand.round().astype(int).T
    np.testing.assert_array_equal(blurred[y, x], rgb[y, x])
    # The face between the fingers is blurred, though the hull of the hand holds it.
    hull = cv2.convexHull(hand).reshape(-1, 2)
    inside = np.zeros((300, 300), np.uint8)
    cv2.fillConvexPoly(inside, hull.round().astype(np.int32), 1)
    gone = (blurred != rgb).any(axis=2)
    assert 0.05 < gone[inside.astype(bool)].mean() < 0.6


boxes = st.tuples(*[st.floats(-300, 500)] * 2, *[st.floats(0, 300)] * 2).map(
    lambda v: (v[0], v[1], v[0] + v[2], v[1] + v[3])
)


@given(st.lists(boxes, max_size=4), st.lists(boxes, max_size=2))
def test_boxes_may_lie_anywhere_and_the_photo_is_left_alone(
    faces: list[tuple[float, ...]], sharp: list[tuple[float, ...]]
) -> None:
    rgb = noise(120, 160)
    before = rgb.copy()
    keep = [np.array([b[:2], (b[2], b[1]), b[2:], (b[0], b[3])], np.float32) for b in sharp]
    rows = np.array(faces, np.float32).reshape(-1, 4)
    blurred = blur_faces(rgb, rows, keep)
    np.testing.assert_array_equal(rgb, before)
    assert blurred.shape == rgb.shape
    for x0, y0, x1, y1 in sharp:
        inside = np.s_[max(0, round(y0) + 1) : max(0, round(y1) - 1)]
        across = np.s_[max(0, round(x0) + 1) : max(0, round(x1) - 1)]
        np.testing.assert_array_equal(blurred[inside, across], rgb[inside, across])


def test_coverage_is_the_share_of_a_box() -> None:
    half = np.array([[0, 0], [50, 0], [50, 100], [0, 100]], np.float32)
    box = np.array([0, 0, 100, 100], np.float32)
    assert coverage(box, [half]) == pytest.approx(0.5, abs=0.03)
    assert coverage(box, [half, half]) == pytest.approx(0.5, abs=0.03)
    assert coverage(box, [half, half + np.array([50, 0], np.float32)]) == pytest.approx(1, abs=0.03)
    assert coverage(box, [half + 500]) == 0
