"""Faults as a person reads them: what happened, then what to do about it."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

import click

from posecheck import errors
from posecheck.report.plain import visible
from posecheck.report.texts import Texts


class UnknownCommand(click.UsageError):
    """There is no command of that name; Click has such an error only from 8.4 on."""

    def __init__(self, typed: str, ctx: click.Context) -> None:
        """Remember what was typed, and what could have been."""
        super().__init__(f"no such command: {typed}", ctx)
        self.typed = typed
        group = ctx.command
        self.known = group.list_commands(ctx) if isinstance(group, click.Group) else []


_HEADINGS: tuple[tuple[type[errors.PosecheckError], str], ...] = (
    (errors.PhotoError, "photo"),
    (errors.ModelError, "model"),
    (errors.ConfigError, "config"),
    (errors.BackendError, "backend"),
    (errors.LabelError, "label"),
    (errors.OutputError, "output"),
    (errors.PosecheckError, "title"),
)


def error_words(error: errors.PosecheckError, say: Texts) -> str:
    """A fault of the run and its remedy, in one or two lines."""
    key = next(key for kind, key in _HEADINGS if isinstance(error, kind))
    lines = [say(f"error.{key}", message=visible(error.message))]
    if error.remedy:
        lines.append(say("error.remedy", remedy=visible(error.remedy)))
    return "\n".join(lines)


def usage_words(error: click.ClickException, say: Texts) -> str:
    """What was wrong with the words that were typed, and where help is."""
    ctx = getattr(error, "ctx", None)
    command = ctx.command_path if ctx is not None else "posecheck"
    return f"{_usage(error, say)}\n{say('error.usage_help', command=command)}"


def _usage(error: click.ClickException, say: Texts) -> str:
    if isinstance(error, click.NoSuchOption):
        text = say("error.usage_unknown_option", name=visible(error.option_name))
        near = say.join(list(error.possibilities or ()), "or")
        return f"{text} {say('error.usage_maybe', names=near)}" if near else text
    if isinstance(error, UnknownCommand):
        return _unknown_command(error, say)
    if isinstance(error, click.MissingParameter):
        return say("error.usage_missing", name=_name(error))
    if isinstance(error, click.BadParameter):
        kind = error.param.type if error.param is not None else None
        if isinstance(kind, click.Choice):
            choices = ", ".join(str(choice) for choice in kind.choices)
            return say("error.usage_choices", name=_name(error), choices=choices)
        return say("error.usage_bad_value", name=_name(error), message=visible(error.message))
    return say("error.usage_other", message=visible(error.format_message()))


def _unknown_command(error: UnknownCommand, say: Texts) -> str:
    typed = error.typed
    text = say("error.usage_unknown_command", name=visible(typed))
    near = get_close_matches(typed, error.known, n=1)
    if not near and Path(typed).exists():
        near = [f"posecheck check {visible(typed)}"]
    return f"{text} {say('error.usage_maybe', names=near[0])}" if near else text


def _name(error: click.BadParameter) -> str:
    """What a person types for the parameter: "--format", or the name in the usage line."""
    if error.param is None:
        return str(error.param_hint or "")
    if isinstance(error.param, click.Option):
        return max(error.param.opts, key=len)
    return error.param.metavar or error.param.human_readable_name
