"""Photos to measure on, made of the repository's samples, of any size and number.

They are enlarged drawings, so they get grain like a camera's: without it a JPEG decoder has less
to do than with a photo of that size.  The same call makes the same pictures.
"""

from __future__ import annotations

import random
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

SAMPLES = Path(__file__).resolve().parents[1] / "samples"
ONE_PERSON, GROUP = "peace", "group"

GRAIN = 3.0
"""Standard deviation of the grain, in levels of 255: a phone's in daylight."""

QUALITY = 94
"""Of the JPEG: with the grain, 12 megapixels take 3.4 MB, about what phones make of them."""

PEOPLE = 21
"""In `group_photo`: the sample shows seven."""

Pixels = NDArray[np.uint8]


def sample(name: str) -> Pixels:
    """A sample's pixels, BGR uint8 (H, W, 3).

    Raises:
        SystemExit: It is missing or damaged.
    """
    path = SAMPLES / f"{name}.jpg"
    picture = cv2.imdecode(np.fromfile(path, np.uint8), cv2.IMREAD_COLOR)
    if picture is None:
        raise SystemExit(f"{path} cannot be read")
    return np.asarray(picture, np.uint8)


def resized(picture: Pixels, width: int, height: int) -> Pixels:
    """A picture (H, W, 3) at another size."""
    smaller = width < picture.shape[1]
    method = cv2.INTER_AREA if smaller else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(picture, (width, height), interpolation=method), np.uint8)


def stored(picture: Pixels, path: Path, seed: int = 0) -> Path:
    """Write BGR pixels as a JPEG with grain."""
    noise = np.random.default_rng(seed).normal(0, GRAIN, picture.shape[:2]).astype(np.float32)
    grainy = np.rint(np.clip(picture + noise[..., None], 0, 255)).astype(np.uint8)
    cv2.imencode(".jpg", grainy, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].tofile(path)
    return path


def one_person(folder: Path, megapixels: float) -> Path:
    """A square photo of one person who shows a sign."""
    side = round((megapixels * 1e6) ** 0.5)
    name = f"one_person_{megapixels:g}mp.jpg"
    return stored(resized(sample(ONE_PERSON), side, side), folder / name)


def group_photo(folder: Path, width: int = 4000, height: int = 3000) -> Path:
    """A photo of 21 people: two groups side by side, and a nearer one below them."""
    group = sample(GROUP)
    high = round(width / 2 * group.shape[0] / group.shape[1])
    far = resized(group, width // 2, high)
    low = height - high
    near = resized(group, round(low * group.shape[1] / group.shape[0]), low)
    left = (width - near.shape[1]) // 2
    right = width - near.shape[1] - left
    near = np.asarray(
        cv2.copyMakeBorder(near, 0, 0, left, right, cv2.BORDER_REPLICATE),
        np.uint8,
    )
    whole = np.concatenate([np.concatenate([far, far[:, ::-1]], axis=1), near])
    return stored(whole, folder / f"group_{width}x{height}.jpg")


def altered(picture: Pixels, width: int, height: int, draw: random.Random) -> Pixels:
    """A part of a picture at that size, perhaps mirrored, a little brighter or darker."""
    most = min(picture.shape[1] / width, picture.shape[0] / height)
    scale = most * draw.uniform(0.85, 0.99)
    wide, high = round(width * scale), round(height * scale)
    left = draw.randrange(picture.shape[1] - wide + 1)
    top = draw.randrange(picture.shape[0] - high + 1)
    part = resized(picture[top : top + high, left : left + wide], width, height)
    if draw.random() < 0.5:
        part = part[:, ::-1]
    return np.asarray(cv2.convertScaleAbs(part, alpha=draw.uniform(0.9, 1.1)), np.uint8)


def album(folder: Path, count: int, least: float = 1.0, most: float = 2.0) -> None:
    """Photos of one person and of the group, one in five, no two alike.

    Args:
        folder: Where to; it is made.
        count: How many.
        least: Megapixels of the smallest.
        most: Megapixels of the largest.
    """
    folder.mkdir(parents=True)
    singles = sorted(path.stem for path in SAMPLES.glob("*.jpg") if path.stem != GROUP)
    draw = random.Random(count)
    for n in range(count):
        picture = sample(GROUP if n % 5 == 4 else singles[n % len(singles)])
        aspect = picture.shape[1] / picture.shape[0]
        pixels = draw.uniform(least, most) * 1e6
        width, height = round((pixels * aspect) ** 0.5), round((pixels / aspect) ** 0.5)
        stored(altered(picture, width, height, draw), folder / f"{n:04}.jpg", seed=n)


def groups(folder: Path, count: int, megapixels: float) -> None:
    """Photos of the group in 3:2, no two alike; `folder` is made."""
    folder.mkdir(parents=True)
    draw = random.Random(count)
    height = round((megapixels * 1e6 / 1.5) ** 0.5)
    for n in range(count):
        picture = altered(sample(GROUP), round(1.5 * height), height, draw)
        stored(picture, folder / f"{n:04}.jpg", seed=n)
