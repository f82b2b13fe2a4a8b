"""From found hands to a probability for every gesture: what the checker calls."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecheck.gesture.classifier import CLASSES, COLUMN, GestureClassifier, to_gestures
from posecheck.gesture.legible import LEGIBLE, box_sizes, effective_sizes
from posecheck.gesture.pairs import find_pairs
from posecheck.gesture.shape import thumb_rise
from posecheck.hands.types import Float, Hands, Rgb

HAND, SIGNING_HAND = 0.6, 0.3
"""Smallest probability of being a hand at all that is kept, and the same for what looks more like
a sign than like an ordinary hand.  Of 360 detections in the dev photos that were looked at, 3.4 %
of those kept at 0.6 are none, and 2.4 % at 0.7; but that costs two signs in a hundred, and what
is no hand is hardly ever taken for a sign."""

QUIET = [CLASSES.index(name) for name in ("none", "other", "half_heart", "fist", "holy")]
"""Columns of hands that make no finger sign."""


@dataclass(frozen=True, eq=False)
class Reading:
    """Gestures of N hands.

    Attributes:
        hands: The hands that were kept.
        probabilities: float32 (N, len(GESTURE_IDS)), rows adding up to 1.
        partner: intp (N,), index of the other hand of a two-hand gesture, or -1.
        sizes: float32 (N,), pixels that each hand really has, see `effective_sizes`.
    """

    hands: Hands
    probabilities: Float
    partner: NDArray[np.intp]
    sizes: Float

    @property
    def legible(self) -> NDArray[np.bool_]:
        """Bool (N,), whether each hand has pixels enough to be read."""
        return np.asarray(self.sizes >= LEGIBLE)


class GestureReader:
    """Reads the gesture of every hand of a photo."""

    def __init__(self, classifier: GestureClassifier) -> None:
        self._classifier = classifier

    def read(self, hands: Hands, photo_side: float, rgb: Rgb | None = None) -> Reading:
        """Drop what is no hand and read the rest.

        Args:
            hands: Every hand of a photo.
            photo_side: The photo's longer side in pixels.
            rgb: uint8 (H, W, 3), the photo; without it a hand has the size of its box, however
                blurred it is.
        """
        classes = self._classifier(hands, photo_side)
        hand = 1 - classes[:, CLASSES.index("not_hand")]
        signing = classes[:, QUIET].sum(axis=1) < hand / 2
        kept = hand >= np.where(signing, SIGNING_HAND, HAND)
        hands, classes = hands[kept], classes[kept]
        gestures = to_gestures(classes, thumb_rise(hands.landmarks_xy))
        pairs = find_pairs(classes, hands.landmarks_xy)
        gestures *= (1 - pairs.heart)[:, None]
        gestures[:, COLUMN["two_hand_heart"]] += pairs.heart
        gestures_of_pair = gestures.argmax(axis=1) == COLUMN["two_hand_heart"]
        partner = np.where(gestures_of_pair, pairs.partner, -1)
        boxes = hands.boxes_xyxy
        sizes = box_sizes(boxes) if rgb is None else effective_sizes(rgb, boxes)
        return Reading(hands, gestures, partner, sizes)
