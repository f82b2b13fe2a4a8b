"""The landmark network: crops in, 21 landmarks, presence and features out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from posecheck.hands.crops import CROP, Cropper, Squares, rotate
from posecheck.hands.types import FEATURES, Float

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

BATCH = 16
"""Crops in one run: enough to use the cores, 10 MB of input."""


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


class LandmarkNetwork:
    """Runs the network over crops, in batches."""

    def __init__(self, session: InferenceSession) -> None:
        self._session = session

    def run(self, crops: Float) -> tuple[Float, Float, Float, Float, Float]:
        """Raw outputs for crops (N, 224, 224, 3), 0 to 1.

        Returns:
            Landmarks (N, 21, 3) in crop pixels, presence (N,), handedness (N,), world landmarks
            (N, 21, 3) in metres with the crop's axes, features (N, FEATURES).
        """
        names = ["landmarks", "presence", "handedness", "world_landmarks", "features"]
        widths = (63, 1, 1, 63, FEATURES)
        parts = [
            self._session.run(names, {"crops": crops[i : i + BATCH]})
            for i in range(0, len(crops), BATCH)
        ] or [[np.zeros((0, w), np.float32) for w in widths]]
        points, presence, handedness, world, features = (
            np.concatenate(column) for column in zip(*parts, strict=True)
        )
        return (
            points.reshape(-1, 21, 3),
            presence[:, 0],
            handedness[:, 0],
            world.reshape(-1, 21, 3),
            features,
        )

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
        crops = cropper(squares)
        if mirror:
            crops = np.ascontiguousarray(crops[:, :, ::-1])
        points, presence, handedness, world, features = self.run(crops)
        if mirror:
            points[..., 0] = CROP - points[..., 0]
            world[..., 0] = -world[..., 0]
            handedness = 1 - handedness
        world[..., :2] = rotate(world[..., :2], squares.angles)
        return LandmarkOutput(
            squares.to_photo(points[..., :2]), world, presence, handedness, features
        )
