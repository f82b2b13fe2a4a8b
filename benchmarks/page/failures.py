"""Where it fails, from the figures themselves."""

from __future__ import annotations

from collections import Counter

from benchmarks.page.markdown import cell, listed, number, plural, rate, share, table
from benchmarks.page.measured import Measured, Scored
from benchmarks.page.targets import sign_row
from posecheck.evaluation.gesture_score import MISSED, GestureScore
from posecheck.evaluation.intervals import Estimate
from posecheck.evaluation.labels import truth

WORST = 4
"""Classes and sources that are named."""

CONFUSIONS = 12
"""Confusions that are named."""

FEWEST = 10
"""A class or source with fewer cases is not called one of the worst."""


def failure_words(scored: Scored) -> list[str]:
    """What goes wrong how often, one point each."""
    large, small = (sign_row(scored, name).found for name in (">=40", "20-40"))
    photos, cases = scored.groups.photo_level, scored.evaluation.scores.cases
    points = [
        f"**Missed signs.** Of sure signs of 40 px and more {_lost(large)} are not found, of 20 to "
        f"40 px {_lost(small)}.",
        f"**Missed photos.** {len(cases.missed_photos)} of {photos.with_sign:,} group photos with "
        f"a sign are not flagged, and {len(cases.flagged_photos)} of {photos.without_sign:,} "
        "without one are.",
        f"**Misread hands.** {len(cases.misread):,} of {scored.both.accuracy.n:,} hands that were "
        f"found: {_wrong(scored.crops.gestures)} in pictures of one hand, "
        f"{_wrong(scored.groups.gestures)} in group photos.",
    ]
    if cases.alarms:
        read = Counter(case.read for case in cases.alarms)
        named = listed([f"{name} ({n})" for name, n in read.most_common()])
        points.append(f"**False alarms.** {len(cases.alarms)} hands, read as {named}.")
    thin = [f"{r.gesture} ({r.labelled})" for r in scored.both.gestures if not r.in_macro]
    if thin:
        points.append(f"**Too few examples to say much**, labels in brackets: {listed(thin)}.")
    for source, apart in scored.evaluation.apart.items():
        if apart.crops:
            points.append(
                f"**{source}**, given apart and in no total: a hand is found in "
                f"{share(apart.crops.finding.found)} of {apart.crops.pictures:,} pictures, and its "
                f"gesture is right in {share(apart.crops.gestures.accuracy)} of those; expected "
                f"calibration error {number(apart.crops.gestures.calibration.ece)}."
            )
    unread = scored.evaluation.unread
    if unread:
        names = listed([f"{photo.file} ({photo.status})" for photo in unread[:FEWEST]])
        points.append(f"**Not checked**: {plural(len(unread), 'picture')}, in no figure: {names}.")
    return points


def _lost(found: Estimate) -> str:
    return f"{share(rate(found.n - round(found.hits or 0), found.n)).split(' [')[0]} of {found.n:,}"


def _wrong(score: GestureScore) -> str:
    return f"{score.accuracy.n - round(score.accuracy.hits or 0):,} of {score.accuracy.n:,}"


def worst_classes(scored: Scored) -> str:
    """Gestures with the lowest F1 among those with examples enough, and what is read instead."""
    both = scored.both
    rows = sorted(
        (row for row in both.gestures if row.in_macro and row.f1.value is not None),
        key=lambda row: row.f1.value or 0.0,
    )
    return table(
        ("gesture", "F1 [95 %]", "labels", "right of those found, %", "read instead"),
        [
            [
                row.gesture,
                number(row.f1),
                f"{row.labelled:,}",
                cell(rate(row.right, row.found)),
                _instead(both, row.gesture),
            ]
            for row in rows[:WORST]
        ],
    )


def _instead(score: GestureScore, gesture: str) -> str:
    counts = score.confusion[score.classes.index(gesture)]
    others = [
        (n, name)
        for name, n in zip(score.readings, counts, strict=True)
        if n and name not in (gesture, MISSED)
    ]
    others.sort(key=lambda other: -other[0])
    return ", ".join(f"{name} {n}" for n, name in others[:4]) or "-"


def worst_sources(scored: Scored) -> str:
    """Sources in which least is right, of both kinds of pictures."""
    crops = [
        (source, "gesture right, pictures of one hand", right)
        for source, right in scored.crops.gestures_by_source.items()
    ]
    groups = [
        (row.name, "signs found and read right, group photos", row.read)
        for row in scored.groups.finding.by_source
    ]
    rows = []
    for kind in (crops, groups):
        known = [row for row in kind if row[2].n >= FEWEST and row[2].value is not None]
        rows += sorted(known, key=lambda row: row[2].value or 0.0)[:WORST]
    return table(
        ("source", "what", "% [95 %] (n)"), [[source, what, cell(e)] for source, what, e in rows]
    )


def confusions(found: Measured) -> str:
    """The commonest wrong readings, with the sources that they come from where labels tell."""
    score = found.scored.both
    pairs: list[tuple[int, str, str, int]] = []
    for label, counts in zip(score.classes, score.confusion, strict=True):
        row = dict(zip(score.readings, counts, strict=True))
        seen = sum(n for name, n in row.items() if name != MISSED)
        pairs += [(n, label, name, seen) for name, n in row.items() if n and name != label]
    pairs = [pair for pair in pairs if pair[2] != MISSED]
    pairs.sort(key=lambda pair: -pair[0])
    sources = _sources(found)
    rows = []
    for n, label, name, seen in pairs[:CONFUSIONS]:
        cells = [f"{label} → {name}", f"{n:,}", cell(rate(n, seen))]
        rows.append([*cells, _named(sources.get((label, name), Counter()))] if sources else cells)
    header = ("label → reading", "hands", "% of those found with this label")
    return table((*header, "sources") if sources else header, rows)


def _sources(found: Measured) -> dict[tuple[str, str], Counter[str]]:
    """(label, reading) -> source -> wrong readings; empty without label files."""
    labels = found.measured_on()
    of_file = {crop.file: crop.source for crop in labels.crops}
    of_file.update({group.file: group.source for group in labels.groups})
    counts: dict[tuple[str, str], Counter[str]] = {}
    if of_file:
        for case in found.scored.evaluation.scores.cases.misread:
            pair = (truth(case.label, case.read), case.read)
            counts.setdefault(pair, Counter())[of_file.get(case.file, "?")] += 1
    return counts


def _named(counts: Counter[str]) -> str:
    return ", ".join(f"{source} {n}" for source, n in counts.most_common(3))
