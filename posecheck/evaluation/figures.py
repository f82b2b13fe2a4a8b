"""The figures of an evaluation, as one frozen value; reports are made from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from posecheck.evaluation.alarm_score import AlarmScore, OrdinaryRow
from posecheck.evaluation.cases import Cases
from posecheck.evaluation.finding_score import CropFinding, GroupFinding
from posecheck.evaluation.gesture_score import GestureScore
from posecheck.evaluation.intervals import Estimate
from posecheck.evaluation.photo_score import PhotoScore
from posecheck.evaluation.unclear_score import UnclearScore


@dataclass(frozen=True)
class Unread:
    """A picture that could not be checked, so no figure is over it.

    Attributes:
        file: Name as the label file gives it.
        status: Value of its status.
        reason: Why.
    """

    file: str
    status: str
    reason: str


@dataclass(frozen=True)
class CropScore:
    """Pictures of one hand.

    Attributes:
        pictures: How many were read.
        unit: What intervals are drawn by: "source", "person" or "picture".
        units: How many of those there are.
        finding: Hands found.
        gestures: Gestures read on the hands that matter.
        gestures_by_source: Source -> accuracy on hands found.
        ordinary: False alarms over ordinary hands.
        unclear: Hands that cannot be told.
    """

    pictures: int
    unit: str
    units: int
    finding: CropFinding
    gestures: GestureScore
    gestures_by_source: Mapping[str, Estimate]
    ordinary: tuple[OrdinaryRow, ...]
    unclear: UnclearScore


@dataclass(frozen=True)
class GroupScore:
    """Photos of several people.

    Attributes:
        photos: How many were read.
        frames_differ: Photos whose size is not that of their labels; no hand of theirs is scored.
        finding: Hands found.
        gestures: Gestures read on labelled hands.
        alarms: False alarms.
        photo_level: Whole photos.
        unclear: Hands that cannot be told.
    """

    photos: int
    frames_differ: tuple[str, ...]
    finding: GroupFinding
    gestures: GestureScore
    alarms: AlarmScore
    photo_level: PhotoScore
    unclear: UnclearScore


@dataclass(frozen=True)
class Scores:
    """Figures of one part of the labels.

    Attributes:
        crops: Pictures of one hand, or None without any.
        groups: Group photos, or None without any.
        both: Gestures over the hands of both, or None without both.
        cases: Every miss, wrong reading and false alarm.
    """

    crops: CropScore | None
    groups: GroupScore | None
    both: GestureScore | None
    cases: Cases


@dataclass(frozen=True)
class Evaluation:
    """Everything that was worked out.

    Attributes:
        scores: Over all sources but those set apart.
        apart: Source -> its figures.
        unread: Pictures that could not be checked, those of sources apart included.
        splits: Split -> pictures of that split among those labelled.
        contests: Ids of contests in the results.
        rules: Ids of rule sets in the results.
        models: Name and hash prefix of every model in the results.
        smallest_hand: Smallest and largest of the sizes searched for, in pixels; None if unknown.
        elapsed_ms: Median time that a crop and a group photo took; None without any.
    """

    scores: Scores
    apart: Mapping[str, Scores]
    unread: tuple[Unread, ...]
    splits: Mapping[str, int]
    contests: tuple[str, ...]
    rules: tuple[str, ...]
    models: tuple[str, ...]
    smallest_hand: tuple[float, float] | None
    elapsed_ms: tuple[float | None, float | None]
