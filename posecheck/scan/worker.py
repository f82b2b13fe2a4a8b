"""What a worker process of the local engine does, and the messages that it sends.

It takes one photo at a time from a pipe and answers on another.  It lives no longer than its
parent: when that is gone, however it went, the pipe of photos ends, and so does the worker.
"""

from __future__ import annotations

import os
import pickle
import signal
import traceback
from dataclasses import dataclass
from multiprocessing.connection import Connection
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeAlias

from posecheck.errors import PosecheckError
from posecheck.opening.quiet import quiet_decoders
from posecheck.opening.refs import PhotoRef
from posecheck.scan.engine import FunctionMaker, PhotoRecord
from posecheck.scan.memory import limit_memory


@dataclass(frozen=True)
class Ready:
    """The function is loaded; what comes from now on is work on a photo."""


@dataclass(frozen=True)
class Unloadable:
    """The function cannot be loaded, in this worker or in any other.

    Attributes:
        error: Why.
        trace: Where in the worker, for the log.
    """

    error: PosecheckError
    trace: str


@dataclass(frozen=True)
class Raised:
    """The function raised on a photo; the worker ends, for nobody knows what state it is in.

    Attributes:
        detail: The exception.
    """

    detail: str


Message: TypeAlias = Ready | Unloadable | Raised | PhotoRecord


def serve(
    make: FunctionMaker,
    photos: Connection[Any, PhotoRef],
    messages: Connection[Message, Any],
    memory: int | None = None,
) -> None:
    """Run a worker until there is no parent, or the function fails.

    Args:
        make: Loads the function.
        photos: Brings one photo at a time.
        messages: Takes a `Ready` or an `Unloadable`, then a message for each photo.
        memory: Bytes that it may have, or None for no limit.
    """
    # The parent alone answers an interrupt.  It held the signal back while this process began.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    if memory is not None:
        limit_memory(memory)
    queue: SimpleQueue[PhotoRef] = SimpleQueue()
    Thread(target=_receive, args=(photos, queue), daemon=True).start()
    try:
        with quiet_decoders():
            _work(make, queue, messages)
    except BrokenPipeError:
        # The parent is gone, and with it whoever could be told anything.
        os._exit(1)


def _receive(photos: Connection[Any, PhotoRef], queue: SimpleQueue[PhotoRef]) -> None:
    """Hand photos on; in a thread of its own, so that the parent's end is noticed at any time."""
    while True:
        try:
            queue.put(photos.recv())
        except (EOFError, OSError):
            # At once, also in the middle of a photo; there is nothing that must be put in order.
            os._exit(1)


def _work(
    make: FunctionMaker, queue: SimpleQueue[PhotoRef], messages: Connection[Message, Any]
) -> None:
    try:
        function = make()
    except Exception as error:
        messages.send(Unloadable(_as_ours(error), traceback.format_exc()))
        return
    messages.send(Ready())
    while True:
        ref = queue.get()
        try:
            (record,) = function([ref])
            message = pickle.dumps(record, pickle.HIGHEST_PROTOCOL)
        except Exception as error:
            messages.send(Raised(f"{type(error).__name__}: {error}"))
            return
        messages.send_bytes(message)


def _as_ours(error: Exception) -> PosecheckError:
    if isinstance(error, PosecheckError):
        return error
    return PosecheckError(
        f"a worker could not be made ready: {type(error).__name__}: {error}",
        "This is a fault of posecheck: report it.",
    )
