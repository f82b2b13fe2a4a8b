"""What the exit code says; scripts rely on it."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of every command."""

    CLEAR = 0
    """Every photo was checked, and nothing was found at the level asked for."""
    FOUND = 1
    """Something was found, and every photo was checked."""
    USAGE = 2
    """Wrong usage, or a fault that ended the run."""
    NOT_CHECKED = 3
    """Some photos could not be checked, whatever the others showed."""
    INTERRUPTED = 130
    """The user stopped the run (Ctrl-C), as shells number it."""
