"""The face finder, loaded once, and pictures in which nobody is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from posecheck.faces.detector import FaceFinder
from posecheck.hands.types import Rgb
from posecheck.opening import open_photo


@pytest.fixture(scope="session")
def finder() -> FaceFinder:
    return FaceFinder(threads=1)


@pytest.fixture(scope="session")
def drawn_group(repository: Path) -> Rgb:
    """Seven drawn people, their faces about 70 pixels."""
    return np.asarray(open_photo(repository / "samples" / "group.jpg").rgb, np.uint8)
