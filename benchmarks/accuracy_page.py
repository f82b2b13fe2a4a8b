"""Writes docs/accuracy.md from measurements; nobody edits that page by hand.

    python benchmarks/accuracy_page.py eval.json --labels CSV... [--stability stability.json]
        [--label-errors training/label_errors.csv [--corrected eval_without_them.json]]

`eval.json` is the output of `posecheck eval --format json`, `stability.json` that of
benchmarks/stability.py.  Prose lies in benchmarks/page/templates, licences of sources in
benchmarks/page/licences.toml.  Standard output gets the table of five numbers for README.md and
README.id.md.  Exit codes: 0 written, 2 something does not belong together or cannot be read.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.page import coverage, failures, photo_tables, steadiness, tables
from benchmarks.page.card import LICENCES, model_card, read_licences
from benchmarks.page.headline import headline
from benchmarks.page.label_errors import change_table, counts_table, read_label_errors
from benchmarks.page.markdown import fill, plural, share
from benchmarks.page.measured import Measured, read_measured
from benchmarks.page.targets import target_table, target_words
from posecheck.errors import PosecheckError, RecordError
from posecheck.evaluation.labels import select
from posecheck.evaluation.report_text import to_text
from posecheck.report.writing import whole_file

PAGE = Path(__file__).resolve().parents[1] / "docs" / "accuracy.md"


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """What was typed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("evaluation", type=Path, help="JSON of `posecheck eval`")
    parser.add_argument("--labels", type=Path, nargs="+", default=[], metavar="CSV",
                        help="the label files, for sources and counts")  # fmt: skip
    parser.add_argument("--stability", type=Path, help="JSON of benchmarks/stability.py")
    parser.add_argument("--label-errors", type=Path, help="CSV of labels that are wrong")
    parser.add_argument("--corrected", type=Path, help="evaluation without those labels")
    parser.add_argument("--report", type=Path, help="text report; made from the JSON by default")
    parser.add_argument("--licences", type=Path, default=LICENCES, help="TOML")
    parser.add_argument("--models", type=Path, help="folder of the manifest")
    parser.add_argument("--output", type=Path, default=PAGE)
    typed = parser.parse_args(given)
    if typed.corrected and not typed.label_errors:
        parser.error("--corrected needs --label-errors: which labels were left out?")
    return typed


def page(typed: argparse.Namespace, found: Measured) -> str:
    """The page, ending in a line break.

    Raises:
        PosecheckError: A file cannot be read, or does not belong to the evaluation.
    """
    scored = found.scored
    setup, evaluation = scored.setup, scored.evaluation
    undecided = tables.undecided(scored)
    text = fill(
        "page",
        version=setup.version,
        pictures=_pictures(found),
        split=setup.split or "all",
        contest=", ".join(evaluation.contests),
        rules=", ".join(evaluation.rules),
        models=", ".join(f"`{model}`" for model in evaluation.models),
        provenance=coverage.provenance(found),
        headline=headline(scored),
        crop_units=plural(scored.crops.units, scored.crops.unit),
        target_words=target_words(found),
        targets=target_table(found),
        failures=_points(failures.failure_words(scored)),
        worst_classes=failures.worst_classes(scored),
        fewest=failures.FEWEST,
        worst_sources=failures.worst_sources(scored),
        confusions=failures.confusions(found),
        seen=fill("seen"),
        sizes=tables.size_table(scored),
        empty=photo_tables.empty_table(scored),
        ordinary=photo_tables.ordinary_table(scored),
        photos=photo_tables.photo_table(scored),
        group_sources=tables.group_sources(scored),
        summary=tables.summary_table(scored),
        undecided=(
            f'"Cannot tell" was said of {share(undecided)} of {undecided.n:,} hands.'
            if undecided.hits
            else ""
        ),
        gestures=tables.gesture_table(scored),
        rivals=tables.rival_table(scored),
        crop_sources=tables.crop_sources(scored),
        calibration=photo_tables.calibration_table(scored),
        reliability=photo_tables.reliability_table(scored),
        steadiness=_steadiness(found),
        label_errors=_label_errors(typed, found),
        coverage=_coverage(found),
        class_table=coverage.class_table(found) if len(found.labels) else "",
        measured_sources=_measured_sources(typed, found),
        card=model_card(found, read_licences(typed.licences, found)),
        report=_report(typed, found).strip(),
    )
    # Parts that are empty leave blanks behind; the report below the fence is left as it is.
    head, fence, rest = text.partition("\n```\n")
    head = re.sub(r"\n{3,}", "\n\n", re.sub(r" +\n", "\n", head))
    return f"{head}{fence}{rest}\n"


