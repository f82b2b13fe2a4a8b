"""A glance at each candidate: is it worth the landmark network's time, and where is the hand?

The palm detector fires on ten things for every hand, and on a hand at several scales and places.
A small network, taught by training/glance.py what the landmark network will say, sees through
most of that in a twentieth of its time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from posecheck.hands.crops import Cropper, Squares, rotate
from posecheck.hands.team import Team
from posecheck.hands.types import Float

if TYPE_CHECKING:
    from posecheck.runtime.session import Session

SIDE = 96
"""Side of the network's input in pixels."""

BATCH = 32
"""Crops in one run."""


@dataclass(frozen=True, eq=False)
class Glimpses:
    """What the network expects of N candidates.

    Attributes:
        presence: float32 (N,), the landmark network's presence, 0 to 1.
        squares: Where the landmark network would look next; rough.
    """

    presence: Float
    squares: Squares


def moved(squares: Squares, offsets: Float) -> Squares:
    """Squares moved by offsets (N, 5).

    The offsets are x and y of the new centre in the square's axes, over its side, the logarithm
    of the ratio of sides, and sine and cosine of the turn, at any length.
    """
    local = offsets[:, None, :2] * squares.sides[:, None, None]
    centres = squares.centres_xy + rotate(local, squares.angles)[:, 0]
    turns = np.arctan2(offsets[:, 3], offsets[:, 4])
    return Squares(
        centres.astype(np.float32),
        (squares.sides * np.exp(offsets[:, 2])).astype(np.float32),
        (squares.angles + turns).astype(np.float32),
    )


class GlanceNetwork:
    """Runs the network over crops, in batches.

    Args:
        session: The network.
        team: Who works.
    """

    def __init__(self, session: Session, team: Team | None = None) -> None:
        self._session = session
        self._team = team or Team()

    def __call__(self, cropper: Cropper, squares: Squares) -> Glimpses:
        """Glance at candidates."""

        def look(start: int) -> list[Float]:
            crops = cropper(squares[start : start + BATCH], SIDE)
            return self._session.run(["logits", "offsets"], {"crops": crops})

        seen = self._team.map(look, range(0, len(squares), BATCH)) or [
            [np.zeros(0, np.float32), np.zeros((0, 5), "f4")]
        ]
        logits, offsets = (np.concatenate(column) for column in zip(*seen, strict=True))
        presence = 1 / (1 + np.exp(-np.clip(logits, -30, 30)))
        return Glimpses(np.asarray(presence, np.float32), moved(squares, offsets))
