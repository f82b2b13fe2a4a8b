"""Draw the poster's pictures: one hand, or both, for every gesture that is a sign.

Runs in the same environment as `render.py` (see README.md):

    python samples/render_poses.py --out posecheck/export/poses

A few seconds a picture; `--only peace ok` draws some of them.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "training" / "render"))

import gestures
import hand_shots as shots
import materials
import scene
from body import Array
from hand_models import HandModel, hand_model, other_hand, placed, put, turned
from hand_rig import pose
from hand_shots import Look, View
from ink import depth_of, on_paper
from PIL import Image

Vector = tuple[float, float, float]
UP: Vector = (0.0, 0.0, 1.0)
THUMB: Vector = (1.0, 0.0, 0.0)
LITTLE: Vector = (-1.0, 0.0, 0.0)
PALM: Vector = (0.0, -1.0, 0.0)
BACK: Vector = (0.0, 1.0, 0.0)
TONE = materials.linear(176, 128, 98)
"""Darker than paper and lighter than ink, so that a black-and-white print keeps its shape."""

SLEEVE = materials.linear(150, 150, 146)
"""Grey, which no party has for its colour."""

LEAST_HALF = 0.075
"""Metres; half of what a picture shows at least, so that a fist is no giant's."""


@dataclass(frozen=True)
class Shot:
    """One picture, in the axes of the hand: thumb side, back, finger ends.

    Attributes:
        toward: Direction from the hand to the camera.
        up: What is up in the picture.
        roll: Degrees to turn the hand counter-clockwise.
        wrist: Degrees of flexion, and towards the thumb.
        zoom: Above 1, the hand fills more of the picture.
        angles: Of the joints, where those in `gestures.POSES` do not do.
    """

    toward: Vector
    up: Vector = UP
    roll: float = 0.0
    wrist: tuple[float, float] = (0.0, 0.0)
    zoom: float = 1.0
    angles: Array | None = None


OK = pose(
    (38, 50, 20, 15, 25), index=(2, 45, 55, 30), middle=(6, -14, 4, 3), ring=(-6, -2, 6, 3),
    pinky=(-16, 8, 8, 4),
)  # fmt: skip
"""Fingers fanned, and the ring round enough to look through."""

FOUR = gestures.POSES["four"].copy()
FOUR[:5] = 25, 60, 30, 55, 60
"""The thumb well inside the palm, where it cannot be taken for a fifth finger."""

HEART = pose(
    (0, 88, 30, -8, -15), index=(1, 50, 50, 30), middle=(0, 52, 50, 30), ring=(-1, 54, 50, 30),
    pinky=(-2, 56, 50, 30),
)  # fmt: skip
"""Fingers arched and the thumb far away, so that a heart is left between two such hands."""

HOLY = pose(
    (20, 12, 0, 4, 0), index=(1, 1, 3, 2), middle=(0, 1, 3, 2), ring=(-1, 1, 3, 2),
    pinky=(-3, 1, 3, 2),
)  # fmt: skip

SHOTS: dict[str, Shot] = {
    "thumb_up": Shot(PALM, THUMB, roll=-28.0),
    "one": Shot(PALM),
    "peace": Shot(PALM),
    "two_up": Shot(PALM),
    "pistol": Shot(PALM),
    "finger_heart": Shot(PALM),
    "call": Shot(PALM),
    "horns_thumb": Shot(PALM),
    "horns": Shot((0.0, -1.0, 0.25)),
    "three": Shot(PALM),
    "three_thumb": Shot(PALM),
    "ok": Shot((1.0, -0.25, 0.3), angles=OK),
    "four": Shot(PALM, angles=FOUR),
    "palm": Shot(PALM),
    "thumb_down": Shot(PALM, LITTLE, roll=-28.0),
    "pinky": Shot(PALM),
    "middle": Shot(PALM),
    "fist": Shot((0.2, -1.0, 0.0)),
    "two_hand_heart": Shot(PALM, wrist=(15.0, 0.0), zoom=1.1, angles=HEART),
    "holy": Shot(BACK, wrist=(-45.0, 0.0), angles=HOLY),
}
"""A shot for every sign of `posecheck.gesture.vocabulary`."""


def compose(gesture: str, shape: HandModel, seed: int) -> None:
    """Put hand, lamps and camera into the scene."""
    shot = SHOTS[gesture]
    both = gesture in shots.TWO_HANDED
    rng = np.random.default_rng([seed, sorted(SHOTS).index(gesture)])
    angles = gestures.POSES[gesture] if shot.angles is None else shot.angles
    angles = gestures.settle(shape.hand, gesture, angles)
    hands = [placed(shape, angles, shot.wrist)]
    if both:
        hands = list(other_hand(rng, gesture, shape, hands[0], hands[0].copy()))
    toward, up = np.array(shot.toward), np.array(shot.up)
    if gesture == "finger_heart":
        toward, up = shots.heart_view(shape.hand, angles)
    view = View(toward, _rolled(up, toward, shot.roll), "")
    hands = [turned(points, view) for points in hands]
    own = np.concatenate([points[shape.own] for points in hands])
    middle = (own.min(axis=0) + own.max(axis=0)) / 2
    look = Look(TONE, shine=0.6, sleeve=SLEEVE if both else None, bare=0.14, thick=0.008)
    for number, points in enumerate(hands):
        put(shape, points - middle, look, mirrored=number == 1)
    half = max(float(np.abs(own - middle)[:, [0, 2]].max()), LEAST_HALF)
    scene.ambient((1.0, 1.0, 1.0), 0.55)
    scene.area_light(np.array([-0.7, -0.8, 0.9]), np.zeros(3), 0.5, 15.0, (1.0, 0.98, 0.95))
    scene.area_light(np.array([0.9, -0.5, 0.1]), np.zeros(3), 0.6, 3.0, (0.95, 0.98, 1.0))
    away = 1.2
    wide = 2 * np.degrees(np.arctan(half * 1.15 / shot.zoom / away))
    scene.camera(np.array([0.0, -away, 0.0]), np.zeros(3), float(wide))


def _rolled(up: Array, toward: Array, degrees: float) -> Array:
    axis = toward / np.linalg.norm(toward)
    upright = up - axis * (up @ axis)
    upright /= np.linalg.norm(upright)
    angle = np.radians(degrees)
    turned_up: Array = upright * np.cos(angle) - np.cross(axis, upright) * np.sin(angle)
    return turned_up


def main() -> None:
    """Draw the chosen pictures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", nargs="*", choices=list(SHOTS), default=list(SHOTS))
    parser.add_argument("--size", type=int, default=320)
    parser.add_argument("--samples", type=int, default=24, help="light paths per pixel")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=4)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    shape = hand_model(np.random.default_rng(args.seed))
    for gesture in args.only:
        # Twice as large as wanted, for a smooth line.
        scene.start(2 * args.size, 2 * args.size, args.samples, args.threads)
        scene.cutout()
        scene.develop(-0.1, "Standard")
        compose(gesture, shape, args.seed)
        with tempfile.TemporaryDirectory() as folder:
            png = Path(folder) / "hand.png"
            scene.render(png)
            drawn = np.asarray(Image.open(png).convert("RGBA"), dtype=np.float64) / 255
        picture = on_paper(drawn, depth_of(2 * args.size), args.size)
        picture.save(args.out / f"{gesture}.webp", quality=90, method=6)


if __name__ == "__main__":
    main()
