"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path

import click

from posecheck.report.texts import Texts
from posecheck.risk.choices import BACKENDS, FAIL_ON, RUNTIMES


def choice(
    flag: str,
    choices: tuple[str, ...],
    text: str,
    name: str | None = None,
    default: str | None = None,
    *,
    multiple: bool = False,
) -> click.Option:
    """An option that takes one of several words, which its help names."""
    names = [flag] if name is None else [flag, name]
    return click.Option(
        names,
        type=click.Choice(choices),
        metavar="|".join(choices),
        default=default,
        help=text,
        multiple=multiple,
    )


def judging(say: Texts) -> list[click.Parameter]:
    """What photos are judged with: contest, rules, networks, and what counts as found."""
    return [
        click.Option(["--contest"], metavar=say("help.name"), help=say("help.opt_contest")),
        click.Option(["--rules"], metavar=say("help.name"), help=say("help.opt_rules")),
        choice("--backend", BACKENDS, say("help.opt_backend")),
        click.Option(
            ["--runtime"],
            type=click.Choice(RUNTIMES),
            metavar=say("help.name"),
            help=say("help.opt_runtime", names=", ".join(RUNTIMES)),
        ),
        choice("--fail-on", FAIL_ON, say("help.opt_fail_on")),
    ]


def case_argument(say: Texts) -> click.Argument:
    """The case file that a command works on."""
    return click.Argument(
        ["case"], type=click.Path(dir_okay=False, path_type=Path), metavar=say("help.case")
    )
