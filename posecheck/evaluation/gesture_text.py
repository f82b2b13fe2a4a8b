"""Gestures, confusion and calibration as text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from posecheck.evaluation.calibration import Calibration
from posecheck.evaluation.figures import Scores
from posecheck.evaluation.gesture_score import MISSED, GestureRow, GestureScore
from posecheck.evaluation.tables import decimal, percent, percent_interval, sentence, table
from posecheck.gesture.vocabulary import GESTURE_IDS


def _sets(scores: Scores) -> dict[str, GestureScore]:
    sets: dict[str, GestureScore] = {}
    if scores.crops:
        sets["crops"] = scores.crops.gestures
    if scores.groups:
        sets["groups"] = scores.groups.gestures
    if scores.both:
        sets["both"] = scores.both
    return sets


def gesture_lines(scores: Scores) -> Iterator[str]:
    """Precision, recall and F1 of every gesture, the sets side by side, and the summary."""
    sets = _sets(scores)
    if not sets:
        return
    yield ""
    yield "GESTURES on hands found (per cent; n = sure labels found; + enters the macro-F1)"
    header = ["gesture", *(["n", "P", "R", "F1"] * len(sets)), "95 % of F1"]
    rows = []
    last = list(sets.values())[-1]
    named = {row.gesture for score in sets.values() for row in score.gestures}
    for gesture in (g for g in GESTURE_IDS if g in named):
        cells = [gesture]
        for score in sets.values():
            cells += _cells(next((r for r in score.gestures if r.gesture == gesture), None))
        f1 = next((r.f1 for r in last.gestures if r.gesture == gesture), None)
        cells.append(percent_interval(f1) if f1 else "-")
        rows.append(cells)
    lines = table(header, rows)
    # The name of each set stands over its columns.
    above = ""
    for name, place in zip(sets, (m.end() for m in re.finditer(r" n ", lines[0])), strict=True):
        above = above.ljust(place - 2) + name
    yield above
    yield from lines
    thin = [f"{r.gesture} ({r.labelled})" for r in last.gestures if r.labelled and not r.in_macro]
    if thin:
        yield f"  too few examples for the macro-F1: {', '.join(thin)}"
    for name, score in sets.items():
        classes = sum(row.in_macro for row in score.gestures)
        yield f"  {name}:"
        yield sentence("  accuracy", score.accuracy)
        yield sentence(f"  macro-F1 ({classes} classes)", score.macro_f1, share=False)
        yield sentence("  macro-F1 without none and other", score.macro_f1_gestures, share=False)
        yield sentence("  macro-F1, missed hands wrong", score.macro_f1_of_all, share=False)
        sizes = ", ".join(
            f"{size} px {percent(e.value)} ({e.n})" for size, e in score.by_size.items()
        )
        yield f"    accuracy by hand size: {sizes}"


def _cells(row: GestureRow | None) -> list[str]:
    if row is None:
        return ["-", "-", "-", "-"]
    mark = "+" if row.in_macro else " "
    figures = (row.precision, row.recall, row.f1.value)
    return [f"{row.found}{mark}", *(percent(value) for value in figures)]


def confusion_lines(scores: Scores) -> Iterator[str]:
    """Confusion matrices of crops and of group hands; their sum is in JSON."""
    for name, score in _sets(scores).items():
        if name == "both" or not score.labelled:
            continue
        yield ""
        yield f"CONFUSION, {name} (row = label, column = reading, . = 0)"
        columns = {column: str(i) for i, column in enumerate(score.readings, start=1)}
        header = ["", *(columns[c] if c != MISSED else "missed" for c in score.readings)]
        rows = [
            [f"{columns[gesture]} {gesture}", *(str(n) if n else "." for n in counts)]
            for gesture, counts in zip(score.classes, score.confusion, strict=True)
            if any(counts)
        ]
        yield from table(header, rows)
        extra = [c for c in score.readings if c not in score.classes and c != MISSED]
        if extra:
            yield "  readings that are no gesture: " + ", ".join(f"{columns[c]} {c}" for c in extra)


def calibration_lines(scores: Scores) -> Iterator[str]:
    """Expected calibration error of every set, and reliability of the widest one."""
    sets = _sets(scores)
    if not sets:
        return
    yield ""
    yield "CALIBRATION of the probability of the gesture named, hands found"
    for name, score in sets.items():
        found = score.calibration
        yield sentence(
            f"ECE, {len(found.bins)} bins of equal width, {name}", found.ece, share=False
        )
        bins = len(found.bins_equal_mass)
        yield sentence(f"ECE, {bins} bins of equal mass, {name}", found.ece_equal_mass, share=False)
        if found.bias is not None:
            yield f"  {'mean probability minus accuracy, ' + name:<44}  {found.bias:+.3f}"
    name, score = list(sets.items())[-1]
    yield f"  reliability, {name}:"
    yield from _reliability(score.calibration)


def _reliability(found: Calibration) -> list[str]:
    header = ("probability", "n", "mean", "right", "gap")
    return table(
        header,
        [
            (
                f"{b.low:.3f}-{b.high:.3f}",
                str(b.n),
                decimal(b.probability),
                decimal(b.accuracy),
                f"{b.probability - b.accuracy:+.3f}",
            )
            for b in found.bins
            if b.probability is not None and b.accuracy is not None
        ],
    )
