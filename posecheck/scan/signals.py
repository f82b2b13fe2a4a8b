"""What the system says of changes in folders, by the `watchfiles` package."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from posecheck.errors import DependencyError, WatchError

if TYPE_CHECKING:
    from watchfiles.main import FileChange

_ADDED = 1  # watchfiles.Change.added

_LOOK_MS = 300  # how long to wait for changes before saying that there were none
_GROUP_MS = 500  # how long to gather changes that do not end
_STEP_MS = 50
_FAILURES = 10  # in a row before giving up


def watch_changes(
    folders: Sequence[str], stop: threading.Event, polling: bool | None, poll_seconds: float
) -> Iterator[set[str] | None]:
    """Paths that were added, changed or deleted, until `stop` is set; of folders, the new ones.

    Gives something at least twice a second, a set without paths if nothing changed.  The first
    comes as soon as the folders are watched.  None means that changes may have been missed up to
    now; so it is after a name that is no UTF-8, which the library stumbles over.

    Raises:
        WatchError: The folders cannot be watched.
        DependencyError: The `watchfiles` package is not installed.
    """
    failures = 0
    while True:
        try:
            for changes in _start(folders, stop, polling, poll_seconds):
                # Polling tells of a folder whenever something in it comes or goes.
                paths = {
                    path for change, path in changes if change == _ADDED or not Path(path).is_dir()
                }
                if failures:
                    failures = 0
                    yield None
                yield paths
            return
        except RuntimeError as error:  # WatchfilesRustInternalError, which it does not export
            failures += 1
            if failures == _FAILURES:
                raise _unwatched(folders, error) from error
            if stop.wait(_LOOK_MS / 1000):
                return
        except (OSError, UnicodeEncodeError) as error:
            raise _unwatched(folders, error) from error


def _start(
    folders: Sequence[str], stop: threading.Event, polling: bool | None, poll_seconds: float
) -> Iterator[set[FileChange]]:
    try:
        import watchfiles
    except ImportError as error:
        raise DependencyError(
            "Watching folders needs the watchfiles package, which is not installed.",
            "Run: pip install watchfiles",
        ) from error
    return watchfiles.watch(
        *folders,
        watch_filter=None,
        debounce=_GROUP_MS,
        step=_STEP_MS,
        stop_event=stop,
        rust_timeout=_LOOK_MS,
        yield_on_timeout=True,
        debug=False,
        force_polling=polling,
        poll_delay_ms=round(poll_seconds * 1000),
        # A folder that may not be read must not end the watch of the others.
        ignore_permission_denied=True,
    )


def _unwatched(folders: Sequence[str], error: Exception) -> WatchError:
    return WatchError(
        f"{', '.join(folders)} cannot be watched: {error}.",
        "Watch fewer folders, or by polling; where that fails too, scan them from time to time.",
    )
