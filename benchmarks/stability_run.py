"""Checking every version of many photos, in as many processes as wanted."""

from __future__ import annotations

import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import cv2

from benchmarks.stability_score import ORIGINAL, Version, version_of
from benchmarks.stability_variants import VARIANTS, Pixels
from posecheck.errors import PhotoError, PosecheckError
from posecheck.opening import open_photo
from posecheck.results import PhotoResult
from posecheck.risk.contest import Contest
from posecheck.risk.rules import RuleSet

PixelCheck = Callable[[Pixels], PhotoResult]
CheckMaker = Callable[[], PixelCheck]
"""Loads a checker; pickled to every process, so a function of a module or a `partial` of one."""

Versions = dict[str, Version]
Models = tuple[tuple[str, str], ...]


def open_check(contest: Contest, rules: RuleSet) -> PixelCheck:
    """Load the installed pipeline with one thread, so that results do not depend on the machine.

    Raises:
        ModelError: A model file is missing or is not the right one.
    """
    from posecheck.checker import Checker

    cv2.setNumThreads(1)
    return Checker(contest=contest, rules=rules, threads=1).check


def check_versions(path: Path, check: PixelCheck) -> tuple[Versions, Models]:
    """Check one photo as it is and in every variant.

    Args:
        path: The photo; it is only read.
        check: Checks pixels.

    Returns:
        What was said of every version, and the models that said it.  A photo that cannot be
        opened or checked has only its original, with the reason.
    """
    try:
        rgb = open_photo(path).rgb
    except PhotoError as error:
        return {ORIGINAL: Version(None, None, reason=f"{error.message} {error.remedy}".strip())}, ()
    first = check(rgb)
    versions = {ORIGINAL: version_of(first)}
    if versions[ORIGINAL].level is not None:
        for variant in VARIANTS:
            versions[variant.name] = version_of(check(variant.make(rgb)))
    return versions, first.models


def run(
    paths: Sequence[Path],
    make_check: CheckMaker,
    jobs: int,
    progress: Callable[[int, Versions], None],
) -> tuple[list[Versions], Models]:
    """Check every version of every photo.

    Args:
        paths: Photos.
        make_check: Loads a checker in the process that uses it.
        jobs: How many processes; 1 stays in this one.
        progress: Called with the position of a photo and its versions, in order.

    Returns:
        The versions of each photo in the same order, and the models.

    Raises:
        PosecheckError: The checker cannot be loaded, or a process was ended from outside.
    """
    every: list[Versions] = []
    models: Models = ()

    def take(done: tuple[Versions, Models]) -> None:
        nonlocal models
        models = models or done[1]
        progress(len(every), done[0])
        every.append(done[0])

    if jobs <= 1 or len(paths) <= 1:
        check = make_check()
        for path in paths:
            take(check_versions(path, check))
        return every, models
    # "spawn": forking a process that has loaded networks can hang.
    pool = ProcessPoolExecutor(
        min(jobs, len(paths)), get_context("spawn"), _start_worker, (make_check,)
    )
    try:
        for future in [pool.submit(_in_worker, path) for path in paths]:
            take(future.result())
    except BrokenProcessPool as error:
        raise PosecheckError(
            "a process that checked photos was ended, most often for want of memory",
            "Use fewer processes (--jobs).",
        ) from error
    finally:
        pool.shutdown(cancel_futures=True)
    return every, models


_worker: dict[str, CheckMaker] = {}
"""What this process was started with, if it is a worker."""


def _start_worker(make_check: CheckMaker) -> None:
    # The parent alone answers an interrupt; a worker would print its stack.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _worker["make"] = make_check


@cache
def _worker_check() -> PixelCheck:
    # Loaded with the first photo and not at the start, so that an error reaches the parent.
    return _worker["make"]()


def _in_worker(path: Path) -> tuple[Versions, Models]:
    return check_versions(path, _worker_check())
