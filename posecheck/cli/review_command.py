"""`posecheck review`: people decide, in their browser, on this computer."""

from __future__ import annotations

from pathlib import Path

import click

from posecheck.cli.exit_codes import ExitCode
from posecheck.cli.localised import LocalisedCommand
from posecheck.cli.options import case_argument, choice
from posecheck.report.texts import Texts, load
from posecheck.results import Level

LEVELS = (Level.LOW.value, Level.MEDIUM.value, Level.HIGH.value)


def build(say: Texts) -> click.Command:
    """The command in one language."""
    say = load(say.lang, "scan")

    def call(case: Path, reviewer: str, level: str, port: int, no_browser: bool) -> ExitCode:
        from posecheck.casefile.selection import Selection
        from posecheck.review.server import serve

        def ready(address: str) -> None:
            click.echo(say("review_page.ready", address=address), err=True)
            click.echo(say("review_page.end"), err=True)

        serve(
            case,
            reviewer=reviewer,
            lang=say.lang,
            selection=Selection(level=Level(level)),
            open_browser=not no_browser,
            on_ready=ready,
            port=port,
        )
        return ExitCode.CLEAR

    return LocalisedCommand(
        say,
        name="review",
        callback=call,
        params=[
            case_argument(say),
            click.Option(
                ["--reviewer"],
                default="",
                metavar=say("help.name"),
                help=say("help.opt_reviewer"),
            ),
            choice("--level", LEVELS, say("help.opt_review_level"), default=Level.MEDIUM.value),
            click.Option(
                ["--port"],
                type=click.IntRange(0, 65_535),
                default=0,
                metavar=say("help.number"),
                help=say("help.opt_port"),
            ),
            click.Option(["--no-browser"], is_flag=True, help=say("help.opt_no_browser")),
        ],
        help=say("help.review"),
    )
