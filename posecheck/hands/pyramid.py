"""Hands of every size: palms at every scale, a glance at each, and two looks at what is left.

At one scale the palm detector knows palms of about 15 to 60 pixels.  MediaPipe shows it the whole
photo at 192x192, which is why it misses everyone behind the first row.  Here the photo is shown
at scales a factor of sqrt(2) apart: any single scale misses more than half of the hands it
could see (palm upside down, half hidden, an unlucky size), a neighbour finds most of them.
"""

from __future__ import annotations

import numpy as np

from posecheck.hands.crops import Cropper, Squares, squares_from_landmarks
from posecheck.hands.first_look import first_look
from posecheck.hands.glance import GlanceNetwork
from posecheck.hands.landmarks import LandmarkNetwork
from posecheck.hands.nms import greedy, is_part, landmark_distance
from posecheck.hands.palm import Palms
from posecheck.hands.palm_search import PalmSearch
from posecheck.hands.scales import SMALLEST_AT_SCALE, PyramidSettings, zooms
from posecheck.hands.types import Float, Hands, Rgb, boxes_around


class PyramidFinder:
    """Finds hands.

    Args:
        search: Finds palms at every scale.
        glance: Drops what is no hand.
        landmarks: Has the last word.
        settings: How thoroughly to search.
    """

    def __init__(
        self,
        search: PalmSearch,
        glance: GlanceNetwork,
        landmarks: LandmarkNetwork,
        settings: PyramidSettings | None = None,
    ) -> None:
        self._search = search
        self._glance = glance
        self._landmarks = landmarks
        self.settings = settings or PyramidSettings()

    def smallest_hand(self, width: int, height: int) -> float:
        """Size in pixels of the smallest hand searched for in a photo of that size."""
        return SMALLEST_AT_SCALE / zooms(width, height, self.settings)[-1]

    def palms(self, rgb: Rgb) -> Palms:
        """Candidates of every scale, duplicates removed, in pixels of `rgb`, best first."""
        return self._search(rgb, self.settings)

    def find(self, rgb: Rgb) -> Hands:
        """Find every hand in `rgb`, uint8 (H, W, 3), each once."""
        return self.hands_at(rgb, self.palms(rgb))

    def hands_at(self, rgb: Rgb, palms: Palms) -> Hands:
        """Find every hand of which a candidate of `palms` was made, each once."""
        cropper = Cropper(rgb)
        first = first_look(self._glance, self._landmarks, cropper, palms)
        palms = palms[first.rows]
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
