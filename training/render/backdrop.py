"""Backgrounds painted with numpy: gradients, noise, cloth, clutter; cheaper than tracing them."""

from __future__ import annotations

import numpy as np
from body import Array
from PIL import Image, ImageFilter

Random = np.random.Generator


def colour(rng: Random) -> Array:
    """An sRGB colour 0..1, mostly dull, sometimes bright."""
    grey = rng.uniform(0.05, 0.95)
    strength = rng.uniform(0.0, 0.1) if rng.random() < 0.75 else rng.uniform(0.1, 0.3)
    shade: Array = np.clip(grey + rng.normal(0, strength, 3), 0.02, 0.98)
    return shade


def noise(rng: Random, size: int, cells: int) -> Array:
    """Smooth noise 0..1."""
    coarse = (rng.random((cells, cells)) * 255).astype(np.uint8)
    image = Image.fromarray(coarse).resize((size, size), Image.Resampling.BICUBIC)
    values: Array = np.asarray(image, dtype=np.float64) / 255
    return values


def clouds(rng: Random, size: int) -> Array:
    """Noise of several sizes, 0..1."""
    total, weight = np.zeros((size, size)), 0.0
    for cells in (3, 6, 13, 27, 60):
        share = rng.uniform(0.2, 1.0) / np.sqrt(cells)
        total += share * noise(rng, size, cells)
        weight += share
    mixed: Array = total / weight
    return mixed


def _gradient(rng: Random, size: int) -> Array:
    y, x = np.mgrid[0:size, 0:size] / size - 0.5
    angle = rng.uniform(0, 2 * np.pi)
    ramp = np.clip(0.5 + (x * np.cos(angle) + y * np.sin(angle)) * rng.uniform(0.3, 1.5), 0, 1)
    mixed: Array = ramp[..., None] * colour(rng) + (1 - ramp[..., None]) * colour(rng)
    return mixed


def _mottled(rng: Random, size: int) -> Array:
    field = clouds(rng, size)[..., None]
    field = np.clip((field - 0.5) * rng.uniform(1, 4) + 0.5, 0, 1)
    mixed: Array = field * colour(rng) + (1 - field) * colour(rng)
    return mixed


def _cloth(rng: Random, size: int) -> Array:
    y, x = np.mgrid[0:size, 0:size]
    bend = (clouds(rng, size) - 0.5) * rng.uniform(10, 80)
    angle, pitch = rng.uniform(0, np.pi), rng.uniform(3, 40)
    wave = np.sin((x * np.cos(angle) + y * np.sin(angle) + bend) * 2 * np.pi / pitch)
    if rng.random() < 0.4:
        wave = wave * np.sin((y * np.cos(angle) - x * np.sin(angle) + bend) * 2 * np.pi / pitch)
    level = (wave > 0 if rng.random() < 0.4 else wave * 0.5 + 0.5)[..., None]
    folds = 0.6 + 0.8 * clouds(rng, size)[..., None]
    mixed: Array = (level * colour(rng) + (1 - level) * colour(rng)) * folds
    return mixed


def _clutter(rng: Random, size: int) -> Array:
    picture = _gradient(rng, size)
    for _ in range(int(rng.integers(4, 40))):
        x, y = rng.integers(-20, size, 2)
        w, h = rng.integers(size // 24, size // 2, 2)
        shade = rng.uniform(0.7, 1.2)
        picture[max(y, 0) : max(y + h, 0), max(x, 0) : max(x + w, 0)] = colour(rng) * shade
    return picture


def _blobs(rng: Random, size: int) -> Array:
    y, x = np.mgrid[0:size, 0:size]
    picture = _mottled(rng, size)
    for _ in range(int(rng.integers(2, 9))):
        cx, cy = rng.uniform(0, size, 2)
        rx, ry = rng.uniform(size / 16, size / 3, 2)
        inside = ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 < 1
        # Some of them look like skin, so that skin colour alone is no clue.
        skin = np.array([0.78, 0.58, 0.47]) * rng.uniform(0.45, 1.15)
        picture[inside] = skin if rng.random() < 0.4 else colour(rng)
    return picture


KINDS = (_gradient, _mottled, _cloth, _clutter, _blobs)


def backdrop(rng: Random, size: int) -> Array:
    """A random background, sRGB 0..1, often out of focus."""
    picture = KINDS[int(rng.integers(len(KINDS)))](rng, size)
    if rng.random() < 0.3:
        side = _cloth(rng, size) if rng.random() < 0.5 else _mottled(rng, size)
        edge = int(rng.uniform(0.15, 0.85) * size)
        picture = np.where((np.arange(size) > edge)[None, :, None], side, picture)
    image = Image.fromarray((np.clip(picture, 0, 1) * 255).astype(np.uint8))
    image = image.filter(ImageFilter.GaussianBlur(float(rng.exponential(2.5))))
    shaded = np.asarray(image, dtype=np.float64) / 255
    light = 1 + rng.uniform(0, 0.35) * (clouds(rng, size)[..., None] - 0.5)
    result: Array = np.clip(shaded * light, 0, 1)
    return result
