"""The pipeline: a photo is opened, its hands are found and read, and the risk is derived.

This is the only module that knows all the stages; each stage knows only its own.
"""

from __future__ import annotations

import logging
import time
from dataclasses import replace

from posecheck.errors import PhotoError, PhotoTooLargeError, UnsupportedPhotoError
from posecheck.gesture.classifier import GestureClassifier
from posecheck.gesture.reader import GestureReader, Reading
from posecheck.hands.backends import BACKENDS, make_finder, models_used
from posecheck.hands.team import Team
from posecheck.models import manifest, open_session
from posecheck.opening import Limits, Photo, PhotoSource, open_photo
from posecheck.opening.source import FileBytes
from posecheck.results import HandResult, PhotoResult, Status
from posecheck.risk.assess import Assessment, assess
from posecheck.risk.contest import Contest, load_contest
from posecheck.risk.rules import RuleSet, load_rules
from posecheck.runtime.choice import chosen
from posecheck.runtime.names import DEFAULT

logger = logging.getLogger(__name__)
logging.getLogger("posecheck").addHandler(logging.NullHandler())  # silent unless asked


def status_of(error: PhotoError) -> Status:
    """The status that a photo's error stands for."""
    if isinstance(error, UnsupportedPhotoError):
        return Status.UNSUPPORTED
    if isinstance(error, PhotoTooLargeError):
        return Status.TOO_LARGE
    return Status.UNREADABLE


def hand_results(reading: Reading, assessment: Assessment) -> tuple[HandResult, ...]:
    """Join what was seen of each hand with what is said of it, in the assessment's order."""
    position = {hand.index: place for place, hand in enumerate(assessment.hands)}
    results = []
    for hand in assessment.hands:
        i = hand.index
        partner = position.get(int(reading.partner[i]))
        results.append(
            HandResult(
                box_xyxy=reading.hands.boxes_xyxy[i],
                landmarks_xy=reading.hands.landmarks_xy[i],
                presence=float(reading.hands.presence[i]),
                gesture=hand.gesture,
                probability=hand.probability,
                alternatives=hand.alternatives,
                numbers=hand.numbers,
                rule=hand.rule,
                risk=hand.risk,
                partner=partner,
                unclear=hand.unclear,
                effective_size=float(reading.sizes[i]),
            )
        )
    return tuple(results)


class Checker:
    """Checks photos; loads its models once.

    Args:
        contest: What gestures signal; the shipped `generic` by default.
        rules: What circulars say of gestures; the shipped `strict` by default.
        backend: Hand finder, "onnx" or "mediapipe".
        threads: Threads that share the work on a photo; None for one a core.
        limits: Largest file and picture that are opened.
        runtime: What runs the networks: "onnxruntime", "openvino", or "auto" for the fastest that
            is installed and passes a self-check.

    Attributes:
        runtime: What runs the networks; never "auto".

    Raises:
        ModelError: A model file is missing or is not the right one.
        BackendError: The backend or runtime is unknown, or the backend is not installed or may not
            be used.
        DependencyError: The runtime is not installed.
    """

    def __init__(
        self,
        *,
        contest: Contest | None = None,
        rules: RuleSet | None = None,
        backend: str = BACKENDS[0],
        threads: int | None = None,
        limits: Limits | None = None,
        runtime: str = DEFAULT,
    ) -> None:
        self.contest = contest or load_contest()
        self.rules = rules or load_rules()
        self.limits = limits or Limits()
        self.runtime = chosen(runtime)
        self.models = tuple(
            (name, manifest()[name].short) for name in models_used(backend, self.runtime)
        )
        team = Team(threads)
        self._finder = make_finder(backend, team, self.runtime)
        prior = manifest()["gesture"].entry["prior"]
        gesture = open_session("gesture", 1, self.runtime, at_once=team.threads)
        self._reader = GestureReader(GestureClassifier(gesture, prior, team))

    def check(self, photo: PhotoSource | Photo) -> PhotoResult:
        """Check one photo.

        Args:
            photo: A path, the bytes of a file, a binary file object, a PIL image, RGB pixels
                uint8 (H, W, 3), or what `posecheck.opening.open_photo` made of any of them.

        Returns:
            What was found.  A photo that cannot be opened comes back with its status and reason;
            it is never reported as free of gestures.
        """
        return self.examine(photo)[0]

    def examine(self, photo: PhotoSource | FileBytes | Photo) -> tuple[PhotoResult, Photo | None]:
        """Check one photo, and keep it for whoever needs its pixels afterwards.

        Args:
            photo: As for `check`, or the bytes of a file with its name.

        Returns:
            What `check` says, and the opened photo, or None where it could not be opened.
        """
        started = time.perf_counter()
        try:
            opened = photo if isinstance(photo, Photo) else open_photo(photo, self.limits)
        except PhotoError as error:
            return self.refused(error, time.perf_counter() - started), None
        result = self._checked(opened)
        return self._signed(result, time.perf_counter() - started), opened

    def refused(self, error: PhotoError, elapsed: float = 0.0) -> PhotoResult:
        """The result of a photo that could not be opened; `elapsed` in seconds."""
        result = PhotoResult(error.path, error.sha256, status_of(error), error.words)
        return self._signed(result, elapsed)

    def _signed(self, result: PhotoResult, elapsed: float) -> PhotoResult:
        return replace(
            result,
            contest=self.contest.id,
            rules=self.rules.id,
            models=self.models,
            elapsed_ms=elapsed * 1000,
        )

    def _checked(self, photo: Photo) -> PhotoResult:
        """Find and read the hands of an opened photo; what fails unforeseen is `ERROR`."""
        try:
            return self._assessed(photo)
        except Exception as error:  # one photo must not end a batch, nor pass for clean
            logger.exception("checking %s failed", photo.path or "a photo")
            reason = f"{type(error).__name__}: {error}. This is a fault of posecheck: report it."
            return PhotoResult(photo.path, photo.sha256, Status.ERROR, reason)

    def _assessed(self, photo: Photo) -> PhotoResult:
        height, width = photo.rgb.shape[:2]
        hands = self._finder.find(photo.rgb)
        reading = self._reader.read(hands, max(width, height), photo.rgb)
        assessment = assess(
            reading.hands.boxes_xyxy,
            reading.probabilities,
            self.contest,
            self.rules,
            reading.legible,
        )
        return PhotoResult(
            path=photo.path,
            sha256=photo.sha256,
            status=Status.CHECKED,
            width=width,
            height=height,
            captured_at=photo.captured_at,
            risk=assessment.risk,
            level=assessment.level,
            hands=hand_results(reading, assessment),
            readings=assessment.readings,
            smallest_hand=self._finder.smallest_hand(width, height),
        )


def check(
    photo: PhotoSource,
    *,
    contest: Contest | None = None,
    rules: RuleSet | None = None,
    backend: str = BACKENDS[0],
    threads: int | None = None,
    limits: Limits | None = None,
    runtime: str = DEFAULT,
) -> PhotoResult:
    """Check one photo; for several, make a `Checker` and keep it.

    See `Checker` for the arguments and `Checker.check` for the result.
    """
    checker = Checker(
        contest=contest,
        rules=rules,
        backend=backend,
        threads=threads,
        limits=limits,
        runtime=runtime,
    )
    return checker.check(photo)
