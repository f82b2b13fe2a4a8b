"""What benchmarks share: taking turns, saying a spread, keeping to one core."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from importlib.util import find_spec

import numpy as np

from posecheck.runtime.names import DEFAULT, OPENVINO

Numbers = Sequence[float] | np.ndarray


def turns(
    works: Sequence[Callable[[], object]], runs: int, clock: Callable[[], float]
) -> tuple[np.ndarray, list[object]]:
    """Let works take turns.

    Returns:
        Seconds (len(works), 1 + runs), the first of each apart, and what each gave last.
    """
    seconds, given = np.zeros((len(works), runs + 1)), [None] * len(works)
    for run in range(runs + 1):
        for which, work in enumerate(works):
            started = clock()
            given[which] = work()  # type: ignore[call-overload]
            seconds[which, run] = clock() - started
    return seconds, list(given)


def spread(values: Numbers, digits: int = 2) -> str:
    """Median, and in parentheses the middle 80 %."""
    low, median, high = np.percentile(values, (10, 50, 90))
    return f"{median:.{digits}f} ({low:.{digits}f} to {high:.{digits}f})"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def installed_runtimes() -> tuple[str, ...]:
    """The runtimes that can be measured here, the default first."""
    return (DEFAULT, OPENVINO) if find_spec("openvino") else (DEFAULT,)


def keep_to_one_core() -> str:
    """Keep this process, and those that it starts, to one core where the system lets it.

    Returns:
        A sentence on what was done.
    """
    if not hasattr(os, "sched_setaffinity"):
        return "Not pinned to a core: this system does not offer it."
    core = max(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})
    return f"All processes are pinned to core {core}."
