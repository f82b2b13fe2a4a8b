"""Which runtime runs the networks."""

from __future__ import annotations

import logging
from functools import lru_cache

from posecheck.errors import BackendError, DependencyError, ModelError
from posecheck.runtime.names import AUTO, DEFAULT, OPENVINO, RUNTIMES

logger = logging.getLogger(__name__)

LEAST_GAIN = 0.95
"""A runtime is preferred to the default where it takes less than this share of its time."""


def check_runtime(runtime: str) -> None:
    """See that a runtime can be asked for, without loading it.

    Raises:
        BackendError: There is none of that name.
        DependencyError: It is not installed.
    """
    if runtime not in RUNTIMES:
        raise BackendError(
            f"There is no runtime called {runtime!r}.", f"Choose one of {', '.join(RUNTIMES)}."
        )
    if runtime == OPENVINO:
        from posecheck.runtime.openvino_session import require

        require()


def _installed(runtime: str) -> bool:
    try:
        check_runtime(runtime)
    except DependencyError:
        return False
    return True


def chosen(runtime: str) -> str:
    """The runtime that is meant: itself, or for "auto" the fastest that passes the self-check.

    Raises:
        BackendError: There is none of that name.
        DependencyError: It is not installed.
        ModelError: A model file is missing or is not the right one.
    """
    check_runtime(runtime)
    return fastest() if runtime == AUTO else runtime


def chosen_apart(runtime: str) -> str:
    """The same, tried in a process of its own where something has to be tried.

    For whoever starts other processes and needs no networks itself.  A runtime that brings its
    process down is not chosen.

    Raises:
        BackendError: There is none of that name.
        DependencyError: It is not installed.
        ModelError: A model file is missing or is not the right one.
    """
    check_runtime(runtime)
    if runtime != AUTO:
        return runtime
    if not _installed(OPENVINO):
        return DEFAULT
    # Here and not above: only a scan and an evaluation need processes.
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    # "spawn" as for workers: a process that has threads is not to be forked.
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        try:
            return pool.submit(fastest).result()
        except BrokenProcessPool:
            logger.warning("trying the runtimes ended the process; %s is taken", DEFAULT)
            return DEFAULT


@lru_cache(maxsize=1)
def fastest() -> str:
    """The fastest installed runtime that gives the right numbers here; found once a process.

    On one thread each: that is how networks are run, several runs at a time.

    Raises:
        ModelError: A model file is missing, is not the right one, or the default runtime cannot
            load it.
    """
    from posecheck.runtime.self_check import Networks, right, seconds

    if not _installed(OPENVINO):
        return DEFAULT
    try:
        other = Networks.load(OPENVINO)
        if not right(other):
            logger.warning("%s gives other numbers on this machine and is not taken", OPENVINO)
            return DEFAULT
    except (DependencyError, ModelError, RuntimeError) as error:
        logger.warning("%s does not run on this machine: %s", OPENVINO, error)
        return DEFAULT
    known = Networks.load(DEFAULT)
    share = seconds(other) / seconds(known)
    logger.info("%s takes %.2f of the time of %s", OPENVINO, share, DEFAULT)
    return OPENVINO if share < LEAST_GAIN else DEFAULT
