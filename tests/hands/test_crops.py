from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecheck.hands.crops import (
    CROP,
    LANDMARK_SCALE,
    MIDDLE_ROOT,
    PALM_SCALE,
    WRIST,
    Cropper,
    Squares,
    rotate,
    squares_from_landmarks,
    squares_from_palms,
    upright_angles,
)
from posecheck.hands.types import Float
from tests.hands.made import angles, hands, placed, turn


def square(x: float, y: float, side: float, angle: float = 0) -> Squares:
    return Squares(
        np.array([[x, y]], np.float32), np.array([side], np.float32), np.array([angle], np.float32)
    )


def difference(a: Float, b: Float) -> Float:
    """Smallest difference of two angles."""
    return np.asarray(np.abs((a - b + np.pi) % (2 * np.pi) - np.pi), np.float32)


@given(hands(), angles)
def test_rotating_back_undoes_rotating(points: Float, angle: float) -> None:
    turned = rotate(points, np.full(len(points), angle, np.float32))
    np.testing.assert_allclose(turned[0], points[0] @ turn(angle).T, atol=0.05)
    back = rotate(turned, np.full(len(points), -angle, np.float32))
    np.testing.assert_allclose(back, points, atol=0.05)


@given(angles, st.floats(0.5, 500))
def test_the_upright_angle_is_how_far_clockwise_a_direction_leans(
    angle: float, length: float
) -> None:
    tip = turn(angle) @ np.array([0, -length])
    base = np.array([[20, 30]], np.float32)
    found = upright_angles(base, (base + tip).astype(np.float32))
    assert difference(found, np.array([angle], np.float32)) < 1e-3


@given(st.floats(-500, 500), st.floats(-500, 500), st.floats(1, 900), angles)
def test_corners_of_a_square_are_as_far_apart_as_it_is_wide(
    x: float, y: float, side: float, angle: float
) -> None:
    points = np.array([[[0, 0], [CROP, 0], [CROP, CROP], [CROP / 2, CROP / 2]]], np.float32)
    top_left, top_right, bottom_right, middle = square(x, y, side, angle).to_photo(points)[0]
    np.testing.assert_allclose(middle, [x, y], atol=1e-3)
    assert np.linalg.norm(top_right - top_left) == pytest.approx(side, rel=1e-3)
    assert np.linalg.norm(bottom_right - top_left) == pytest.approx(side * 2**0.5, rel=1e-3)
    np.testing.assert_allclose(
        (top_right - top_left) / side, [np.cos(angle), np.sin(angle)], atol=1e-2
    )


def test_the_square_of_an_upright_palm_reaches_over_the_fingers() -> None:
    boxes = np.array([[100, 200, 140, 240]], np.float32)
    keypoints = np.zeros((1, 7, 2), np.float32)
    keypoints[0, 0], keypoints[0, 2] = (120, 240), (120, 200)
    found = squares_from_palms(boxes, keypoints)
    assert found.sides[0] == pytest.approx(40 * PALM_SCALE)
    assert found.angles[0] == pytest.approx(0)
    np.testing.assert_allclose(found.centres_xy, [[120, 200]])


@given(angles)
def test_the_square_of_a_palm_turns_with_it(angle: float) -> None:
    """A square box looks the same at every angle, so only the keypoints turn."""
    boxes = np.array([[-20, -20, 20, 20]], np.float32)
    keypoints = np.zeros((1, 7, 2), np.float32)
    keypoints[0, 0] = turn(angle) @ [0, 20]
    keypoints[0, 2] = turn(angle) @ [0, -20]
    found = squares_from_palms(boxes, keypoints)
    assert difference(found.angles, np.array([angle], np.float32)) < 1e-3
    np.testing.assert_allclose(found.centres_xy[0], turn(angle) @ [0, -20], atol=1e-2)


@given(hands(), angles, st.floats(0.2, 5), st.floats(-500, 500), st.floats(-500, 500))
def test_the_square_of_a_hand_moves_turns_and_grows_with_it(
    landmarks: Float, angle: float, scale: float, x: float, y: float
) -> None:
    before = squares_from_landmarks(landmarks)
    moved = (landmarks @ turn(angle).T * scale + [x, y]).astype(np.float32)
    after = squares_from_landmarks(moved)
    np.testing.assert_allclose(after.sides, before.sides * scale, rtol=1e-2)
    assert (difference(after.angles, before.angles + np.float32(angle)) < 1e-2).all()
    expected = before.centres_xy @ turn(angle).T * scale + [x, y]
    assert np.abs(after.centres_xy - expected).max() < 0.01 * after.sides.max()


