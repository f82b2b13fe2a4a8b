"""Which found hand is an example of what.

A label names one hand of a crop, or a box in a group photo; hands the finder found besides are
examples too where the labels say enough about the rest of the photo.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from posecheck.evaluation.labels import CropLabel, GroupLabel
from posecheck.gesture.classifier import CLASSES
from posecheck.hands.nms import iou_matrix
from posecheck.hands.types import Float, boxes_around
from training.audits import read_audit, read_detections
from training.located import Located

MATCH = 0.3
"""IoU from which a found hand is the labelled one, as in scoring."""

SURE = 0.5
"""Presence from which a hand counts as seen for certain."""

APART = 0.05
"""IoU below which a found hand is certainly none of the labelled ones."""

QUIET = ("none", "other", "fist", "half_heart", "holy", "not_hand")
"""What a hand can be in a photo in which nobody makes a sign."""

TARGETS: dict[str, tuple[str, ...]] = {
    "thumb_up": ("thumb",),
    "thumb_down": ("thumb",),
    "xsign": ("other",),
    "two_hand_heart": ("half_heart",),
}
"""Labels that are not a class of the network of the same name."""

RELABELLED: dict[tuple[str, str], tuple[str, ...]] = {
    # Thumbs held out sideways, which every other source calls thumb_up.
    ("emrecandir9", "other"): ("thumb",),
    # Middle, ring and pinky with the index finger on the thumb: three to one, OK to another.
    ("SubhiH", "three"): ("three", "ok"),
}
"""(source, label) -> classes, where a source means something else by a label than the rest."""

SAME_BOX = 0.5
"""IoU from which a detection is the one that was looked at."""

GROUP_VIEWS, QUIET_VIEWS, RENDER_VIEWS = 6, 2, 3

CROP_VIEWS_IN_ALL, FEWEST_VIEWS, MOST_VIEWS = 1200, 2, 6
"""Crops of rare gestures are seen in more views than those of common ones."""


@dataclass(frozen=True, eq=False)
class Example:
    """One hand to learn from.

    Attributes:
        path: The photo.
        landmarks_xy: float32 (21, 2), pixels.
        targets: Classes any of which is right.
        label: The label as it stands in the file, for reports; "quiet" without one.
        source: Source of the photo.
        person: Who, where the source tells people apart: cross-validation keeps them together.
        kind: "crop", "group" or "render".
        views: How many views to make.
    """

    path: Path
    landmarks_xy: Float
    targets: tuple[str, ...]
    label: str
    source: str
    person: str
    kind: str
    views: int

    @property
    def target_row(self) -> np.ndarray:
        """Bool (len(CLASSES),)."""
        return np.array([name in self.targets for name in CLASSES])


def targets_of(label: str) -> tuple[str, ...]:
    """Classes that are right for a label."""
    return TARGETS.get(label, (label,))


def audited(targets: tuple[str, ...], reading: str, sure: bool) -> tuple[str, ...]:
    """Classes that are right for a crop after the audit; none for one nobody should learn from."""
    if reading == "unclear":
        return ()
    seen = targets_of(reading)
    return seen if sure else tuple(dict.fromkeys((*targets, *seen)))


def main_hand(located: Located) -> int | None:
    """Row of the hand that a picture of one hand is about.

    Of the hands that are certain and not much smaller than the largest, the highest: who shows a
    gesture raises that hand and lets the other hang.
    """
    if not len(located.presence):
        return None
    size = np.ptp(located.landmarks_xy, axis=1).max(axis=1)
    certain = located.presence * np.sqrt(size)
    equal = np.flatnonzero(certain > 0.7 * certain.max())
    return int(equal[located.landmarks_xy[equal].mean(axis=1)[:, 1].argmin()])


def bystanders(located: Located, main: int) -> list[int]:
    """Rows of the other certain hands in a picture of one hand: lowered, clear of the first."""
    boxes = boxes_around(located.landmarks_xy)
    apart = iou_matrix(boxes, boxes)[main] < APART
    top = located.landmarks_xy[:, :, 1].min(axis=1)
    below = top > located.landmarks_xy[main, :, 1].max()
    return [int(i) for i in np.flatnonzero(apart & below & (located.presence > SURE))]


def crop_examples(labels: Sequence[CropLabel], located: dict[Path, Located]) -> list[Example]:
    """One example for each picture in which a hand was found; both hands of palms together."""
    made = []
    audit = read_audit()
    counts = Counter(label.gesture for label in labels)
    for label in labels:
        found = located[label.path]
        best = main_hand(found)
        if label.gesture == "unclear" or best is None:
            continue
        rows = [best]
        if label.gesture in ("holy", "xsign"):
            rows = [int(i) for i in np.flatnonzero(found.presence > 0.3)] or rows
        views = min(max(CROP_VIEWS_IN_ALL // counts[label.gesture], FEWEST_VIEWS), MOST_VIEWS)
        meant = RELABELLED.get((label.source, label.gesture), targets_of(label.gesture))
        if label.path.name in audit:
            meant = audited(meant, *audit[label.path.name])
        if not meant:
            continue
        shown = [(row, meant, label.gesture, views) for row in rows]
        if len(rows) == 1:
            shown += [(row, QUIET, "quiet", 1) for row in bystanders(found, best)]
        made += [
            Example(
                label.path,
                found.landmarks_xy[row],
                targets,
                name,
                label.source,
                label.person or label.source,
                "crop",
                count,
            )
            for row, targets, name, count in shown
        ]
    return made


def group_examples(labels: Sequence[GroupLabel], located: dict[Path, Located]) -> list[Example]:
    """Examples from group photos: labelled hands, and the rest where it is known not to sign."""
    made = []
    looked_at = read_detections()
    for photo in labels:
        found = located[photo.path]
        if not len(found.presence):
            continue
        truth = np.array([h.box_xyxy for h in photo.hands], np.float32).reshape(-1, 4)
        boxes = boxes_around(found.landmarks_xy)
        iou = iou_matrix(boxes, truth)
        seen = looked_at.get(photo.path.name, [])
        same = iou_matrix(boxes, np.array([box for box, _ in seen], np.float32).reshape(-1, 4))
        quiet = not photo.has_gesture and not photo.unsure
        for row in range(len(iou)):
            best = int(iou[row].argmax()) if len(truth) else -1
            overlap = float(iou[row, best]) if len(truth) else 0.0
            if overlap > MATCH:
                hand = photo.hands[best]
                if hand.uncertain or hand.gesture == "unclear":
                    continue
                targets, label = targets_of(hand.gesture), hand.gesture
            elif len(seen) and same[row].max() > SAME_BOX:
                label = seen[int(same[row].argmax())][1]
                targets = QUIET if label == "quiet" else targets_of(label)
            elif photo.complete and overlap < APART:
                targets, label = ("not_hand",), "not_hand"
            elif quiet:
                targets, label = QUIET, "quiet"
            else:
                continue
            made.append(
                Example(
                    photo.path,
                    found.landmarks_xy[row],
                    targets,
                    label,
                    photo.source,
                    photo.source,
                    "group",
                    GROUP_VIEWS if label != "quiet" else QUIET_VIEWS,
                )
            )
    return made


def render_examples(
    rows: Sequence[tuple[Path, str]], located: dict[Path, Located]
) -> list[Example]:
    """Examples from rendered hands: (picture, gesture); both hands of a two-hand gesture."""
    made = []
    for path, gesture in rows:
        found = located[path]
        best = main_hand(found)
        if best is None or found.presence[best] < MATCH:
            continue
        rows_used = [best]
        if gesture in ("two_hand_heart", "holy"):
            rows_used = [int(i) for i in np.flatnonzero(found.presence > MATCH)]
        made += [
            Example(
                path,
                found.landmarks_xy[row],
                targets_of(gesture),
                gesture,
                f"render-{gesture}",
                f"render-{gesture}",
                "render",
                RENDER_VIEWS,
            )
            for row in rows_used
        ]
    return made
