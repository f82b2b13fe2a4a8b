"""The hand finders there are, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from posecheck.errors import BackendError

if TYPE_CHECKING:
    from posecheck.hands.types import HandFinder

BACKENDS = ("onnx", "mediapipe")
"""The first is the default; the second needs `pip install posecheck[mediapipe]`."""

MODELS = {
    "onnx": ("palm_detection", "hand_landmark"),
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


def make_finder(backend: str, threads: int | None) -> HandFinder:
    """Load a hand finder.

    Args:
        backend: One of `BACKENDS`.
        threads: Threads of the networks; None for every core.

    Raises:
        BackendError: The backend is unknown, not installed, or a version that may not be used.
        ModelError: A model file is missing or is not the right one.
    """
    from posecheck.hands.landmarks import LandmarkNetwork
    from posecheck.models import open_session

    finder_models(backend)
    landmarks = LandmarkNetwork(open_session("hand_landmark", threads))
    if backend == "mediapipe":
        from posecheck.hands.mediapipe_backend import MediapipeFinder

        return MediapipeFinder(landmarks)
    from posecheck.hands.palm import PalmDetector
    from posecheck.hands.pyramid import PyramidFinder

    return PyramidFinder(PalmDetector(open_session("palm_detection", threads)), landmarks)
