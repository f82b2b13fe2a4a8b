"""Every miss, wrong reading and false alarm, so that a person can look at each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from posecheck.evaluation.labels import ORDINARY, SIGNS
from posecheck.evaluation.pairing import CropPair, GroupPair, Reading, is_alarm, is_flagged
from posecheck.results import HandResult

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Case:
    """One hand or photo worth a look.

    Attributes:
        file: Name of the picture as the label file gives it.
        label: What the label file says, "" where no label is there.
        read: The gesture that was read, "" where none was.
        probability: Of that gesture.
        risk: Of the hand, or of the photo where it is about a photo.
        box_xyxy: Of the label, or of the detection where there is no label; None for photos and
            for hands missed in a crop.
    """

    file: str
    label: str
    read: str = ""
    probability: float | None = None
    risk: float | None = None
    box_xyxy: Box | None = None


@dataclass(frozen=True)
class Cases:
    """What went wrong; only hands whose label is sure.

    Attributes:
        missed_crops: Pictures of one hand in which none was found.
        missed_signs: Signs in group photos that were not found.
        misread: Hands that were found and read as another gesture, surest first.
        alarms: Ordinary hands, and hands in photos without a gesture, that raised an alarm.
        missed_photos: Photos with a sign that were not flagged.
        flagged_photos: Photos without a sign that were flagged.
    """

    missed_crops: tuple[Case, ...]
    missed_signs: tuple[Case, ...]
    misread: tuple[Case, ...]
    alarms: tuple[Case, ...]
    missed_photos: tuple[Case, ...]
    flagged_photos: tuple[Case, ...]


def collect_cases(crops: Sequence[CropPair], groups: Sequence[GroupPair], medium: float) -> Cases:
    """List what went wrong, in the order of the label files.

    Args:
        crops: Pictures of one hand.
        groups: Group photos.
        medium: Lowest risk of level medium.
    """
    hands = [p.reading for p in crops] + [r for p in groups for r in p.readings]
    misread = [r for r in hands if r.scored and r.hand is not None and not r.right]
    misread.sort(key=lambda r: -r.hand.probability if r.hand else 0.0)
    sure = [p for p in groups if not p.label.unsure]
    return Cases(
        missed_crops=tuple(_case(p.reading) for p in crops if p.reading.hand is None),
        missed_signs=tuple(
            _case(r)
            for p in groups
            for r in p.readings
            if r.label in SIGNS and not r.uncertain and r.hand is None
        ),
        misread=tuple(_case(r) for r in misread),
        alarms=tuple(_alarms(groups, medium)),
        missed_photos=tuple(
            _photo(p) for p in sure if p.label.has_gesture and not is_flagged(p.result)
        ),
        flagged_photos=tuple(
            _photo(p) for p in sure if not p.label.has_gesture and is_flagged(p.result)
        ),
    )


def _box(hand: HandResult) -> Box:
    x0, y0, x1, y1 = (round(float(v), 1) for v in hand.box_xyxy)
    return x0, y0, x1, y1


def _case(reading: Reading) -> Case:
    hand = reading.hand
    if hand is None:
        return Case(reading.photo, reading.label, box_xyxy=reading.box_xyxy)
    box = reading.box_xyxy or _box(hand)
    return Case(reading.photo, reading.label, hand.gesture, hand.probability, hand.risk, box)


def _photo(pair: GroupPair) -> Case:
    label = "sign" if pair.label.has_gesture else "no sign"
    return Case(pair.label.file, label, risk=pair.result.risk)


def _alarms(groups: Sequence[GroupPair], medium: float) -> Iterable[Case]:
    for pair in groups:
        labelled = {id(r.hand): r for r in pair.readings if r.hand is not None}
        empty = not pair.label.has_gesture and not pair.label.unsure
        for hand in pair.result.hands:
            if not is_alarm(hand, medium):
                continue
            reading = labelled.get(id(hand))
            if reading and (empty or (reading.label in ORDINARY and reading.scored)):
                yield _case(reading)
            elif reading is None and empty:
                yield Case(
                    pair.label.file, "", hand.gesture, hand.probability, hand.risk, _box(hand)
                )
