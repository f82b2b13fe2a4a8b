"""Random hands: which angles, from where, how lit. One seed gives one picture."""

from __future__ import annotations

from dataclasses import dataclass

import gestures
import materials
import numpy as np
import scene
from body import Array
from hand_rig import HIGH, LOW, Hand, pose
from materials import Colour

Random = np.random.Generator
# Hand axes of a placed hand: x towards the thumb, y out of the back, z to the finger ends.
THUMBWARD, BACKWARD, FINGERWARD = np.eye(3)
TWO_HANDED = ("two_hand_heart", "holy", "folded")
ORDINARY = ("hanging", "half_open", "loose", "holding", "resting", "folded")


@dataclass(frozen=True)
class View:
    """Direction from the hand to the camera, and which way is up in the picture."""

    toward: Array
    up: Array
    kind: str


def ordinary(rng: Random, kind: str) -> Array:
    """Angles of a hand that shows nothing."""
    curl = {
        "hanging": (24, 30, 16), "half_open": (30, 38, 22), "loose": (30, 36, 20),
        "holding": (52, 58, 32), "resting": (14, 16, 10), "folded": (22, 30, 16),
    }[kind]  # fmt: skip
    thumb = {
        "holding": (38, 58, 15, 15, 18), "resting": (34, 15, 0, 8, 8),
        "half_open": (42, 38, 8, 12, 14),
    }.get(kind, (36, 28, 5, 12, 14))  # fmt: skip
    amount = rng.uniform(0.55, 1.5) if kind != "holding" else rng.uniform(0.85, 1.15)
    step = rng.normal(0.1, 0.1)
    fingers = {}
    for i, name in enumerate(("index", "middle", "ring", "pinky")):
        own = amount * (1 + step * i) * rng.uniform(0.88, 1.12)
        if kind == "loose":
            own *= rng.uniform(0.7, 1.3)
        fingers[name] = (3.0 - 3.0 * i, *(c * own for c in curl))
    return pose(tuple(float(t) for t in thumb), **fingers)


def shown(rng: Random, gesture: str) -> tuple[str, Array]:
    """Name of the pose used and its angles before noise."""
    name = gesture
    if gesture == "three" and rng.random() < 0.4:
        name = "three_mrp"
    if gesture in ("one", "peace", "two_up", "three", "middle", "horns") and rng.random() < 0.25:
        # Some people leave the thumb beside the hand instead of on the fingers.
        angles = gestures.POSES[name].copy()
        angles[:5] = gestures.THUMB_SIDE
        return f"{name}~", angles
    return name, gestures.POSES[name].copy()


def two_handed(rng: Random, gesture: str) -> Array:
    """Angles of one hand of a gesture that takes both."""
    if gesture == "holy":
        straight = {n: (s, 1.0, 3.0, 2.0) for n, s in zip("imrp", (1, 0, -1, -3), strict=True)}
        return pose((20.0, 12.0, 0.0, 4.0, 0.0), index=straight["i"], middle=straight["m"],
                    ring=straight["r"], pinky=straight["p"])  # fmt: skip
    # A heart: the fingers arch over, the thumb points down; between flat and deep arches.
    arch = rng.dirichlet((1, 1, 1)) @ np.array([(40, 70, 45), (55, 60, 30), (30, 80, 50)])
    knuckle, middle, end = (float(v) for v in arch)
    step = float(rng.normal(2, 2))
    fingers = {
        name: (1.0 - i, knuckle + step * i, middle, end)
        for i, name in enumerate(("index", "middle", "ring", "pinky"))
    }
    return pose(
        (float(rng.uniform(8, 24)), 73.0, float(rng.uniform(20, 40)), -8.0, -15.0), **fingers
    )


def jitter(rng: Random, angles: Array, spread: float) -> Array:
    """Noise per joint; folded joints vary more than straight ones, fingers vary together."""
    common = rng.normal(0, 0.5 * spread, 4)
    noisy = angles.copy()
    noisy[:5] += rng.normal(0, (6, 6, 8, 7, 8)) * spread / 5
    for finger in range(4):
        part = slice(5 + 4 * finger, 9 + 4 * finger)
        loose = 0.7 + np.clip(angles[part], 0, 60) / 60
        noisy[part] += (common + rng.normal(0, spread, 4)) * loose * (0.6, 1, 1, 1)
    return np.clip(noisy, LOW, HIGH)


def _cone(rng: Random, toward: Array, degrees: float) -> Array:
    tilted = toward + np.tan(np.radians(abs(rng.normal(0, degrees)))) * _perpendicular(rng, toward)
    unit: Array = tilted / np.linalg.norm(tilted)
    return unit


def _perpendicular(rng: Random, axis: Array) -> Array:
    free = rng.normal(size=3)
    free -= axis * (free @ axis)
    unit: Array = free / np.linalg.norm(free)
    return unit


