"""All figures of an evaluation, from labels and results."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Collection, Sequence

from posecheck.evaluation.alarm_score import ordinary_rows, score_alarms
from posecheck.evaluation.cases import collect_cases
from posecheck.evaluation.figures import CropScore, Evaluation, GroupScore, Scores, Unread
from posecheck.evaluation.finding_score import score_crop_finding, score_group_finding
from posecheck.evaluation.gesture_score import score_gestures
from posecheck.evaluation.intervals import Estimate, Resampler
from posecheck.evaluation.labels import Labels
from posecheck.evaluation.options import ScoreOptions
from posecheck.evaluation.pairing import (
    CropPair,
    GroupPair,
    crop_units,
    is_read,
    pair_crop,
    pair_group,
)
from posecheck.evaluation.photo_score import score_photos
from posecheck.evaluation.unclear_score import score_unclear
from posecheck.results import PhotoResult


def evaluate(
    labels: Labels,
    results: Sequence[PhotoResult],
    options: ScoreOptions,
    apart: Collection[str] = (),
) -> Evaluation:
    """Work out every figure.

    Args:
        labels: What people say.
        results: What the checker says, one for each of `labels.paths`, in that order.
        options: How to score.
        apart: Sources whose figures are given by themselves and enter no other.

    Raises:
        ValueError: There are more or fewer results than labelled pictures.
    """
    if len(labels) != len(results):
        raise ValueError(f"{len(results)} results for {len(labels)} labelled pictures")
    of_crops = list(zip(labels.crops, results[: len(labels.crops)], strict=True))
    of_groups = list(zip(labels.groups, results[len(labels.crops) :], strict=True))
    unit, units = crop_units([c for c in labels.crops if c.source not in apart])
    unit_of = dict(zip((c.path for c in labels.crops if c.source not in apart), units, strict=True))
    # A source apart is one source: its intervals can only be drawn by person or picture.
    units_apart = {
        source: crop_units([c for c in labels.crops if c.source == source]) for source in apart
    }
    for source, (_, names) in units_apart.items():
        paths = (c.path for c in labels.crops if c.source == source)
        unit_of.update(zip(paths, names, strict=True))
    crops = [pair_crop(c, r, unit_of[c.path]) for c, r in of_crops if is_read(r)]
    groups = [pair_group(g, r, options) for g, r in of_groups if is_read(r)]

    def part(source: str | None) -> Scores:
        def inside(name: str) -> bool:
            return name not in apart if source is None else name == source

        return _scores(
            [p for p in crops if inside(p.label.source)],
            [p for p in groups if inside(p.label.source)],
            unit if source is None else units_apart[source][0],
            options,
        )

    checked = [r for r in results if is_read(r)]
    searched = [r.smallest_hand for r in checked if r.smallest_hand > 0]
    return Evaluation(
        scores=part(None),
        apart={source: part(source) for source in sorted(apart)},
        unread=tuple(
            Unread(file, r.status.value, r.reason)
            for file, r in zip(labels.files, results, strict=True)
            if not is_read(r)
        ),
        splits=_splits(labels),
        contests=tuple(sorted({r.contest for r in checked})),
        rules=tuple(sorted({r.rules for r in checked})),
        models=tuple(sorted({" ".join(model) for r in checked for model in r.models})),
        smallest_hand=(min(searched), max(searched)) if searched else None,
        elapsed_ms=(
            _median([p.result.elapsed_ms for p in crops]),
            _median([p.result.elapsed_ms for p in groups]),
        ),
    )


def _splits(labels: Labels) -> dict[str, int]:
    counts = Counter([c.split for c in labels.crops] + [g.split for g in labels.groups])
    return dict(sorted(counts.items()))


def _median(values: Sequence[float]) -> float | None:
    return statistics.median(values) if values else None


def _scores(
    crops: Sequence[CropPair], groups: Sequence[GroupPair], unit: str, options: ScoreOptions
) -> Scores:
    picture_units = [p.reading.unit for p in crops]
    group_units = [str(p.label.path) for p in groups]
    by_crop = Resampler(picture_units, options.replicates, options.seed)
    by_photo = Resampler(group_units, options.replicates, options.seed)
    both = None
    if crops and groups:
        together = Resampler(
            picture_units + group_units,
            options.replicates,
            options.seed,
            ["crop"] * len(crops) + ["group"] * len(groups),
        )
        hands = [p.reading for p in crops] + [r for p in groups for r in p.readings]
        both = score_gestures(hands, together, options)
    return Scores(
        crops=_crop_score(crops, unit, by_crop, options) if crops else None,
        groups=_group_score(groups, by_photo, options) if groups else None,
        both=both,
        cases=collect_cases(crops, groups, options.medium),
    )


def _crop_score(
    pairs: Sequence[CropPair], unit: str, resampler: Resampler, options: ScoreOptions
) -> CropScore:
    readings = [p.reading for p in pairs]
    return CropScore(
        pictures=len(pairs),
        unit=unit,
        units=len(resampler),
        finding=score_crop_finding(pairs, resampler),
        gestures=score_gestures(readings, resampler, options),
        gestures_by_source=_accuracy_by_source(pairs, resampler),
        ordinary=ordinary_rows(readings, resampler, options.medium),
        unclear=score_unclear(readings, resampler),
    )


def _accuracy_by_source(pairs: Sequence[CropPair], resampler: Resampler) -> dict[str, Estimate]:
    rows = {}
    for source in sorted({p.reading.source for p in pairs}):
        found = [
            p.reading
            for p in pairs
            if p.reading.source == source and p.reading.scored and p.reading.hand is not None
        ]
        rows[source] = resampler.rate([r.right for r in found], [r.unit for r in found])
    return rows


def _group_score(
    pairs: Sequence[GroupPair], resampler: Resampler, options: ScoreOptions
) -> GroupScore:
    readings = [r for p in pairs for r in p.readings]
    return GroupScore(
        photos=len(pairs),
        frames_differ=tuple(p.label.file for p in pairs if p.frames_differ),
        finding=score_group_finding(pairs, resampler),
        gestures=score_gestures(readings, resampler, options),
        alarms=score_alarms(pairs, resampler, options),
        photo_level=score_photos(pairs, resampler),
        unclear=score_unclear(readings, resampler, pairs),
    )
