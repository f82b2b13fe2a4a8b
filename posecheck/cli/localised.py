"""Click commands whose help speaks the chosen language and fits a screen."""

from __future__ import annotations

import re
from copy import copy
from typing import Any

import click

from posecheck.cli.streams import write_stdout
from posecheck.report.texts import LANGUAGES, Texts

_RANGE = re.compile(r"  \[[0-9x<>=.]+\]$")
"""What Click says of the numbers that an option takes, such as "[x>=1]"."""

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 80}


class LocalisedCommand(click.Command):
    """A command with headings in the chosen language."""

    def __init__(self, say: Texts, params: list[click.Parameter], **settings: Any) -> None:
        """Make the command, with `--lang` and `--help` added to `params`."""
        self.say = say
        super().__init__(
            params=[*params, lang_option(say), help_option(say)],
            add_help_option=False,
            context_settings=CONTEXT,
            options_metavar=say("help.options_metavar"),
            **settings,
        )

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line."""
        write_usage(self, self.say, ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options."""
        write_options(self, self.say, ctx, formatter)


def localise(command: click.Command, say: Texts, name: str) -> LocalisedCommand:
    """A command that was written in English, with its help in the chosen language.

    Args:
        command: The command; it is left as it is.
        say: Words of the chosen language: "help.NAME", and "help.NAME_PARAMETER" of each option.
        name: Name of the command.
    """
    params = [copy(param) for param in command.params]
    for param in params:
        if isinstance(param, click.Option):
            param.help = say(f"help.{name}_{param.name}")
            param.show_default = False
            if isinstance(param.type, click.Choice) and param.metavar is None:
                param.metavar = "|".join(str(choice) for choice in param.type.choices)
    return LocalisedCommand(
        say, params, name=name, callback=command.callback, help=say(f"help.{name}")
    )


def write_usage(
    command: click.Command, say: Texts, ctx: click.Context, formatter: click.HelpFormatter
) -> None:
    """Write a command's usage line with a heading in the chosen language."""
    pieces = " ".join(command.collect_usage_pieces(ctx))
    formatter.write_usage(ctx.command_path, pieces, prefix=say("help.usage"))


def write_options(
    command: click.Command, say: Texts, ctx: click.Context, formatter: click.HelpFormatter
) -> None:
    """Write a command's options under a heading in the chosen language."""
    # Newer versions of Click list arguments too; the usage line has named them already.
    params = [param for param in command.get_params(ctx) if isinstance(param, click.Option)]
    records = [param.get_help_record(ctx) for param in params]
    with formatter.section(say("help.options")):
        formatter.write_dl(
            [(record[0], _in_language(record[1], say)) for record in records if record is not None]
        )


def _in_language(text: str, say: Texts) -> str:
    """A help text with what Click adds in English taken away or put in the chosen language."""
    text = _RANGE.sub("", text)
    return text.replace("  [required]", f" [{say('help.required')}]")


def lang_option(say: Texts) -> click.Option:
    """`--lang`; it is read before parsing (`language.choose_language`), here it is checked."""
    return click.Option(
        ["--lang"],
        type=click.Choice(LANGUAGES),
        metavar="|".join(LANGUAGES),
        help=say("help.opt_lang"),
        expose_value=False,
    )


def help_option(say: Texts) -> click.Option:
    """`--help` in the chosen language."""

    def show(ctx: click.Context, param: click.Parameter, value: bool) -> None:
        if value and not ctx.resilient_parsing:
            write_stdout(ctx.get_help() + "\n", say)
            ctx.exit()

    return click.Option(
        ["-h", "--help"],
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=show,
        help=say("help.opt_help"),
    )
