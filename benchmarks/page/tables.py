"""Tables of hands and gestures, each with sample sizes and 95 % intervals."""

from __future__ import annotations

from benchmarks.page.markdown import cell, number, rate, table
from benchmarks.page.measured import Scored
from posecheck.evaluation.gesture_score import MISSED, GestureRow, GestureScore
from posecheck.evaluation.intervals import Estimate
from posecheck.evaluation.options import SIZE_BINS

RIVALS: dict[str, str] = {
    "thumb_down": "thumb_up",
    "two_up": "peace",
    "three_thumb": "three",
    "horns": "horns_thumb",
    "horns_thumb": "horns",
    "pistol": "one",
    "ok": "three",
    "finger_heart": "fist",
    "two_hand_heart": "other",
    "holy": "none",
    "middle": "one",
}
"""Gestures that matter and are hard, and what each is most easily taken for."""


def size_table(scored: Scored) -> str:
    """Everything that depends on the size of a hand, by that size."""
    signs = {row.name: row for row in scored.groups.finding.sure.rows}
    ordinary = {row.name: row.alarms for row in scored.groups.alarms.ordinary}
    rows = []
    for name in SIZE_BINS:
        row = signs.get(name)
        rows.append(
            [
                name,
                cell(row.found if row else None),
                cell(row.read if row else None),
                cell(scored.groups.gestures.by_size.get(name)),
                cell(scored.crops.gestures.by_size.get(name)),
                cell(ordinary.get(f"{name} px")),
            ]
        )
    return table(
        (
            "hand, px",
            "signs found",
            "signs found and read right",
            "right, hands found in group photos",
            "right, pictures of one hand",
            "ordinary hands that raise an alarm",
        ),
        rows,
    )


def gesture_table(scored: Scored) -> str:
    """Precision, recall and F1 of every gesture over all hands, and F1 by kind of picture."""
    crops, groups = (
        {row.gesture: row for row in score.gestures}
        for score in (scored.crops.gestures, scored.groups.gestures)
    )
    rows = [
        [
            row.gesture + (" +" if row.in_macro else ""),
            f"{row.labelled:,}",
            cell(rate(row.found, row.labelled)),
            cell(rate(row.right, row.read)),
            cell(rate(row.right, row.found)),
            number(row.f1),
            _f1(crops.get(row.gesture)),
            _f1(groups.get(row.gesture)),
        ]
        for row in scored.both.gestures
    ]
    header = ("gesture", "labels", "found", "precision", "recall of those found", "F1 [95 %]")
    return table((*header, "F1, pictures of one hand (n)", "F1, group photos (n)"), rows)


def _f1(row: GestureRow | None) -> str:
    if row is None or row.f1.value is None:
        return "-"
    return f"{number(row.f1)} ({row.labelled:,})"


def summary_table(scored: Scored) -> str:
    """Accuracy and macro-F1 of the three sets."""
    sets = {
        "pictures of one hand": scored.crops.gestures,
        "group photos": scored.groups.gestures,
        "both": scored.both,
    }
    return table(
        ("hands of", "right of those found, %", "macro-F1", "classes in it", "no `none`, `other`",
         "missed hands wrong"),
        [
            [
                name,
                cell(score.accuracy),
                number(score.macro_f1),
                str(sum(row.in_macro for row in score.gestures)),
                number(score.macro_f1_gestures),
                number(score.macro_f1_of_all),
            ]
            for name, score in sets.items()
        ],
    )  # fmt: skip


def rival_table(scored: Scored) -> str:
    """The hard gestures, and how often each is exchanged with its rival."""
    both = scored.both
    known = {row.gesture: row for row in both.gestures}
    rows = []
    for gesture, rival in RIVALS.items():
        row = known.get(gesture)
        if row is None:
            rows.append([gesture, "0", "-", "-", rival, "-", "-"])
            continue
        cells = [gesture, f"{row.labelled:,}", number(row.f1), cell(rate(row.right, row.found))]
        rows.append([*cells, rival, _read_as(both, gesture, rival), _read_as(both, rival, gesture)])
    return table(
        ("gesture", "labels", "F1 [95 %]", "right of those found, %", "rival", "read as the rival",
         "rival read as it"),
        rows,
    )  # fmt: skip


def _read_as(score: GestureScore, label: str, reading: str) -> str:
    row = next((row for row in score.gestures if row.gesture == label), None)
    if row is None or reading not in score.readings:
        return "-"
    n = score.confusion[score.classes.index(label)][score.readings.index(reading)]
    return f"{n:,} of {row.found:,}"


def undecided(scored: Scored) -> Estimate:
    """Share of the hands found of which it said that it cannot tell."""
    both = scored.both
    others = {*both.classes, MISSED}
    hits = sum(
        n
        for counts in both.confusion
        for name, n in zip(both.readings, counts, strict=True)
        if name not in others
    )
    return rate(hits, both.accuracy.n)


def crop_sources(scored: Scored) -> str:
    """Pictures of one hand by source."""
    found = scored.crops.finding.by_source
    right = scored.crops.gestures_by_source
    rows = [["all", cell(scored.crops.finding.found), cell(scored.crops.gestures.accuracy)]]
    rows += [[name or "(none)", cell(e), cell(right.get(name))] for name, e in found.items()]
    return table(("source", "hand found", "gesture right of those found"), rows)


def group_sources(scored: Scored) -> str:
    """Group photos by source."""
    signs = {row.name: row for row in scored.groups.finding.by_source}
    photos = scored.groups.photo_level
    whole = scored.groups.finding.sure.rows[0]
    rows = [["all", *map(cell, (whole.found, whole.read, photos.sensitivity, photos.specificity))]]
    for name in sorted({*signs, *photos.by_source}):
        row, photo = signs.get(name), photos.by_source.get(name)
        figures = (
            row.found if row else None,
            row.read if row else None,
            photo.sensitivity if photo else None,
            photo.specificity if photo else None,
        )
        rows.append([name or "(none)", *map(cell, figures)])
    return table(
        ("source", "signs found", "found and read right", "photos with a sign flagged",
         "photos without one not flagged"),
        rows,
    )  # fmt: skip
