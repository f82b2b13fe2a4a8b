"""A bound on the memory of a worker process, so that one photo cannot take all there is."""

from __future__ import annotations

import sys

DEFAULT_BYTES = 4_000_000_000
"""Of a worker.  Three times what the largest photo that is opened was seen to need."""

CAN_LIMIT = sys.platform.startswith("linux")
"""Whether the system holds a process to a bound; macOS and Windows have none that works."""


def limit_memory(most: int) -> None:
    """Let this process have no more than `most` bytes of memory of its own from now on.

    What asks for more is refused, in Python with a `MemoryError`.  Does nothing where the system
    cannot do it.
    """
    if not CAN_LIMIT:
        return
    import resource

    # Not RLIMIT_AS: networks and thread pools reserve address space that they never use.
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if hard != resource.RLIM_INFINITY:
        most = min(most, hard)
    resource.setrlimit(resource.RLIMIT_DATA, (most, hard))
