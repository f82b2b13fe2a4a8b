"""The palm detection network: a picture in, scored palm boxes out.

The network is fully convolutional: it sees a whole picture at whatever scale it is given and
answers at every cell.  At a given scale it knows palms of a narrow range of sizes, which is why
`palm_search` runs it at several.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from posecheck.hands.types import Float, Rgb

if TYPE_CHECKING:
    from posecheck.runtime.session import Session

STRIDE = 64
"""Height and width of the input must be divisible by this: the network halves six times."""

ANCHORS = ((8, 2), (16, 6))
"""(stride, anchors per cell); MediaPipe's SSD anchor options for palm_detection_full."""

KEYPOINTS = 7

LEAST_SCORE = 0.03
"""Score of the detector's own below which the second score was not trained and is not asked."""


@dataclass(frozen=True, eq=False)
class Palms:
    """N palm detections, in pixels of the picture that was given.

    Faces are detected by a network of the same kind; its detections have the same form.

    Attributes:
        boxes_xyxy: float32 (N, 4), box of the palm without fingers.
        keypoints_xy: float32 (N, 7, 2); 0 is the wrist, 2 the middle finger's knuckle.
        scores: float32 (N,), 0 to 1; with a second look, how likely the landmark network will see
            a hand there.
    """

    boxes_xyxy: Float
    keypoints_xy: Float
    scores: Float

    def __len__(self) -> int:
        return int(self.scores.shape[0])

    def __getitem__(self, index: NDArray[np.intp] | NDArray[np.bool_] | slice) -> Palms:
        """The rows that a NumPy index or mask picks."""
        return Palms(self.boxes_xyxy[index], self.keypoints_xy[index], self.scores[index])

    @classmethod
    def concatenate(cls, parts: list[Palms]) -> Palms:
        """All rows of `parts`, which holds at least one."""
        return cls(
            np.concatenate([p.boxes_xyxy for p in parts]),
            np.concatenate([p.keypoints_xy for p in parts]),
            np.concatenate([p.scores for p in parts]),
        )


@dataclass(frozen=True, eq=False)
class Answers:
    """What the network said of one picture.

    Attributes:
        outputs: Boxes (A, 18), logits (A, 1) and second logits (A, 1) of all anchors.
        height: Of the padded picture, pixels; divisible by 64.
        width: Of the padded picture.
    """

    outputs: list[Float]
    height: int
    width: int


@lru_cache(maxsize=64)
def anchor_centres(
    height: int, width: int, anchors: tuple[tuple[int, int], ...] = ANCHORS
) -> Float:
    """Centres of all anchors, float32 (A, 2), in pixels of a height x width input."""
    layers = []
    for stride, per_cell in anchors:
        y, x = np.mgrid[0 : height // stride, 0 : width // stride].astype(np.float32)
        centres = np.stack([x.ravel() + 0.5, y.ravel() + 0.5], axis=1) * stride
        layers.append(np.repeat(centres, per_cell, axis=0))
    return np.concatenate(layers).astype(np.float32)


def pad_to_stride(rgb: Rgb) -> Float:
    """Pad with black at the right and bottom and scale to 0..1: float32 (1, H, W, 3)."""
    height, width = rgb.shape[:2]
    padded = np.zeros(
        (1, -(-height // STRIDE) * STRIDE, -(-width // STRIDE) * STRIDE, 3), np.float32
    )
    np.multiply(rgb, np.float32(1 / 255), out=padded[0, :height, :width], casting="unsafe")
    return padded


def decode(raw: Float, logits: Float, centres: Float, threshold: float) -> Palms:
    """Turn the network's outputs into palms.

    Args:
        raw: float32 (A, 4 + 2 K), offsets from the anchors' centres; K keypoints, 7 of a palm.
        logits: float32 (A,).
        centres: float32 (A, 2).
        threshold: Smallest score kept, 0 to 1 exclusive.

    Returns:
        Palms in pixels of the network's input.
    """
    keep = logits > np.log(threshold / (1 - threshold))
    raw, centre = raw[keep], centres[keep]
    middle = raw[:, 0:2] + centre
    half = raw[:, 2:4] / 2
    keypoints = raw[:, 4:].reshape(len(raw), (raw.shape[1] - 4) // 2, 2) + centre[:, None]
    scores = 1 / (1 + np.exp(-logits[keep]))
    boxes = np.concatenate([middle - half, middle + half], axis=1)
    return Palms(boxes, keypoints, scores.astype(np.float32))


class PalmDetector:
    """Runs the network once over a whole picture.

    Args:
        session: The network.
        second_look: Score by what training/palm_head.py learned, where the network's own score
            is not hopeless; without it by the network's own score, as MediaPipe does.
    """

    def __init__(self, session: Session, *, second_look: bool = True) -> None:
        self._session = session
        self._second_look = second_look

    def __call__(self, rgb: Rgb, threshold: float) -> Palms:
        """Detect palms, overlapping ones included.

        Args:
            rgb: uint8 (H, W, 3).
            threshold: Smallest score kept.

        Returns:
            Palms in pixels of `rgb`.
        """
        return self.look(rgb, threshold)[0]

    def look(self, rgb: Rgb, threshold: float) -> tuple[Palms, Answers]:
        """Detect palms as above, and give all that the network said of the picture too."""
        image = pad_to_stride(rgb)
        names = ["boxes", "logits", "hand_logits"]
        said = [output[0] for output in self._session.run(names, {"image": image})]
        raw, logits, second = said
        if self._second_look:
            floor = np.log(LEAST_SCORE / (1 - LEAST_SCORE))
            logits = np.where(logits > floor, second, -np.inf)
        height, width = image.shape[1:3]
        palms = decode(raw, logits[:, 0], anchor_centres(height, width), threshold)
        return palms, Answers(said, height, width)
