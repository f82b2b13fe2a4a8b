"""The engine that works on this computer: one process a job, each with its own networks."""

from __future__ import annotations

import sys
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from multiprocessing.connection import wait

from posecheck.errors import PosecheckError
from posecheck.opening.refs import PhotoRef
from posecheck.scan.engine import FunctionMaker, Loss, LostPhoto, Outcome, PhotoRecord
from posecheck.scan.process import Task, WorkerProcess
from posecheck.scan.worker import Raised, Ready, Unloadable

MOST_JOBS = 30 if sys.platform == "win32" else 1024
"""Windows waits for 63 things at most, and there are two a worker."""

FAILED_STARTS = 3
"""So many workers in a row that end while they load are no accident."""

LONGEST_WAIT = 1.0
"""Seconds; on Windows an interrupt is only seen between two waits."""

LONGEST_STEP = 5.0
"""Seconds; a longer gap means that the computer slept, or that this process was stopped."""


class LocalEngine:
    """Runs the function in processes of this computer.

    A photo whose worker dies, raises or takes too long is tried once more, in a fresh worker and
    with nothing else in work, before it is given up.  A photo is given to a worker only when that
    has nothing in hand, so never more than `jobs` are drawn ahead of their outcomes.  When `refs`
    ends (or raises: that is passed on last), what is in hand is finished.

    Args:
        jobs: How many worker processes at most.
        timeout: Seconds for a photo, loading networks not counted, nor the time that the computer
            sleeps; None for no limit.
        memory: Bytes that each worker may have, on Linux; None for no limit.

    Raises:
        ValueError: `jobs` or `timeout` is not above zero.
    """

    def __init__(self, jobs: int, timeout: float | None = None, memory: int | None = None) -> None:
        if jobs < 1 or (timeout is not None and not timeout > 0):
            raise ValueError(f"jobs and timeout must be above zero, not {jobs} and {timeout}")
        self.jobs = min(jobs, MOST_JOBS)
        self.timeout = timeout
        self.memory = memory

    def run(self, make: FunctionMaker, refs: Iterable[PhotoRef]) -> Generator[Outcome, None, None]:
        """Work on photos; see `posecheck.scan.engine.Engine.run`.

        Closing the generator, or any exception in it, ends every worker at once.

        Raises:
            PosecheckError: The function cannot be loaded, or no worker can be kept alive.
        """
        crew = _Crew(make, self, _Supply(refs))
        try:
            yield from crew.outcomes()
        finally:
            crew.dismiss()


class Clock:
    """Seconds of work: those in which the computer slept or this process was stopped are not.

    Attributes:
        now: Seconds until the last tick.
    """

    def __init__(self, read: Callable[[], float] = time.monotonic) -> None:
        self.now = 0.0
        self._read = read
        self._last = read()

    def tick(self) -> float:
        """Bring `now` up to date; to be called every few seconds at least."""
        last, self._last = self._last, self._read()
        self.now += min(self._last - last, LONGEST_STEP)
        return self.now


class _Supply:
    """Photos to begin with, drawn only when one is wanted."""

    def __init__(self, refs: Iterable[PhotoRef]) -> None:
        self._refs: Iterator[PhotoRef] | None = iter(refs)
        self._again: deque[PhotoRef] = deque()
        self.fault: Exception | None = None

    def next(self) -> PhotoRef | None:
        if self._again:
            return self._again.popleft()
        if self._refs is None:
            return None
        try:
            return next(self._refs)
        except StopIteration:
            pass
        except Exception as error:
            self.fault = error  # raised when what is in hand is done
        self._refs = None
        return None

    def put_back(self, ref: PhotoRef) -> None:
        self._again.append(ref)


