"""`posecheck check`: photos in, a verdict out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from posecheck.cli.exit_codes import ExitCode
from posecheck.cli.localised import LocalisedCommand
from posecheck.cli.options import choice, judging, largest
from posecheck.cli.streams import STANDARD
from posecheck.report.texts import Texts

FORMATS = ("text", "json", "jsonl")


@dataclass(frozen=True)
class CheckOptions:
    """What was typed after `posecheck check`; None where settings are to decide."""

    paths: tuple[str, ...]
    form: str
    output: str
    annotate: Path | None
    contest: str | None
    rules: str | None
    backend: str | None
    runtime: str | None
    fail_on: str | None
    max_file: float | None
    max_pixels: float | None
    quiet: bool
    verbose: bool


def build(say: Texts) -> click.Command:
    """The command in one language."""

    def call(**typed: object) -> ExitCode:
        options = CheckOptions(**typed)  # type: ignore[arg-type]
        from posecheck.hands.backends import models_used
        from posecheck.models import read_ahead
        from posecheck.risk.settings import load_settings

        keys = ("contest", "rules", "backend", "runtime", "fail_on")
        settings = load_settings({key: getattr(options, key) for key in keys})
        read_ahead(models_used(settings.backend, settings.runtime))
        # Here and not above: NumPy, OpenCV and onnxruntime come with it, and help needs none.
        from posecheck.cli.check_run import check

        return check(options, settings, say)

    return LocalisedCommand(
        say,
        name="check",
        callback=call,
        params=_parameters(say),
        help=say("help.check"),
        short_help=say("help.check_short"),
        epilog=say("help.check_epilog"),
    )


def _parameters(say: Texts) -> list[click.Parameter]:
    file = click.Path(allow_dash=True)
    folder = click.Path(file_okay=False, path_type=Path)
    return [
        click.Argument(["paths"], nargs=-1, required=True, type=file, metavar=say("help.paths")),
        choice("--format", FORMATS, say("help.opt_format"), "form", FORMATS[0]),
        click.Option(
            ["-o", "--output"],
            type=file,
            metavar=say("help.file"),
            default=STANDARD,
            help=say("help.opt_output"),
        ),
        click.Option(
            ["--annotate"], type=folder, metavar=say("help.folder"), help=say("help.opt_annotate")
        ),
        *judging(say),
        *largest(say),
        click.Option(["-q", "--quiet"], is_flag=True, help=say("help.opt_quiet")),
        click.Option(["-v", "--verbose"], is_flag=True, help=say("help.opt_verbose")),
    ]
