"""The first look of the landmark network, at as few candidates as will do.

Candidates that are plainly no hand at a glance are dropped.  The best of those that a glance
places on the same hand is looked at; where it is a hand, or nothing at all, its copies are not, and
where it is something in between, one more copy is.  On 29 group photos that the glance was not
trained on this takes 100 looks instead of 226 and finds as many signs (103 and 102 of 116) and
a few ordinary hands less (114 and 116 of 145).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecheck.hands.crops import Cropper, Squares, squares_from_palms
from posecheck.hands.glance import GlanceNetwork
from posecheck.hands.landmarks import LandmarkNetwork
from posecheck.hands.nms import greedy
from posecheck.hands.palm import Palms
from posecheck.hands.types import Float

HOPE = 0.07
"""Presence at a glance below which a candidate is dropped."""

FEW = 48
"""Up to so many candidates are all looked at: a picture of one hand is quick enough, and the best
of many copies is placed a little better than the first."""

SPARED = 24
"""The best candidates of a photo are never dropped at a glance, which does not know odd hands: a
glove, a hand seen from its edge."""

APART, SAME_SIZE, SAME_ANGLE = 0.2, 1.25, 0.5
"""Two glimpses are of one hand if their centres are nearer than the first, over the larger one's
side, their sides differ by less than the second as a ratio, and their angles by less than the
third, radians."""

HAND, NOTHING = 0.5, 0.01
"""Presence from which what is looked at is a hand, and below which it is nothing: no copies."""

WAVES = 2
"""How many copies of a hand are looked at, one after the other, unless one settles it."""


@dataclass(frozen=True, eq=False)
class FirstLook:
    """What the network saw of the N candidates that were looked at.

    Attributes:
        rows: int (N,), their rows among the candidates.
        landmarks_xy: float32 (N, 21, 2), pixels of the photo.
        presence: float32 (N,).
    """

    rows: NDArray[np.intp]
    landmarks_xy: Float
    presence: Float


def copies(squares: Squares) -> NDArray[np.bool_]:
    """Which squares show the same hand: bool (N, N)."""
    larger = np.maximum(squares.sides[:, None], squares.sides[None])
    smaller = np.minimum(squares.sides[:, None], squares.sides[None])
    apart = np.linalg.norm(squares.centres_xy[:, None] - squares.centres_xy[None], axis=2)
    turned = squares.angles[:, None] - squares.angles[None]
    turned = np.abs((turned + np.pi) % (2 * np.pi) - np.pi)
    near = (apart < APART * larger) & (turned < SAME_ANGLE)
    return np.asarray(near & (larger < SAME_SIZE * smaller))


def first_look(
    glance: GlanceNetwork, network: LandmarkNetwork, cropper: Cropper, palms: Palms
) -> FirstLook:
    """Look at candidates.

    Args:
        glance: Says which are worth it.
        network: The landmark network.
        cropper: Cuts the photo.
        palms: Candidates, best first.
    """
    squares = squares_from_palms(palms.boxes_xyxy, palms.keypoints_xy)
    if len(palms) <= FEW:
        seen = network(cropper, squares)
        return FirstLook(np.arange(len(palms)), seen.landmarks_xy, seen.presence)
    glimpses = glance(cropper, squares)
    spared = np.arange(len(palms)) < SPARED
    rows = np.flatnonzero(spared | (glimpses.presence >= HOPE))
    certainty = glimpses.presence[rows] + palms.scores[rows]
    same = copies(glimpses.squares[rows])
    unseen = np.ones(len(rows), bool)
    settled = np.zeros(len(rows), bool)
    parts = []
    for wave in range(WAVES):
        open_ = np.flatnonzero(unseen & ~settled)
        if wave and not len(open_):
            break
        chosen = open_[greedy(certainty[open_], same[np.ix_(open_, open_)])]
        seen = network(cropper, squares[rows[chosen]])
        parts.append(FirstLook(rows[chosen], seen.landmarks_xy, seen.presence))
        unseen[chosen] = False
        sure = (seen.presence >= HAND) | (seen.presence < NOTHING)
        settled |= same[:, chosen[sure]].any(axis=1)
    return FirstLook(
        np.concatenate([part.rows for part in parts]),
        np.concatenate([part.landmarks_xy for part in parts]),
        np.concatenate([part.presence for part in parts]),
    )
