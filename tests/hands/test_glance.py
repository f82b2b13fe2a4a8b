from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecheck.hands.crops import Cropper, Squares, squares_from_landmarks, squares_from_palms
from posecheck.hands.first_look import HOPE
from posecheck.hands.glance import BATCH, SIDE, GlanceNetwork, moved
from posecheck.hands.landmarks import LandmarkNetwork
from posecheck.hands.palm_search import PalmSearch
from posecheck.hands.scales import PyramidSettings
from posecheck.hands.team import Team
from posecheck.hands.types import Float
from posecheck.opening import open_photo
from posecheck.runtime.session import Session
from tests.hands.made import angles, session
from training.glance_data import offsets

WIDTH, HEIGHT = 900, 400


def squares_of(rows: list[tuple[float, float, float, float]]) -> Squares:
    """Squares of (x, y, side, angle)."""
    x, y, sides, turned = np.array(rows, np.float32).reshape(-1, 4).T
    return Squares(np.stack([x, y], axis=1), sides, turned)


places = st.floats(-500, 5000)
square_rows = st.tuples(places, places, st.floats(10, 2000), angles)


@given(st.lists(st.tuples(square_rows, square_rows), max_size=4), st.floats(0.1, 10))
def test_offsets_lead_from_one_square_to_the_other(
    pairs: list[tuple[tuple[float, float, float, float], tuple[float, float, float, float]]],
    length: float,
) -> None:
    """What the network is taught and what is made of its answers are inverse."""
    first, then = (squares_of([pair[which] for pair in pairs]) for which in (0, 1))
    taught = offsets(first, then)
    sine, cosine = (length * trigonometric(taught[:, 3]) for trigonometric in (np.sin, np.cos))
    said = np.concatenate([taught[:, :3], np.stack([sine, cosine], axis=1)], axis=1)
    found = moved(first, said.astype(np.float32))
    np.testing.assert_allclose(found.centres_xy, then.centres_xy, atol=0.05)
    np.testing.assert_allclose(found.sides, then.sides, rtol=1e-4)
    apart = (found.angles - then.angles + np.pi) % (2 * np.pi) - np.pi
    np.testing.assert_allclose(apart, 0, atol=1e-4)
    assert found.centres_xy.dtype == found.sides.dtype == found.angles.dtype == np.float32


def test_offsets_are_in_the_axes_of_the_square() -> None:
    """Of a hand that points right, "up" is right."""
    right = squares_of([(100, 100, 50, np.pi / 2)])
    up = np.array([[0, -1, np.log(2), 0, 1]], np.float32)
    found = moved(right, up)
    np.testing.assert_allclose(found.centres_xy, [[150, 100]], atol=1e-4)
    assert found.sides.tolist() == pytest.approx([100])
    quarter = moved(right, np.array([[0, 0, 0, 3, 0]], np.float32))
    assert quarter.angles.tolist() == pytest.approx([np.pi])


def echo(feed: dict[str, Float]) -> list[Float]:
    """Answers with the mean of each crop, so that rows can be told apart."""
    mean = feed["crops"].mean(axis=(1, 2, 3))
    said = np.zeros((len(mean), 5), np.float32)
    said[:, 0], said[:, 4] = mean, 1
    return [mean, said]


def ramp() -> np.ndarray:
    """A picture that gets brighter to the right."""
    across = np.linspace(0, 255, WIDTH).astype(np.uint8)
    return np.broadcast_to(across[None, :, None], (HEIGHT, WIDTH, 3)).copy()


def in_a_row(count: int) -> Squares:
    """Squares from left to right."""
    return squares_of([(x, 200, 60, 0) for x in np.linspace(50, WIDTH - 50, count)])


@pytest.mark.parametrize("threads", [1, 3])
@pytest.mark.parametrize("count", [0, 1, BATCH, BATCH + 1, 2 * BATCH + 3])
def test_batches_are_joined_in_order(count: int, threads: int) -> None:
    fake = session(echo)
    squares = in_a_row(count)
    glimpses = GlanceNetwork(fake, Team(threads))(Cropper(ramp()), squares)
    brightness = squares.centres_xy[:, 0] / WIDTH
    np.testing.assert_allclose(glimpses.presence, 1 / (1 + np.exp(-brightness)), atol=2e-3)
    np.testing.assert_allclose(
        glimpses.squares.centres_xy[:, 0], squares.centres_xy[:, 0] + 60 * brightness, atol=0.5
    )
    np.testing.assert_allclose(glimpses.squares.sides, squares.sides)
    assert len(glimpses.presence) == len(glimpses.squares) == count
    assert glimpses.presence.dtype == np.float32
    shapes = [feed["crops"].shape for feed in fake.fed]
    assert sum(shape[0] for shape in shapes) == count
    assert all(shape[0] <= BATCH and shape[1:] == (SIDE, SIDE, 3) for shape in shapes)
    assert all(names == ["logits", "offsets"] for names in fake.asked)


def some_picture() -> np.ndarray:
    coarse = np.random.default_rng(2).integers(0, 256, (15, 20, 3), dtype=np.uint8)
    return np.kron(coarse, np.ones((20, 20, 1), np.uint8))


def test_several_threads_see_what_one_sees(glance_session: Session) -> None:
    rng = np.random.default_rng(3)
    rows = rng.uniform([0, 0, 30, -3], [400, 300, 300, 3], (2 * BATCH + 5, 4))
    squares = squares_of([(x, y, side, angle) for x, y, side, angle in rows])
    alone, together = (
        GlanceNetwork(glance_session, Team(threads))(Cropper(some_picture()), squares)
        for threads in (1, 3)
    )
    np.testing.assert_array_equal(alone.presence, together.presence)
    np.testing.assert_array_equal(alone.squares.centres_xy, together.squares.centres_xy)
    np.testing.assert_array_equal(alone.squares.angles, together.squares.angles)


def test_nothing_is_no_hand(glance_network: GlanceNetwork) -> None:
    for grey in (0, 128, 255):
        rgb = np.full((HEIGHT, WIDTH, 3), grey, np.uint8)
        assert glance_network(Cropper(rgb), in_a_row(2)).presence.max() < 0.1


def test_a_glance_expects_what_the_landmark_network_says(
    sample_pictures: list[Path],
    palm_search: PalmSearch,
    glance_network: GlanceNetwork,
    landmark_network: LandmarkNetwork,
) -> None:
    hopeful, off, turned, nothing, hands = [], [], [], [], []
    for path in sample_pictures:
        rgb = open_photo(path).rgb
        palms = palm_search(rgb, PyramidSettings(largest_side=600, most_palms=12))
        squares = squares_from_palms(palms.boxes_xyxy, palms.keypoints_xy)
        cropper = Cropper(rgb)
        glimpses, seen = glance_network(cropper, squares), landmark_network(cropper, squares)
        sure = seen.presence >= 0.9
        hopeful.append(glimpses.presence[sure] >= HOPE)
        hands.append(glimpses.presence[sure])
        nothing.append(glimpses.presence[seen.presence < 0.02])
        said = offsets(squares_from_landmarks(seen.landmarks_xy), glimpses.squares)[sure]
        off.append(np.linalg.norm(said[:, :2], axis=1))
        turned.append(np.abs(said[:, 3]))
    assert np.concatenate(hopeful).mean() > 0.95
    # How often a hand gets more than what is none: rendered samples are not what it was taught.
    assert (np.concatenate(hands)[:, None] > np.concatenate(nothing)).mean() > 0.9
    assert np.median(np.concatenate(off)) < 0.12
    assert np.median(np.concatenate(turned)) < 0.25
