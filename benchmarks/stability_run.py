"""Checking every version of many photos, in as many processes as wanted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

import cv2

from benchmarks.stability_score import ORIGINAL, Version, version_of
from benchmarks.stability_variants import VARIANTS, Pixels
from posecheck.errors import PhotoError
from posecheck.evaluation.running import each
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
    with closing(each(paths, partial(_versions_check, make_check), jobs)) as checked:
        for versions, used in checked:
            models = models or used
            progress(len(every), versions)
            every.append(versions)
    return every, models


def _versions_check(make_check: CheckMaker) -> Callable[[Path], tuple[Versions, Models]]:
    return partial(check_versions, check=make_check())
