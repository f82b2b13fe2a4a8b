"""The command `posecheck`: picks the language, runs a command, turns faults into exit codes."""

from __future__ import annotations

import gc
import os
import sys
import traceback
from collections.abc import Callable, Sequence
from importlib import import_module

import click

from posecheck import __version__
from posecheck.cli.exit_codes import ExitCode
from posecheck.cli.faults import UnknownCommand, error_words, usage_words
from posecheck.cli.language import choose_language
from posecheck.cli.localised import (
    CONTEXT,
    help_option,
    lang_option,
    localise,
    write_options,
    write_usage,
)
from posecheck.cli.streams import forgive_encodings, silence_stdout, write_stdout
from posecheck.errors import PosecheckError
from posecheck.report.texts import Texts, load

PROGRAM = "posecheck"

LOOK_FOR_GARBAGE = 50_000
"""New objects that make Python look for garbage; by default it does at 700 or 2,000."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        argv: Arguments after the program's name; those of the process if None.

    Returns:
        The exit code.
    """
    forgive_encodings()
    # Loading makes objects by the ten thousand, which all stay; looking through them for garbage
    # again and again would be a twentieth of the start.
    gc.set_threshold(LOOK_FOR_GARBAGE)
    # Before NumPy is loaded: its OpenBLAS would start a thread a core, which wait in a busy loop
    # for large matrix products that never come.  Processes that this one starts take it over.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    arguments = sys.argv[1:] if argv is None else list(argv)
    say = load(choose_language(arguments, os.environ))
    try:
        # Click expands wildcards on Windows only for the process's own arguments.
        code = Program(say).main(
            args=None if argv is None else arguments, prog_name=PROGRAM, standalone_mode=False
        )
        sys.stdout.flush()
    except (KeyboardInterrupt, click.Abort):
        return ExitCode.INTERRUPTED
    except SystemExit as ended:
        # Click ends shell completion this way, and with 1, which has another meaning here, when
        # whoever reads our output (`| head`) went away before all results had arrived.
        return ExitCode.CLEAR if not ended.code else ExitCode.USAGE
    except BrokenPipeError:
        silence_stdout()
        return ExitCode.USAGE
    except PosecheckError as error:
        click.echo(error_words(error, say), err=True)
        return ExitCode.USAGE
    except click.ClickException as error:
        click.echo(usage_words(error, say), err=True)
        return ExitCode.USAGE
    except Exception:
        # Python would exit with 1, which says "something was found".
        traceback.print_exc()
        return ExitCode.USAGE
    return int(code or 0)


class Program(click.Group):
    """The group of all commands, in one language; a command is loaded when it is wanted."""

    def __init__(self, say: Texts) -> None:
        """Make the group; `say` has the words of the language."""
        self.say = say
        super().__init__(
            name=PROGRAM,
            params=[_version_option(say), lang_option(say), help_option(say)],
            help=say("help.group"),
            epilog=say("help.group_epilog"),
            add_help_option=False,
            context_settings=CONTEXT,
            options_metavar=say("help.options_metavar"),
            subcommand_metavar=say("help.command_metavar"),
        )

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read what was typed; nothing at all gets the help, and is no success."""
        if not args and not ctx.resilient_parsing:
            click.echo(ctx.get_help(), err=True)
            ctx.exit(ExitCode.USAGE)
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that was typed."""
        if args[0] not in _BUILDERS and not ctx.resilient_parsing:
            raise UnknownCommand(args[0], ctx)
        return super().resolve_command(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of the commands, the one most wanted first."""
        return list(_BUILDERS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a command."""
        builder = _BUILDERS.get(cmd_name)
        return None if builder is None else builder(self.say)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the usage line."""
        write_usage(self, self.say, ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands and the options."""
        rows = [(n, self.say(f"help.{n}_short")) for n in self.list_commands(ctx)]
        with formatter.section(self.say("help.commands")):
            formatter.write_dl(rows)
        write_options(self, self.say, ctx, formatter)


def _version_option(say: Texts) -> click.Option:
    def show(ctx: click.Context, param: click.Parameter, value: bool) -> None:
        if value and not ctx.resilient_parsing:
            write_stdout(f"{PROGRAM} {__version__}\n", say)
            ctx.exit()

    return click.Option(
        ["--version"],
        is_flag=True,
        is_eager=True,
        expose_value=False,
        callback=show,
        help=say("help.opt_version"),
    )


def _eval_command(say: Texts) -> click.Command:
    from posecheck.cli.eval_command import eval_command

    return localise(eval_command, say, "eval")


def _later(module: str) -> Callable[[Texts], click.Command]:
    """The command of a module that is loaded when the command is wanted."""

    def build(say: Texts) -> click.Command:
        builder: Callable[[Texts], click.Command] = import_module(f"posecheck.cli.{module}").build
        return builder(say)

    return build


_BUILDERS: dict[str, Callable[[Texts], click.Command]] = {
    "check": _later("check_command"),
    "scan": _later("scan_command"),
    "review": _later("review_command"),
    "export": _later("export_command"),
    "purge": _later("purge_command"),
    "audit": _later("audit_command"),
    "poses": _later("poses_command"),
    "eval": _eval_command,
}
