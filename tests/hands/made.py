"""Made-up hands, and networks that answer what a test wants them to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray

from posecheck.hands.crops import Cropper, Squares, squares_from_landmarks
from posecheck.hands.glance import Glimpses
from posecheck.hands.landmarks import LandmarkOutput
from posecheck.hands.palm import Answers, Palms, anchor_centres
from posecheck.hands.promise import weights
from posecheck.hands.types import FEATURES, Float, Rgb

OPEN_HAND: Float = np.array(
    [
        *[(0, 0), (-22, -12), (-40, -30), (-54, -46), (-66, -60)],
        *[(-22, -82), (-27, -112), (-29, -131), (-31, -148)],
        *[(0, -86), (0, -122), (0, -144), (0, -164)],
        *[(18, -82), (22, -112), (24, -132), (26, -148)],
        *[(34, -72), (43, -93), (48, -106), (52, -118)],
    ],
    np.float32,
)
"""Landmarks (21, 2) of a flat hand that points up, wrist at the origin, 164 pixels long."""

CURLED: Float = OPEN_HAND * np.array([1, 0.6], np.float32)
"""Another shape, so that a test does not hang on one."""


def placed(centre: tuple[float, float], size: float = 100, angle: float = 0) -> Float:
    """An open hand (1, 21, 2) of that size, its box's middle at `centre`, turned clockwise."""
    hand = OPEN_HAND - (OPEN_HAND.min(axis=0) + OPEN_HAND.max(axis=0)) / 2
    hand = hand * (size / np.ptp(OPEN_HAND, axis=0).max())
    return np.asarray((hand @ turn(angle).T + np.array(centre))[None], np.float32)


def turn(angle: float) -> NDArray[np.float64]:
    """Matrix (2, 2) that turns points clockwise (y down) by `angle`."""
    cos, sin = np.cos(angle), np.sin(angle)
    return np.array([[cos, -sin], [sin, cos]])


def hands(most: int = 3) -> st.SearchStrategy[Float]:
    """Landmarks (N, 21, 2) of hands of odd shapes, somewhere in a photo."""
    one = st.builds(
        lambda base, shifts, middle: base + shifts + np.float32(middle),
        st.sampled_from([OPEN_HAND, CURLED]),
        hnp.arrays(np.float32, (21, 2), elements=st.floats(-30, 30, width=32)),
        st.tuples(st.floats(0, 2000, width=32), st.floats(0, 2000, width=32)),
    )
    return st.lists(one, min_size=1, max_size=most).map(lambda rows: np.stack(rows))


angles = st.floats(-np.pi, np.pi)


class FakeSession:
    """Stands for an onnxruntime session; remembers what it was shown."""

    def __init__(self, answer: Callable[[Any], list[Float]]) -> None:
        self.answer = answer
        self.fed: list[dict[str, Float]] = []
        self.asked: list[list[str]] = []

    def run(self, names: list[str], feed: dict[str, Float]) -> list[Float]:
        self.asked.append(names)
        self.fed.append(feed)
        return self.answer(feed)


def session(answer: Callable[[Any], list[Float]]) -> Any:
    """A `FakeSession` that passes for an onnxruntime one."""
    return cast("Any", FakeSession(answer))


def palms_of(landmarks_xy: Float, scores: list[float]) -> Palms:
    """A palm detection for each hand."""
    boxes, keypoints = [], []
    for hand in landmarks_xy:
        palm = hand[[0, 1, 5, 9, 13, 17]]
        boxes.append(np.concatenate([palm.min(axis=0), palm.max(axis=0)]))
        keypoints.append(hand[[0, 5, 9, 13, 17, 1, 2]])
    rows = np.array(boxes, np.float32), np.array(keypoints, np.float32)
    return Palms(*rows, np.array(scores, np.float32))


