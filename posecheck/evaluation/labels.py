"""What people say is in a photo: the values that label files are read into."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import numpy as np

from posecheck.gesture.vocabulary import GESTURE_IDS, GESTURES

SIGNS: frozenset[str] = frozenset(
    g.id for g in GESTURES if g.is_sign and g.hands == 1 and g.id != "fist"
)
"""Deliberate finger signs of one hand; recall in group photos is over these."""

ORDINARY: frozenset[str] = frozenset({"none", "other", "fist", "half_heart", "xsign"})
"""Labels of hands that are never to raise an alarm."""

CROP_LABELS: frozenset[str] = frozenset({*GESTURE_IDS, "xsign", "unclear"})
"""Labels that a picture of one hand may carry."""

HAND_LABELS: frozenset[str] = CROP_LABELS | {"half_heart", "not_hand"}
"""Labels that a hand in a group photo may carry."""

UNSCORED: frozenset[str] = frozenset({"unclear", "not_hand"})
"""Labels without a right gesture: nobody could tell, or there is no hand."""

_ACCEPTED: dict[str, tuple[str, ...]] = {
    "xsign": ("other",),
    # One hand's half of a heart is no gesture of the vocabulary: any of these is a right answer,
    # two_hand_heart because the other half may be another person's hand.
    "half_heart": ("other", "none", "two_hand_heart"),
}


def truth(label: str, read: str | None) -> str:
    """The gesture that should have been read on a hand labelled `label`.

    A label that allows several answers takes the one that was read, if it is one of them, and
    the first otherwise.

    Args:
        label: A label, not one of `UNSCORED`.
        read: The gesture that was read, or None for a hand that was missed.
    """
    accepted = _ACCEPTED.get(label, (label,))
    return read if read is not None and read in accepted else accepted[0]


@dataclass(frozen=True)
class CropLabel:
    """One picture of one hand.

    Attributes:
        file: Name as the label file gives it.
        path: Where the picture is, or where it was looked for first.
        gesture: One of `CROP_LABELS`.
        source: Where it comes from; "" when not said.
        person: Who made the gesture, as an opaque name; "" when not said.
        split: For instance "train" or "dev"; "" when not said.
    """

    file: str
    path: Path
    gesture: str
    source: str = ""
    person: str = ""
    split: str = ""


@dataclass(frozen=True)
class HandLabel:
    """One labelled hand of a group photo.

    Attributes:
        box_xyxy: x0, y0, x1, y1 in pixels of the photo.
        gesture: One of `HAND_LABELS`.
        uncertain: The reader was not sure.
        size: Longer side in pixels.
        found_by: "detector" or "eye", or "" when not said.
    """

    box_xyxy: tuple[float, float, float, float]
    gesture: str
    uncertain: bool
    size: float
    found_by: str = ""


@dataclass(frozen=True)
class GroupLabel:
    """One photo of several people.

    Attributes:
        file: Name as the label file gives it.
        path: Where the photo is, or where it was looked for first.
        has_gesture: Someone makes a deliberate finger sign.
        unsure: The reader doubts `has_gesture`.
        complete: Every hand of the photo, ordinary ones too, is in `hands`.
        source: Where it comes from; "" when not said.
        split: For instance "train" or "dev"; "" when not said.
        width: Pixels; 0 when not said.
        height: Pixels; 0 when not said.
        counted: (gesture, how many the eye counted in the whole photo).
        hands: Labelled hands.
    """

    file: str
    path: Path
    has_gesture: bool
    unsure: bool = False
    complete: bool = False
    source: str = ""
    split: str = ""
    width: int = 0
    height: int = 0
    counted: tuple[tuple[str, int], ...] = ()
    hands: tuple[HandLabel, ...] = ()

    @property
    def signs(self) -> int:
        """Signs in the photo: the larger of those counted by eye and those with a label."""
        labelled = sum(h.gesture in SIGNS for h in self.hands)
        return max(labelled, sum(n for gesture, n in self.counted if gesture in SIGNS))


@dataclass(frozen=True)
class Labels:
    """Everything that a set of label files says.

    Attributes:
        crops: Pictures of one hand.
        groups: Photos of several people.
    """

    crops: tuple[CropLabel, ...] = ()
    groups: tuple[GroupLabel, ...] = ()

    def __len__(self) -> int:
        """Number of pictures."""
        return len(self.crops) + len(self.groups)

    @property
    def sources(self) -> frozenset[str]:
        """Every source named."""
        named = [*(c.source for c in self.crops), *(g.source for g in self.groups)]
        return frozenset(filter(None, named))

    @property
    def files(self) -> tuple[str, ...]:
        """Names of the pictures as the label files give them, crops first."""
        return (*(c.file for c in self.crops), *(g.file for g in self.groups))

    @property
    def paths(self) -> tuple[Path, ...]:
        """Where the pictures are, crops first."""
        return (*(c.path for c in self.crops), *(g.path for g in self.groups))


_T = TypeVar("_T", CropLabel, GroupLabel)


def _sample(items: Sequence[_T], limit: int | None, seed: int) -> tuple[_T, ...]:
    if limit is None or len(items) <= limit:
        return tuple(items)
    chosen = np.random.default_rng(seed).choice(len(items), size=limit, replace=False)
    return tuple(items[int(i)] for i in np.sort(chosen))


def select(
    labels: Labels,
    split: str | None = None,
    exclude: Collection[str] = (),
    limit: int | None = None,
    seed: int = 0,
) -> Labels:
    """The part of `labels` that is to be scored.

    Args:
        labels: All of them.
        split: Keep only this split; None keeps all.
        exclude: Sources to leave out.
        limit: Keep at most this many crops and this many group photos, drawn without
            replacement; the order of the files is kept.
        seed: Of the draw.
    """

    def keep(items: Sequence[_T]) -> tuple[_T, ...]:
        wanted = [p for p in items if split in (None, p.split) and p.source not in exclude]
        return _sample(wanted, limit, seed)

    return replace(labels, crops=keep(labels.crops), groups=keep(labels.groups))
