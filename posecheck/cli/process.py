"""The program as a process: runs the command line, then ends at once."""

from __future__ import annotations

import atexit
import os
import sys
import threading
from contextlib import suppress
from typing import NoReturn

from posecheck.cli.main import main


def run() -> NoReturn:
    """What `posecheck` and `python -m posecheck` start."""
    leave(main())


def leave(code: int) -> NoReturn:
    """End the process without taking it apart.

    Python would free every network, module and object one by one, which takes a good part of the
    time that loading them took; the system takes all memory back in one go.  What libraries want
    done at the end is done, and a thread that is still at work is waited for as ever.

    Args:
        code: The exit code.
    """
    me = threading.current_thread()
    if any(not thread.daemon for thread in threading.enumerate() if thread is not me):
        sys.exit(code)
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        # No stream, as in a windowed process, or nobody there to read it: `main` has seen to that.
        with suppress(AttributeError, OSError, ValueError):
            stream.flush()
    os._exit(code)
