"""Finds faces, so that they can be blurred in the pictures that leave the case file.

Where a face is, is all that is asked; whose it is, is not.

The network is MediaPipe's detector for faces far away.  It was made for pictures with a few
people.  Shown a whole crowd at once it falls silent: of 121 plain faces of 11 to 37 pixels in a
photo of some 250 people it found 2.  In windows that hold a few people each it finds nearly all
of them, and then nearly every hand, knee and logo too.  Therefore each candidate is looked at
twice more, alone and at the sizes that the network knows best, and the mean of the three scores
decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from posecheck.faces.windows import centred, cut
from posecheck.hands.nms import iou_matrix
from posecheck.hands.palm import Palms, anchor_centres, decode
from posecheck.hands.palm_search import over_scales
from posecheck.hands.scales import PyramidSettings
from posecheck.hands.types import Float, Rgb
from posecheck.models import open_session
from posecheck.runtime.names import DEFAULT

if TYPE_CHECKING:
    from posecheck.runtime.session import Session

ANCHORS = ((4, 1),)
"""(stride, anchors per cell); MediaPipe's SSD anchor options for face_detection_full_range."""

WINDOW, STEP = 128, 80
"""Side of a window, and how far the next one lies.  Faces of 10 to 48 pixels are whole in one of
them; larger ones are found at a coarser scale, where they are half as large."""

BATCH = 16
"""Windows in one run of the network; more are no faster."""

SETTINGS = PyramidSettings(
    smallest_side=96.0,
    largest_side=1600.0,
    largest_zoom=1.0,
    factor=2.0,
    palm_score=0.28,
    palm_iou=0.45,
    most_palms=400,
)
"""Scales, and the smallest score of a candidate."""

LOOKS = ((20.0, False), (28.0, True))
"""Size of the face in pixels, and whether it is mirrored, in each further look."""

SAME = 0.3
"""A look confirms a candidate by a detection that overlaps it this much."""

HOPELESS = 0.27
"""Smallest mean score so far that earns another look."""

LEAST = ((32.0, 0.35), (96.0, 0.5))
"""Smallest mean score of a face of that size in pixels; between them it rises with the logarithm.

Of 143 faces of 10 to 37 pixels in three crowded photos, 136 have one, and so have a dozen other
things in a photo, most of them hands.  Large faces are plainer: of 208 of 110 pixels, three
quarters of them with half the face covered, the least sure had 0.59."""


@dataclass(frozen=True, eq=False)
class Faces:
    """N faces of one photo, surest first.

    Attributes:
        boxes_xyxy: float32 (N, 4), pixels of the photo: from eyebrows to chin and about as wide.
        scores: float32 (N,), 0 to 1, mean of three looks.  A low one is often a hand, a knee or a
            pattern, which is blurred in vain; a face that is not blurred would be worse.
    """

    boxes_xyxy: Float
    scores: Float

    def __len__(self) -> int:
        return int(self.scores.shape[0])


def least_scores(boxes_xyxy: Float) -> Float:
    """Smallest mean scores (N,) with which boxes (N, 4) are faces, see `LEAST`."""
    sizes = (boxes_xyxy[:, 2:] - boxes_xyxy[:, :2]).max(axis=1, initial=1)
    at, least = zip(*LEAST, strict=True)
    return np.asarray(np.interp(np.log(sizes), np.log(at), least), np.float32)


class FaceDetector:
    """Runs the network over windows.

    Args:
        session: The network.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def __call__(self, rgb: Rgb, threshold: float) -> Palms:
        """Detect faces in a picture at its scale, several times where windows overlap.

        Args:
            rgb: uint8 (H, W, 3).
            threshold: Smallest score kept.

        Returns:
            Detections in pixels of `rgb`; their 6 keypoints are eyes, nose, mouth and ears.
        """
        found = []
        # Row by row: all windows of a picture are eight times its size and more.
        for top in range(0, max(1, rgb.shape[0] - WINDOW + STEP), STEP):
            windows, corners = cut(rgb[top : top + WINDOW], WINDOW, STEP)
            corners += np.array([0, top], np.float32)
            for palms, corner in zip(self.windows(windows, threshold), corners, strict=True):
                boxes = palms.boxes_xyxy + np.tile(corner, 2)
                found.append(Palms(boxes, palms.keypoints_xy + corner, palms.scores))
        return Palms.concatenate(found)

    def windows(self, windows: Float, threshold: float) -> list[Palms]:
        """Detect faces in windows float32 (N, WINDOW, WINDOW, 3): detections of each."""
        centres = anchor_centres(WINDOW, WINDOW, ANCHORS)
        found = []
        for start in range(0, len(windows), BATCH):
            feed = {"windows": windows[start : start + BATCH]}
            raw, logits = self._session.run(["boxes", "logits"], feed)
            found += [
                decode(boxes, scores[:, 0], centres, threshold)
                for boxes, scores in zip(raw, logits, strict=True)
            ]
        return found


class FaceFinder:
    """Finds faces of about 16 pixels and more; loads its network once.

    Args:
        threads: Threads of the network; None for every core.
        settings: How thoroughly to search for candidates.
        runtime: What runs the network, "onnxruntime" or "openvino".

    Raises:
        ModelError: The model file is missing or is not the right one.
        DependencyError: The runtime is not installed.
    """

    def __init__(
        self,
        threads: int | None = 1,
        settings: PyramidSettings = SETTINGS,
        runtime: str = DEFAULT,
    ) -> None:
        self._detector = FaceDetector(open_session("face_detection", threads, runtime))
        self.settings = settings

    def find(self, rgb: Rgb) -> Float:
        """Boxes of everything in uint8 (H, W, 3) that may be a face: float32 (N, 4), pixels."""
        return self.search(rgb).boxes_xyxy

    def search(self, rgb: Rgb) -> Faces:
        """The same with scores, for those who know what else is in the photo."""
        found = over_scales(self._detector, rgb, self.settings)
        boxes, scores = found.boxes_xyxy, found.scores
        for looks, (size, mirrored) in enumerate(LOOKS, start=1):
            hopeful = scores >= HOPELESS
            boxes, scores = boxes[hopeful], scores[hopeful]
            another = self._look(rgb, boxes, size, mirrored)
            scores = ((looks * scores + another) / (looks + 1)).astype(np.float32)
        order = np.argsort(-scores, kind="stable")
        order = order[(scores >= least_scores(boxes))[order]]
        return Faces(boxes[order], scores[order])

    def _look(self, rgb: Rgb, boxes_xyxy: Float, size: float, mirrored: bool) -> Float:
        """Scores (N,) of the boxes, each in the middle of a window, `size` pixels large."""
        scores = np.zeros(len(boxes_xyxy), np.float32)
        middle = np.array([[WINDOW - size, WINDOW - size, WINDOW + size, WINDOW + size]]) / 2
        for start in range(0, len(boxes_xyxy), BATCH):
            part = boxes_xyxy[start : start + BATCH]
            windows = centred(rgb, part, size, WINDOW)
            if mirrored:
                windows = np.ascontiguousarray(windows[:, :, ::-1])
            for i, palms in enumerate(self._detector.windows(windows, 0.02)):
                same = iou_matrix(middle.astype(np.float32), palms.boxes_xyxy)[0] > SAME
                scores[start + i] = palms.scores[same].max(initial=0)
        return scores
