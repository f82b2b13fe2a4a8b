"""The gesture network: features and shape of single hands in, class probabilities out.

The network's classes are not quite the gestures a user hears of.  `thumb` is a raised thumb in
any direction, which becomes thumb_up or thumb_down by where it points in the photo.
`half_heart` is one hand's part of a two-hand heart.  `not_hand` is an ear, a neck, a logo.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from posecheck.gesture.shape import shape_vectors
from posecheck.gesture.vocabulary import GESTURE_IDS
from posecheck.hands.types import Float, Hands

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

CLASSES: tuple[str, ...] = (
    "thumb",
    *(g for g in GESTURE_IDS if g not in ("thumb_up", "thumb_down", "two_hand_heart")),
    "half_heart",
    "not_hand",
)
"""Order of the network's outputs; training/ uses the same tuple."""

LEVEL_THUMB = 0.25
"""Rise at which a thumb is as likely up as not: one that lies level is not held up."""

THUMB_SLOPE = 8.0
"""How fast a thumb turns from sideways to up; with this, 30 degrees make it nearly certain."""

COLUMN = {name: i for i, name in enumerate(GESTURE_IDS)}


def split_thumb(rise: Float) -> Float:
    """Share of a raised thumb's probability that goes up, down and sideways.

    Args:
        rise: float32 (N,), 1 straight up, -1 straight down.

    Returns:
        float32 (N, 3), rows adding up to 1.
    """
    up = 1 / (1 + np.exp(-THUMB_SLOPE * (rise - LEVEL_THUMB)))
    down = 1 / (1 + np.exp(-THUMB_SLOPE * (-rise - LEVEL_THUMB)))
    sideways = np.maximum(1 - up - down, 0)
    shares = np.stack([up, down, sideways], axis=1)
    return np.asarray(shares / shares.sum(axis=1, keepdims=True), np.float32)


def to_gestures(classes: Float, rise: Float) -> Float:
    """Probabilities of the vocabulary's gestures, of a hand that is one.

    Args:
        classes: float32 (N, len(CLASSES)), rows adding up to 1.
        rise: float32 (N,), see `posecheck.gesture.shape.thumb_rise`.

    Returns:
        float32 (N, len(GESTURE_IDS)), rows adding up to 1.  A half heart alone is `other`; so
        is a thumb that points neither up nor down.
    """
    gestures = np.zeros((len(classes), len(GESTURE_IDS)), np.float32)
    for i, name in enumerate(CLASSES):
        if name in COLUMN:
            gestures[:, COLUMN[name]] = classes[:, i]
    thumb = classes[:, CLASSES.index("thumb")]
    up, down, sideways = split_thumb(rise).T
    gestures[:, COLUMN["thumb_up"]] = thumb * up
    gestures[:, COLUMN["thumb_down"]] = thumb * down
    gestures[:, COLUMN["other"]] += thumb * sideways + classes[:, CLASSES.index("half_heart")]
    return np.asarray(gestures / np.maximum(gestures.sum(axis=1, keepdims=True), 1e-6), np.float32)


class GestureClassifier:
    """Runs the gesture network."""

    def __init__(self, session: InferenceSession) -> None:
        self._session = session

    def __call__(self, hands: Hands) -> Float:
        """Class probabilities of each hand alone: float32 (N, len(CLASSES)).

        The network reads the hand and its mirror image and averages, so that a photo and its
        mirror image, a left hand and a right one, get the same answer.
        """
        if not len(hands):
            return np.zeros((0, len(CLASSES)), np.float32)
        feed = {
            "features": hands.features,
            "shape": shape_vectors(hands.landmarks_xy, hands.world_xyz),
        }
        return np.asarray(self._session.run(["probabilities"], feed)[0], np.float32)
