"""Running the checker over many photos, in as many processes as wanted."""

from __future__ import annotations

import signal
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

from posecheck.errors import PosecheckError
from posecheck.results import PhotoResult
from posecheck.risk.contest import Contest
from posecheck.risk.rules import RuleSet

_MOST_PROCESSES = 61
"""Windows cannot wait for more."""

T = TypeVar("T")

Check = Callable[[Path], PhotoResult]
CheckMaker = Callable[[], Check]
"""Loads a checker; pickled to every process, so a function of a module or a `partial` of one."""


def open_check(contest: Contest, rules: RuleSet, backend: str, runtime: str) -> Check:
    """Load the installed pipeline with one thread.

    One thread a process always: sums over threads may differ in their last bits, and a score is
    not to depend on the machine it was worked out on.

    Raises:
        ModelError: A model file is missing or is not the right one.
        BackendError: The backend is not installed, or may not be used.
        DependencyError: The runtime is not installed.
    """
    from posecheck.checker import Checker

    checker = Checker(contest=contest, rules=rules, backend=backend, threads=1, runtime=runtime)
    return checker.check


def run(
    paths: Sequence[Path],
    make_check: CheckMaker,
    jobs: int = 1,
    progress: Callable[[int], None] | None = None,
) -> list[PhotoResult]:
    """Check photos.

    Args:
        paths: Pictures.
        make_check: Loads a checker in the process that uses it.
        jobs: How many processes; 1 stays in this one.
        progress: Called with the number of photos done after each.

    Returns:
        One result a path, in the same order, whatever `jobs` is.

    Raises:
        PosecheckError: The checker cannot be loaded, or a process was ended from outside.
    """
    report = progress or (lambda _: None)
    results: list[PhotoResult] = []
    with closing(each(paths, make_check, jobs)) as checked:
        for result in checked:
            results.append(result)
            report(len(results))
    return results


def each(
    paths: Sequence[Path], make_work: Callable[[], Callable[[Path], T]], jobs: int
) -> Generator[T, None, None]:
    """What is made of each photo, in the order of `paths`, whatever `jobs` is.

    Args:
        paths: Pictures.
        make_work: Loads what works on a picture in the process that uses it; pickled to it.
        jobs: How many processes; 1 stays in this one.

    Raises:
        PosecheckError: What works cannot be loaded, or a process was ended from outside.
    """
    if jobs <= 1 or len(paths) <= 1:
        yield from map(make_work(), paths)
        return
    # "spawn" everywhere: forking a process that has loaded networks can hang.
    pool = ProcessPoolExecutor(
        min(jobs, len(paths), _MOST_PROCESSES), get_context("spawn"), _start_worker, (make_work,)
    )
    try:
        for future in [pool.submit(_in_worker, path) for path in paths]:
            yield future.result()
    except BrokenProcessPool as error:
        raise PosecheckError(
            "a process that checked photos was ended, most often for want of memory",
            "Use fewer processes (--jobs).",
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)


_worker: dict[str, Callable[[], Callable[[Path], Any]]] = {}
"""What this process was started with, if it is a worker."""


def _start_worker(make_work: Callable[[], Callable[[Path], Any]]) -> None:
    # The parent alone answers an interrupt; a worker would print its stack.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _worker["make"] = make_work


@cache
def _work() -> Callable[[Path], Any]:
    # Loaded with the first photo and not at the start, so that an error reaches the parent.
    return _worker["make"]()


def _in_worker(path: Path) -> Any:
    return _work()(path)