def answers(rgb: Rgb, *, hopeful: bool) -> Answers:
    """What a palm network says of a picture that promises hands everywhere, or nowhere."""
    height, width = (-(-side // 64) * 64 for side in rgb.shape[:2])
    weight, _ = weights()
    # Both logits of the anchors, see promise.described; the boxes say nothing.
    of_logits = weight[[*range(108, 120), *range(156, 160)]].sum()
    logit = np.float32((100 if hopeful else -100) * np.sign(of_logits))
    anchors = len(anchor_centres(height, width))
    logits = np.full((anchors, 1), logit)
    return Answers([np.zeros((anchors, 18), np.float32), logits, logits], height, width)


class KnowingDetector:
    """A palm detector that sees the same hands at every scale at which they are large enough.

    It takes all that it is shown for the whole photo.

    Args:
        width: Of the photo.
        landmarks_xy: float32 (N, 21, 2), pixels of the photo.
        scores: What it says of each.
        hopeful: Whether what it says otherwise promises more at finer scales.
    """

    def __init__(
        self, width: int, landmarks_xy: Float, scores: list[float], *, hopeful: bool = False
    ) -> None:
        self.width = width
        self.landmarks_xy = landmarks_xy
        self.scores = scores
        self.hopeful = hopeful
        self.shown: list[tuple[int, ...]] = []

    def look(self, rgb: Rgb, threshold: float) -> tuple[Palms, Answers]:
        """As the real one."""
        return self(rgb, threshold), answers(rgb, hopeful=self.hopeful)

    def __call__(self, rgb: Rgb, threshold: float) -> Palms:
        self.shown.append(rgb.shape)
        palms = palms_of(self.landmarks_xy * (rgb.shape[1] / self.width), self.scores)
        size = palms.boxes_xyxy[:, 2:] - palms.boxes_xyxy[:, :2]
        return palms[(palms.scores >= threshold) & (size.max(axis=1) > 15)]


def nearest(squares: Squares, landmarks_xy: Float) -> NDArray[np.intp]:
    """Which of the hands (M, 21, 2) is nearest to each of N squares: int (N,)."""
    middles = landmarks_xy.mean(axis=1)
    apart = np.linalg.norm(squares.centres_xy[:, None] - middles[None], axis=2)
    return np.asarray(apart.argmin(axis=1))


class KnowingGlance:
    """A glance that knows where the hands are: the one nearest to a crop is in it.

    Args:
        landmarks_xy: float32 (N, 21, 2), pixels of the photo.
        presence: What it says of a crop whose middle is nearest to each of them.
    """

    def __init__(self, landmarks_xy: Float, presence: list[float] | None = None) -> None:
        self.landmarks_xy = landmarks_xy
        self.presence = np.array(presence or [0.9] * len(landmarks_xy), np.float32)
        self.looks: list[int] = []

    def __call__(self, cropper: Cropper, squares: Squares) -> Glimpses:
        self.looks.append(len(squares))
        rows = nearest(squares, self.landmarks_xy)
        return Glimpses(self.presence[rows], squares_from_landmarks(self.landmarks_xy)[rows])


class KnowingNetwork:
    """A landmark network that knows where the hands are: it reports the one nearest to a crop.

    Args:
        landmarks_xy: float32 (N, 21, 2), pixels of the photo.
        presence: What it says of a crop whose middle is nearest to each of them.
    """

    def __init__(self, landmarks_xy: Float, presence: list[float] | None = None) -> None:
        self.landmarks_xy = landmarks_xy
        self.presence = np.array(presence or [0.9] * len(landmarks_xy), np.float32)
        self.looks: list[int] = []

    def __call__(
        self, cropper: Cropper, squares: Squares, *, mirror: bool = False
    ) -> LandmarkOutput:
        self.looks.append(len(squares))
        rows, count = nearest(squares, self.landmarks_xy), len(squares)
        return LandmarkOutput(
            self.landmarks_xy[rows],
            np.zeros((count, 21, 3), np.float32),
            self.presence[rows],
            np.full(count, 0.5, np.float32),
            np.full((count, FEATURES), 2.0 if mirror else 1.0, np.float32),
        )
