"""What `posecheck eval` does once its arguments are known."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from posecheck import __version__
from posecheck.cli.progress import Progress
from posecheck.cli.streams import STANDARD, open_output
from posecheck.errors import LabelError, OutputError
from posecheck.evaluation.label_files import read_labels
from posecheck.evaluation.labels import Labels, select
from posecheck.evaluation.options import ScoreOptions
from posecheck.evaluation.report_json import to_json
from posecheck.evaluation.report_text import to_text
from posecheck.evaluation.running import open_check, run
from posecheck.evaluation.saved import as_saved, load_results, results_for, save_results
from posecheck.evaluation.score import evaluate
from posecheck.evaluation.setup import EvalSetup
from posecheck.report.texts import load
from posecheck.report.writing import is_one_of
from posecheck.results import PhotoResult
from posecheck.risk.contest import load_contest
from posecheck.risk.rules import load_rules
from posecheck.risk.settings import load_settings
from posecheck.runtime.choice import chosen_apart


@dataclass(frozen=True)
class EvalOptions:
    """What was typed after `posecheck eval`; `settings` as `load_settings` takes them."""

    csv: tuple[Path, ...]
    photos: Path | None
    split: str | None
    exclude: tuple[str, ...]
    apart: tuple[str, ...]
    limit: int | None
    seed: int
    jobs: int | None
    settings: Mapping[str, str | None]
    save_results: Path | None
    from_results: Path | None
    form: str
    output: Path


def score(options: EvalOptions) -> int:
    """Check the labelled photos, or take results that were kept, and write the scores.

    Returns:
        How many pictures could not be checked.

    Raises:
        PosecheckError: The label files are malformed, the models cannot be loaded, or the scores
            cannot be written.
    """
    everything = read_labels(options.csv, options.photos, need_photos=not options.from_results)
    _check_sources(everything, (*options.exclude, *options.apart))
    wanted = select(everything, options.split, options.exclude)
    if not len(wanted):
        splits = {c.split for c in everything.crops} | {g.split for g in everything.groups}
        raise LabelError(
            f"no picture is left to score (split: {options.split or 'all'}; sources left out: "
            f"{', '.join(options.exclude) or 'none'})",
            f"Splits there are: {', '.join(sorted(filter(None, splits))) or 'none'}.",
        )
    labels = select(wanted, limit=options.limit, seed=options.seed)
    for target in (options.output, options.save_results):
        _check_target(target, labels, options.csv)
    results = _results(labels, options)
    how = ScoreOptions(seed=options.seed)
    evaluation = evaluate(labels, results, how, options.apart)
    setup = EvalSetup(
        version=__version__,
        label_files=tuple(file.name for file in options.csv),
        results_file=options.from_results.name if options.from_results else "",
        split=options.split or "",
        excluded=options.exclude,
        limit=options.limit,
        labelled=(len(wanted.crops), len(wanted.groups)),
        scored=(len(labels.crops), len(labels.groups)),
        options=how,
    )
    text = (to_json if options.form == "json" else to_text)(evaluation, setup)
    with open_output(str(options.output), load("en")) as write:
        write(text)
    return len(evaluation.unread)


def score_casefile(path: Path, seed: int, form: str, output: Path) -> None:
    """Hold the results of a case file against the decisions in it, and write the scores.

    Raises:
        PosecheckError: The case file cannot be read, or the scores cannot be written.
    """
    from posecheck.casefile.case import open_case
    from posecheck.casefile.database import own_files
    from posecheck.casefile.selection import ALL
    from posecheck.evaluation.decision_score import score_decisions
    from posecheck.evaluation.decision_text import decisions_json, decisions_text

    if is_one_of(output, own_files(path)):
        raise OutputError(f"{output} is the case file", "Name another file.")
    with open_case(path) as case:
        found = score_decisions(case.photos(ALL), ScoreOptions().replicates, seed)
    text = (decisions_json if form == "json" else decisions_text)(found, path.name, __version__)
    with open_output(str(output), load("en")) as write:
        write(text)


def _check_sources(labels: Labels, named: Sequence[str]) -> None:
    unknown = sorted(set(named) - labels.sources)
    if unknown:
        raise LabelError(
            f"no picture is of source {', '.join(unknown)}",
            f"Sources there are: {', '.join(sorted(labels.sources)) or 'none'}.",
        )


def _check_target(target: Path | None, labels: Labels, files: Sequence[Path]) -> None:
    """Refuse, before an hour of work, to write where nothing can be or should be written."""
    if target is None or str(target) == STANDARD:
        return
    if not target.parent.is_dir():
        raise OutputError(f"{target}: there is no folder {target.parent}", "Make it first.")
    if is_one_of(target, (*labels.paths, *files)):
        raise OutputError(f"{target} is one of the files to be scored", "Name another file.")


def _results(labels: Labels, options: EvalOptions) -> list[PhotoResult]:
    if options.from_results:
        return results_for(labels, load_results(options.from_results), options.from_results)
    settings = load_settings(options.settings)
    make_check = partial(
        open_check,
        load_contest(settings.contest),
        load_rules(settings.rules),
        settings.backend,
        # Once for all processes: half of a score must not come from another runtime.
        chosen_apart(settings.runtime),
    )
    progress = Progress(load("en"), len(labels), sys.stderr)
    try:
        results = run(
            labels.paths,
            make_check,
            options.jobs or os.cpu_count() or 1,
            lambda done: progress.show(done, labels.files[done - 1]),
        )
    finally:
        progress.clear()
    if options.save_results:
        save_results(options.save_results, results)
    return [as_saved(result) for result in results]
