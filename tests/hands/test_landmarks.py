from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from posecheck.hands.crops import CROP, Cropper, Squares
from posecheck.hands.landmarks import BATCH, OUTPUTS, LandmarkNetwork
from posecheck.hands.team import Team
from posecheck.hands.types import FEATURES, Float
from posecheck.runtime.session import Session
from tests.hands.made import OPEN_HAND, session

HEIGHT, WIDTH = 300, 400


def echo(feed: dict[str, Float]) -> list[Float]:
    """Answers with the mean of each crop, so that rows can be told apart."""
    crops = feed["crops"]
    mean = crops.mean(axis=(1, 2, 3))[:, None]
    points = np.tile(mean * 100, (1, 63))
    return [points, mean, 1 - mean, points / 1000, np.tile(mean, (1, FEATURES))]


def some_squares() -> Squares:
    rng = np.random.default_rng(1)
    centres = rng.uniform([80, 80], [WIDTH - 80, HEIGHT - 80], (3, 2))
    return Squares(
        centres.astype(np.float32),
        np.array([90, 140, 300], np.float32),
        np.array([0.0, 0.7, -2.5], np.float32),
    )


def some_picture() -> np.ndarray:
    """A hand-like blob on a smooth ground: the network is to answer, not to recognise."""
    rng = np.random.default_rng(2)
    coarse = rng.integers(0, 256, (HEIGHT // 20, WIDTH // 20, 3), dtype=np.uint8)
    return np.kron(coarse, np.ones((20, 20, 1), np.uint8))


def in_a_row(count: int) -> Squares:
    """Squares from left to right."""
    across = np.linspace(60, WIDTH - 60, count, dtype=np.float32)
    centres = np.stack([across, np.full(count, HEIGHT / 2, np.float32)], axis=1)
    return Squares(centres, np.full(count, 80, np.float32), np.zeros(count, np.float32))


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("mirror", [False, True])
@pytest.mark.parametrize("count", [0, 1, BATCH, BATCH + 1, 2 * BATCH + 3])
def test_batches_are_joined_in_order(count: int, mirror: bool, threads: int) -> None:
    """In a picture that gets brighter to the right."""
    fake = session(echo)
    across = np.linspace(0, 255, WIDTH).astype(np.uint8)
    rgb = np.broadcast_to(across[None, :, None], (HEIGHT, WIDTH, 3)).copy()
    squares = in_a_row(count)
    found = LandmarkNetwork(fake, Team(threads))(Cropper(rgb), squares, mirror=mirror)
    assert found.landmarks_xy.shape == (count, 21, 2)
    assert found.world_xyz.shape == (count, 21, 3)
    assert found.features.shape == (count, FEATURES)
    np.testing.assert_allclose(found.presence, squares.centres_xy[:, 0] / WIDTH, atol=3e-3)
    right = found.presence if mirror else 1 - found.presence
    np.testing.assert_allclose(found.handedness, right, atol=1e-6)
    np.testing.assert_allclose(found.features[:, 5], found.presence)
    sign = -1 if mirror else 1
    np.testing.assert_allclose(found.world_xyz[:, 7, 0], sign * found.presence / 10, rtol=1e-4)
    down = HEIGHT / 2 + (found.presence * 100 / CROP - 0.5) * 80
    np.testing.assert_allclose(found.landmarks_xy[:, 7, 1], down, rtol=1e-4)
    sizes = [len(feed["crops"]) for feed in fake.fed]
    assert sum(sizes) == count
    assert all(size <= BATCH for size in sizes)
    assert all(feed["crops"].flags.c_contiguous for feed in fake.fed)
    assert all(names == list(OUTPUTS) for names in fake.asked)


@pytest.mark.parametrize("mirror", [False, True])
def test_several_threads_see_what_one_sees(landmark_session: Session, mirror: bool) -> None:
    rng = np.random.default_rng(4)
    count = 2 * BATCH + 3
    squares = Squares(
        rng.uniform([0, 0], [WIDTH, HEIGHT], (count, 2)).astype(np.float32),
        rng.uniform(40, 900, count).astype(np.float32),
        rng.uniform(-3, 3, count).astype(np.float32),
    )
    alone, together = (
        LandmarkNetwork(landmark_session, Team(threads))(
            Cropper(some_picture()), squares, mirror=mirror
        )
        for threads in (1, 3)
    )
    for field in fields(alone):
        np.testing.assert_array_equal(getattr(alone, field.name), getattr(together, field.name))


def test_outputs_are_as_wide_as_they_are_said_to_be(landmark_session: Session) -> None:
    said = landmark_session.run(list(OUTPUTS), {"crops": np.zeros((2, CROP, CROP, 3), np.float32)})
    assert [part.shape for part in said] == [(2, width) for width in OUTPUTS.values()]


def test_the_answer_is_moved_into_the_photo() -> None:
    """A network that always sees an upright hand in the middle of its crop."""
    upright = OPEN_HAND / 2 + np.array([CROP / 2, CROP / 2 + 40], np.float32)
    deep = np.concatenate([upright, np.zeros((21, 1))], axis=1).astype(np.float32)
    world = np.concatenate([OPEN_HAND / 1000, np.zeros((21, 1))], axis=1).astype(np.float32)

    def answer(feed: dict[str, Float]) -> list[Float]:
        n = len(feed["crops"])
        ones = np.ones((n, 1), np.float32)
        flat = [np.tile(a.reshape(1, -1), (n, 1)) for a in (deep, world)]
        return [flat[0], ones * 0.9, ones * 0.2, flat[1], np.zeros((n, FEATURES), np.float32)]

    network = LandmarkNetwork(session(answer))
    squares = Squares(
        np.array([[200, 150]], np.float32), np.array([112], np.float32), np.array([np.pi / 2])
    )
    found = network(Cropper(some_picture()), squares)
    # Turned a quarter clockwise: up in the crop is right in the photo, at half the size.
    expected = np.stack([-(upright[:, 1] - 112), upright[:, 0] - 112], axis=1) / 2 + [200, 150]
    np.testing.assert_allclose(found.landmarks_xy[0], expected, atol=1e-3)
    turned = np.stack([-world[:, 1], world[:, 0], world[:, 2]], axis=1)
    np.testing.assert_allclose(found.world_xyz[0], turned, atol=1e-6)
    assert found.handedness[0] == pytest.approx(0.2)
    # The mirror image of its answer, seen in a mirror: x is swapped, y is not.
    mirrored = network(Cropper(some_picture()), squares, mirror=True)
    swapped = np.stack([-(upright[:, 1] - 112), 112 - upright[:, 0]], axis=1) / 2 + [200, 150]
    np.testing.assert_allclose(mirrored.landmarks_xy[0], swapped, atol=1e-3)
    assert mirrored.handedness[0] == pytest.approx(0.8)


def test_a_mirrored_look_at_a_mirrored_photo_is_the_same_look(
    landmark_network: LandmarkNetwork,
) -> None:
    rgb, squares = some_picture(), some_squares()
    flipped = np.ascontiguousarray(rgb[:, ::-1])
    across = Squares(
        squares.centres_xy * np.array([-1, 1], np.float32) + np.array([WIDTH, 0], np.float32),
        squares.sides,
        -squares.angles,
    )
    one = landmark_network(Cropper(rgb), squares)
    other = landmark_network(Cropper(flipped), across, mirror=True)
    swap = np.array([-1, 1, 1], np.float32)
    np.testing.assert_allclose(other.landmarks_xy[..., 0], WIDTH - one.landmarks_xy[..., 0], atol=1)
    np.testing.assert_allclose(other.landmarks_xy[..., 1], one.landmarks_xy[..., 1], atol=1)
    np.testing.assert_allclose(other.world_xyz, one.world_xyz * swap, atol=2e-3)
    np.testing.assert_allclose(other.presence, one.presence, atol=0.02)
    np.testing.assert_allclose(other.handedness, 1 - one.handedness, atol=0.05)
    # Told apart from a look that forgot to mirror.
    plain = landmark_network(Cropper(flipped), across)
    assert np.abs(plain.features - one.features).max() > 10 * max(
        np.abs(other.features - one.features).max(), 1e-3
    )


def test_the_answer_turns_with_the_photo(landmark_network: LandmarkNetwork) -> None:
    rgb, squares = some_picture(), some_squares()
    turned = np.ascontiguousarray(np.rot90(rgb, -1))  # clockwise

    def quarter(points: Float) -> Float:
        return np.stack([HEIGHT - points[..., 1], points[..., 0]], axis=-1)

    moved = Squares(
        quarter(squares.centres_xy), squares.sides, squares.angles + np.float32(np.pi / 2)
    )
    one = landmark_network(Cropper(rgb), squares)
    other = landmark_network(Cropper(turned), moved)
    np.testing.assert_allclose(other.landmarks_xy, quarter(one.landmarks_xy), atol=1)
    np.testing.assert_allclose(other.world_xyz[..., 0], -one.world_xyz[..., 1], atol=2e-3)
    np.testing.assert_allclose(other.world_xyz[..., 1], one.world_xyz[..., 0], atol=2e-3)
    np.testing.assert_allclose(other.presence, one.presence, atol=0.02)
