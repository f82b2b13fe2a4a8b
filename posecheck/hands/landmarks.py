"""The landmark network: crops in, 21 landmarks, presence and features out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from posecheck.hands.crops import CROP, Cropper, Squares, rotate
from posecheck.hands.team import Team
from posecheck.hands.types import FEATURES, Float

if TYPE_CHECKING:
    from posecheck.runtime.session import Session

BATCH = 4
"""Crops in one run: what they turn into stays in the cache, and cores share a photo's runs."""


@dataclass(frozen=True, eq=False)
class LandmarkOutput:
    """What the network says of N crops, moved into the photo.

    Attributes:
        landmarks_xy: float32 (N, 21, 2), pixels of the photo.
        world_xyz: float32 (N, 21, 3), metres, axes of the photo.
        presence: float32 (N,), 0 to 1.
        handedness: float32 (N,), probability of a right hand.
        features: float32 (N, FEATURES).
    """

    landmarks_xy: Float
    world_xyz: Float
    presence: Float
    handedness: Float
    features: Float


OUTPUTS = {
    "landmarks": 63,
    "presence": 1,
    "handedness": 1,
    "world_landmarks": 63,
    "features": FEATURES,
}
"""What the network says of a crop, and how many numbers each is."""


class LandmarkNetwork:
    """Runs the network over crops, in batches.

    Args:
        session: The network.
        team: Who works.
    """

    def __init__(self, session: Session, team: Team | None = None) -> None:
        self._session = session
        self._team = team or Team()

    def __call__(
        self, cropper: Cropper, squares: Squares, *, mirror: bool = False
    ) -> LandmarkOutput:
        """Landmarks of the hands in `squares`.

        Args:
            cropper: Cuts the photo.
            squares: Where the hands are.
            mirror: Show the network the mirror image; positions come back unmirrored, so that
                the two views of one hand can be averaged.
        """

        def look(start: int) -> list[Float]:
            crops = cropper(squares[start : start + BATCH])
            if mirror:
                crops = np.ascontiguousarray(crops[:, :, ::-1])
            return self._session.run(list(OUTPUTS), {"crops": crops})

        parts = self._team.map(look, range(0, len(squares), BATCH))
        parts = parts or [[np.zeros((0, width), np.float32) for width in OUTPUTS.values()]]
        points, presence, handedness, world, features = (
            np.concatenate(column) for column in zip(*parts, strict=True)
        )
        points, world = points.reshape(-1, 21, 3), world.reshape(-1, 21, 3)
        if mirror:
            points[..., 0] = CROP - points[..., 0]
            world[..., 0] = -world[..., 0]
            handedness = 1 - handedness
        world[..., :2] = rotate(world[..., :2], squares.angles)
        return LandmarkOutput(
            squares.to_photo(points[..., :2]), world, presence[:, 0], handedness[:, 0], features
        )
