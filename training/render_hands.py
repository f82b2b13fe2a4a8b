"""Draw training hands for gestures that public photos lack, and ordinary hands to balance them.

Runs in the environment of `samples/README.md` (bpy, anny, torch, scipy, pillow):

    python training/render_hands.py --out DIR [--seed 0] [--scale 1.0]

Writes DIR/<gesture>_<number>.jpg and DIR/hands.csv with one row per hand:
`file,gesture,kind,x0,y0,x1,y1` (pixels; kind says the side, the view and the pose). The two hands
of a two-handed gesture are two rows of one file. A run that was stopped goes on where it was.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
import zlib
from functools import lru_cache
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent / "render"))

import gestures
import hand_shots as shots
import scene
from backdrop import backdrop
from body import Array
from hand_models import HandModel, hand_model, other_hand, placed, put, turned
from PIL import Image

COUNTS = {
    "finger_heart": 400, "two_hand_heart": 200, "holy": 200, "middle": 150, "horns": 150,
    "horns_thumb": 100, "three_thumb": 150, "three": 100, "thumb_down": 150, "thumb_up": 100,
    "two_up": 150, "pistol": 150, "ok": 150, "call": 100, "pinky": 100, "none": 300,
}  # fmt: skip
MODELS = 16
Rows = list[tuple[str, Array]]


@lru_cache(maxsize=MODELS)
def model(number: int, seed: int) -> HandModel:
    """One of the hand shapes of a run."""
    return hand_model(np.random.default_rng([seed, 77, number]))


def lights(rng: shots.Random, reach: float) -> None:
    """A lamp or two and some light from everywhere."""
    warm = rng.uniform(0.75, 1.0)
    tint = (1.0, (1 + warm) / 2, warm) if rng.random() < 0.6 else (warm, (1 + warm) / 2, 1.0)
    scene.ambient((1.0, 1.0, 1.0), float(rng.uniform(0.25, 1.1)))
    for power in (rng.uniform(8, 30), rng.uniform(0, 8)):
        side = rng.normal(size=3) * (1.0, 0.6, 0.8) + (0, -0.6, 0.5)
        where = side / np.linalg.norm(side) * reach
        size = float(rng.uniform(0.1, 0.9)) * reach
        scene.area_light(where, np.zeros(3), size, float(power) * reach**2, tint)


def compose(gesture: str, rng: shots.Random, models_seed: int) -> tuple[str, Rows]:
    """Put the hand or hands into the scene, the camera before them; returns hand vertices."""
    shape = model(int(rng.integers(MODELS)), models_seed)
    kind = gesture
    if gesture == "none":
        kind = str(rng.choice(shots.ORDINARY, p=(0.3, 0.2, 0.2, 0.1, 0.1, 0.1)))
        angles = shots.ordinary(rng, kind)
    elif gesture in shots.TWO_HANDED:
        angles = shots.two_handed(rng, gesture)
    else:
        kind, angles = shots.shown(rng, gesture)
    spread = float(rng.uniform(2.5, 6.5)) * (0.6 if gesture in shots.TWO_HANDED else 1.0)

    def one() -> tuple[Array, Array]:
        bent = shots.jitter(rng, angles, spread)
        bent = gestures.settle(shape.hand, kind, bent)
        wrist = (rng.normal(-8, 18), rng.normal(0, 9))
        if gesture == "holy":
            wrist = (rng.normal(-45, 12), rng.normal(0, 8))
        elif gesture == "two_hand_heart":
            wrist = (rng.normal(15, 15), rng.normal(0, 8))
        return bent, placed(shape, bent, wrist)

    bent, first = one()
    hands = [first]
    if kind in shots.TWO_HANDED:
        first, second = other_hand(rng, kind, shape, first, one()[1])
        hands = [first, second]
    arm = (first[shape.elbow] - first[shape.own].mean(axis=0)) / 0.3
    for _ in range(30):
        view = shots.view(rng, gesture, kind, shape.hand, bent)
        # Not with the camera inside the sleeve.
        if view.toward @ arm < 0.35:
            break
    look = shots.look(rng)
    hands = [turned(points, view) for points in hands]
    own = np.concatenate([points[shape.own] for points in hands])
    middle = (own.min(axis=0) + own.max(axis=0)) / 2
    hands = [points - middle for points in hands]
    for number, points in enumerate(hands):
        put(shape, points, look, mirrored=number == 1)
    if kind == "holding":
        shots.prop(rng, view, middle)
    lights(rng, float(rng.uniform(0.5, 1.5)))
    half = float(np.abs(own - middle)[:, [0, 2]].max())
    away = float(rng.uniform(0.5, 1.6))
    wide = 2 * np.degrees(np.arctan(half * rng.uniform(1.25, 2.0) / away))
    aim = np.array([rng.normal(0, 0.12), 0, rng.normal(0, 0.12)]) * half
    scene.camera(np.array([0.0, -away, 0.0]), aim, float(wide))
    names = ["right", "left"][: len(hands)]
    return f"{view.kind}-{kind}", [
        (name, points[shape.own]) for name, points in zip(names, hands, strict=True)
    ]


def picture(gesture: str, number: int, args: argparse.Namespace) -> list[list[object]]:
    """Draw one picture; returns its rows."""
    rng = np.random.default_rng([args.seed, zlib.crc32(gesture.encode()), number])
    scene.start(args.size, args.size, args.samples, args.threads)
    scene.cutout()
    if rng.random() < 0.5:
        scene.develop(float(rng.normal(0.0, 0.4)), "AgX")
    else:
        scene.develop(float(rng.normal(-0.8, 0.4)), "Standard")
    kind, hands = compose(gesture, rng, args.seed)
    with tempfile.TemporaryDirectory() as folder:
        png = Path(folder) / "hand.png"
        scene.render(png)
        drawn = np.asarray(Image.open(png).convert("RGBA"), dtype=np.float64) / 255
    cover = drawn[..., 3:]
    pixels = drawn[..., :3] * cover + backdrop(rng, args.size) * (1 - cover)
    flip = bool(rng.random() < 0.5)
    if flip:
        pixels = pixels[:, ::-1]
    name = f"{gesture}_{number:04d}.jpg"
    image = Image.fromarray((np.clip(pixels, 0, 1) * 255).astype(np.uint8))
    image.save(args.out / name, quality=92)
    rows: list[list[object]] = []
    for side, points in hands:
        x0, y0, x1, y1 = np.clip(scene.box(points), 0, args.size)
        if flip:
            x0, x1, side = args.size - x1, args.size - x0, {"left": "right"}.get(side, "left")
        rows.append([name, gesture, f"{side}-{kind}", int(x0), int(y0), int(x1), int(y1)])
    return rows


def main() -> None:
    """Draw what is missing from the folder."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--scale", type=float, default=1.0, help="share of the usual counts")
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument("--samples", type=int, default=10, help="light paths per pixel")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--only", nargs="*", choices=list(COUNTS), default=list(COUNTS))
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    table = args.out / "hands.csv"
    done: set[str] = set()
    if table.exists():
        with table.open(newline="") as lines:
            done = {row["file"] for row in csv.DictReader(lines)}
    plan = [(g, i) for g in args.only for i in range(max(1, round(COUNTS[g] * args.scale)))]
    # Mixed, so that a run cut short still has some of everything.
    np.random.default_rng(args.seed).shuffle(plan)
    with table.open("a", newline="") as lines:
        out = csv.writer(lines)
        if not done:
            out.writerow(["file", "gesture", "kind", "x0", "y0", "x1", "y1"])
        for gesture, number in plan:
            if f"{gesture}_{int(number):04d}.jpg" not in done:
                out.writerows(picture(str(gesture), int(number), args))
                lines.flush()


if __name__ == "__main__":
    main()
