"""Watching folders: what arrives in them is given once nobody writes to it any more."""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from posecheck.errors import WatchError
from posecheck.scan.filters import Filters
from posecheck.scan.items import Item, Unlisted
from posecheck.scan.listing import judge
from posecheck.scan.settling import Settling, is_unfinished
from posecheck.scan.signals import watch_changes
from posecheck.scan.walking import Found, Step, Walker, absolute

BATCH = 500
"""Most items that are given at a time."""

_WAITING = 10_000  # files held in memory until they are settled; more are drawn when these are
_BURST = 2_000  # the system keeps 16,384 messages on Linux, some for every file; then it drops them
_RELIST_SECONDS = 30.0


def watch(
    roots: Sequence[str | os.PathLike[str]],
    stop: threading.Event,
    *,
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    archives: bool = True,
    polling: bool | None = None,
    poll_seconds: float = 5.0,
    settle_seconds: float = 1.5,
) -> Iterator[list[Item]]:
    """Watch folders until `stop` is set.

    Watching has begun when this returns, so nothing is lost between it and what is done next,
    such as listing what is there already.  Photos that arrive or change, or come in folders or
    archives, are given as `list_files` would give them.  A photo is given again when it changes
    again; and where the system may have dropped messages, everything is given again, so compare
    stamps.  What is hidden, excluded or deleted is not given, nor a download that goes on
    (`.part`, `.crdownload` and such).  What had not settled when `stop` was set is not given.

    Args:
        roots: Folders.
        stop: Ends the watch, within about half a second.
        include: As for `list_files`.
        exclude: As for `list_files`.
        archives: As for `list_files`.
        polling: Whether to look again and again instead of being told by the system, which
            network drives do not do; None for the library's choice.  A file that is replaced by
            an older one is not noticed then, and nor is a link to nothing.
        poll_seconds: Time between two looks where `polling`.
        settle_seconds: How long a file must have been left alone.

    Yields:
        At most `BATCH` items at a time, never none.

    Raises:
        WatchError: A root is no folder, cannot be watched, or is gone.
        DependencyError: The `watchfiles` package is not installed.
    """
    watched = [_Root.of(root) for root in roots]
    changes = watch_changes([root.path for root in watched], stop, polling, poll_seconds)
    next(changes, None)  # it watches from here on
    watcher = _Watcher(watched, Filters.of(include, exclude, archives=archives), settle_seconds)
    return watcher.batches(changes)


@dataclass(frozen=True)
class _Root:
    """A watched folder.

    Attributes:
        path: As it was named, absolute.
        prefixes: How paths below it may start; macOS tells them with links followed.
    """

    path: str
    prefixes: tuple[str, str]

    @classmethod
    def of(cls, given: str | os.PathLike[str]) -> _Root:
        path = absolute(os.fsdecode(given))
        prefixes = [os.path.join(folder, "") for folder in (path, os.path.realpath(path))]  # noqa: PTH118
        root = cls(path, (prefixes[0], prefixes[1]))
        root.refuse_gone()
        return root

    def refuse_gone(self) -> None:
        if not Path(self.path).is_dir():
            raise WatchError(
                f"There is no folder {self.path} to watch.",
                "Check its name, and whether its drive is connected.",
            )

    def locate(self, path: str) -> str | None:
        """The path below this root as a walk from it would give it."""
        for prefix in self.prefixes:
            if path.startswith(prefix):
                return self.prefixes[0] + path[len(prefix) :]
        return None


class _Watcher:
    def __init__(self, roots: Sequence[_Root], filters: Filters, settle_seconds: float) -> None:
        self._roots = roots
        self._filters = filters
        self._settling = Settling(settle_seconds)
        self._walks: deque[Iterator[Step]] = deque()
        self._missed = False
        self._relist_after = 0.0

    def batches(self, changes: Iterator[set[str] | None]) -> Iterator[list[Item]]:
        for changed in changes:
            for root in self._roots:
                root.refuse_gone()
            if changed is None or len(changed) > _BURST:
                self._missed = True
            for path in changed or ():
                self._touch(path)
            self._relist()
            items = self._items()
            while batch := list(islice(items, BATCH)):
                yield batch

    def _touch(self, path: str) -> None:
        located = next(filter(None, (root.locate(path) for root in self._roots)), None)
        if located is not None and not is_unfinished(located):
            self._settling.touch(located)

    def _relist(self) -> None:
        """Go through all folders once messages may have been lost, though not all the time."""
        if self._missed and not self._walks and time.monotonic() >= self._relist_after:
            self._missed = False
            self._relist_after = time.monotonic() + _RELIST_SECONDS
            walker = Walker(self._filters)
            self._walks.extend(walker.start(root.path) for root in self._roots)

    def _items(self) -> Iterator[Item]:
        for path in self._settling.settled():
            root = next(root for root in self._roots if root.locate(path))
            steps = Walker(self._filters).enter(root.path, path)
            if Path(path).is_dir():
                # Nothing was told of what was in it before it was watched itself.
                self._walks.append(steps)
                continue
            for step in steps:
                if isinstance(step, Found):
                    yield from judge(step, self._filters)
                elif isinstance(step, Unlisted):
                    yield step
        yield from self._walked()

    def _walked(self) -> Iterator[Item]:
        """Go on with what is walked; files in it have to settle too."""
        for _ in range(_WAITING - len(self._settling)):
            step = next(self._walks[0], None) if self._walks else None
            if isinstance(step, Found):
                if not is_unfinished(step.path):
                    self._settling.touch(step.path, keep=True)
            elif isinstance(step, Unlisted):
                yield step
            elif step is None:
                if not self._walks:
                    return
                self._walks.popleft()
