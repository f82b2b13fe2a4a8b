"""The tool against people's decisions, as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from posecheck.evaluation.decision_score import DecisionScore, Verdicts
from posecheck.evaluation.report_json import plain_values
from posecheck.evaluation.tables import (
    decimal,
    percent,
    percent_interval,
    sentence,
    table,
)

SCHEMA = "posecheck-eval-decisions/1"

NOTE = """\
People decide on what is raised: this is how often a finding resembles a symbol in their eyes
(precision). It says nothing of what was missed; labelled photos do (posecheck eval CSV)."""

_HEADER = ("resembles", "not", "unclear", "undecided", "precision %", "95 %")


def decisions_text(score: DecisionScore, case: str, version: str) -> str:
    """The report for people."""
    return "\n".join(_lines(score, case, version)) + "\n"


def decisions_json(score: DecisionScore, case: str, version: str) -> str:
    """The report for machines; objects carry the names of the dataclasses' attributes."""
    record = {"schema": SCHEMA, "case": case, "version": version, **plain_values(score)}
    return json.dumps(record, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def _lines(score: DecisionScore, case: str, version: str) -> Iterator[str]:
    yield f"posecheck {version} against the decisions in {case}"
    yield f"  photos checked: {score.photos}; at level medium and above: {score.raised}"
    if len(score.recipes) > 1:
        yield f"  results of {len(score.recipes)} different settings or versions are mixed"
    yield ""
    yield "PHOTOS (precision: of those said to resemble or not to)"
    yield from _table("level", (score.all_raised, *score.levels))
    yield ""
    yield "HANDS that resemble something"
    yield from _table("gesture", (score.hands, *score.gestures))
    if score.bins:
        yield ""
        yield "PROBABILITY of a hand's gesture against the share that resembles"
        rows = [
            (f"{b.low:.1f}-{b.high:.1f}", str(b.n), decimal(b.probability), percent(b.accuracy))
            for b in score.bins
            if b.n
        ]
        yield from table(("probability", "hands", "mean", "resembles %"), rows)
        yield sentence("expected calibration error", score.ece, share=False)
    yield ""
    yield from NOTE.splitlines()


def _table(name: str, kinds: Sequence[Verdicts]) -> list[str]:
    rows = [
        (
            kind.name,
            str(kind.resembles),
            str(kind.different),
            str(kind.unclear),
            str(kind.undecided),
            percent(kind.precision.value),
            percent_interval(kind.precision),
        )
        for kind in kinds
    ]
    return table((name, *_HEADER), rows)
