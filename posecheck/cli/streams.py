"""Standard output and files, as one thing to write text to."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import click

from posecheck.errors import OutputError
from posecheck.report.plain import Paint, plain
from posecheck.report.texts import Texts
from posecheck.report.writing import whole_file

Write = Callable[[str], None]

STANDARD = "-"

STYLES: dict[str, tuple[str | None, bool]] = {
    "high": ("red", True),
    "medium": ("yellow", True),
    "low": ("yellow", False),
    "unchecked": ("magenta", True),
    "name": (None, True),
}
"""Colour, and whether bold, by role.

A photo where nothing was found gets none: green would promise too much.
"""


@contextmanager
def open_output(output: str, say: Texts) -> Iterator[Write]:
    """A function that writes text to a file, which appears whole at the end, or to stdout.

    Args:
        output: A path, or "-" for standard output, to which every piece goes at once.
        say: Words of the chosen language.

    Raises:
        OutputError: The output cannot be written.
        BrokenPipeError: The reader of standard output went away.
    """
    if output == STANDARD:
        yield lambda text: write_stdout(text, say)
        return
    with whole_file(Path(output)) as file:

        def write(text: str) -> None:
            file.write(text.encode("utf-8", "replace"))

        yield write


def write_stdout(text: str, say: Texts) -> None:
    """Write to standard output: as the terminal wants it, as UTF-8 to anything else.

    Raises:
        OutputError: It cannot be written.
        BrokenPipeError: The reader went away.
    """
    try:
        if sys.stdout.isatty():
            click.echo(text, nl=False)
        else:
            sys.stdout.flush()
            sys.stdout.buffer.write(text.encode("utf-8", "replace"))
            sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        silence_stdout()
        why = error.strerror or str(error)
        raise OutputError(
            say("error.broken_write", why=why), say("error.broken_write_remedy")
        ) from error


def silence_stdout() -> None:
    """Let what is left for a broken standard output go nowhere, so that leaving is quiet."""
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())


def forgive_encodings() -> None:
    """Let consoles replace letters they cannot show instead of failing on them."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")


def show_log(wanted: bool) -> None:
    """Send what the library logs, such as where a fault came from, to stderr or nowhere."""
    handler = logging.StreamHandler(sys.stderr) if wanted else logging.NullHandler()
    logging.getLogger("posecheck").handlers = [handler]


def paint_for_stdout(environment: Mapping[str, str]) -> Paint:
    """Colour for a terminal, unless NO_COLOR or a dumb terminal says otherwise."""
    if not sys.stdout.isatty() or environment.get("NO_COLOR") or environment.get("TERM") == "dumb":
        return plain

    def paint(text: str, role: str) -> str:
        colour, bold = STYLES.get(role, (None, False))
        return click.style(text, fg=colour, bold=bold) if colour or bold else text

    return paint
