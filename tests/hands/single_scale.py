"""MediaPipe's hand landmarker step by step, with our networks: what parity is measured with.

One look at the whole photo at 192x192, weighted non-maximum suppression, one look at each hand.
Follows the graphs of the Tasks API (`hand_landmarker_graph.cc`, `hand_detector_graph.cc` and
`hand_landmarks_detector_graph.cc`) and OpenCV 4, which is built into them, to the rounding.
"""

from __future__ import annotations

from math import pi
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posecheck.hands.crops import (
    CROP,
    PALM_SCALE,
    PALM_SHIFT,
    Cropper,
    Squares,
    rotate,
    upright_angles,
)
from posecheck.hands.landmarks import LandmarkNetwork
from posecheck.hands.nms import iou_matrix
from posecheck.hands.palm import PalmDetector, Palms
from posecheck.hands.types import Float, Rgb

SIDE = 192
SUPPRESSION = 0.3

TASKS_TURN = 90 - pi / 2 - 28 * pi
"""The Tasks API turns every hand 26.6 degrees too far: its graph sets the angle that hands are
turned to, a field in radians, to 90 (`set_rotation_vector_target_angle(90)`)."""

STEPS = 32
"""OpenCV 4 interpolates at this many positions between two pixels."""


def sample(rgb: Rgb, corners: Float, side: int, *, repeat_edge: bool) -> Rgb:
    """Cut a square as `cv2.warpPerspective` of OpenCV 4 does, whatever OpenCV is installed.

    Args:
        rgb: uint8 (H, W, 3).
        corners: float32 (3, 2), pixels of `rgb`: top left, top right, bottom left of the square.
            MediaPipe counts from the centre of the top left pixel here.
        side: Of the result, pixels.
        repeat_edge: Continue the photo's edge outside it; black otherwise.
    """
    steps = np.arange(side) / side
    x_axis, y_axis = np.float64(corners[1] - corners[0]), np.float64(corners[2] - corners[0])
    xy = corners[0] + steps[None, :, None] * x_axis + steps[:, None, None] * y_axis
    xy = np.round(xy * STEPS) / STEPS + 1  # for one pixel of padding
    size = np.array([rgb.shape[1], rgb.shape[0]])
    xy = np.clip(xy, 0, size + 1)
    mode: Any = "edge" if repeat_edge else "constant"
    padded = np.pad(rgb, ((1, 1), (1, 1), (0, 0)), mode=mode).astype(np.float64)
    x, y = np.moveaxis(np.minimum(xy.astype(int), size), 2, 0)
    right, down = np.moveaxis(xy - np.stack([x, y], axis=2), 2, 0)[..., None]
    above = padded[y, x] * (1 - right) + padded[y, x + 1] * right
    below = padded[y + 1, x] * (1 - right) + padded[y + 1, x + 1] * right
    return np.asarray(np.floor(above * (1 - down) + below * down + 0.5), np.uint8)


def average_duplicates(palms: Palms) -> Palms:
    """MediaPipe's weighted non-maximum suppression: overlapping palms become their average."""
    palms = palms[np.argsort(-palms.scores, kind="stable")]
    overlap = iou_matrix(palms.boxes_xyxy, palms.boxes_xyxy)
    left = np.arange(len(palms))
    merged = [palms[:0]]
    while len(left):
        best = left[0]
        same = left[(overlap[best, left] > SUPPRESSION) | (left == best)]
        weights = palms.scores[same] / palms.scores[same].sum()
        boxes = np.tensordot(weights, palms.boxes_xyxy[same], 1)
        keypoints = np.tensordot(weights, palms.keypoints_xy[same], 1)
        merged.append(Palms(boxes[None], keypoints[None], palms.scores[best : best + 1]))
        left = np.setdiff1d(left, same)
        left = left[np.argsort(left)]
    return Palms.concatenate(merged)


def palms_at_192(detector: PalmDetector, rgb: Rgb, threshold: float) -> Palms:
    """Palms of the whole photo fitted into 192x192 pixels, in pixels of the photo."""
    height, width = rgb.shape[:2]
    side = max(height, width)
    corner = np.asarray([(width - side) / 2, (height - side) / 2], np.float32)
    corners = np.array([[0, 0], [side, 0], [0, side]], np.float32) + corner
    palms = detector(sample(rgb, corners, SIDE, repeat_edge=False), threshold)
    scale = np.float32(side / SIDE)
    return average_duplicates(
        Palms(
            palms.boxes_xyxy * scale + np.tile(corner, 2),
            palms.keypoints_xy * scale + corner,
            palms.scores,
        )
    )


def squares_of_tasks(palms: Palms) -> Squares:
    """Where the Tasks API looks for the hand of each palm."""
    angles = upright_angles(palms.keypoints_xy[:, 0], palms.keypoints_xy[:, 2]) + TASKS_TURN
    size = palms.boxes_xyxy[:, 2:] - palms.boxes_xyxy[:, :2]
    shift = np.stack([0 * size[:, 1], PALM_SHIFT * size[:, 1]], axis=1)
    centres = (palms.boxes_xyxy[:, :2] + palms.boxes_xyxy[:, 2:]) / 2
    centres = centres + rotate(shift[:, None], angles)[:, 0]
    sides = size.max(axis=1) * PALM_SCALE
    return Squares(centres.astype(np.float32), sides.astype(np.float32), angles.astype(np.float32))


class TasksCropper(Cropper):
    """Cuts crops as the Tasks API does: sampled plainly, the photo's edge continued."""

    def __init__(self, rgb: Rgb) -> None:
        super().__init__(rgb)
        self._rgb = rgb

    def __call__(self, squares: Squares, pixels: int = CROP) -> Float:
        corners = np.array([[0, 0], [CROP, 0], [0, CROP]], np.float32)
        in_photo = squares.to_photo(np.broadcast_to(corners, (len(squares), 3, 2)))
        crops = np.zeros((len(squares), pixels, pixels, 3), np.float32)
        for crop, corners in zip(crops, in_photo, strict=True):
            crop[:] = sample(self._rgb, corners, pixels, repeat_edge=True) / np.float32(255)
        return crops


def find(
    detector: PalmDetector, network: LandmarkNetwork, rgb: Rgb, threshold: float
) -> tuple[Float, Float, Float, NDArray[np.float32]]:
    """Find hands as the Tasks API does.

    Args:
        detector: Our palm detector.
        network: Our landmark network.
        rgb: uint8 (H, W, 3).
        threshold: Smallest palm score and smallest presence.

    Returns:
        Landmarks (N, 21, 2) in pixels of `rgb`, world landmarks (N, 21, 3) with the axes of
        `rgb`, presence (N,), probability of a right hand (N,).
    """
    squares = squares_of_tasks(palms_at_192(detector, rgb, threshold))
    seen = network(TasksCropper(rgb), squares)
    found = seen.presence > threshold
    return (
        seen.landmarks_xy[found],
        seen.world_xyz[found],
        seen.presence[found],
        seen.handedness[found],
    )
