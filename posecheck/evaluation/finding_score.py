"""How many of the hands that are there were found."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from posecheck.evaluation.intervals import Estimate, Resampler
from posecheck.evaluation.labels import ORDINARY, SIGNS
from posecheck.evaluation.options import SIZE_BINS, size_bin
from posecheck.evaluation.pairing import CropPair, GroupPair, Reading


@dataclass(frozen=True)
class CropFinding:
    """Hands found in pictures of one hand.

    Attributes:
        found: Share of pictures in which a hand was found.
        more_than_one: Share of pictures in which several were.
        any_right: Share of pictures with a hand, a label that is scored, and the right gesture
            on any of their hands; what a better choice of the main hand could reach.
        by_source: Source -> share found.
        by_gesture: Label -> share found.
    """

    found: Estimate
    more_than_one: Estimate
    any_right: Estimate
    by_source: Mapping[str, Estimate]
    by_gesture: Mapping[str, Estimate]


def score_crop_finding(pairs: Sequence[CropPair], resampler: Resampler) -> CropFinding:
    """Share of pictures in which a hand was found; all labels count, two-hand gestures too."""
    readings = [p.reading for p in pairs]
    seen = [p for p in pairs if p.reading.scored and p.result.hands]
    return CropFinding(
        found=_found(readings, resampler),
        more_than_one=resampler.rate(
            [len(p.result.hands) > 1 for p in pairs], [r.unit for r in readings]
        ),
        any_right=resampler.rate(
            [p.reading.right or _any_right(p) for p in seen], [p.reading.unit for p in seen]
        ),
        by_source=_grouped(readings, lambda r: r.source, resampler),
        by_gesture=_grouped(readings, lambda r: r.label, resampler),
    )


def _any_right(pair: CropPair) -> bool:
    return any(hand.gesture == pair.reading.truth for hand in pair.result.hands)


def _found(readings: Sequence[Reading], resampler: Resampler) -> Estimate:
    return resampler.rate([r.hand is not None for r in readings], [r.unit for r in readings])


def _grouped(
    readings: Sequence[Reading], key: Callable[[Reading], str], resampler: Resampler
) -> dict[str, Estimate]:
    return {
        name: _found([r for r in readings if key(r) == name], resampler)
        for name in sorted({key(r) for r in readings})
    }


@dataclass(frozen=True)
class SignRow:
    """Some of the signs in group photos.

    Attributes:
        name: A bin of hand size, a gesture, a source, or "all".
        found: Share of the signs that were found.
        read: Share of the signs that were found and read as the right gesture.
        by_finder: Who labelled the sign -> share found: "detector" are those that a plain palm
            pyramid finds, "eye" those it missed.
    """

    name: str
    found: Estimate
    read: Estimate
    by_finder: Mapping[str, Estimate]


@dataclass(frozen=True)
class SignTable:
    """Signs found in a set of group photos.

    Attributes:
        photos: How many photos.
        rows: "all", bins of size, and ">=40", the bins over 40 px together.
    """

    photos: int
    rows: tuple[SignRow, ...]


@dataclass(frozen=True)
class GroupFinding:
    """Hands found in group photos.

    Attributes:
        sure: Signs with a sure label, all photos.
        sure_uncrowded: The same without photos that hold very many signs.
        crowded: Names of those photos.
        uncertain: Signs whose label is uncertain, apart.
        by_gesture: Sure signs by gesture.
        by_source: Sure signs by source.
        ordinary: Share found of ordinary hands with a sure label, of photos in which every hand
            is labelled.
    """

    sure: SignTable
    sure_uncrowded: SignTable
    crowded: tuple[str, ...]
    uncertain: SignRow
    by_gesture: tuple[SignRow, ...]
    by_source: tuple[SignRow, ...]
    ordinary: Estimate


def score_group_finding(pairs: Sequence[GroupPair], resampler: Resampler) -> GroupFinding:
    """Share of the labelled hands in group photos that were found."""
    signs = [r for p in pairs for r in p.readings if r.label in SIGNS]
    sure = [r for r in signs if not r.uncertain]
    ordinary = [
        r for p in pairs if p.label.complete for r in p.readings if r.label in ORDINARY and r.scored
    ]
    compared = [p for p in pairs if not p.frames_differ]
    return GroupFinding(
        sure=_table(len(compared), sure, resampler),
        sure_uncrowded=_table(
            sum(not p.crowded for p in compared), [r for r in sure if not r.crowded], resampler
        ),
        crowded=tuple(p.label.file for p in compared if p.crowded),
        uncertain=_row("uncertain", [r for r in signs if r.uncertain], resampler),
        by_gesture=_split(sure, lambda r: r.label, resampler),
        by_source=_split(sure, lambda r: r.source, resampler),
        ordinary=_found(ordinary, resampler),
    )


def _row(name: str, signs: Sequence[Reading], resampler: Resampler) -> SignRow:
    return SignRow(
        name=name,
        found=_found(signs, resampler),
        read=resampler.rate([r.right for r in signs], [r.unit for r in signs]),
        by_finder=_grouped([r for r in signs if r.found_by], lambda r: r.found_by, resampler),
    )


def _split(
    signs: Sequence[Reading], key: Callable[[Reading], str], resampler: Resampler
) -> tuple[SignRow, ...]:
    names = sorted({key(r) for r in signs})
    return tuple(_row(name, [r for r in signs if key(r) == name], resampler) for name in names)


def _table(photos: int, signs: Sequence[Reading], resampler: Resampler) -> SignTable:
    rows = [_row("all", signs, resampler)]
    rows += [
        _row(name, [r for r in signs if size_bin(r.size) == name], resampler) for name in SIZE_BINS
    ]
    rows.append(_row(">=40", [r for r in signs if r.size >= 40], resampler))
    return SignTable(photos, tuple(rows))
