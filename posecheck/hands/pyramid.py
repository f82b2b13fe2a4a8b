"""Hands of every size: the palm detector over a pyramid of scales.

At one scale the detector knows palms of about 15 to 60 pixels.  MediaPipe shows it the whole
photo at 192x192, which is why it misses everyone behind the first row.  Here the photo is shown
at scales a factor of sqrt(2) apart: any single scale misses more than half of the hands it
could see (palm upside down, half hidden, an unlucky size), a neighbour finds most of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from posecheck.hands.crops import Cropper, Squares, squares_from_landmarks, squares_from_palms
from posecheck.hands.landmarks import LandmarkNetwork
from posecheck.hands.nms import greedy, is_part, landmark_distance, suppress_boxes
from posecheck.hands.palm import PalmDetector, Palms
from posecheck.hands.types import Float, Hands, Rgb, boxes_around

SMALLEST_AT_SCALE = 28.0
"""Size in pixels of the smallest hand that the detector reliably fires on at some scale."""


@dataclass(frozen=True)
class PyramidSettings:
    """How thoroughly to search.  The defaults are measured in docs/accuracy.md.

    Attributes:
        smallest_side: Longer side of the photo at the coarsest scale, pixels.
        largest_side: Longer side of the photo at the finest scale, pixels.
        largest_zoom: Never enlarge a photo by more than this.
        factor: Ratio of neighbouring scales.
        palm_score: Smallest palm score followed up.
        palm_iou: Palm boxes that overlap more than this are one palm.
        first_presence: Smallest presence of the first crop that earns a second.
        presence: Smallest presence kept.
        same_crop: Mean landmark distance, in hand sizes, below which two first looks are one.
        same_hand: The same for the final landmarks.
        most_palms: At most this many palms are followed up, best first.
    """

    smallest_side: float = 90.5
    largest_side: float = 2896.0
    largest_zoom: float = 1.4
    factor: float = 2**0.5
    palm_score: float = 0.05
    palm_iou: float = 0.45
    first_presence: float = 0.1
    presence: float = 0.2
    same_crop: float = 0.12
    same_hand: float = 0.25
    most_palms: int = 1000


def zooms(width: int, height: int, settings: PyramidSettings) -> list[float]:
    """Scale factors for a photo of that size, coarsest first."""
    side = max(width, height)
    finest = min(settings.largest_zoom, settings.largest_side / side)
    coarsest = min(settings.smallest_side / side, finest)
    steps = round(np.log(finest / coarsest) / np.log(settings.factor))
    return [finest / settings.factor**i for i in range(steps, -1, -1)]


def shrink(rgb: Rgb, zoom: float) -> Rgb:
    """`rgb` (H, W, 3) scaled by `zoom`: area average down, bilinear up."""
    size = (max(1, round(rgb.shape[1] * zoom)), max(1, round(rgb.shape[0] * zoom)))
    method = cv2.INTER_AREA if zoom < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(rgb, size, interpolation=method), np.uint8)


def over_scales(
    detect: Callable[[Rgb, float], Palms], rgb: Rgb, settings: PyramidSettings
) -> Palms:
    """Detections of every scale, duplicates removed, in pixels of `rgb`, best first.

    Args:
        detect: Runs a network once over a picture, and is given the smallest score to keep.
        rgb: uint8 (H, W, 3).
        settings: The scales, the smallest score, and the overlap of duplicates.
    """
    found = []
    for zoom in zooms(rgb.shape[1], rgb.shape[0], settings):
        scaled = shrink(rgb, zoom)
        palms = detect(scaled, settings.palm_score)
        # Here as well as below: a crowd fires thousands of anchors, and NMS takes N x N.
        palms = palms[suppress_boxes(palms.boxes_xyxy, palms.scores, settings.palm_iou)]
        back = np.array([rgb.shape[1] / scaled.shape[1], rgb.shape[0] / scaled.shape[0]])
        back = back.astype(np.float32)
        found.append(
            Palms(palms.boxes_xyxy * np.tile(back, 2), palms.keypoints_xy * back, palms.scores)
        )
    merged = Palms.concatenate(found)
    kept = suppress_boxes(merged.boxes_xyxy, merged.scores, settings.palm_iou)
    return merged[kept[: settings.most_palms]]


class PyramidFinder:
    """Finds hands with the palm detector at every scale and the landmark network."""

    def __init__(
        self,
        palm: PalmDetector,
        landmarks: LandmarkNetwork,
        settings: PyramidSettings | None = None,
    ) -> None:
        self._palm = palm
        self._landmarks = landmarks
        self.settings = settings or PyramidSettings()

    def smallest_hand(self, width: int, height: int) -> float:
        """Size in pixels of the smallest hand searched for in a photo of that size."""
        return SMALLEST_AT_SCALE / zooms(width, height, self.settings)[-1]

    def palms(self, rgb: Rgb) -> Palms:
        """Candidates of every scale, duplicates removed, in pixels of `rgb`, best first."""
        return over_scales(self._palm, rgb, self.settings)

    def find(self, rgb: Rgb) -> Hands:
        """Find every hand in `rgb`, uint8 (H, W, 3), each once."""
        palms = self.palms(rgb)
        cropper = Cropper(rgb)
        squares = squares_from_palms(palms.boxes_xyxy, palms.keypoints_xy)
        first = self._landmarks(cropper, squares)
        promising = np.flatnonzero(first.presence >= self.settings.first_presence)
        certainty = first.presence + palms.scores
        # One hand is detected at several scales; most of its copies agree by now.
        same = landmark_distance(first.landmarks_xy[promising]) < self.settings.same_crop
        once = promising[greedy(certainty[promising], same)]
        squares = squares_from_landmarks(first.landmarks_xy[once])
        hands = look_twice(self._landmarks, cropper, squares, palms.scores[once])
        hands = hands[hands.presence >= self.settings.presence]
        same = landmark_distance(hands.landmarks_xy) < self.settings.same_hand
        hands = hands[greedy(hands.presence + hands.palm_score, same)]
        return hands[~is_part(hands.boxes_xyxy)]


def look_twice(
    network: LandmarkNetwork, cropper: Cropper, squares: Squares, palm_score: Float
) -> Hands:
    """Landmarks of the hands in `squares`, averaged over the crop and its mirror image.

    The network is not quite mirror-symmetric; the average is, and it is steadier.
    """
    plain = network(cropper, squares)
    mirrored = network(cropper, squares, mirror=True)

    def mean(name: str) -> Float:
        return np.asarray((getattr(plain, name) + getattr(mirrored, name)) / 2, np.float32)

    landmarks = mean("landmarks_xy")
    return Hands(
        boxes_xyxy=boxes_around(landmarks),
        landmarks_xy=landmarks,
        world_xyz=mean("world_xyz"),
        presence=mean("presence"),
        handedness=mean("handedness"),
        palm_score=palm_score,
        features=np.stack([plain.features, mirrored.features], axis=1),
    )
