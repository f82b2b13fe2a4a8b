"""The head of the text report: what was scored, and what could not be."""

from __future__ import annotations

from collections.abc import Iterator

from posecheck.evaluation.figures import Evaluation, Scores
from posecheck.evaluation.setup import EvalSetup

UNREAD_SHOWN = 10
"""How many pictures that could not be checked are named; JSON names all."""


def head_lines(evaluation: Evaluation, setup: EvalSetup) -> Iterator[str]:
    """What was scored, with which settings, and how intervals were drawn."""
    options = setup.options
    yield f"posecheck {setup.version} on {', '.join(setup.label_files)}"
    splits = ", ".join(f"{name or '(no split)'} {n}" for name, n in evaluation.splits.items())
    yield f"  split       {setup.split or 'all'} ({splits})"
    yield f"  scored      {setup.scored[0]} pictures of one hand, {setup.scored[1]} group photos"
    if setup.limit is not None and setup.scored != setup.labelled:
        yield (
            f"  SAMPLE      at most {setup.limit} of each kind, drawn with seed {options.seed} out "
            f"of {setup.labelled[0]} and {setup.labelled[1]}"
        )
    if setup.excluded:
        yield f"  left out    sources {', '.join(setup.excluded)}"
    if evaluation.apart:
        yield f"  apart       sources {', '.join(evaluation.apart)} (below, in no other figure)"
    yield (
        f"  contest     {', '.join(evaluation.contests) or '-'}; "
        f"rules {', '.join(evaluation.rules) or '-'}"
    )
    yield f"  models      {', '.join(evaluation.models) or '-'}"
    if evaluation.smallest_hand:
        low, high = evaluation.smallest_hand
        yield f"  searched    for hands from {low:g} px on (up to {high:g} px in large photos)"
    times = zip(("picture of one hand", "group photo"), evaluation.elapsed_ms, strict=True)
    shown = [f"{ms:.0f} ms a {name}" for name, ms in times if ms is not None]
    yield f"  time        {', '.join(shown) or '-'} (median)"
    if setup.results_file:
        yield f"  results     from {setup.results_file}, not run again"
    yield (
        f"  intervals   95 %, bootstrap of {options.replicates} draws, seed {options.seed}: "
        f"{_units(evaluation.scores)}"
    )
    yield "              * where draws cannot differ: Wilson or Poisson, cases as independent"


def _units(scores: Scores) -> str:
    parts = []
    if scores.crops:
        parts.append(f"crops by {scores.crops.unit} ({scores.crops.units})")
    if scores.groups:
        parts.append(f"group photos by photo ({scores.groups.photos})")
    return ", ".join(parts) or "nothing to draw"


def unread_lines(evaluation: Evaluation) -> Iterator[str]:
    """Pictures that could not be checked; never silent."""
    unread = evaluation.unread
    if not unread:
        yield "  not checked 0 pictures"
        return
    yield f"  NOT CHECKED {len(unread)} pictures, in no figure:"
    for photo in unread[:UNREAD_SHOWN]:
        yield f"    {photo.file} ({photo.status}): {photo.reason}"
    if len(unread) > UNREAD_SHOWN:
        yield f"    and {len(unread) - UNREAD_SHOWN} more"