def _pictures(found: Measured) -> str:
    crops, groups = found.scored.crops, found.scored.groups
    n_crops, n_groups = len(crops.finding.by_source), len(groups.photo_level.by_source)
    return (
        f"{plural(crops.pictures, 'labelled picture')} of one hand from "
        f"{plural(n_crops, 'source')} and {plural(groups.photos, 'group photo')} from "
        f"{plural(n_groups, 'source')}"
    )


def _points(points: Sequence[str]) -> str:
    return "\n".join(f"- {point}" for point in points)


def _steadiness(found: Measured) -> str:
    stability = found.stability
    if stability is None:
        return fill("no_stability")
    drawn, crops = stability.crops
    which = "" if drawn == crops else f" (drawn from {crops:,})"
    unread = len(stability.unread)
    return fill(
        "stability",
        photos=f"{plural(stability.groups, 'group photo')} and "
        f"{plural(drawn, 'picture')} of one hand{which}",
        count=len(stability.variants),
        variants=steadiness.variant_words(stability),
        unread=f"Not checked and in no figure: {plural(unread, 'picture')}." if unread else "",
        tables=steadiness.steadiness(stability),
    )


def _label_errors(typed: argparse.Namespace, found: Measured) -> str:
    if not typed.label_errors:
        return fill("no_label_errors")
    errors = read_label_errors(typed.label_errors)
    link = os.path.relpath(typed.label_errors.resolve(), typed.output.resolve().parent)
    return fill(
        "label_errors",
        count=plural(len(errors), "label"),
        are="is" if len(errors) == 1 else "are",
        name=typed.label_errors.name,
        link=link.replace(os.sep, "/"),
        counts=counts_table(errors, found.labels),
        changes=change_table(found) or "What leaving them out changes was not measured.",
    )


def _coverage(found: Measured) -> str:
    points = coverage.coverage_words(found) if len(found.labels) else ["No label file was given."]
    return fill("coverage", points=_points(points))


def _measured_sources(typed: argparse.Namespace, found: Measured) -> str:
    licences = read_licences(typed.licences, found)
    every = select(found.labels, found.scored.setup.split or None, found.scored.setup.excluded)
    return coverage.source_table(every, licences)


def _report(typed: argparse.Namespace, found: Measured) -> str:
    made = to_text(found.scored.evaluation, found.scored.setup)
    if not typed.report:
        return made
    try:
        given: str = typed.report.read_text("utf-8")
    except (OSError, ValueError) as error:
        raise RecordError(
            f"{typed.report} cannot be read: {error}", "Leave --report out."
        ) from error
    for start in ("posecheck ", "  scored", "  models"):
        lines = [
            next((x for x in t.splitlines() if x.startswith(start)), "") for t in (made, given)
        ]
        if lines[0] != lines[1]:
            raise RecordError(
                f"{typed.report} is the report of another evaluation: {lines[1] or 'no'!r} instead "
                f"of {lines[0]!r}.",
                "Leave --report out: the report is made from the JSON.",
            )
    return given


def main(given: Sequence[str] | None = None) -> int:
    """Write the page and print the table of the READMEs.

    Returns:
        The exit code.
    """
    typed = arguments(given)
    try:
        found = read_measured(
            typed.evaluation, typed.corrected, typed.stability, typed.labels, typed.models
        )
        text = page(typed, found)
        with whole_file(typed.output) as stream:
            stream.write(text.encode())
    except PosecheckError as error:
        print(f"{error.message}\n{error.remedy}".strip(), file=sys.stderr)
        return 2
    print(f"{headline(found.scored)}\n\n{headline(found.scored, 'id')}")
    print(f"{typed.output} is written.", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
