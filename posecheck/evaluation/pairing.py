"""Labels and results put together: what was read on every labelled hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from posecheck.evaluation.labels import UNSCORED, CropLabel, GroupLabel, truth
from posecheck.evaluation.matching import match
from posecheck.evaluation.options import ScoreOptions
from posecheck.hands.nms import iou_matrix
from posecheck.results import HandResult, Level, PhotoResult, Status


@dataclass(frozen=True, eq=False)
class Reading:
    """A labelled hand, and the hand that was found there.

    Attributes:
        photo: Name of the picture as the label file gives it.
        source: Where the picture comes from.
        unit: What the bootstrap draws: the source of a crop, the group photo of a hand.
        label: What the label file says.
        size: Longer side in pixels: of the label in a group photo, of the hand that was found in
            a crop (0 where none was).
        hand: The hand found there, or None.
        uncertain: The reader of the label was not sure.
        found_by: "detector", "eye" or "".
        crowded: The photo holds very many signs.
        box_xyxy: Box of the label in pixels, or None in a crop.
    """

    photo: str
    source: str
    unit: str
    label: str
    size: float
    hand: HandResult | None
    uncertain: bool = False
    found_by: str = ""
    crowded: bool = False
    box_xyxy: tuple[float, float, float, float] | None = None

    @property
    def truth(self) -> str:
        """The gesture that should have been read."""
        return truth(self.label, self.hand.gesture if self.hand else None)

    @property
    def right(self) -> bool:
        """A hand was found and its gesture is the right one."""
        return self.hand is not None and self.hand.gesture == self.truth

    @property
    def scored(self) -> bool:
        """The label is sure and names a gesture."""
        return not self.uncertain and self.label not in UNSCORED


@dataclass(frozen=True, eq=False)
class CropPair:
    """One picture of one hand that was read.

    Attributes:
        label: What the label file says.
        result: What the checker says.
        reading: The hand that matters in it.
    """

    label: CropLabel
    result: PhotoResult
    reading: Reading


@dataclass(frozen=True, eq=False)
class GroupPair:
    """One group photo that was read.

    Attributes:
        label: What the label file says.
        result: What the checker says.
        readings: One for every label; empty where the frames differ.
        matched: Hands of the result that belong to a label.
        repeats: Hands without a label of their own that overlap a label which another hand took.
        strangers: Hands that overlap no label.
        frames_differ: The labels are for a picture of another size, so hands are not compared.
        crowded: The photo holds very many signs.
    """

    label: GroupLabel
    result: PhotoResult
    readings: tuple[Reading, ...]
    matched: tuple[HandResult, ...]
    repeats: tuple[HandResult, ...]
    strangers: tuple[HandResult, ...]
    frames_differ: bool
    crowded: bool


def is_alarm(hand: HandResult, medium: float) -> bool:
    """Whether a hand alone is reported as resembling a number symbol.

    The risk decides, whatever gesture is named: a hand torn between two forbidden signs and rest
    is shown to the user as well.  A risk of level medium takes gestures that the rules forbid or
    dispute, so a fist or a two-hand heart read for certain is no alarm.
    """
    return hand.risk >= medium


def is_flagged(result: PhotoResult) -> bool:
    """Whether the photo is of level medium or above."""
    return result.level is not None and result.level.rank >= Level.MEDIUM.rank


def main_hand(result: PhotoResult) -> HandResult | None:
    """The hand that a picture of one hand is about: the largest, the most present among equals."""
    return max(result.hands, key=lambda hand: (hand.size, hand.presence), default=None)


def pair_crop(label: CropLabel, result: PhotoResult, unit: str) -> CropPair:
    """Put a crop's label and its result together.

    Args:
        label: What the label file says.
        result: A checked photo.
        unit: What the bootstrap draws.
    """
    hand = main_hand(result)
    reading = Reading(
        photo=label.file,
        source=label.source,
        unit=unit,
        label=label.gesture,
        size=hand.size if hand else 0.0,
        hand=hand,
    )
    return CropPair(label, result, reading)


def pair_group(label: GroupLabel, result: PhotoResult, options: ScoreOptions) -> GroupPair:
    """Match the hands of a group photo with its labels.

    Every label takes part, those of false detections and uncertain ones too, so that a detection
    goes to the label it fits best.

    Args:
        label: What the label file says.
        result: A checked photo.
        options: Overlap above which a detection matches, and what a crowded photo is.
    """
    crowded = label.signs > options.crowded
    differ = bool(label.width and label.height and result.width and result.height) and (
        (label.width, label.height) != (result.width, result.height)
    )
    if differ:
        return GroupPair(label, result, (), (), (), (), frames_differ=True, crowded=crowded)
    hands = result.hands
    boxes = np.array([h.box_xyxy for h in hands], np.float32).reshape(-1, 4)
    labelled = np.array([h.box_xyxy for h in label.hands], np.float32).reshape(-1, 4)
    iou = iou_matrix(labelled, boxes)
    found = match(iou, options.iou)
    readings = tuple(
        Reading(
            photo=label.file,
            source=label.source,
            unit=str(label.path),
            label=hand.gesture,
            size=hand.size,
            hand=hands[found[i]] if found[i] >= 0 else None,
            uncertain=hand.uncertain,
            found_by=hand.found_by,
            crowded=crowded,
            box_xyxy=hand.box_xyxy,
        )
        for i, hand in enumerate(label.hands)
    )
    taken = {int(i) for i in found if i >= 0}
    near = np.any(iou > options.iou, axis=0).tolist()
    return GroupPair(
        label=label,
        result=result,
        readings=readings,
        matched=tuple(h for i, h in enumerate(hands) if i in taken),
        repeats=tuple(h for i, h in enumerate(hands) if i not in taken and near[i]),
        strangers=tuple(h for i, h in enumerate(hands) if i not in taken and not near[i]),
        frames_differ=False,
        crowded=crowded,
    )


def crop_units(labels: Sequence[CropLabel]) -> tuple[str, list[str]]:
    """What the bootstrap draws among crops.

    Pictures of one source resemble each other, so whole sources are drawn; where there is only
    one source, people; where those are not told apart either, pictures.

    Returns:
        ("source", "person" or "picture"; the unit of every label).
    """
    ways = {
        "source": [c.source for c in labels],
        "person": [c.person for c in labels],
    }
    for name, units in ways.items():
        if len(set(units)) > 1 and all(units):
            return name, units
    return "picture", [str(c.path) for c in labels]


def is_read(result: PhotoResult) -> bool:
    """Whether the result says anything about the photo's hands."""
    return result.status is Status.CHECKED
