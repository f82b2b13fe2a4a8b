"""Rotated square crops: what the landmark network looks at.

A crop is a square around one hand, turned so that the hand points up.  The rules that place it
are MediaPipe's (`palm_detection_detection_to_roi`, `hand_landmark_landmarks_to_roi`).
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock

import cv2
import numpy as np
from numpy.typing import NDArray

from posecheck.hands.types import Float, Rgb

CROP = 224
"""Side of the landmark network's input in pixels."""

PALM_SCALE, PALM_SHIFT = 2.6, -0.5
"""A palm box grows by the first and moves by the second (of its side, towards the fingers)."""

LANDMARK_SCALE, LANDMARK_SHIFT = 2.0, -0.1
"""The same for a box around the landmarks of the palm and the finger roots."""

STEADY = np.array([0, 1, 2, 3, 5, 6, 9, 10, 13, 14, 17, 18])
"""Landmarks that place the crop: fingertips would make it jump with the gesture."""

WRIST, INDEX_ROOT, MIDDLE_ROOT, RING_ROOT = 0, 5, 9, 13


@dataclass(frozen=True, eq=False)
class Squares:
    """N rotated squares in pixels of the photo.

    Attributes:
        centres_xy: float32 (N, 2).
        sides: float32 (N,).
        angles: float32 (N,), radians, clockwise in the photo; 0 where the hand points up.
    """

    centres_xy: Float
    sides: Float
    angles: Float

    def __len__(self) -> int:
        return int(self.sides.shape[0])

    def __getitem__(self, index: NDArray[np.intp] | NDArray[np.bool_] | slice) -> Squares:
        """The rows that a NumPy index or mask picks."""
        return Squares(self.centres_xy[index], self.sides[index], self.angles[index])

    def to_photo(self, points: Float) -> Float:
        """Move points (N, K, 2) from crop pixels to photo pixels."""
        local = np.asarray((points / CROP - 0.5) * self.sides[:, None, None], np.float32)
        return np.asarray(rotate(local, self.angles) + self.centres_xy[:, None], np.float32)


def rotate(points: Float, angles: Float) -> Float:
    """Rotate points (N, K, 2) clockwise (y down) by `angles` (N,) around the origin."""
    cos, sin = np.cos(angles)[:, None], np.sin(angles)[:, None]
    x, y = points[..., 0], points[..., 1]
    return np.asarray(np.stack([x * cos - y * sin, x * sin + y * cos], axis=-1), np.float32)


def upright_angles(base_xy: Float, tip_xy: Float) -> Float:
    """Angles that turn the direction from base (N, 2) to tip (N, 2) upwards."""
    direction = tip_xy - base_xy
    return np.asarray(np.arctan2(direction[:, 0], -direction[:, 1]), np.float32)


def squares_from_palms(boxes_xyxy: Float, keypoints_xy: Float) -> Squares:
    """Where the hand of each palm box (N, 4) with keypoints (N, 7, 2) must be."""
    angles = upright_angles(keypoints_xy[:, 0], keypoints_xy[:, 2])
    size = boxes_xyxy[:, 2:] - boxes_xyxy[:, :2]
    side = size.max(axis=1)
    up = np.stack([np.zeros_like(side), PALM_SHIFT * size[:, 1]], axis=1).astype(np.float32)
    centres = (boxes_xyxy[:, :2] + boxes_xyxy[:, 2:]) / 2 + rotate(up[:, None], angles)[:, 0]
    return Squares(centres.astype(np.float32), side * np.float32(PALM_SCALE), angles)


def squares_from_landmarks(landmarks_xy: Float) -> Squares:
    """A square around each hand's landmarks (N, 21, 2)."""
    knuckles = (landmarks_xy[:, INDEX_ROOT] + landmarks_xy[:, RING_ROOT]) / 2
    knuckles = (knuckles + landmarks_xy[:, MIDDLE_ROOT]) / 2
    angles = upright_angles(landmarks_xy[:, WRIST], knuckles.astype(np.float32))
    local = rotate(landmarks_xy[:, STEADY], -angles)
    low, high = local.min(axis=1), local.max(axis=1)
    size = high - low
    middle = np.asarray((low + high) / 2, np.float32)
    middle[:, 1] += LANDMARK_SHIFT * size[:, 1]
    centres = rotate(middle[:, None], angles)[:, 0]
    return Squares(centres, size.max(axis=1) * LANDMARK_SCALE, angles)


class Cropper:
    """Cuts crops out of one photo, from a half-size copy where the hand is large.

    Bilinear sampling skips pixels when it shrinks by more than two, which makes large hands
    ragged; halves are made on first use and kept for the photo's other hands.  Threads may share
    one.
    """

    def __init__(self, rgb: Rgb) -> None:
        self._halves = [rgb]
        self._halving = Lock()

    def _level(self, side: float, pixels: int) -> tuple[Rgb, Float]:
        """The copy to cut from, and its width and height over the photo's, float32 (2,)."""
        level = max(0, int(np.floor(np.log2(max(side, 1.0) / pixels))))
        with self._halving:
            while len(self._halves) <= level and min(self._halves[-1].shape[:2]) >= 4:
                height, width = self._halves[-1].shape[:2]
                half = cv2.resize(
                    self._halves[-1], (width // 2, height // 2), interpolation=cv2.INTER_AREA
                )
                self._halves.append(np.asarray(half, np.uint8))
        image = self._halves[min(level, len(self._halves) - 1)]
        scale = np.array(image.shape[1::-1]) / np.array(self._halves[0].shape[1::-1])
        return image, scale.astype(np.float32)

    def __call__(self, squares: Squares, pixels: int = CROP) -> Float:
        """Cut the crops.

        Args:
            squares: What to cut.
            pixels: Side of a crop.

        Returns:
            float32 (N, pixels, pixels, 3), 0 to 1; black outside the photo.
        """
        crops = np.empty((len(squares), pixels, pixels, 3), np.float32)
        # The three corners that define a square; cv2 counts from pixel centres.
        corners = np.array([[0, 0], [1, 0], [0, 1]], np.float32)
        in_photo = squares.to_photo(np.broadcast_to(corners * CROP, (len(squares), 3, 2)))
        corners = corners * np.float32(pixels) - np.float32(0.5)
        for i, side in enumerate(squares.sides):
            image, scale = self._level(float(side), pixels)
            matrix = cv2.getAffineTransform(corners, (in_photo[i] * scale - 0.5).astype(np.float32))
            crop: NDArray[np.uint8] = cv2.warpAffine(  # type: ignore[assignment]
                image, matrix, (pixels, pixels), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
            )
            np.multiply(crop, np.float32(1 / 255), out=crops[i], casting="unsafe")
        return crops
