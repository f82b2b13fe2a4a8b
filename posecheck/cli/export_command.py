"""`posecheck export`: a case file in, tables, a register, a page or evidence sheets out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from posecheck.cli.exit_codes import ExitCode
from posecheck.cli.localised import LocalisedCommand
from posecheck.cli.options import case_argument, choice
from posecheck.report.texts import Texts, load
from posecheck.results import Level

FORMATS = ("xlsx", "html", "pdf", "csv", "jsonl", "parquet")
"""Those of `posecheck.export.formats`; a test keeps the two alike."""

LEVELS = ("all", *(level.value for level in Level))
DECISIONS = ("resembles", "does_not_resemble", "unclear", "undecided")
ROWS = ("photos", "hands")


@dataclass(frozen=True)
class ExportOptions:
    """What was typed after `posecheck export`; None and empty for what the format does."""

    case: Path
    form: str | None
    output: Path
    level: str | None
    gesture: tuple[str, ...]
    decision: tuple[str, ...]
    photo: tuple[str, ...]
    rows: str


def build(say: Texts) -> click.Command:
    """The command in one language."""
    say = load(say.lang, "scan")

    def call(**typed: object) -> ExitCode:
        from posecheck.cli.export_run import export

        return export(ExportOptions(**typed), say)  # type: ignore[arg-type]

    return LocalisedCommand(
        say,
        name="export",
        callback=call,
        params=[
            case_argument(say),
            choice("--format", FORMATS, say("help.opt_export_format"), "form"),
            click.Option(
                ["-o", "--output"],
                type=click.Path(dir_okay=False, path_type=Path),
                required=True,
                metavar=say("help.file"),
                help=say("help.opt_export_output"),
            ),
            choice("--level", LEVELS, say("help.opt_export_level")),
            click.Option(
                ["--gesture"],
                multiple=True,
                metavar=say("help.name"),
                help=say("help.opt_export_gesture"),
            ),
            choice("--decision", DECISIONS, say("help.opt_export_decision"), multiple=True),
            click.Option(
                ["--photo"],
                multiple=True,
                metavar=say("help.hash"),
                help=say("help.opt_export_photo"),
            ),
            choice("--rows", ROWS, say("help.opt_rows"), default=ROWS[0]),
        ],
        help=say("help.export"),
    )
