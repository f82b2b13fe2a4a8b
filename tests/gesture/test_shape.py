from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from posecheck.gesture.shape import (
    CHAINS,
    TIPS,
    bends,
    canonical_xy,
    distances,
    palm_length,
    shape_vectors,
    thumb_rise,
)
from posecheck.hands.types import Float
from tests.hands.made import OPEN_HAND, angles, hands, placed, turn

FEATURES = 92


def in_space() -> st.SearchStrategy[Float]:
    """World landmarks (N, 21, 3) in metres, of hands of odd shapes."""
    flat = np.concatenate([OPEN_HAND, np.zeros((21, 1))], axis=1).astype(np.float32) / 1000
    # Millimetres, and few enough that no bone shrinks to a point.
    shifts = hnp.arrays(np.float32, (2, 21, 3), elements=st.floats(-4, 4, width=32))
    return shifts.map(lambda s: np.asarray(flat + s / 1000, np.float32))


def rotation(x: float, y: float, z: float) -> np.ndarray:
    """Matrix (3, 3) of three turns."""
    turns = []
    for axis, angle in enumerate((x, y, z)):
        matrix = np.insert(turn(angle), axis, 0, axis=0)
        matrix = np.insert(matrix, axis, 0, axis=1)
        matrix[axis, axis] = 1
        turns.append(matrix)
    return turns[0] @ turns[1] @ turns[2]


def test_chains_cover_every_landmark_once() -> None:
    joints = [joint for chain in CHAINS for joint in chain[1:]]
    assert sorted(joints) == list(range(1, 21))
    assert tuple(chain[-1] for chain in CHAINS) == TIPS


@given(hands(), angles, st.floats(0.2, 5), st.floats(-500, 500), st.floats(-500, 500))
def test_the_hands_own_frame_does_not_see_place_size_or_turn(
    landmarks: Float, angle: float, scale: float, x: float, y: float
) -> None:
    moved = (landmarks @ turn(angle).T * scale + [x, y]).astype(np.float32)
    np.testing.assert_allclose(canonical_xy(moved), canonical_xy(landmarks), atol=0.02)


@given(hands())
def test_the_hands_own_frame_has_the_wrist_below_and_is_counted_in_palms(landmarks: Float) -> None:
    own = canonical_xy(landmarks)
    assert (own[:, 0] == 0).all()
    np.testing.assert_allclose(palm_length(own), 1, rtol=1e-3)
    # Up is from the wrist to the middle of the knuckles.
    knuckles = ((own[:, 5] + own[:, 13]) / 2 + own[:, 9]) / 2
    np.testing.assert_allclose(knuckles[:, 0], 0, atol=1e-2)
    assert (knuckles[:, 1] < 0).all()


@given(in_space(), angles, angles, angles, st.floats(0.3, 3))
def test_bends_and_distances_do_not_see_how_a_hand_is_held(
    world: Float, x: float, y: float, z: float, scale: float
) -> None:
    held = (world @ rotation(x, y, z).T * scale + 0.1).astype(np.float32)
    np.testing.assert_allclose(bends(held), bends(world), atol=5e-3)
    np.testing.assert_allclose(distances(held), distances(world), atol=5e-3)


@given(in_space())
def test_bends_and_distances_are_blind_to_mirroring(world: Float) -> None:
    mirrored = world * np.array([-1, 1, 1], np.float32)
    np.testing.assert_allclose(bends(mirrored), bends(world), atol=1e-5)
    np.testing.assert_allclose(distances(mirrored), distances(world), atol=1e-5)


@given(in_space())
def test_bends_are_cosines(world: Float) -> None:
    found = bends(world)
    assert found.shape == (2, 15)
    assert (np.abs(found) <= 1 + 1e-5).all()


def test_a_straight_finger_and_one_folded_back() -> None:
    world = np.zeros((1, 21, 3), np.float32)
    for chain in CHAINS:
        world[0, chain, 1] = [0, -1, -2, -3, -4]
    np.testing.assert_allclose(bends(world), np.ones((1, 15)))
    world[0, 8, 1] = -2  # the index fingertip back at its middle joint
    folded = bends(world)[0]
    assert folded.min() == pytest.approx(-1)
    assert (folded == folded.min()).sum() == 1
    assert folded.argmin() == 3 * 1 + 2


def test_distances_are_between_tips_to_the_wrist_and_to_the_knuckles() -> None:
    world = np.concatenate([OPEN_HAND, np.zeros((21, 1))], axis=1)[None].astype(np.float32)
    found = distances(world)[0] * palm_length(world)[0]
    assert found.shape == (35,)
    between = found[:10]
    assert between[0] == pytest.approx(np.linalg.norm(OPEN_HAND[4] - OPEN_HAND[8]), rel=1e-4)
    assert between[9] == pytest.approx(np.linalg.norm(OPEN_HAND[16] - OPEN_HAND[20]), rel=1e-4)
    np.testing.assert_allclose(found[10:15], np.linalg.norm(OPEN_HAND[[4, 8, 12, 16, 20]], axis=1))
    assert found[15 + 4] == pytest.approx(np.linalg.norm(OPEN_HAND[8] - OPEN_HAND[5]), rel=1e-4)


@given(hands(), st.data())
def test_mirroring_a_hand_swaps_its_two_views(landmarks: Float, data: st.DataObject) -> None:
    shifts = hnp.arrays(np.float32, (len(landmarks), 21, 3), elements=st.floats(-1, 1, width=32))
    world = data.draw(shifts)
    plain = shape_vectors(landmarks, world)
    assert plain.shape == (len(landmarks), 2, FEATURES)
    mirror = np.array([-1, 1], np.float32)
    mirrored = shape_vectors(landmarks * mirror, world * np.array([-1, 1, 1], np.float32))
    np.testing.assert_allclose(mirrored, plain[:, ::-1], atol=5e-3)
    # Only the x of the first group tells the views apart.
    np.testing.assert_allclose(plain[:, 0, 42:], plain[:, 1, 42:])
    np.testing.assert_allclose(plain[:, 0, :42:2], -plain[:, 1, :42:2])


def test_a_hand_without_extent_gives_numbers() -> None:
    """All landmarks on one spot: nothing to read, but no division by zero either."""
    found = shape_vectors(np.full((1, 21, 2), 7, np.float32), np.zeros((1, 21, 3), np.float32))
    assert np.isfinite(found).all()
    assert np.isfinite(thumb_rise(np.full((1, 21, 2), 7, np.float32))).all()


@given(st.floats(-3, 3))
def test_the_thumb_rises_by_where_it_points_in_the_photo(angle: float) -> None:
    landmarks = placed((200, 200), 100)
    landmarks[0, 2] = (200, 200)
    landmarks[0, 4] = landmarks[0, 2] + turn(angle) @ [0, -30]
    assert thumb_rise(landmarks)[0] == pytest.approx(np.cos(angle), abs=1e-3)
    mirrored = landmarks * np.array([-1, 1], np.float32)
    assert thumb_rise(mirrored)[0] == pytest.approx(thumb_rise(landmarks)[0], abs=1e-5)
