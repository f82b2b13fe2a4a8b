"""Ready-made parts of a picture: a body, arms that hang or show something, a room."""

from __future__ import annotations

import gestures
import materials
import numpy as np
import people
import scene
from body import HAND_BONES, Array, Body, Ints, make_body
from hand_rig import Hand


def at(*values: float) -> Array:
    """A point or direction."""
    return np.array(values, dtype=np.float64)


def person(gender: float, **shape: float) -> Body:
    """A body; gender 0 is a man, 1 a woman."""
    base = {"african": 0.0, "asian": 1.0, "caucasian": 0.25, "age": 0.6, "cupsize": 0.4}
    return make_body(base | {"gender": gender} | shape)


def hanging(side: str, out: float = 0.12, seed: int = 0) -> people.Arm:
    """An arm at rest beside the body."""
    x = 1.0 if side == "L" else -1.0
    noise = np.random.default_rng(seed).normal(0, 4, 21)
    fingers = at(0.02 * x, -0.3, -1)
    return people.Arm(
        at((out + 0.04) * x, 0.02, -1), at(out * 0.7 * x, -0.22, -1),
        people.frame_of(fingers, at(-x, 0.35, 0), side), gestures.POSES["relaxed"] + noise,
    )  # fmt: skip


def folded(side: str) -> people.Arm:
    """Hands one over the other before the body."""
    x = 1.0 if side == "L" else -1.0
    near = 0.07 if side == "L" else 0.0
    return people.Arm(
        at(0.2 * x, -0.06 - near, -1), at(-0.62 * x, -0.55 - near, -0.72),
        people.frame_of(at(-0.85 * x, -0.25, -0.6), at(-0.15 * x, 1, -0.1), side),
        gestures.POSES["relaxed"],
    )  # fmt: skip


def raised(
    body: Body, side: str, gesture: str, upper: Array, lower: Array, frame: Array
) -> people.Arm:
    """An arm that shows a gesture."""
    angles = gestures.settle(Hand(body, side), gesture, gestures.POSES[gesture])
    return people.Arm(upper, lower, frame, angles)


def heart_frame(body: Body, side: str, up: Array) -> Array:
    """Turn the hand so that the camera sees thumb and index cross, both pointing up."""
    hand = Hand(body, side)
    angles = gestures.settle(hand, "finger_heart", gestures.POSES["finger_heart"])
    rows = [v for d in hand.digits[:2] for v in (d.crease, d.tip)]
    points = hand.points(angles, rows) @ hand.frame
    thumb, index = points[1] - points[0], points[3] - points[2]
    own = _axes(
        np.cross(thumb, index), thumb / np.linalg.norm(thumb) + index / np.linalg.norm(index)
    )
    if own[1, 0] < 0:
        own[:, [0, 2]] *= -1
    world = _axes(at(0, -1, 0), up)
    if np.linalg.det(hand.frame) < 0:
        world[:, 2] *= -1
    return world @ own.T


def _axes(front: Array, up: Array) -> Array:
    front = front / np.linalg.norm(front)
    up = up - front * (up @ front)
    up /= np.linalg.norm(up)
    return np.stack([front, up, np.cross(front, up)], axis=1)


def upright(left: float, right: float, depth: float, low: float, high: float) -> Array:
    """Corners of a wall across the view."""
    return np.array(
        [(left, depth, low), (right, depth, low), (right, depth, high), (left, depth, high)]
    )


def level(left: float, right: float, near: float, far: float, height: float) -> Array:
    """Corners of a floor."""
    return np.array(
        [(left, near, height), (right, near, height), (right, far, height), (left, far, height)]
    )


def room(wall: materials.Colour, floor: materials.Colour, back: float = 1.2) -> None:
    """Wall with a picture, floor and light."""
    pale = (wall[0] * 1.35, wall[1] * 1.35, wall[2] * 1.35)
    deep = (floor[0] * 0.7, floor[1] * 0.7, floor[2] * 0.7)
    scene.plane(upright(-6, 6, back, 0, 5), materials.noise_material(wall, pale, 0.8, 0.05))
    scene.plane(level(-6, 6, -6, back, 0), materials.noise_material(deep, floor, 3.0, 0.05))
    picture = materials.noise_material(
        materials.linear(90, 110, 130), materials.linear(200, 205, 200), 2.0, 0.0
    )
    scene.plane(upright(-2.6, -0.9, back - 0.03, 1.5, 2.4), picture)
    scene.ambient((0.85, 0.9, 1.0), 0.55)
    scene.area_light(at(1.8, -2.6, 2.9), at(0, 0, 1.2), 1.6, 190, (1.0, 0.95, 0.88))
    scene.area_light(at(-2.4, -1.6, 2.2), at(0, 0, 1.2), 1.2, 45, (0.85, 0.92, 1.0))


def hand_rows(body: Body, side: str) -> Ints:
    """Skin vertices of one hand."""
    weight = body.weight_of(HAND_BONES, side)[: body.groups["body"].max() + 1]
    rows: Ints = np.flatnonzero(weight > 0.8)
    return rows
