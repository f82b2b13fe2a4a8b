"""How silent the pipeline is where there is nothing to say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from posecheck.evaluation.intervals import Estimate, Resampler
from posecheck.evaluation.labels import ORDINARY, SIGNS
from posecheck.evaluation.options import SIZE_BINS, ScoreOptions, size_bin
from posecheck.evaluation.pairing import GroupPair, Reading, is_alarm, is_flagged


@dataclass(frozen=True)
class OrdinaryRow:
    """Ordinary hands: resting, "other" shapes, fists, halves of hearts.

    Attributes:
        name: A label, a bin of hand size, or "all".
        labelled: Sure labels.
        alarms: Share of those found that raise an alarm (see `pairing.is_alarm`).
        alarms_of_all: The same over all that are labelled; one that is missed raises none.
        read_as_sign: Share of those found that are read as any one-hand sign, whatever its risk.
    """

    name: str
    labelled: int
    alarms: Estimate
    alarms_of_all: Estimate
    read_as_sign: Estimate


@dataclass(frozen=True)
class EmptyPhotos:
    """Photos in which nobody makes a sign, as far as the reader is sure.

    Attributes:
        alarms: Alarms a photo, over all hands, labelled or not.
        alarms_per_hundred: The same for a hundred photos.
        flagged: Share of photos of level medium or above.
        with_alarm: Share of photos with one alarm or more.
    """

    alarms: Estimate
    alarms_per_hundred: Estimate
    flagged: Estimate
    with_alarm: Estimate


@dataclass(frozen=True)
class Detections:
    """What the detections in a set of group photos are.

    `no_hand` is a lower end where not every hand is labelled: a detection without a label may be
    a hand nobody listed.

    Attributes:
        photos: How many photos.
        total: Detections.
        hands: Those that match a labelled hand, unclear ones included.
        no_hands: Those that match a label `not_hand`.
        repeats: Those that overlap a label which another detection took.
        unlabelled: The others.
        no_hand: no_hands / (hands + no_hands).
        no_hand_at_most: (no_hands + unlabelled) / total; says something only where every hand
            is labelled.
        no_hand_alarms: Alarms on `no_hands`.
        repeated: repeats / total.
    """

    photos: int
    total: int
    hands: int
    no_hands: int
    repeats: int
    unlabelled: int
    no_hand: Estimate
    no_hand_at_most: Estimate
    no_hand_alarms: int
    repeated: Estimate


@dataclass(frozen=True)
class AlarmScore:
    """False alarms in group photos.

    Attributes:
        ordinary: Ordinary hands: "all", by label, by size.
        uncertain_ordinary: Ordinary hands whose label is uncertain, apart.
        empty_photos: Photos without a gesture.
        detections: What the detections are, all photos.
        detections_complete: The same in photos in which every hand is labelled.
    """

    ordinary: tuple[OrdinaryRow, ...]
    uncertain_ordinary: OrdinaryRow
    empty_photos: EmptyPhotos
    detections: Detections
    detections_complete: Detections


def score_alarms(
    pairs: Sequence[GroupPair], resampler: Resampler, options: ScoreOptions
) -> AlarmScore:
    """False alarms over ordinary hands, over photos without a gesture, and over no hands."""
    readings = [r for p in pairs for r in p.readings]
    empty = [p for p in pairs if not p.label.has_gesture and not p.label.unsure]
    compared = [p for p in pairs if not p.frames_differ]
    return AlarmScore(
        ordinary=ordinary_rows(readings, resampler, options.medium),
        uncertain_ordinary=_ordinary(
            "uncertain",
            [r for r in readings if r.label in ORDINARY and r.uncertain],
            resampler,
            options.medium,
        ),
        empty_photos=_empty(empty, resampler, options.medium),
        detections=_detections(compared, resampler, options.medium),
        detections_complete=_detections(
            [p for p in compared if p.label.complete], resampler, options.medium
        ),
    )


def ordinary_rows(
    readings: Sequence[Reading], resampler: Resampler, medium: float
) -> tuple[OrdinaryRow, ...]:
    """Alarms over ordinary hands with a sure label: all, by label, by size.

    Args:
        readings: Of any label; others than ordinary hands are left out.
        resampler: Knows the readings' units.
        medium: Lowest risk of level medium.
    """
    hands = [r for r in readings if r.label in ORDINARY and r.scored]
    parts = {"all": hands}
    for label in sorted({r.label for r in hands}):
        parts[label] = [r for r in hands if r.label == label]
    for name in SIZE_BINS:
        parts[f"{name} px"] = [r for r in hands if r.size > 0 and size_bin(r.size) == name]
    return tuple(_ordinary(name, part, resampler, medium) for name, part in parts.items())


def _ordinary(
    name: str, readings: Sequence[Reading], resampler: Resampler, medium: float
) -> OrdinaryRow:
    found = [(r.unit, r.hand) for r in readings if r.hand is not None]
    units = [unit for unit, _ in found]
    return OrdinaryRow(
        name=name,
        labelled=len(readings),
        alarms=resampler.rate([is_alarm(hand, medium) for _, hand in found], units),
        alarms_of_all=resampler.rate(
            [r.hand is not None and is_alarm(r.hand, medium) for r in readings],
            [r.unit for r in readings],
        ),
        read_as_sign=resampler.rate([hand.gesture in SIGNS for _, hand in found], units),
    )


def _empty(pairs: Sequence[GroupPair], resampler: Resampler, medium: float) -> EmptyPhotos:
    units = [str(p.label.path) for p in pairs]
    alarms = [sum(is_alarm(hand, medium) for hand in p.result.hands) for p in pairs]
    each = resampler.rate(alarms, units, proportion=False)
    return EmptyPhotos(
        alarms=each,
        alarms_per_hundred=resampler.rate([100 * n for n in alarms], units, proportion=False),
        flagged=resampler.rate([is_flagged(p.result) for p in pairs], units),
        with_alarm=resampler.rate([count > 0 for count in alarms], units),
    )


def _detections(pairs: Sequence[GroupPair], resampler: Resampler, medium: float) -> Detections:
    known: list[tuple[str, bool]] = []
    worst: list[tuple[str, bool]] = []
    repeated: list[tuple[str, bool]] = []
    alarms = 0
    for pair in pairs:
        unit = str(pair.label.path)
        found = [r for r in pair.readings if r.hand is not None]
        known += [(unit, r.label == "not_hand") for r in found]
        alarms += sum(is_alarm(r.hand, medium) for r in found if r.hand and r.label == "not_hand")
        strangers = [(unit, True)] * len(pair.strangers)
        repeats = [(unit, False)] * len(pair.repeats)
        worst += [(unit, r.label == "not_hand") for r in found] + strangers + repeats
        repeated += [(unit, False)] * (len(found) + len(strangers))
        repeated += [(unit, True)] * len(repeats)

    def share(cases: Sequence[tuple[str, bool]]) -> Estimate:
        return resampler.rate([hit for _, hit in cases], [unit for unit, _ in cases])

    no_hands = sum(hit for _, hit in known)
    return Detections(
        photos=len(pairs),
        total=len(worst),
        hands=len(known) - no_hands,
        no_hands=no_hands,
        repeats=sum(len(p.repeats) for p in pairs),
        unlabelled=sum(len(p.strangers) for p in pairs),
        no_hand=share(known),
        no_hand_at_most=share(worst),
        no_hand_alarms=alarms,
        repeated=share(repeated),
    )
