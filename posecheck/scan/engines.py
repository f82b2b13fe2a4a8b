"""The engines there are, by name."""

from __future__ import annotations

import os

from posecheck.errors import BackendError
from posecheck.scan.engine import Engine

ENGINES = ("local",)
"""The first is the default."""


def make_engine(
    name: str, jobs: int, timeout: float | None = None, memory: int | None = None
) -> Engine:
    """Make an engine.

    Args:
        name: One of `ENGINES`.
        jobs: How many photos are worked on at a time.
        timeout: Seconds that a photo may take; None for no limit.
        memory: Bytes that each process may have, where the system can hold it to that; None for
            no limit.

    Raises:
        BackendError: There is no such engine.
        ValueError: `jobs` or `timeout` is not above zero.
    """
    if name not in ENGINES:
        raise BackendError(
            f"There is no engine called {name!r}.", f"Choose one of {', '.join(ENGINES)}."
        )
    from posecheck.scan.local import LocalEngine

    return LocalEngine(jobs, timeout, memory)


def default_jobs() -> int:
    """The cores that this process may use; a container or a job scheduler may allow it fewer."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
