"""Candidates of the `train` photos, and what the landmark network sees of each: no labels.

Half of the work of `training/glance.py`, which reads what this keeps in its cache.
"""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, fields
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import cv2
import numpy as np

from posecheck.hands.crops import Cropper, Squares, squares_from_landmarks, squares_from_palms
from posecheck.hands.glance import SIDE
from posecheck.hands.scales import PyramidSettings
from posecheck.hands.types import Float
from training.located import network, pixels, search

SEED = 20261122

MOST = {"group": 300, "single": 12}
"""Candidates used of a photo of each kind, drawn from all it has."""


@dataclass(frozen=True, eq=False)
class Glanced:
    """N candidates.

    Attributes:
        crops: uint8 (N, SIDE, SIDE, 3), what the palm detector's square shows.
        presence: float32 (N,), what the landmark network says of the same square.
        squares: float32 (N, 4): where it would look next, see `offsets`.
        photo: int64 (N,), which photo.
    """

    crops: np.ndarray
    presence: Float
    squares: Float
    photo: np.ndarray

    @classmethod
    def join(cls, parts: Sequence[Glanced]) -> Glanced:
        """All rows of all parts."""
        columns = [f.name for f in fields(cls)]
        return cls(**{c: np.concatenate([getattr(p, c) for p in parts]) for c in columns})


def offsets(first: Squares, then: Squares) -> Float:
    """Where second squares lie, seen from first ones.

    Returns:
        float32 (N, 4): x and y of the centre in the first square's axes, over its side; logarithm
        of the ratio of sides; turn in radians, -pi to pi.
    """
    apart = then.centres_xy - first.centres_xy
    cos, sin = np.cos(first.angles), np.sin(first.angles)
    across = (apart[:, 0] * cos + apart[:, 1] * sin) / first.sides
    along = (apart[:, 1] * cos - apart[:, 0] * sin) / first.sides
    turn = (then.angles - first.angles + np.pi) % (2 * np.pi) - np.pi
    ratio = np.log(np.maximum(then.sides, 1e-3) / first.sides)
    return np.stack([across, along, ratio, turn], axis=1).astype(np.float32)


def of_photo(numbered: tuple[int, Path], kind: str) -> Glanced:
    """Candidates of one photo, drawn."""
    cv2.setNumThreads(1)
    number, path = numbered
    rgb, look = pixels(path), network()
    palms = search()(rgb, PyramidSettings())
    drawn = np.random.default_rng(SEED + number).permutation(len(palms))[: MOST[kind]]
    palms = palms[np.sort(drawn)]
    squares = squares_from_palms(palms.boxes_xyxy, palms.keypoints_xy)
    cropper = Cropper(rgb)
    seen = look(cropper, squares)
    crops = np.round(cropper(squares, SIDE) * 255).astype(np.uint8)
    return Glanced(
        crops,
        seen.presence,
        offsets(squares, squares_from_landmarks(seen.landmarks_xy)),
        np.full(len(palms), number),
    )


def candidates(paths: Sequence[Path], kind: str, cache: Path, jobs: int) -> Glanced:
    """Candidates of all photos, from the cache if they are there.

    Args:
        paths: Photos.
        kind: Key of `MOST`.
        cache: Folder.
        jobs: Processes.
    """
    file = cache / f"glance-{kind}.pickle"
    if not file.exists():
        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
            parts = list(pool.map(partial(of_photo, kind=kind), enumerate(paths), chunksize=4))
        cache.mkdir(parents=True, exist_ok=True)
        file.write_bytes(pickle.dumps(Glanced.join(parts)))
    kept: Glanced = pickle.loads(file.read_bytes())
    return kept