def heart_view(hand: Hand, angles: Array) -> tuple[Array, Array]:
    """From where thumb and index are seen to cross, in placed-hand axes, and their common up."""
    rows = [v for d in hand.digits[:2] for v in (d.crease, d.tip)]
    radial, distal, dorsal = (hand.points(angles, rows) @ hand.frame).T
    points = np.stack([radial, dorsal, distal], axis=1)
    thumb, index = points[1] - points[0], points[3] - points[2]
    up = thumb / np.linalg.norm(thumb) + index / np.linalg.norm(index)
    toward = np.cross(thumb, index)
    toward /= np.linalg.norm(toward)
    return (toward if toward[2] > 0 else -toward), up / np.linalg.norm(up)


def view(rng: Random, gesture: str, kind: str, hand: Hand, angles: Array) -> View:
    """A camera direction that people would use for the gesture, and some others."""
    up = FINGERWARD
    if gesture == "thumb_up" or (gesture in ("pistol", "call") and rng.random() < 0.4):
        up = THUMBWARD
    elif gesture == "thumb_down":
        up = -THUMBWARD
    elif gesture == "none":
        up = -FINGERWARD if rng.random() < 0.65 else _perpendicular(rng, BACKWARD)
    if gesture == "finger_heart" and rng.random() < 0.65:
        toward, up = heart_view(hand, angles)
        return View(_cone(rng, toward, 28), _rolled(rng, up, toward), "front")
    if kind in ("two_hand_heart", "holy", "folded"):
        toward = BACKWARD if kind == "folded" else BACKWARD * rng.choice((-1, 1))
        toward = _cone(rng, toward, 18)
        if kind == "holy" and rng.random() < 0.4:
            toward = _cone(rng, THUMBWARD * rng.choice((-1, 1)), 40)
        return View(toward, _rolled(rng, up, toward), "both")
    side = np.cross(up, -BACKWARD)
    turn = rng.choice((0.0, np.pi, rng.uniform(0, 2 * np.pi)), p=(0.42, 0.28, 0.3))
    turn += rng.normal(0, np.radians(25))
    height = np.radians(np.clip(rng.normal(0, 18), -50, 50))
    toward = np.cos(height) * (np.cos(turn) * -BACKWARD + np.sin(turn) * side) + np.sin(height) * up
    seen = -toward @ BACKWARD
    name = "palm" if seen > 0.5 else "back" if seen < -0.5 else "side"
    return View(toward, _rolled(rng, up, toward), name)


def _rolled(rng: Random, up: Array, toward: Array) -> Array:
    upright = up - toward * (up @ toward)
    upright /= np.linalg.norm(upright)
    angle = rng.normal(0, np.radians(14))
    if rng.random() < 0.12:
        angle = rng.uniform(-np.pi / 2, np.pi / 2)
    turned: Array = upright * np.cos(angle) + np.cross(toward, upright) * np.sin(angle)
    return turned


@dataclass(frozen=True)
class Look:
    """Skin and sleeve of one picture."""

    tone: Colour
    shine: float
    sleeve: Colour | None
    bare: float
    thick: float


def look(rng: Random) -> Look:
    """A random skin tone and sleeve."""
    depth = rng.uniform(0, 1)
    # From dark to light along the usual line of skin colours (sRGB), with a little spread.
    light, dark = np.array([232, 190, 164]), np.array([72, 46, 34])
    tone = np.clip(dark + (light - dark) * depth**0.8 + rng.normal(0, 7, 3), 25, 245)
    red, green, blue = (int(v) for v in tone)
    cloth = tuple(float(v) for v in rng.uniform(0.02, 0.8, 3) * rng.uniform(0.1, 1.0))
    sleeve = (cloth[0], cloth[1], cloth[2]) if rng.random() < 0.55 else None
    return Look(
        materials.linear(red, green, blue), float(rng.uniform(0.3, 0.6)), sleeve,
        float(rng.choice((0.0, rng.uniform(0.1, 0.25)))), float(rng.uniform(0.004, 0.016)),
    )  # fmt: skip


def prop(rng: Random, view: View, middle: Array) -> None:
    """Something round in the grip of a holding hand."""
    toward, up = view.toward, view.up
    axes = np.stack([np.cross(-toward, up), -toward, up], axis=1)
    radius, length = float(rng.uniform(0.014, 0.024)), float(rng.uniform(0.1, 0.26))
    angle = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    ring = np.stack([0 * angle, radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    ring = ring + np.array([0.0, -radius - 0.014, 0.085])
    ends = rng.uniform(-0.3, 0.3) * length + np.array([-length, length]) / 2
    points = np.concatenate([ring + np.array([x, 0.0, 0.0]) for x in ends])
    here, after = np.arange(24), (np.arange(24) + 1) % 24
    faces = np.stack([here, after, after + 24, here + 24], axis=1)
    paint = materials.plain(tuple(rng.uniform(0.02, 0.8, 3)), float(rng.uniform(0.1, 0.8)))
    scene.mesh("prop", points @ axes - middle, faces, paint, smooth_levels=0)
