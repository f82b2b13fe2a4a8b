"""How well gestures are read on the hands that were found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from posecheck.evaluation.calibration import Calibration, calibrate
from posecheck.evaluation.intervals import Estimate, Resampler
from posecheck.evaluation.measures import Bool, Float, class_scores, ratio
from posecheck.evaluation.options import SIZE_BINS, ScoreOptions, size_bin
from posecheck.evaluation.pairing import Reading
from posecheck.gesture.vocabulary import GESTURE_IDS

MISSED = "(missed)"
"""Column of the confusion matrix for labelled hands that were not found."""


@dataclass(frozen=True)
class GestureRow:
    """One gesture.

    Attributes:
        gesture: Its id.
        labelled: Sure labels.
        found: Of those, hands found.
        read: Hands found (whatever their label) that were read as this gesture.
        right: Hands with this label that were read so.
        precision: right / read, or None.
        recall: right / found, or None.
        recall_of_all: right / labelled, or None; a hand that was missed counts as wrong.
        f1: Of precision and recall, with its interval; None for a class without a label.
        f1_of_all: Of precision and `recall_of_all`, or None.
        in_macro: It has examples enough to enter the macro-F1.
    """

    gesture: str
    labelled: int
    found: int
    read: int
    right: int
    precision: float | None
    recall: float | None
    recall_of_all: float | None
    f1: Estimate
    f1_of_all: float | None
    in_macro: bool


@dataclass(frozen=True)
class GestureScore:
    """Gestures read in one set of labelled hands.

    Attributes:
        labelled: Hands with a sure label that names a gesture.
        accuracy: Right among those found.
        macro_f1: Mean F1 of all classes with examples enough, ordinary hands included.
        macro_f1_gestures: The same without `none` and `other`.
        macro_f1_of_all: As `macro_f1`, a hand that was missed counting as wrong.
        gestures: One row for every class that was labelled or read.
        by_size: Bin of hand size -> accuracy among those found.
        classes: Names of the rows of `confusion`.
        readings: Names of its columns: `classes`, other readings, and `MISSED`.
        confusion: Counts, row = label, column = reading.
        calibration: Of the probabilities.
    """

    labelled: int
    accuracy: Estimate
    macro_f1: Estimate
    macro_f1_gestures: Estimate
    macro_f1_of_all: Estimate
    gestures: tuple[GestureRow, ...]
    by_size: Mapping[str, Estimate]
    classes: tuple[str, ...]
    readings: tuple[str, ...]
    confusion: tuple[tuple[int, ...], ...]
    calibration: Calibration


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _tally(
    scored: Sequence[Reading], resampler: Resampler
) -> tuple[tuple[str, ...], tuple[str, ...], Float]:
    """Names of rows and columns, and the confusion matrix (1 + replicates, rows, columns)."""
    read = [r.hand.gesture if r.hand else MISSED for r in scored]
    named = {r.truth for r in scored} | (set(read) & set(GESTURE_IDS))
    classes = tuple(g for g in GESTURE_IDS if g in named)
    columns = (*classes, *sorted(set(read) - {*classes, MISSED}), MISSED)
    per_unit = np.zeros((len(resampler), len(classes), len(columns)))
    for reading, gesture in zip(scored, read, strict=True):
        unit = resampler.index[reading.unit]
        per_unit[unit, classes.index(reading.truth), columns.index(gesture)] += 1.0
    return classes, columns, resampler.draw(per_unit)


def score_gestures(
    readings: Sequence[Reading], resampler: Resampler, options: ScoreOptions
) -> GestureScore:
    """Score the gestures read on labelled hands; labels that are not `scored` are left out."""
    scored = [r for r in readings if r.scored]
    found = [r for r in scored if r.hand is not None]
    classes, columns, sums = _tally(scored, resampler)
    with_missed = class_scores(sums)
    sums_found = sums.copy()
    sums_found[..., -1] = 0.0
    scores = class_scores(sums_found)
    # A class without a label has no F1.  In draws of few sources that happens, and counting it
    # as 0 would pull the interval of every mean down.
    weight = sums.sum(axis=-1)
    f1 = np.where(weight > 0, scores.f1, np.nan)
    f1_of_all = np.where(weight > 0, with_missed.f1, np.nan)

    labelled = weight[0]
    # Drawn anew with every draw: a class of which few examples are left would be judged by the
    # readings of all the others.
    enough = weight >= options.min_examples
    gestures = enough & np.array([g not in ("none", "other") for g in classes], bool)
    counts = sums[0].astype(int)
    rows = tuple(
        GestureRow(
            gesture=name,
            labelled=int(labelled[i]),
            found=int(sums_found[0, i].sum()),
            read=int(counts[:, i].sum()),
            right=int(counts[i, i]),
            precision=_number(scores.precision[0, i]),
            recall=_number(scores.recall[0, i]),
            recall_of_all=_number(with_missed.recall[0, i]),
            f1=resampler.figure(f1[:, i], int(labelled[i])),
            f1_of_all=_number(f1_of_all[0, i]),
            in_macro=bool(enough[0, i]),
        )
        for i, name in enumerate(classes)
    )

    def macro(each: Float, chosen: Bool) -> Estimate:
        means = ratio(np.where(chosen, np.nan_to_num(each), 0.0).sum(axis=1), chosen.sum(axis=1))
        return resampler.figure(means, int(labelled[chosen[0]].sum()))

    by_bin = {name: [r for r in found if size_bin(r.size) == name] for name in SIZE_BINS}
    return GestureScore(
        labelled=len(scored),
        accuracy=resampler.rate([r.right for r in found], [r.unit for r in found]),
        macro_f1=macro(f1, enough),
        macro_f1_gestures=macro(f1, gestures),
        macro_f1_of_all=macro(f1_of_all, enough),
        gestures=rows,
        by_size={
            name: resampler.rate([r.right for r in hands], [r.unit for r in hands])
            for name, hands in by_bin.items()
            if hands
        },
        classes=classes,
        readings=columns,
        confusion=tuple(tuple(int(c) for c in row) for row in counts),
        calibration=calibrate(readings, resampler, options),
    )
