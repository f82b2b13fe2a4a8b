"""What `posecheck export` does, from its options to the exit code."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import click

from posecheck import __version__
from posecheck.casefile.case import CaseFile, open_case
from posecheck.casefile.database import own_files
from posecheck.casefile.failures import everything, totals
from posecheck.casefile.selection import Selection
from posecheck.casefile.types import CasePhoto, Verdict
from posecheck.cli.exit_codes import ExitCode
from posecheck.cli.export_command import FORMATS, ExportOptions
from posecheck.errors import OutputError
from posecheck.export.formats import export as write_export
from posecheck.export.types import ExportContext
from posecheck.gesture.vocabulary import BY_ID
from posecheck.opening import PHOTO_SUFFIXES
from posecheck.report.texts import Texts, load
from posecheck.report.writing import is_one_of
from posecheck.results import Level
from posecheck.risk.document import suggestion

TABLES = frozenset({"jsonl", "csv", "parquet"})
"""Formats that hold every photo unless a level is named; the others hold what people work on."""


def export(options: ExportOptions, say: Texts) -> ExitCode:
    """Write what a case file holds.

    Raises:
        PosecheckError: The case file cannot be read, or the output cannot be written.
    """
    form = _form(options, say)
    selection = _selection(options, form)
    count = 0

    def counted(photos: Iterator[CasePhoto]) -> Iterator[CasePhoto]:
        nonlocal count
        for photo in photos:
            count += 1
            yield photo

    with open_case(options.case) as case:
        _check_output(options, case, say)
        context = ExportContext(
            say=load(say.lang, "export"),
            case=options.case.name,
            exported_at=datetime.now().astimezone(),
            version=__version__,
            rows=options.rows,
            totals=totals(case),
        )
        photos = counted(_photos(case, selection, options, say))
        write_export(photos, case.picture, options.output, form, context)
        case.log("exported", {"format": form, "photos": count})
    click.echo(say.count("exported.done", count, path=options.output), err=True)
    return ExitCode.CLEAR


def _form(options: ExportOptions, say: Texts) -> str:
    """The format: as it was typed, else by the ending of the output."""
    if options.form is not None:
        return options.form
    ending = options.output.suffix.lower().removeprefix(".")
    if ending not in FORMATS:
        raise OutputError(
            say("exported.no_format", path=options.output),
            say("exported.no_format_remedy", formats=", ".join(FORMATS)),
        )
    return ending


def _check_output(options: ExportOptions, case: CaseFile, say: Texts) -> None:
    """Refuse to write over a photo, an archive of photos or the case file."""
    output = options.output
    originals = [*own_files(options.case), *case.listed(output.name)]
    if output.suffix.lower() in PHOTO_SUFFIXES or is_one_of(output, originals):
        raise OutputError(
            say("error.output_is_photo", path=output), say("error.output_is_photo_remedy")
        )


def _selection(options: ExportOptions, form: str) -> Selection:
    for gesture in options.gesture:
        if gesture not in BY_ID:
            raise click.UsageError(f"--gesture {gesture}{suggestion(gesture, tuple(BY_ID))}")
    level = options.level or ("all" if form in TABLES or options.photo else Level.LOW.value)
    return Selection(
        level=None if level == "all" else Level(level),
        gestures=frozenset(options.gesture),
        verdicts=frozenset(None if d == "undecided" else Verdict(d) for d in options.decision),
        order="risk",
    )


def _photos(
    case: CaseFile, selection: Selection, options: ExportOptions, say: Texts
) -> Iterator[CasePhoto]:
    if not options.photo:
        # What was asked for by gesture or decision is a selection, and no account of the case.
        whole = not options.gesture and not options.decision
        yield from everything(case, selection) if whole else case.photos(selection)
        return
    hashes = case.hashes(selection)
    for typed in options.photo:
        found = [sha256 for sha256 in hashes if sha256.startswith(typed.lower())]
        if not found or not typed:
            raise OutputError(say("exported.no_photo", hash=typed), say("exported.no_photo_remedy"))
        for sha256 in found:
            photo = case.photo(sha256)
            if photo is not None:
                yield photo
