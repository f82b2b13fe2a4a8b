"""From found hands to a probability for every gesture: what the checker calls."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecheck.gesture.classifier import CLASSES, COLUMN, GestureClassifier, to_gestures
from posecheck.gesture.pairs import find_pairs
from posecheck.gesture.shape import thumb_rise
from posecheck.hands.types import Float, Hands

HAND = 0.5
"""Smallest probability of being a hand at all that is kept."""


@dataclass(frozen=True, eq=False)
class Reading:
    """Gestures of N hands.

    Attributes:
        hands: The hands that were kept.
        probabilities: float32 (N, len(GESTURE_IDS)), rows adding up to 1.
        partner: intp (N,), index of the other hand of a two-hand gesture, or -1.
    """

    hands: Hands
    probabilities: Float
    partner: NDArray[np.intp]


class GestureReader:
    """Reads the gesture of every hand of a photo."""

    def __init__(self, classifier: GestureClassifier) -> None:
        self._classifier = classifier

    def read(self, hands: Hands, photo_side: float) -> Reading:
        """Drop what is no hand and read the rest.

        Args:
            hands: Every hand of a photo.
            photo_side: The photo's longer side in pixels.
        """
        classes = self._classifier(hands, photo_side)
        kept = classes[:, CLASSES.index("not_hand")] <= 1 - HAND
        hands, classes = hands[kept], classes[kept]
        gestures = to_gestures(classes, thumb_rise(hands.landmarks_xy))
        pairs = find_pairs(classes, hands.landmarks_xy)
        gestures *= (1 - pairs.heart)[:, None]
        gestures[:, COLUMN["two_hand_heart"]] += pairs.heart
        gestures_of_pair = gestures.argmax(axis=1) == COLUMN["two_hand_heart"]
        return Reading(hands, gestures, np.where(gestures_of_pair, pairs.partner, -1))
