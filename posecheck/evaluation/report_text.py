"""The evaluation as text: compact tables with the sample size beside every figure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from posecheck.evaluation.alarm_score import AlarmScore, Detections, OrdinaryRow
from posecheck.evaluation.figures import CropScore, Evaluation, GroupScore, Scores
from posecheck.evaluation.finding_score import SignRow
from posecheck.evaluation.gesture_text import calibration_lines, confusion_lines, gesture_lines
from posecheck.evaluation.head_text import head_lines, unread_lines
from posecheck.evaluation.photo_score import PhotoScore
from posecheck.evaluation.setup import EvalSetup
from posecheck.evaluation.tables import (
    counted,
    percent,
    percent_interval,
    sentence,
    table,
)
from posecheck.evaluation.unclear_text import unclear_lines


def to_text(evaluation: Evaluation, setup: EvalSetup) -> str:
    """The report as text, ending in a line break."""
    scores = evaluation.scores
    lines = [*head_lines(evaluation, setup), *unread_lines(evaluation)]
    if scores.crops:
        lines += _crops(scores.crops)
    if scores.groups:
        lines += _groups(scores.groups)
    lines += gesture_lines(scores)
    lines += confusion_lines(scores)
    if scores.groups:
        lines += _silence(scores.groups.alarms)
        lines += _photos(scores.groups.photo_level)
    lines += unclear_lines(scores)
    lines += calibration_lines(scores)
    for source, apart in evaluation.apart.items():
        lines += _apart(source, apart)
    lines += _cases(scores)
    return "\n".join(lines) + "\n"


def _crops(score: CropScore) -> Iterator[str]:
    yield ""
    yield "PICTURES OF ONE HAND"
    rows = [("all", score.finding.found, score.gestures.accuracy)]
    rows += [
        (source, found, score.gestures_by_source[source])
        for source, found in score.finding.by_source.items()
    ]
    header = ("source", "found/n", "found %", "95 %", "right/found", "right %", "95 %")
    yield from table(
        header,
        [
            (
                name or "(none)",
                counted(found),
                percent(found.value),
                percent_interval(found),
                counted(right),
                percent(right.value),
                percent_interval(right),
            )
            for name, found, right in rows
        ],
    )
    yield "  right: the gesture of the largest hand, over hands found whose label names a gesture"
    yield sentence("more than one hand found", score.finding.more_than_one)
    yield sentence("right on any of the hands found", score.finding.any_right)


def _sign_rows(rows: Sequence[SignRow], name: str) -> list[str]:
    header = (name, "found/n", "found %", "95 %", "detector", "eye", "found, right %", "95 %")
    return table(
        header,
        [
            (
                row.name or "(none)",
                counted(row.found),
                percent(row.found.value),
                percent_interval(row.found),
                counted(row.by_finder["detector"]) if "detector" in row.by_finder else "-",
                counted(row.by_finder["eye"]) if "eye" in row.by_finder else "-",
                percent(row.read.value),
                percent_interval(row.read),
            )
            for row in rows
        ],
    )


def _groups(score: GroupScore) -> Iterator[str]:
    finding = score.finding
    yield ""
    yield f"SIGNS IN {finding.sure.photos} GROUP PHOTOS (sure labels)"
    yield from _sign_rows([*finding.sure.rows, finding.uncertain], "size px")
    if finding.crowded:
        yield f"  without {len(finding.crowded)} crowded photos ({', '.join(finding.crowded)}):"
        yield from _sign_rows(finding.sure_uncrowded.rows, "size px")
    else:
        yield "  no photo is crowded: the figures without crowded photos are the same"
    yield from _sign_rows(finding.by_gesture, "gesture")
    yield from _sign_rows(finding.by_source, "source")
    yield sentence("ordinary hands found, fully labelled photos", finding.ordinary)
    if score.frames_differ:
        yield (
            f"  HANDS NOT SCORED in {len(score.frames_differ)} photos whose size is not that of "
            f"their labels: {', '.join(score.frames_differ)}"
        )


def _ordinary_rows(rows: Sequence[OrdinaryRow]) -> list[str]:
    header = (
        "ordinary hand",
        "labelled",
        "alarms/found",
        "%",
        "95 %",
        "% of all",
        "read as sign %",
    )
    return table(
        header,
        [
            (
                row.name,
                str(row.labelled),
                counted(row.alarms),
                percent(row.alarms.value),
                percent_interval(row.alarms),
                percent(row.alarms_of_all.value),
                percent(row.read_as_sign.value),
            )
            for row in rows
            if row.labelled
        ],
    )


def _silence(score: AlarmScore) -> Iterator[str]:
    yield ""
    yield "SILENCE (an alarm: a hand whose own risk is medium or above)"
    yield from _ordinary_rows([*score.ordinary, score.uncertain_ordinary])
    empty = score.empty_photos
    yield sentence("alarms a photo without a gesture", empty.alarms, share=False)
    yield sentence(
        "alarms per hundred such photos", empty.alarms_per_hundred, share=False, digits=1
    )
    yield sentence("such photos flagged", empty.flagged)
    yield sentence("such photos with an alarm", empty.with_alarm)
    yield from _detections("all photos", score.detections)
    yield from _detections("fully labelled", score.detections_complete)


def _detections(name: str, found: Detections) -> Iterator[str]:
    yield (
        f"  {found.total} detections in {found.photos} photos ({name}): {found.hands} on labelled "
        f"hands, {found.no_hands} on no hands,"
    )
    yield f"    {found.repeats} again on a hand already found, {found.unlabelled} without a label"
    yield from (
        sentence("  no hand at all, of those with a label", found.no_hand),
        sentence("  at most, if those without are none either", found.no_hand_at_most),
        sentence("  again on a hand already found", found.repeated),
    )


def _photos(score: PhotoScore) -> Iterator[str]:
    yield ""
    yield (
        f"PHOTO LEVEL ({score.with_sign} with a sign, {score.without_sign} without; "
        f"{score.unsure} unsure left out)"
    )
    yield sentence("sensitivity at medium", score.sensitivity)
    yield sentence("specificity at medium", score.specificity)
    yield sentence("AUROC of the risk", score.auroc, share=False)
    if score.unsure:
        yield sentence("flagged of the unsure", score.unsure_flagged)


def _apart(source: str, scores: Scores) -> Iterator[str]:
    yield ""
    yield f"APART: {source or '(no source)'}"
    if scores.crops:
        yield sentence("hand found in pictures of one hand", scores.crops.finding.found)
        yield sentence("gesture right on those found", scores.crops.gestures.accuracy)
        ece = scores.crops.gestures.calibration.ece
        yield sentence("expected calibration error", ece, share=False)
    if scores.groups:
        yield sentence("sure signs found in group photos", scores.groups.finding.sure.rows[0].found)
        yield sentence("sensitivity at medium", scores.groups.photo_level.sensitivity)
        yield sentence("specificity at medium", scores.groups.photo_level.specificity)
    if not (scores.crops or scores.groups):
        yield "  no picture of it was read"


def _cases(scores: Scores) -> Iterator[str]:
    cases = scores.cases
    yield ""
    yield (
        f"Listed one by one in JSON: {len(cases.missed_crops)} crops and {len(cases.missed_signs)} "
        f"signs missed, {len(cases.misread)} hands misread,"
    )
    yield (
        f"{len(cases.alarms)} false alarms, {len(cases.missed_photos)} photos missed, "
        f"{len(cases.flagged_photos)} flagged in error."
    )
