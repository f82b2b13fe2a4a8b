"""What settings may say; apart from the rest, since help shows it and needs nothing else."""

from __future__ import annotations

from posecheck.results import Level
from posecheck.runtime.names import RUNTIMES

__all__ = ["BACKENDS", "FAIL_ON", "LANGUAGES", "RUNTIMES"]

LANGUAGES = ("id", "en")
BACKENDS = ("onnx", "mediapipe")
"""Those of `posecheck.hands.backends`, which needs NumPy; a test keeps the two alike."""

FAIL_ON = (Level.LOW.value, Level.MEDIUM.value, Level.HIGH.value)
