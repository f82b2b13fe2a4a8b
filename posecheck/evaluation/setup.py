"""How an evaluation was made, so that a report says it."""

from __future__ import annotations

from dataclasses import dataclass

from posecheck.evaluation.options import ScoreOptions


@dataclass(frozen=True)
class EvalSetup:
    """How an evaluation was made.

    Attributes:
        version: Of posecheck.
        label_files: Names of the label files.
        results_file: File of results that were scored again, or "" where the checker ran.
        split: Split that was scored, or "" for all.
        excluded: Sources left out.
        limit: Most crops and most group photos that were drawn, or None for all.
        labelled: (crops, group photos) after the split and the exclusions, before the limit.
        scored: (crops, group photos) after the limit.
        options: How figures were worked out.
    """

    version: str
    label_files: tuple[str, ...]
    results_file: str
    split: str
    excluded: tuple[str, ...]
    limit: int | None
    labelled: tuple[int, int]
    scored: tuple[int, int]
    options: ScoreOptions
