"""The mediapipe package's own HandLandmarker as the hand finder, fed with our model files.

For comparison, and for whoever trusts only the original.  It finds fewer hands than the default:
its detector sees the whole photo at 192x192 pixels.  Gestures are read from the same features as
with the default finder, so a second pass of our landmark network over the found hands adds them.
"""

from __future__ import annotations

import atexit
import importlib
import os
import re
import sys
import weakref
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

from posecheck.errors import BackendError
from posecheck.hands.crops import Cropper, squares_from_landmarks
from posecheck.hands.landmarks import LandmarkNetwork
from posecheck.hands.pyramid import look_twice
from posecheck.hands.scales import SMALLEST_AT_SCALE
from posecheck.hands.types import Float, Hands, Rgb, boxes_around
from posecheck.models import manifest, verified_bytes

FIRST_USABLE = (0, 10, 31)
"""Versions before this have another interface underneath, and log and import differently."""

FIRST_ONLINE = (0, 10, 35)
"""From this version on a landmarker looks up a logging server a few seconds after it starts."""

REMEDY = "Install it with: pip install posecheck[mediapipe]"
DEFAULT_INSTEAD = "or leave out --backend mediapipe: the default finder needs nothing else."

DETECTOR_SIDE = 192
"""Side in pixels of the square that MediaPipe fits the whole photo into to find palms."""

MOST_HANDS = 60
"""More than its detector finds at that size; MediaPipe's own default is 1."""

DETECTION = PRESENCE = 0.3
"""Smallest palm score and presence.  MediaPipe's default is 0.5; as with our own finder, what is
no hand is told apart by the gesture network, which cannot bring back a hand that was dropped."""


def check_version() -> None:
    """See whether the installed mediapipe may be used, without importing it.

    Raises:
        BackendError: It is not installed, or is a version that may not be used.
    """
    try:
        installed = version("mediapipe")
    except PackageNotFoundError:
        raise BackendError(
            "The mediapipe package is not installed.", f"{REMEDY}, {DEFAULT_INSTEAD}"
        ) from None
    # Digits at the front only: a pre-release counts as the version that it leads to.
    numbers = tuple(int(n) for n in re.findall(r"\d+", installed.split("+")[0])[:3])
    if numbers < FIRST_USABLE:
        raise BackendError(f"mediapipe {installed} is too old to be used.", f"{REMEDY}.")
    if numbers >= FIRST_ONLINE:
        raise BackendError(
            f"mediapipe {installed} is refused: from 0.10.35 on it contacts a server of its "
            "maker's while it looks at photos, and posecheck promises to stay offline.",
            f"{REMEDY} (an earlier version), {DEFAULT_INSTEAD}",
        )


