"""`posecheck scan`: folders in, a case file out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from posecheck.cli.exit_codes import ExitCode
from posecheck.cli.localised import LocalisedCommand
from posecheck.cli.options import choice, judging, largest, number
from posecheck.report.texts import Texts, load

ENGINES = ("local",)
"""Those of `posecheck.scan.engines`; a test keeps the two alike."""

FORMATS = ("text", "json")
TIMEOUT = 300.0
"""Seconds; a crowd on an old computer takes a minute or two."""


@dataclass(frozen=True)
class ScanOptions:
    """What was typed after `posecheck scan`; None where settings are to decide."""

    paths: tuple[str, ...]
    case: Path
    files_from: str | None
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    no_archives: bool
    no_pictures: bool
    jobs: int | None
    timeout: float
    max_memory: float | None
    max_file: float | None
    max_pixels: float | None
    retry_failed: bool
    watch: bool
    engine: str
    contest: str | None
    rules: str | None
    backend: str | None
    runtime: str | None
    fail_on: str | None
    form: str
    quiet: bool
    verbose: bool


def build(say: Texts) -> click.Command:
    """The command in one language."""
    say = load(say.lang, "scan")

    def call(**typed: object) -> ExitCode:
        from posecheck.cli.scan_run import scan

        return scan(ScanOptions(**typed), say)  # type: ignore[arg-type]

    return LocalisedCommand(
        say,
        name="scan",
        callback=call,
        params=_parameters(say),
        help=say("help.scan"),
        epilog=say("help.scan_epilog"),
    )


def _parameters(say: Texts) -> list[click.Parameter]:
    def flag(name: str, key: str) -> click.Option:
        return click.Option([name], is_flag=True, help=say(f"help.{key}"))

    def glob(name: str, key: str) -> click.Option:
        return click.Option(
            [name], multiple=True, metavar=say("help.glob"), help=say(f"help.{key}")
        )

    return [
        click.Argument(["paths"], nargs=-1, type=click.Path(), metavar=say("help.scan_paths")),
        click.Option(
            ["--case"],
            type=click.Path(dir_okay=False, path_type=Path),
            required=True,
            metavar=say("help.file"),
            help=say("help.opt_case"),
        ),
        click.Option(
            ["--files-from"],
            type=click.Path(dir_okay=False, allow_dash=True),
            metavar=say("help.file"),
            help=say("help.opt_files_from"),
        ),
        glob("--include", "opt_include"),
        glob("--exclude", "opt_exclude"),
        flag("--no-archives", "opt_no_archives"),
        flag("--no-pictures", "opt_no_pictures"),
        click.Option(
            ["--jobs"],
            type=click.IntRange(min=1),
            metavar=say("help.number"),
            help=say("help.opt_jobs"),
        ),
        click.Option(
            ["--timeout"],
            type=click.FloatRange(min=0, min_open=True),
            default=TIMEOUT,
            metavar=say("help.seconds"),
            help=say("help.opt_timeout"),
        ),
        number("--max-memory", "max_memory", say("help.megabytes"), say("help.opt_max_memory")),
        *largest(say),
        flag("--retry-failed", "opt_retry_failed"),
        flag("--watch", "opt_watch"),
        choice("--engine", ENGINES, say("help.opt_engine"), default=ENGINES[0]),
        *judging(say),
        choice("--format", FORMATS, say("help.opt_scan_format"), "form", FORMATS[0]),
        click.Option(["-q", "--quiet"], is_flag=True, help=say("help.opt_scan_quiet")),
        click.Option(["-v", "--verbose"], is_flag=True, help=say("help.opt_verbose")),
    ]
