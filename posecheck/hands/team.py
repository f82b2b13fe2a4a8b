"""Several cores at one photo: windows and crops are searched side by side.

A network over one picture does not get twice as fast with two threads; two pictures at a time do.
What is found does not depend on how many there are.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

_Item = TypeVar("_Item")
_Given = TypeVar("_Given")


def cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Team:
    """Threads that share work.

    Args:
        threads: How many; None for one a core.
    """

    def __init__(self, threads: int | None = 1) -> None:
        self.threads = threads or cores()
        self._pool = ThreadPoolExecutor(self.threads) if self.threads > 1 else None

    def map(self, work: Callable[[_Item], _Given], items: Iterable[_Item]) -> list[_Given]:
        """What `work` gives for each item, in their order.

        Raises:
            Exception: The first that `work` raised.
        """
        if self._pool is None:
            return [work(item) for item in items]
        return list(self._pool.map(work, items))