class _Crew:
    """The workers of one run."""

    def __init__(self, make: FunctionMaker, engine: LocalEngine, supply: _Supply) -> None:
        self._make = make
        self._jobs = engine.jobs
        self._timeout = engine.timeout
        self._memory = engine.memory
        self._supply = supply
        self._clock = Clock()
        self._workers: list[WorkerProcess] = []
        self._suspects: deque[PhotoRef] = deque()
        self._failed_starts = 0

    def outcomes(self) -> Iterator[Outcome]:
        self._assign()
        while any(worker.task for worker in self._workers):
            done = self._collect()
            self._assign()  # first, so that nobody waits while the caller stores what is done
            yield from done
        if self._supply.fault is not None:
            raise self._supply.fault

    def dismiss(self) -> None:
        """End every worker."""
        for worker in self._workers:
            worker.kill()
        while self._workers:
            self._workers.pop().close()

    def _assign(self) -> None:
        """Give photos to workers that have none; a suspect only when nobody has any."""
        busy = [worker.task for worker in self._workers if worker.task]
        if self._suspects:
            if not busy:
                self.dismiss()  # what idle workers hold may be the memory that was missing
                self._start().give(Task(self._suspects.popleft(), alone=True), self._clock.now)
            return
        if any(task.alone for task in busy):
            return
        idle = [worker for worker in self._workers if worker.task is None]
        for _ in range(self._jobs - len(busy)):
            ref = self._supply.next()
            if ref is None:
                return
            worker = idle.pop() if idle else self._start()
            worker.give(Task(ref), self._clock.now)

    def _start(self) -> WorkerProcess:
        worker = WorkerProcess(self._make, self._memory)
        self._workers.append(worker)
        return worker

    def _collect(self) -> list[Outcome]:
        """Wait until something happens, or for a second; what was finished or given up."""
        heard = self._wait()
        self._clock.tick()
        outcomes: list[Outcome | None] = []
        for worker in tuple(self._workers):
            if worker.messages in heard or worker.sentinel in heard:
                outcomes.append(self._hear(worker))
            elif self._timeout is not None and self._left(worker) <= 0:
                detail = f"it took longer than {self._timeout:g} s"
                outcomes.append(self._give_up(worker, Loss.TIMED_OUT, detail))
        return [outcome for outcome in outcomes if outcome is not None]

    def _wait(self) -> list[object]:
        handles = [h for worker in self._workers for h in (worker.messages, worker.sentinel)]
        left = min([LONGEST_WAIT, *(self._left(worker) for worker in self._workers)])
        return list(wait(handles, max(0.0, left)))

    def _left(self, worker: WorkerProcess) -> float:
        """Seconds that a worker has left for its photo."""
        if self._timeout is None or worker.task is None or not worker.ready:
            return float("inf")
        return worker.since + self._timeout - self._clock.now

    def _hear(self, worker: WorkerProcess) -> Outcome | None:
        message = worker.receive()
        if isinstance(message, PhotoRecord):
            worker.task = None
            return message
        if isinstance(message, Ready):
            worker.ready = True
            worker.since = self._clock.now
            self._failed_starts = 0
            return None
        if isinstance(message, Unloadable):
            raise message.error from RuntimeError(message.trace)
        detail = message.detail if isinstance(message, Raised) else worker.ending()
        return self._give_up(worker, Loss.CRASHED, detail)

    def _give_up(self, worker: WorkerProcess, loss: Loss, detail: str) -> LostPhoto | None:
        """End a worker; its photo is tried alone, or lost if it has been."""
        self._workers.remove(worker)
        worker.close()
        task = worker.task
        if not worker.ready:
            self._count_failed_start(detail)
        if task is None:
            return None
        if worker.ready and task.alone:
            return LostPhoto(task.ref, loss, detail)
        if worker.ready or task.alone:
            self._suspects.append(task.ref)
        else:
            self._supply.put_back(task.ref)  # it was not begun
        return None

    def _count_failed_start(self, detail: str) -> None:
        self._failed_starts += 1
        if self._failed_starts >= FAILED_STARTS:
            raise PosecheckError(
                f"worker processes end while they load the networks: {detail}",
                "Use fewer processes (--jobs), or close other programs.",
            )