@given(hands())
def test_the_square_of_a_mirrored_hand_is_mirrored(landmarks: Float) -> None:
    before = squares_from_landmarks(landmarks)
    after = squares_from_landmarks(landmarks * np.array([-1, 1], np.float32))
    np.testing.assert_allclose(after.sides, before.sides, rtol=1e-3)
    assert (difference(after.angles, -before.angles) < 1e-3).all()
    expected = before.centres_xy * np.array([-1, 1])
    np.testing.assert_allclose(after.centres_xy, expected, atol=0.5)


def test_the_square_of_an_upright_hand_stands_upright_around_it() -> None:
    landmarks = placed((300, 400), 120)
    found = squares_from_landmarks(landmarks)
    assert abs(found.angles[0]) < 0.1
    assert found.sides[0] > 0.5 * LANDMARK_SCALE * (
        landmarks[0, WRIST, 1] - landmarks[0, MIDDLE_ROOT, 1]
    )
    half = found.sides[0] / 2
    assert (np.abs(landmarks[0] - found.centres_xy[0]) < half).all()


def picture(height: int = 400, width: int = 500) -> np.ndarray:
    """Smooth in every channel, so that sampling between pixels is exact to rounding."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    channels = (x * 255 / width, y * 255 / height, (x + y) * 255 / (height + width))
    return np.stack(channels, axis=2).astype(np.uint8)


@pytest.mark.parametrize("side", [1, 96, CROP])
def test_a_crop_that_covers_whole_pixels_is_those_pixels(side: int) -> None:
    rgb = np.random.default_rng(0).integers(0, 256, (300, 400, 3), dtype=np.uint8)
    crops = Cropper(rgb)(square(30 + side / 2, 40 + side / 2, side), side)
    assert crops.shape == (1, side, side, 3)
    np.testing.assert_allclose(crops[0] * 255, rgb[40 : 40 + side, 30 : 30 + side], atol=1e-3)


def test_a_crop_is_as_large_as_the_landmark_network_wants_unless_said_otherwise() -> None:
    cropper, place = Cropper(picture()), square(200, 150, 130, 0.4)
    assert cropper(place).shape == (1, CROP, CROP, 3)
    np.testing.assert_array_equal(cropper(place), cropper(place, CROP))


@given(st.floats(100, 400), st.floats(100, 300), st.floats(80, 300), angles)
def test_a_small_crop_shows_what_a_large_one_shows(
    x: float, y: float, side: float, angle: float
) -> None:
    cropper, place = Cropper(picture()), square(x, y, side, angle)
    (large,), (small,) = cropper(place, 4 * 56), cropper(place, 56)
    averaged = large.reshape(56, 4, 56, 4, 3).mean(axis=(1, 3))
    # Off the photo it is black, and at that edge the two differ.
    whole = (averaged.min(axis=2) > 0) & (small.min(axis=2) > 0)
    assert np.median(np.abs(averaged - small)[whole]) < 0.01
    assert np.abs(averaged - small).mean() < 0.02


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_crop_of_a_turned_hand_is_turned_back(quarters: int) -> None:
    rgb = np.random.default_rng(0).integers(0, 256, (300, 400, 3), dtype=np.uint8)
    middle = (30 + CROP / 2, 40 + CROP / 2)
    crops = Cropper(rgb)(square(*middle, CROP, quarters * np.pi / 2))
    expected = np.rot90(rgb[40 : 40 + CROP, 30 : 30 + CROP], quarters)
    assert np.abs(crops[0] * 255 - expected).mean() < 1


def test_outside_the_photo_a_crop_is_black() -> None:
    white = np.full((100, 100, 3), 255, np.uint8)
    crop = Cropper(white)(square(0, 0, CROP))[0]
    inside = crop[CROP // 2 : CROP // 2 + 100, CROP // 2 : CROP // 2 + 100]
    assert (inside == 1).all()
    assert crop.sum() == pytest.approx(inside.sum())


@given(
    st.floats(100, 400),
    st.floats(100, 300),
    st.floats(80, 900),
    angles,
    st.sampled_from([96, CROP]),
    st.data(),
)
def test_what_is_seen_in_a_crop_is_where_to_photo_says(
    x: float, y: float, side: float, angle: float, pixels: int, data: st.DataObject
) -> None:
    """A spot in the photo and its place in the crop agree, shrunken crops included."""
    position = np.array([data.draw(st.floats(60, 164)), data.draw(st.floats(60, 164))])
    place = square(x, y, side, angle)
    spot = place.to_photo(position[None, None].astype(np.float32))[0, 0]
    rgb = np.zeros((400, 500, 3), np.uint8)
    shift = 4
    centre = tuple(int(v) for v in np.round((spot - 0.5) * 2**shift))
    radius = max(6, round(side / 40))
    cv2.circle(rgb, centre, radius * 2**shift, (255, 255, 255), -1, cv2.LINE_AA, shift)
    crop = Cropper(rgb)(place, pixels)[0, :, :, 0]
    margin = radius + 2
    if not (margin < spot[0] < 500 - margin and margin < spot[1] < 400 - margin):
        return  # cut off by the photo's edge
    rows, columns = (np.mgrid[0:pixels, 0:pixels] + 0.5) * (CROP / pixels)
    seen = np.array([(crop * columns).sum(), (crop * rows).sum()]) / crop.sum()
    np.testing.assert_allclose(seen, position, atol=0.4 + 0.2 * CROP / pixels)


@pytest.mark.parametrize("pixels", [96, CROP])
def test_large_hands_are_not_sampled_raggedly(pixels: int) -> None:
    """A chequerboard, five times too fine for the crop, becomes an even grey."""
    y, x = np.mgrid[0:2000, 0:2000]
    rgb = np.repeat(((x + y) % 2 * 255).astype(np.uint8)[..., None], 3, axis=2)
    crop = Cropper(rgb)(square(1000, 1000, 5 * pixels, 0.3), pixels)[0]
    assert np.ptp(crop) < 0.02
    assert crop.mean() == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("shape", [(1, 1, 3), (3, 900, 3), (900, 3, 3)])
def test_thin_photos_can_be_cropped(shape: tuple[int, ...]) -> None:
    rgb = np.full(shape, 255, np.uint8)
    crops = Cropper(rgb)(square(shape[1] / 2, shape[0] / 2, 4000))
    assert np.isfinite(crops).all()
    assert crops.max() > 0 or min(shape[:2]) < 4000 / CROP


def test_no_squares_no_crops() -> None:
    nothing = Squares(np.zeros((0, 2), np.float32), *np.zeros((2, 0), np.float32))
    assert Cropper(picture())(nothing).shape == (0, CROP, CROP, 3)
    assert Cropper(picture())(nothing, 96).shape == (0, 96, 96, 3)
    assert len(nothing) == 0


def test_rows_of_squares_are_picked_together() -> None:
    three = Squares(
        np.array([[1, 2], [3, 4], [5, 6]], np.float32),
        np.array([10, 20, 30], np.float32),
        np.array([0.1, 0.2, 0.3], np.float32),
    )
    for index in (slice(2, None), np.array([False, False, True]), np.array([2])):
        last = three[index]
        assert len(last) == 1
        assert last.centres_xy.tolist() == [[5, 6]]
        assert last.sides.tolist() == [30]
        assert last.angles.tolist() == pytest.approx([0.3])
    assert three[np.array([1, 0])].sides.tolist() == [20, 10]
    assert len(three[:0]) == 0


def test_threads_may_share_a_cropper() -> None:
    """All of them want the halves that none has made yet."""
    rgb = np.random.default_rng(5).integers(0, 256, (1200, 1600, 3), dtype=np.uint8)
    places = [square(800, 600, 60 * 1.7**i, 0.2 * i) for i in range(8)]
    work = [(place, pixels) for place in places for pixels in (CROP, 96)]
    alone = [Cropper(rgb)(*part) for part in work]
    for _ in range(5):
        cropper = Cropper(rgb)
        with ThreadPoolExecutor(8) as threads:
            together = list(threads.map(lambda part, cropper=cropper: cropper(*part), work))
        for one, other in zip(alone, together, strict=True):
            np.testing.assert_array_equal(one, other)
