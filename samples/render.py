"""Make the sample pictures of this folder: drawn people, so nobody's photo is needed.

Runs in its own environment (Python 3.11), apart from the tool:

    pip install bpy==4.5.15 anny==0.6.2 torch==2.13.0 "numpy<2" scipy==1.17.1 pillow==13.0.0
    python samples/render.py --out samples

Takes a few minutes a picture on a small machine; `--only peace group` makes some of them.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "training" / "render"))

import materials
import people
import scene
from body import Array
from PIL import Image
from staging import (
    at,
    folded,
    hand_rows,
    hanging,
    heart_frame,
    level,
    person,
    raised,
    room,
    upright,
)

Shot = Callable[[], dict[str, Array]]
LIGHT, MEDIUM = materials.linear(224, 176, 146), materials.linear(196, 143, 110)
BROWN, DARK = materials.linear(160, 110, 82), materials.linear(98, 64, 47)
KHAKI, WHITE = materials.linear(158, 136, 96), materials.linear(225, 226, 228)
BLUE, GREEN = materials.linear(52, 84, 138), materials.linear(58, 98, 74)
MAROON, GREY = materials.linear(120, 38, 48), materials.linear(120, 124, 130)
NAVY, BLACK = materials.linear(34, 40, 62), materials.linear(30, 29, 30)
SAND = materials.linear(196, 178, 146)


@dataclass(frozen=True)
class Solo:
    """One person and one gesture; directions are for the right arm (mirrored for the left)."""

    gesture: str
    gender: float
    tone: tuple[float, float, float]
    shirt: tuple[float, float, float]
    wall: tuple[float, float, float]
    upper: tuple[float, float, float]
    lower: tuple[float, float, float]
    fingers: tuple[float, float, float]
    palm: tuple[float, float, float]
    side: str = "R"
    scarf: tuple[float, float, float] | None = None
    view: float = 25.0
    near: float = 0.5
    turn: float = 0.0


UPRIGHT = ((-0.35, -0.35, -1.0), (-0.05, -0.62, 1.0), (0.05, -0.15, 1.0), (0.1, -1.0, 0.0))
TONES = [
    materials.linear(*c)
    for c in ((148, 160, 168), (176, 158, 138), (120, 142, 134), (166, 150, 166))
]
SOLOS = {
    "thumb_up": Solo("thumb_up", 0, MEDIUM, KHAKI, TONES[0], (-0.3, -0.3, -1), (0.28, -0.8, 0.45),
                     (0.55, -0.75, 0.2), (0.75, 0.6, 0.0)),
    "one": Solo("one", 0, DARK, WHITE, TONES[1], *UPRIGHT),
    "peace": Solo("peace", 1, LIGHT, GREEN, TONES[2], *UPRIGHT, side="L", scarf=SAND),
    "ok": Solo("ok", 1, BROWN, MAROON, TONES[3], (-0.35, -0.35, -1.0), (-0.05, -0.62, 1.0),
               (0.1, -0.15, 1.0), (0.35, -1.0, 0.0)),
    "fist": Solo("fist", 0, BROWN, BLUE, TONES[1], (-0.4, -0.3, -0.9), (-0.02, -0.4, 1.0),
                 (0.0, -0.1, 1.0), (0.95, -0.45, 0.0)),
    "palm": Solo("palm", 1, MEDIUM, BLUE, TONES[0], (-0.5, -0.3, -0.9), (-0.2, -0.4, 1.0),
                 (-0.1, -0.1, 1.0), (0.1, -1.0, 0.05), scarf=NAVY),
    "pistol": Solo("pistol", 0, LIGHT, GREY, TONES[2], *UPRIGHT, side="L"),
    "finger_heart": Solo("finger_heart", 1, LIGHT, WHITE, TONES[3], (-0.3, -0.3, -1),
                         *UPRIGHT[1:], view=19.0, near=0.65),
}  # fmt: skip


def solo(shot: Solo) -> dict[str, Array]:
    """A half-length portrait."""
    body = person(shot.gender, weight=0.45, height=0.5 if shot.gender else 0.4)
    flip = at(-1, 1, 1) if shot.side == "L" else at(1, 1, 1)
    upper, lower, fingers, palm = (
        np.array(v) * flip for v in (shot.upper, shot.lower, shot.fingers, shot.palm)
    )
    frame = people.frame_of(fingers, palm, shot.side)
    if shot.gesture == "finger_heart":
        frame = heart_frame(body, shot.side, at(0.25, 0, 1))
        # The wrist gives a little, so that the elbow can stay near the body.
        lower = frame[:, 1] + at(0.35, 0.1, 0.3)
    other = "L" if shot.side == "R" else "R"
    arms = {
        shot.side: raised(body, shot.side, shot.gesture, upper, lower, frame),
        other: hanging(other),
    }
    look = people.Look(shot.tone, shot.shirt, NAVY, scarf=shot.scarf)
    room(shot.wall, materials.linear(120, 100, 84))
    posed = people.add_person(body, arms, look, at(0, 0, 0), shot.turn)
    eye = posed[body.cubes["l-eye"]].mean(axis=0)
    hand = posed[hand_rows(body, shot.side)]
    aim = eye + shot.near * (hand.mean(axis=0) - eye) + at(0, 0, -0.02)
    scene.camera(at(-0.1, -1.9, eye[2] - 0.05), at(aim[0], 0, aim[2]), shot.view)
    return {shot.gesture: hand}


def ordinary() -> dict[str, Array]:
    """A standing person with hanging hands."""
    body = person(0, weight=0.6)
    room(TONES[0], materials.linear(130, 118, 100))
    look = people.Look(BROWN, KHAKI, BLACK, long_sleeves=False)
    arms = {"L": hanging("L", seed=1), "R": hanging("R", seed=2)}
    posed = people.add_person(body, arms, look, at(0, 0, 0), 12)
    scene.camera(at(0.1, -2.5, 1.2), at(0, 0, 1.02), 38)
    return {f"none {s}": posed[hand_rows(body, s)] for s in "RL"}


# Row, place from left, gender, weight, height, skin, shirt, scarf, arms.
GROUP = [
    (1, -1.32, 0, 0.5, 0.55, MEDIUM, KHAKI, None, "hang"),
    (1, -0.42, 0, 0.7, 0.5, BROWN, WHITE, None, "thumb_up"),
    (1, 0.45, 1, 0.5, 0.6, LIGHT, KHAKI, SAND, "hang"),
    (1, 1.34, 0, 0.4, 0.6, DARK, BLUE, None, "hang"),
    (0, -0.9, 1, 0.6, 0.5, MEDIUM, KHAKI, MAROON, "fold"),
    (0, 0.0, 0, 0.6, 0.4, BROWN, KHAKI, None, "hang"),
    (0, 0.9, 1, 0.45, 0.55, LIGHT, WHITE, NAVY, "peace"),
]


def group() -> dict[str, Array]:
    """Seven people in two rows: two show something, the others just stand there."""
    boxes: dict[str, Array] = {}
    room(TONES[1], materials.linear(140, 128, 112), back=1.6)
    for i, (row, x, gender, weight, height, tone, shirt, scarf, what) in enumerate(GROUP):
        body = person(gender, weight=weight, height=height)
        arms = {
            s: folded(s) if what == "fold" else hanging(s, seed=10 * i + k)
            for k, s in enumerate("LR")
        }
        shown = {"hang": "none", "fold": "none"}.get(what, what)
        if what in SOLOS:
            pose = SOLOS[what]
            frame = people.frame_of(np.array(pose.fingers), np.array(pose.palm), "R")
            arms["R"] = raised(body, "R", what, np.array(pose.upper), np.array(pose.lower), frame)
        look = people.Look(tone, shirt, BLACK, scarf=scarf, long_sleeves=i % 3 != 0)
        place = at(x, 0.55 * row, 0.28 * row)
        posed = people.add_person(body, arms, look, place, -8 * x)
        boxes |= {
            f"{shown if s == 'R' else 'none'} {i}{s}": posed[hand_rows(body, s)] for s in "LR"
        }
    wood = materials.noise_material((0.16, 0.13, 0.11), (0.22, 0.18, 0.15), 4.0, 0.05)
    scene.plane(level(-2.2, 2.2, 0.3, 1.6, 0.28), wood)
    scene.plane(upright(-2.2, 2.2, 0.3, 0, 0.28), wood)
    scene.camera(at(0.0, -5.2, 1.45), at(0, 0, 1.0), 40)
    return boxes


def save(png: Path, jpeg: Path, seed: int) -> None:
    """Write the JPEG with a little sensor grain, which a clean rendering lacks."""
    pixels = np.asarray(Image.open(png).convert("RGB"), dtype=np.float64)
    grain = np.random.default_rng(seed).normal(0, 2.2, (*pixels.shape[:2], 1))
    Image.fromarray(np.clip(pixels + grain, 0, 255).astype(np.uint8)).save(jpeg, quality=90)


def main() -> None:
    """Render the chosen pictures and print the box of every hand."""
    shots: dict[str, Shot] = {n: (lambda s=s: solo(s)) for n, s in SOLOS.items()}  # type: ignore[misc]
    shots |= {"ordinary": ordinary, "group": group}
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", nargs="*", choices=list(shots), default=list(shots))
    parser.add_argument("--samples", type=int, default=20, help="light paths per pixel")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--scale", type=float, default=1.0, help="smaller for a quick look")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    for number, name in enumerate(args.only):
        size = {"group": (1600, 1000), "ordinary": (720, 960)}.get(name, (800, 800))
        width, height = (int(s * args.scale) for s in size)
        scene.start(width, height, args.samples, args.threads)
        hands = shots[name]()
        with tempfile.TemporaryDirectory() as folder:
            png = Path(folder) / "picture.png"
            scene.render(png)
            save(png, args.out / f"{name}.jpg", number)
        for label, points in hands.items():
            print("BOX", name, label, *scene.box(points), flush=True)


if __name__ == "__main__":
    main()
