"""The three networks, loaded once, and pictures of hands."""

from __future__ import annotations

from pathlib import Path

import pytest

from posecheck.errors import BackendError
from posecheck.hands.glance import GlanceNetwork
from posecheck.hands.landmarks import LandmarkNetwork
from posecheck.hands.mediapipe_backend import MediapipeFinder
from posecheck.hands.palm import PalmDetector
from posecheck.hands.palm_search import PalmSearch
from posecheck.hands.pyramid import PyramidFinder
from posecheck.models import open_session
from posecheck.runtime.session import Session


@pytest.fixture(scope="session")
def palm_detector() -> PalmDetector:
    return PalmDetector(open_session("palm_detection", 1))


@pytest.fixture(scope="session")
def stock_detector() -> PalmDetector:
    """Scores as MediaPipe does."""
    return PalmDetector(open_session("palm_detection", 1), second_look=False)


@pytest.fixture(scope="session")
def palm_search(palm_detector: PalmDetector) -> PalmSearch:
    return PalmSearch(palm_detector)


@pytest.fixture(scope="session")
def glance_session() -> Session:
    return open_session("glance", 1)


@pytest.fixture(scope="session")
def glance_network(glance_session: Session) -> GlanceNetwork:
    return GlanceNetwork(glance_session)


@pytest.fixture(scope="session")
def landmark_session() -> Session:
    return open_session("hand_landmark", 1)


@pytest.fixture(scope="session")
def landmark_network(landmark_session: Session) -> LandmarkNetwork:
    return LandmarkNetwork(landmark_session)


@pytest.fixture(scope="session")
def real_finder(
    palm_search: PalmSearch, glance_network: GlanceNetwork, landmark_network: LandmarkNetwork
) -> PyramidFinder:
    return PyramidFinder(palm_search, glance_network, landmark_network)


@pytest.fixture(scope="session")
def sample_pictures(repository: Path) -> list[Path]:
    """Pictures of hands that anyone may have."""
    pictures = sorted((repository / "samples").glob("*.jpg"))
    assert pictures
    return pictures


@pytest.fixture(scope="session")
def mediapipe_finder(landmark_network: LandmarkNetwork) -> MediapipeFinder:
    """The real package behind our interface; skips where it is not installed or cannot load."""
    try:
        return MediapipeFinder(landmark_network)
    except BackendError as error:
        # Anything else, such as a bundle that it does not take, is a failure.
        if error.__cause__ is None or isinstance(error.__cause__, ImportError | OSError):
            pytest.skip(f"{error} {error.remedy}")
        raise
