"""A worker process as its parent sees it."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any

from posecheck.errors import PosecheckError
from posecheck.opening.refs import PhotoRef
from posecheck.scan.engine import FunctionMaker
from posecheck.scan.worker import Message, serve

_ENDING = 5.0
"""Seconds to wait for a process that was killed; one that hangs in a driver may take longer."""


@dataclass(frozen=True)
class Task:
    """A photo that a worker has in hand.

    Attributes:
        ref: The photo.
        alone: Whether no other photo may be in work meanwhile.
    """

    ref: PhotoRef
    alone: bool = False


class WorkerProcess:
    """Starts a worker and speaks with it.

    Args:
        make: Loads the function that it runs.
        memory: Bytes that it may have, or None for no limit.

    Attributes:
        messages: Pipe on which it answers.
        sentinel: Can be waited for; ready when the process has ended.
        ready: Whether it has loaded its function.
        task: What it has in hand, or None.
        since: When, on the caller's clock, it began to work on that.

    Raises:
        PosecheckError: The computer starts no more processes.
    """

    def __init__(self, make: FunctionMaker, memory: int | None = None) -> None:
        # "spawn" everywhere: forking a process that has loaded networks can hang.  Pipes of one
        # direction, since those of two are sockets.
        context = get_context("spawn")
        photos, self._photos = context.Pipe(duplex=False)
        self.messages: Connection[Any, Message]
        self.messages, messages = context.Pipe(duplex=False)
        self._process = context.Process(
            target=serve,
            args=(make, photos, messages, memory),
            name="posecheck-worker",
            daemon=True,
        )
        try:
            with _interrupts_held():
                self._process.start()
        except OSError as error:
            raise PosecheckError(
                f"no worker process could be started: {error}", "Use fewer processes (--jobs)."
            ) from error
        finally:
            # Only the worker holds these ends, so its end is seen here, and ours there.
            photos.close()
            messages.close()
        self.sentinel: int = self._process.sentinel
        self.ready = False
        self.task: Task | None = None
        self.since = 0.0

    def give(self, task: Task, now: float) -> None:
        """Hand it a photo; it must have none.  A worker that is loading begins when it is ready."""
        self.task = task
        self.since = now
        # To a worker that has just died; that is seen at its sentinel, like any other death.
        with suppress(BrokenPipeError):
            self._photos.send(task.ref)

    def receive(self) -> Message | None:
        """What it says, or None if it ended before it said anything.

        To be called when `messages` or `sentinel` is ready.
        """
        try:
            # What it said before it ended is still in the pipe.
            return self.messages.recv() if self.messages.poll() else None
        except (EOFError, OSError):
            return None

    def ending(self) -> str:
        """How a worker that has ended did so."""
        self._process.join(_ENDING)
        return _ending(self._process.exitcode)

    def kill(self) -> None:
        """End it at once, without waiting until it has."""
        self._process.kill()

    def close(self) -> None:
        """End it, and give back what it held here."""
        self.kill()
        self._photos.close()
        self.messages.close()
        self._process.join(_ENDING)
        if self._process.exitcode is not None:
            self._process.close()


def _ending(code: int | None) -> str:
    if code is None:
        return "the process broke off"
    if code >= 0:
        return f"the process ended with exit code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:  # real-time signals have no name
        name = f"signal {-code}"
    hint = ", most often for want of memory" if name == "SIGKILL" else ""
    return f"the process was ended by {name}{hint}"


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back while a process starts.

    The signal goes to every process of a terminal.  A new one inherits that it is held back, and
    lets it through when it has learnt to ignore it; otherwise it would die with a stack trace.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    from multiprocessing import resource_tracker

    # It starts with the first process, and in doing so would let the signal through again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
