"""Hands that cannot be told, as text."""

from __future__ import annotations

from collections.abc import Iterator

from posecheck.evaluation.figures import Scores
from posecheck.evaluation.tables import counted, percent, percent_interval, sentence, table
from posecheck.evaluation.unclear_score import UnclearScore


def unclear_lines(scores: Scores) -> Iterator[str]:
    """Signs, ordinary hands and photos that end with "cannot tell", the sets below each other."""
    sets: dict[str, UnclearScore] = {}
    if scores.crops:
        sets["crops"] = scores.crops.unclear
    if scores.groups:
        sets["groups"] = scores.groups.unclear
    if not sets:
        return
    yield ""
    yield "CANNOT TELL (hands found that are too small or too blurred, and no reading is likely)"
    rows = []
    for name, score in sets.items():
        for what, share in (
            ("all detections", score.detections),
            ("signs", score.signs),
            ("signs read as ordinary", score.signs_read_ordinary),
            ("ordinary hands", score.ordinary),
        ):
            cells = (counted(share), percent(share.value), percent_interval(share))
            rows.append((f"{name}: {what}", *cells))
    yield from table(("of", "unclear/found", "%", "95 %"), rows)
    for name, score in sets.items():
        yield sentence(f"likeliest reading right, {name}", score.right)
        if score.empty_photos is not None:
            yield sentence("photos without a gesture with one", score.empty_photos)
