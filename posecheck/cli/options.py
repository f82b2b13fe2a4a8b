"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from posecheck.report.texts import Texts
from posecheck.risk.choices import BACKENDS, FAIL_ON, RUNTIMES

if TYPE_CHECKING:
    from posecheck.opening import Limits

MEGA = 1_000_000


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


def largest(say: Texts) -> list[click.Parameter]:
    """The largest file and picture that are opened, for `limits_of`."""
    return [
        number("--max-file", "max_file", say("help.megabytes"), say("help.opt_max_file")),
        number("--max-pixels", "max_pixels", say("help.megapixels"), say("help.opt_max_pixels")),
    ]


def number(flag: str, name: str, metavar: str, text: str) -> click.Option:
    """An option that takes a number above zero."""
    above_zero = click.FloatRange(min=0, min_open=True)
    return click.Option([flag, name], type=above_zero, metavar=metavar, help=text)


def limits_of(max_file: float | None, max_pixels: float | None) -> Limits:
    """The limits that were typed, in millions, or else the usual ones."""
    from posecheck.opening import Limits

    usual = Limits()
    return Limits(
        usual.max_bytes if max_file is None else round(max_file * MEGA),
        usual.max_pixels if max_pixels is None else round(max_pixels * MEGA),
    )


def case_argument(say: Texts) -> click.Argument:
    """The case file that a command works on."""
    return click.Argument(
        ["case"], type=click.Path(dir_okay=False, path_type=Path), metavar=say("help.case")
    )
