"""How often the answer is that a hand cannot be told, and whether rightly so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from posecheck.evaluation.intervals import Estimate, Resampler
from posecheck.evaluation.labels import ORDINARY, SIGNS
from posecheck.evaluation.pairing import GroupPair, Reading


@dataclass(frozen=True)
class UnclearScore:
    """Hands that were found and cannot be told: too small or too blurred, no reading likely.

    Attributes:
        detections: How many of all detections are unclear, labelled or not; of a picture of one
            hand only the hand that matters counts.
        signs: Share unclear of the signs with a sure label.
        signs_read_ordinary: Share unclear of those among them whose likeliest reading is no
            sign: without the answer they would be lost.
        ordinary: Share unclear of the ordinary hands with a sure label.
        right: Share of the unclear hands with a scored label whose likeliest reading is right;
            high means that they could have been told.
        empty_photos: Share of the photos without a gesture that hold an unclear hand; None for
            pictures of one hand.
    """

    detections: Estimate
    signs: Estimate
    signs_read_ordinary: Estimate
    ordinary: Estimate
    right: Estimate
    empty_photos: Estimate | None = None


def score_unclear(
    readings: Sequence[Reading], resampler: Resampler, groups: Sequence[GroupPair] | None = None
) -> UnclearScore:
    """Count the hands that cannot be told.

    Args:
        readings: Labelled hands; those that were not found are left out.
        resampler: Knows the readings' units.
        groups: The group photos that the readings are of; None for pictures of one hand.
    """
    found = [(r, r.hand) for r in readings if r.hand is not None]
    sure = [(r, hand) for r, hand in found if r.scored]
    signs = [(r, hand) for r, hand in sure if r.label in SIGNS]

    if groups is None:
        detected = [(r.unit, hand.unclear) for r, hand in found]
    else:
        detected = [(str(p.label.path), h.unclear) for p in groups for h in p.result.hands]
    lost = [(r, hand) for r, hand in signs if hand.gesture not in SIGNS]
    ordinary = [(r, hand) for r, hand in sure if r.label in ORDINARY]
    unclear = [r for r, hand in sure if hand.unclear]
    return UnclearScore(
        detections=resampler.rate([hit for _, hit in detected], [unit for unit, _ in detected]),
        signs=resampler.rate([hand.unclear for _, hand in signs], [r.unit for r, _ in signs]),
        signs_read_ordinary=resampler.rate(
            [hand.unclear for _, hand in lost], [r.unit for r, _ in lost]
        ),
        ordinary=resampler.rate(
            [hand.unclear for _, hand in ordinary], [r.unit for r, _ in ordinary]
        ),
        right=resampler.rate([r.right for r in unclear], [r.unit for r in unclear]),
        empty_photos=None if groups is None else _empty_photos(groups, resampler),
    )


def _empty_photos(groups: Sequence[GroupPair], resampler: Resampler) -> Estimate:
    empty = [p for p in groups if not p.label.has_gesture and not p.label.unsure]
    return resampler.rate(
        [any(hand.unclear for hand in p.result.hands) for p in empty],
        [str(p.label.path) for p in empty],
    )
