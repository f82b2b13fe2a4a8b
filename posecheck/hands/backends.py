"""The hand finders there are, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posecheck.errors import BackendError
from posecheck.runtime.names import DEFAULT, network

if TYPE_CHECKING:
    from posecheck.hands.team import Team
    from posecheck.hands.types import HandFinder

BACKENDS = ("onnx", "mediapipe")
"""The first is the default; the second needs `pip install posecheck[mediapipe]`."""

MODELS = {
    "onnx": ("palm_detection", "glance", "hand_landmark"),
    "mediapipe": ("hand_landmarker", "hand_landmark"),
}
"""Models of the manifest that each backend runs."""


def finder_models(backend: str) -> tuple[str, ...]:
    """Names of the models that a backend runs.

    Raises:
        BackendError: The backend is unknown.
    """
    if backend not in BACKENDS:
        raise BackendError(
            f"There is no hand finder called {backend!r}.", f"Choose one of {', '.join(BACKENDS)}."
        )
    return MODELS[backend]


def models_used(backend: str, runtime: str = DEFAULT) -> tuple[str, ...]:
    """Names of all models that are run on a photo.

    Raises:
        BackendError: The backend is unknown.
    """
    return tuple(network(name, runtime) for name in (*finder_models(backend), "gesture"))


def make_finder(backend: str, team: Team, runtime: str = DEFAULT) -> HandFinder:
    """Load a hand finder.

    Args:
        backend: One of `BACKENDS`.
        team: Who works.
        runtime: What runs our networks, "onnxruntime" or "openvino".

    Raises:
        BackendError: The backend is unknown, not installed, or a version that may not be used.
        ModelError: A model file is missing or is not the right one.
        DependencyError: The runtime is not installed.
    """
    from posecheck.hands.landmarks import LandmarkNetwork
    from posecheck.models import open_session

    finder_models(backend)
    threads = team.threads
    landmarks = LandmarkNetwork(open_session("hand_landmark", 1, runtime, at_once=threads), team)
    if backend == "mediapipe":
        from posecheck.hands.mediapipe_backend import MediapipeFinder

        return MediapipeFinder(landmarks)
    from posecheck.hands.glance import GlanceNetwork
    from posecheck.hands.palm import PalmDetector
    from posecheck.hands.palm_search import PalmSearch
    from posecheck.hands.pyramid import PyramidFinder

    palm = open_session("palm_detection", 1, runtime, at_once=threads)
    search = PalmSearch(PalmDetector(palm), team)
    glance = GlanceNetwork(open_session("glance", 1, runtime, at_once=threads), team)
    return PyramidFinder(search, glance, landmarks)
