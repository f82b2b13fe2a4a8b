"""The gesture network: features and shape of single hands in, class probabilities out.

The network's classes are not quite the gestures a user hears of.  `thumb` is a raised thumb in
any direction, which becomes thumb_up or thumb_down by where it points in the photo.
`half_heart` is one hand's part of a two-hand heart.  `not_hand` is an ear, a neck, a logo.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from posecheck.gesture.shape import shape_vectors
from posecheck.gesture.vocabulary import GESTURE_IDS
from posecheck.hands.team import Team
from posecheck.hands.types import Float, Hands

if TYPE_CHECKING:
    from posecheck.runtime.session import Session

CLASSES: tuple[str, ...] = (
    "thumb",
    *(g for g in GESTURE_IDS if g not in ("thumb_up", "thumb_down", "two_hand_heart")),
    "half_heart",
    "not_hand",
)
"""Order of the network's outputs; training/ uses the same tuple."""

LEVEL_THUMB = -0.35
"""Rise at which a thumb is as likely up as down, about 20 degrees below level: a thumb that is
held out sideways is shown, and is taken for the one that circulars name."""

THUMB_SLOPE = 8.0
"""How fast a thumb turns from up to down; with this, 30 degrees make it nearly certain."""

SMALL_HAND, LARGE_HAND = 0.12, 0.35
"""Shares of the photo's longer side up to which a hand is one of many in the photo, and from
which it is what the photo is about."""

ORDINARY = [CLASSES.index(name) for name in ("none", "not_hand")]
"""Columns of what photos hold far more of than the training examples do."""

BATCH = 4
"""Hands in one run; each takes about a megabyte on its way through the network."""

COLUMN = {name: i for i, name in enumerate(GESTURE_IDS)}


def thumb_up_share(rise: Float) -> Float:
    """Share of a raised thumb's probability that is thumb up; the rest is thumb down.

    Args:
        rise: float32 (N,), 1 straight up, -1 straight down.

    Returns:
        float32 (N,), 0 to 1.
    """
    return np.asarray(1 / (1 + np.exp(-THUMB_SLOPE * (rise - LEVEL_THUMB))), np.float32)


def expect_ordinary(classes: Float, share: Float, prior: Mapping[str, float]) -> Float:
    """Weigh what was seen with how common ordinary hands are.

    In a group photo most hands are ordinary, and most of what looks like a hand and makes no sign
    is none; a hand that fills the photo is shown on purpose.

    Args:
        classes: float32 (N, len(CLASSES)), rows adding up to 1.
        share: float32 (N,), longer side of the hand's box over that of the photo.
        prior: Log odds added to what makes no sign (`ORDINARY`): "small" up to `SMALL_HAND`,
            "large" from `LARGE_HAND`, in between in proportion to the logarithm of the share.

    Returns:
        float32 (N, len(CLASSES)), rows adding up to 1.
    """
    span = np.log(LARGE_HAND / SMALL_HAND)
    large = np.clip(np.log(np.maximum(share, 1e-6) / SMALL_HAND) / span, 0, 1)
    weighed = classes.copy()
    odds = prior["small"] + (prior["large"] - prior["small"]) * large
    weighed[:, ORDINARY] *= np.exp(odds)[:, None]
    return np.asarray(weighed / weighed.sum(axis=1, keepdims=True), np.float32)


def to_gestures(classes: Float, rise: Float) -> Float:
    """Probabilities of the vocabulary's gestures, of a hand that is one.

    Args:
        classes: float32 (N, len(CLASSES)), rows adding up to 1.
        rise: float32 (N,), see `posecheck.gesture.shape.thumb_rise`.

    Returns:
        float32 (N, len(GESTURE_IDS)), rows adding up to 1.  A half heart alone is `other`.
    """
    gestures = np.zeros((len(classes), len(GESTURE_IDS)), np.float32)
    for i, name in enumerate(CLASSES):
        if name in COLUMN:
            gestures[:, COLUMN[name]] = classes[:, i]
    thumb = classes[:, CLASSES.index("thumb")]
    up = thumb_up_share(rise)
    gestures[:, COLUMN["thumb_up"]] = thumb * up
    gestures[:, COLUMN["thumb_down"]] = thumb * (1 - up)
    gestures[:, COLUMN["other"]] += classes[:, CLASSES.index("half_heart")]
    return np.asarray(gestures / np.maximum(gestures.sum(axis=1, keepdims=True), 1e-6), np.float32)


class GestureClassifier:
    """Runs the gesture network.

    Args:
        session: The network.
        prior: See `expect_ordinary`; the manifest has what training found.
        team: Who works.
    """

    def __init__(
        self, session: Session, prior: Mapping[str, float], team: Team | None = None
    ) -> None:
        self._session = session
        self._prior = prior
        self._team = team or Team()

    def __call__(self, hands: Hands, photo_side: float) -> Float:
        """Class probabilities of each hand alone: float32 (N, len(CLASSES)).

        `photo_side` is the photo's longer side in pixels.

        The network reads the hand and its mirror image and averages, so that a photo and its
        mirror image, a left hand and a right one, get the same answer.
        """
        if not len(hands):
            return np.zeros((0, len(CLASSES)), np.float32)
        shapes = shape_vectors(hands.landmarks_xy, hands.world_xyz)

        def read(start: int) -> Float:
            some = slice(start, start + BATCH)
            feed = {"features": hands.features[some], "shape": shapes[some]}
            return self._session.run(["probabilities"], feed)[0]

        parts = self._team.map(read, range(0, len(hands), BATCH))
        classes = np.concatenate(parts).astype(np.float32)
        size = (hands.boxes_xyxy[:, 2:] - hands.boxes_xyxy[:, :2]).max(axis=1)
        return expect_ordinary(classes, size / np.float32(photo_side), self._prior)