@contextmanager
def _without_audio() -> Iterator[None]:
    """Hide `sounddevice` while mediapipe is imported.

    mediapipe imports it where it can, for audio tasks; on import it opens the sound system, or
    starts a compiler to search for one.  A check of photos has no business with either.
    """
    if "sounddevice" in sys.modules:
        yield
        return
    sys.modules["sounddevice"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules["sounddevice"]


@contextmanager
def _native_silence() -> Iterator[None]:
    """Send what native code writes to the process's stderr to nowhere.

    TensorFlow Lite and MediaPipe log straight to file descriptor 2 and have no switch for it.
    What goes wrong comes back as an exception.
    """
    try:
        kept = os.dup(2)
    except OSError:  # no stderr, as in a windowed process: nothing to silence
        yield
        return
    if sys.stderr is not None:
        sys.stderr.flush()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(nowhere)
        os.close(kept)


def _points(hands: Sequence[Sequence[Any]], axes: str) -> Float:
    """The named coordinates of MediaPipe's landmarks: float32 (N, 21, len(axes))."""
    rows = [[[getattr(point, axis) for axis in axes] for point in hand] for hand in hands]
    return np.array(rows, np.float32).reshape(-1, 21, len(axes))


_open_landmarkers: weakref.WeakSet[Any] = weakref.WeakSet()


@atexit.register
def _close_landmarkers() -> None:
    """Close what is still open when Python ends.

    Left alone, a landmarker's destructor runs when half of mediapipe is gone and prints a
    traceback.  Registered before mediapipe is imported, this runs after its own exit handler,
    which makes closing safe.
    """
    for landmarker in list(_open_landmarkers):
        # Only where mediapipe was imported before us: the thread that would close it has ended.
        with suppress(RuntimeError):
            landmarker.close()


class MediapipeFinder:
    """Finds hands with the mediapipe package.

    Args:
        landmarks: Our landmark network, for the features that gestures are read from.

    Raises:
        BackendError: mediapipe is not installed, may not be used, or does not start.
        ModelError: The model bundle is missing or is not the right one.
    """

    def __init__(self, landmarks: LandmarkNetwork) -> None:
        check_version()
        bundle = verified_bytes(manifest()["hand_landmarker"])
        try:
            with _without_audio(), _native_silence():
                self._mediapipe = importlib.import_module("mediapipe")
                tasks = self._mediapipe.tasks
                self._landmarker: Any = tasks.vision.HandLandmarker.create_from_options(
                    tasks.vision.HandLandmarkerOptions(
                        base_options=tasks.BaseOptions(model_asset_buffer=bundle),
                        num_hands=MOST_HANDS,
                        min_hand_detection_confidence=DETECTION,
                        min_hand_presence_confidence=PRESENCE,
                    )
                )
        except (ImportError, OSError) as error:
            raise BackendError(
                f"mediapipe is installed but does not load: {error}",
                "On Debian and Ubuntu it needs: apt install libgles2 libegl1",
            ) from error
        except (RuntimeError, ValueError) as error:
            raise BackendError(f"mediapipe does not start: {error}", f"{REMEDY}.") from error
        _open_landmarkers.add(self._landmarker)
        self._landmarks = landmarks
        self._silent = False

    def smallest_hand(self, width: int, height: int) -> float:
        """Size in pixels of the smallest hand searched for in a photo of that size."""
        return SMALLEST_AT_SCALE * max(width, height) / DETECTOR_SIDE

    def find(self, rgb: Rgb) -> Hands:
        """Find every hand in `rgb`, uint8 (H, W, 3), each once.

        Landmarks, world landmarks and handedness are MediaPipe's.  It does not tell presence:
        that comes from our second look at the hand.  Nor does it tell the palm's score, which
        is given as the smallest it can be.

        Raises:
            BackendError: mediapipe failed on this photo.
        """
        result = self._detect(rgb)
        if not result.hand_landmarks:
            return Hands.empty()
        size = np.array([rgb.shape[1], rgb.shape[0]], np.float32)
        landmarks = _points(result.hand_landmarks, "xy") * size
        best = [categories[0] for categories in result.handedness]
        right = [c.score if c.category_name == "Right" else 1 - c.score for c in best]
        hands = look_twice(
            self._landmarks,
            Cropper(rgb),
            squares_from_landmarks(landmarks),
            np.full(len(landmarks), DETECTION, np.float32),
        )
        return replace(
            hands,
            boxes_xyxy=boxes_around(landmarks),
            landmarks_xy=landmarks,
            world_xyz=_points(result.hand_world_landmarks, "xyz"),
            handedness=np.array(right, np.float32),
        )

    def _detect(self, rgb: Rgb) -> Any:
        image = self._mediapipe.Image(
            image_format=self._mediapipe.ImageFormat.SRGB, data=np.ascontiguousarray(rgb)
        )
        try:
            if self._silent:
                return self._landmarker.detect(image)
            # It logs once more when it sees its first hand; from then on stderr is left alone,
            # so that a progress display on it is not disturbed.
            with _native_silence():
                result = self._landmarker.detect(image)
        except (RuntimeError, ValueError) as error:
            raise BackendError(
                f"mediapipe failed on a photo: {error}",
                "Check this photo with the default finder (leave out --backend mediapipe).",
            ) from error
        self._silent = bool(result.hand_landmarks)
        return result
