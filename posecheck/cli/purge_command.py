"""`posecheck purge`: deletes what is no longer needed."""

from __future__ import annotations

import re
import sys
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import click

from posecheck.cli.exit_codes import ExitCode
from posecheck.cli.localised import LocalisedCommand
from posecheck.cli.options import case_argument
from posecheck.cli.streams import write_stdout
from posecheck.errors import ConfigError
from posecheck.report.texts import Texts, load

_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
_LONGEST = 36_500  # a century; beyond it dates run out


def build(say: Texts) -> click.Command:
    """The command in one language."""
    say = load(say.lang, "scan")

    def call(case: Path, older_than: str, dry_run: bool, yes: bool) -> ExitCode:
        return purge(case, older_than, say, dry_run=dry_run, yes=yes)

    return LocalisedCommand(
        say,
        name="purge",
        callback=call,
        params=[
            case_argument(say),
            click.Option(
                ["--older-than"],
                required=True,
                metavar=say("help.age"),
                help=say("help.opt_older_than"),
            ),
            click.Option(["--dry-run"], is_flag=True, help=say("help.opt_dry_run")),
            click.Option(["-y", "--yes"], is_flag=True, help=say("help.opt_yes")),
        ],
        help=say("help.purge"),
    )


def purge(case: Path, older_than: str, say: Texts, *, dry_run: bool, yes: bool) -> ExitCode:
    """Delete photos that were checked long ago, once a person at the terminal agreed.

    Raises:
        PosecheckError: The age makes no sense, or the case file cannot be written.
    """
    from posecheck.casefile import purge as purging
    from posecheck.casefile.case import open_case
    from posecheck.casefile.database import now

    limit = now() - age(older_than, say)
    with open_case(case) as opened:
        old = purging.count_old(opened, limit)
        asks = sys.stdin.isatty() and not yes
        if dry_run or asks:
            write_stdout(say("purge.would", **asdict(old)) + "\n", say)
        if dry_run or (asks and not click.confirm(say("purge.ask"), err=True)):
            return ExitCode.CLEAR
        write_stdout(say("purge.done", **asdict(purging.purge(opened, limit))) + "\n", say)
    return ExitCode.CLEAR


def age(text: str, say: Texts) -> timedelta:
    """An age such as 90d, 12w, 6m or 2y.

    Raises:
        ConfigError: It is none.
    """
    match = re.fullmatch(r"([0-9]{1,6})([dwmy])", text.strip().lower())
    days = int(match[1]) * _DAYS[match[2]] if match else _LONGEST + 1
    if days > _LONGEST:
        raise ConfigError(say("purge.bad_age", text=text), say("purge.bad_age_remedy"))
    return timedelta(days=days)
