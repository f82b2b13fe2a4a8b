"""Stage 2: many views of every example, as the product would see it in worse photos.

A labelled hand is cut out with its surroundings, shrunk to the size it might have in a back row,
blurred, recoloured and compressed; then it goes the product's way from a rough square through
the landmark network twice to features and shape.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np

from posecheck.gesture.shape import shape_vectors, thumb_rise
from posecheck.hands.crops import Cropper, Squares, squares_from_landmarks
from posecheck.hands.pyramid import look_twice
from posecheck.hands.types import Float, Rgb
from training.located import network, pixels

MARGIN = 1.6
"""Cut-out side over the crop's side: room for jitter."""

SMALLEST, LARGEST = 22.0, 170.0
"""Sizes in pixels that hands are shrunk to, log-uniform."""

LOST = 0.1
"""Views in which the landmark network no longer sees a hand are dropped: so does the product."""


@dataclass(frozen=True, eq=False)
class Views:
    """M views of examples.

    Attributes:
        example: intp (M,), index of the example.
        features: float16 (M, 2, 9408).
        shape: float32 (M, 2, 92).
        rise: float32 (M,), see `thumb_rise`.
        presence: float32 (M,).
        size: float32 (M,), pixels of the hand in the view.
        plain: bool (M,), whether the view is the untouched photo.
    """

    example: np.ndarray
    features: np.ndarray
    shape: np.ndarray
    rise: np.ndarray
    presence: np.ndarray
    size: np.ndarray
    plain: np.ndarray

    def pick(self, rows: np.ndarray) -> Views:
        """The rows that a mask or index picks."""
        return Views(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})

    @classmethod
    def join(cls, parts: Sequence[Views]) -> Views:
        """All rows of all parts."""
        return cls(
            **{f.name: np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(cls)}
        )


def cut_out(rgb: Rgb, landmarks_xy: Float) -> tuple[Rgb, Float]:
    """The surroundings of a hand (21, 2), and its landmarks in them."""
    square = squares_from_landmarks(landmarks_xy[None])
    half = float(square.sides[0]) * MARGIN / 2
    x, y = (float(v) for v in square.centres_xy[0])
    x0, y0 = max(0, int(x - half)), max(0, int(y - half))
    x1, y1 = min(rgb.shape[1], int(x + half) + 1), min(rgb.shape[0], int(y + half) + 1)
    patch = np.ascontiguousarray(rgb[y0:y1, x0:x1])
    return patch, landmarks_xy - np.array([x0, y0], np.float32)


def degrade(patch: Rgb, zoom: float, rng: np.random.Generator) -> Rgb:
    """Shrink, blur, recolour and compress."""
    if zoom < 1:
        size = (max(8, round(patch.shape[1] * zoom)), max(8, round(patch.shape[0] * zoom)))
        patch = np.asarray(cv2.resize(patch, size, interpolation=cv2.INTER_AREA), np.uint8)
    if rng.random() < 0.5:
        sigma = rng.uniform(0.3, 1.1)
        patch = np.asarray(cv2.GaussianBlur(patch, (0, 0), sigma), np.uint8)
    colour = patch.astype(np.float32) / 255
    colour = np.clip(colour, 0, 1) ** rng.uniform(0.65, 1.5)
    colour = colour * rng.uniform(0.75, 1.2) * rng.normal(1, 0.06, 3).astype(np.float32)
    patch = np.clip(colour * 255, 0, 255).astype(np.uint8)
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.uniform(45, 96))]
    encoded = cv2.imencode(".jpg", np.ascontiguousarray(patch[:, :, ::-1]), quality)[1]
    decoded = np.asarray(cv2.imdecode(encoded, cv2.IMREAD_COLOR), np.uint8)
    return np.ascontiguousarray(decoded[:, :, ::-1])


def jitter(squares: Squares, rng: np.random.Generator) -> Squares:
    """A square as a palm detection would have placed it: a little off."""
    count = len(squares)
    shift = rng.normal(0, 0.05, (count, 2)) * squares.sides[:, None]
    return Squares(
        (squares.centres_xy + shift).astype(np.float32),
        (squares.sides * np.exp(rng.normal(0.02, 0.1, count))).astype(np.float32),
        (squares.angles + rng.normal(0, 0.2, count)).astype(np.float32),
    )


def view(rgb: Rgb, landmarks_xy: Float, rng: np.random.Generator | None) -> Views:
    """One view of the hand with landmarks (21, 2): untouched without `rng`."""
    patch, local = cut_out(rgb, landmarks_xy)
    size = float((local.max(axis=0) - local.min(axis=0)).max())
    squares = squares_from_landmarks(local[None])
    if rng is not None:
        target = np.exp(rng.uniform(np.log(SMALLEST), np.log(LARGEST)))
        before = patch.shape[1]
        patch = degrade(patch, target / size, rng)
        zoom = patch.shape[1] / before
        local = (local * zoom).astype(np.float32)
        size *= zoom
        squares = jitter(squares_from_landmarks(local[None]), rng)
    cropper = Cropper(patch)
    first = network()(cropper, squares)
    hands = look_twice(
        network(), cropper, squares_from_landmarks(first.landmarks_xy), np.ones(1, np.float32)
    )
    return Views(
        example=np.zeros(1, np.intp),
        features=hands.features.astype(np.float16),
        shape=shape_vectors(hands.landmarks_xy, hands.world_xyz),
        rise=thumb_rise(hands.landmarks_xy),
        presence=np.minimum(hands.presence, first.presence),
        size=np.array([size], np.float32),
        plain=np.array([rng is None]),
    )


def _photo_views(task: tuple[Path, list[tuple[int, Float, int]]]) -> list[Views]:
    path, hands = task
    cv2.setNumThreads(1)
    rgb = pixels(path)
    made = []
    for index, landmarks_xy, copies in hands:
        # Of the hand, not of its place in the list: more examples leave the others as they were.
        rng = np.random.default_rng([zlib.crc32(landmarks_xy.tobytes()), 20261122])
        for number in range(copies):
            one = view(rgb, landmarks_xy, rng if number else None)
            if one.presence[0] >= LOST or not number:
                one.example[:] = index
                made.append(one)
    return made


def make_views(tasks: Sequence[tuple[Path, list[tuple[int, Float, int]]]], jobs: int) -> Views:
    """Views of all examples.

    Args:
        tasks: For each photo, its hands as (index of the example, landmarks (21, 2), how many
            views, the first of them untouched).
        jobs: Processes.
    """
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        parts = [v for some in pool.map(_photo_views, tasks, chunksize=4) for v in some]
    return Views.join(parts)
