"""Stage 1: find the hands in the labelled photos, once, and remember where they are.

The same finder as the product's, so that the network learns from hands as it will see them.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from posecheck.hands.glance import GlanceNetwork
from posecheck.hands.landmarks import LandmarkNetwork
from posecheck.hands.palm import PalmDetector
from posecheck.hands.palm_search import PalmSearch
from posecheck.hands.pyramid import PyramidFinder
from posecheck.hands.scales import PyramidSettings
from posecheck.hands.types import Float, Hands
from posecheck.models import open_session
from posecheck.opening import open_photo

CROP_SEARCH = PyramidSettings(largest_zoom=1.0, largest_side=700, palm_score=0.1, most_palms=8)
"""One hand fills the picture: a short search finds nearly all of them."""

HARD_SEARCH = PyramidSettings(most_palms=40, presence=0.1, first_presence=0.03)
"""For the rest."""

GROUP_SEARCH = PyramidSettings(presence=0.1)
"""More than the product keeps: what it should learn to reject must be among the examples."""

SURE = 0.5


@dataclass(frozen=True, eq=False)
class Located:
    """Hands found in one photo.

    Attributes:
        landmarks_xy: float32 (N, 21, 2), pixels.
        presence: float32 (N,).
    """

    landmarks_xy: Float
    presence: Float


@lru_cache(maxsize=1)
def network() -> LandmarkNetwork:
    """The landmark network of this process."""
    return LandmarkNetwork(open_session("hand_landmark", 1))


@lru_cache(maxsize=1)
def search() -> PalmSearch:
    """The search for palms of this process."""
    return PalmSearch(PalmDetector(open_session("palm_detection", 1)))


@lru_cache(maxsize=1)
def _glance() -> GlanceNetwork:
    return GlanceNetwork(open_session("glance", 1))


def pixels(path: Path) -> np.ndarray:
    """Pixels of a photo as the product sees them."""
    return open_photo(path).rgb


def _found(path: Path, settings: PyramidSettings) -> Hands:
    return PyramidFinder(search(), _glance(), network(), settings).find(pixels(path))


def in_crop(path: Path) -> Located:
    """Hands in a picture of one hand."""
    hands = _found(path, CROP_SEARCH)
    if not len(hands) or hands.presence.max() < SURE:
        hands = _found(path, HARD_SEARCH)
    return Located(hands.landmarks_xy, hands.presence)


def in_group(path: Path) -> Located:
    """Hands in a group photo, doubtful ones too."""
    hands = _found(path, GROUP_SEARCH)
    return Located(hands.landmarks_xy, hands.presence)


def in_render(path: Path) -> Located:
    """The hand in a rendered picture."""
    return in_crop(path)


def remember(
    cache: Path, name: str, find: Callable[[Path], Located], paths: Sequence[Path], jobs: int
) -> dict[Path, Located]:
    """Run `find` over `paths` in `jobs` processes, or read what an earlier run found."""
    file = cache / f"located-{name}.pickle"
    known: dict[Path, Located] = pickle.loads(file.read_bytes()) if file.exists() else {}
    missing = [path for path in paths if path not in known]
    if missing:
        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
            for path, located in zip(missing, pool.map(find, missing, chunksize=8), strict=True):
                known[path] = located
        file.write_bytes(pickle.dumps(known))
    return {path: known[path] for path in paths}
