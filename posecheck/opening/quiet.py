"""Keeping what decoders print of their own accord off the terminal.

On damaged files Pillow warns and libtiff, libheif and others write to the process's standard
error, past Python.  What matters of it is in the reason that a photo's error gives.  A library must
not touch the warnings and streams of a process that it is a guest in, so none of this happens on
import: commands and workers, whose process is our own, ask for it.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TextIO

_STDERR = 2
"""Number of standard error in C; what Python writes to `sys.stderr` need not go there."""


@contextmanager
def quiet_decoders() -> Iterator[None]:
    """Until the end of the block, what decoders print goes to logging or nowhere.

    Warnings go to the logger "py.warnings", which prints nothing unless asked, and so does what
    Pillow logs.  What native code writes to standard error is dropped; what Python code writes to
    `sys.stderr` arrives as before.  Processes that are started within the block inherit the
    silence.
    """
    pillow = logging.getLogger("PIL")
    # Without any handler Python prints what is logged as a warning or worse.
    mute = logging.NullHandler()
    pillow.addHandler(mute)
    logging.captureWarnings(True)
    try:
        with _native_output_dropped():
            yield
    finally:
        logging.captureWarnings(False)
        pillow.removeHandler(mute)


@contextmanager
def _native_output_dropped() -> Iterator[None]:
    with ExitStack() as stack:
        try:
            ours = os.dup(_STDERR)
        except OSError:  # closed, so nothing can be seen of it
            yield
            return
        stack.callback(os.close, ours)
        before = sys.stderr
        if _writes_to_stderr(before):
            before.flush()
            sys.stderr = stack.enter_context(_like(before, ours))
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), _STDERR)
        try:
            yield
        finally:
            os.dup2(ours, _STDERR)
            sys.stderr = before


def _writes_to_stderr(stream: TextIO | None) -> bool:
    try:
        return stream is not None and stream.fileno() == _STDERR
    except (OSError, ValueError):  # a stream of a test or a notebook, or a closed one
        return False


def _like(stream: TextIO, number: int) -> TextIO:
    """A text stream onto another file number, with the same encoding and manners."""
    return open(
        number,
        "w",
        buffering=1,
        encoding=stream.encoding,
        errors=stream.errors,
        closefd=False,
    )
