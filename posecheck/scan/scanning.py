"""A scan from its folders to the case file: list, draw from the queue, check, keep."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from posecheck.casefile.queue import FileEntry, Pending, Queue
from posecheck.errors import PhotoError
from posecheck.opening.refs import PhotoRef
from posecheck.report.record import Record
from posecheck.scan.engine import Engine, FunctionMaker, LostPhoto, PhotoRecord
from posecheck.scan.items import Item, Listed, Skipped

BATCH = 500
"""Listed files that enter the case file in one transaction."""

T = TypeVar("T")


@dataclass(frozen=True)
class Told:
    """What happened to one file, for whoever shows how far the scan is.

    Attributes:
        ref: The file.
        record: What the check said, or None where no work was needed or the file was not read.
        linked: The photo had a result already, under another name or from an earlier scan.
    """

    ref: PhotoRef
    record: Record | None = None
    linked: bool = False


@dataclass
class Scanner:
    """Works through one scan's queue.

    Attributes:
        queue: The scan in its case file.
        engine: Where photos are checked.
        make: Loads the function that checks them.
        hash_of: Digest of a file's content.
        lost: The record of a photo that was lost, from what the engine says and its digest.
        tell: Called after every file.
        stop: Once set, nothing more is begun; what is in hand is finished and kept.
    """

    queue: Queue
    engine: Engine
    make: FunctionMaker
    hash_of: Callable[[PhotoRef], str]
    lost: Callable[[LostPhoto, str], Record]
    tell: Callable[[Told], None]
    stop: threading.Event
    _in_hand: dict[PhotoRef, tuple[Pending, str]] = field(default_factory=dict)

    def enlist(self, entries: Iterable[FileEntry], told: Callable[[int], None]) -> None:
        """Take everything that listing finds, as it finds it.

        Args:
            entries: What listing finds.
            told: Called with how many entries there are so far.
        """
        count = 0
        for batch in batches(entries, BATCH):
            self.queue.enlist(batch)
            count += len(batch)
            told(count)
            if self.stop.is_set():
                return

    def work(self) -> None:
        """Check what is to be checked.

        Raises:
            PosecheckError: The function cannot be loaded, or the case file cannot be written.
        """
        before = -1
        # A second round is for files whose content was in hand under another name in the first.
        while not self.stop.is_set() and self.queue.left() not in (0, before):
            before = self.queue.left()
            with closing(self.engine.run(self.make, self._refs())) as outcomes:
                for outcome in outcomes:
                    file, digest = self._in_hand[outcome.ref]
                    if isinstance(outcome, LostPhoto):
                        outcome = PhotoRecord(outcome.ref, self.lost(outcome, digest))
                    record = outcome.record
                    self.queue.store(file, record, [(p.kind, p.jpeg) for p in outcome.pictures])
                    del self._in_hand[outcome.ref]
                    self.tell(Told(file.ref, record))

    def _refs(self) -> Iterator[PhotoRef]:
        """Photos that must be checked; each content once, however many names it has."""
        for file in self.queue.pending():
            if self.stop.is_set():
                return
            try:
                digest = file.sha256 or self.hash_of(file.ref)
            except PhotoError as error:
                self._fail(file, error)
                continue
            if self.queue.link_if_fresh(file, digest):
                self.tell(Told(file.ref, linked=True))
            elif all(digest != other for _, other in self._in_hand.values()):
                self._in_hand[file.ref] = file, digest
                yield file.ref

    def _fail(self, file: Pending, error: PhotoError) -> None:
        from posecheck.checker import status_of

        self.queue.fail(file, status_of(error).value, error.words)
        self.tell(Told(file.ref))


def as_entries(items: Iterable[Item]) -> Iterator[FileEntry]:
    """What a listing gives, as the case file keeps it."""
    from posecheck.checker import status_of

    for item in items:
        if isinstance(item, Listed):
            yield FileEntry(item.ref, item.size, item.stamp)
        elif isinstance(item, Skipped):
            yield FileEntry(item.ref, state="skipped", why=item.why.value)
        else:
            why = status_of(item.error).value
            yield FileEntry(item.ref, state="failed", why=why, reason=item.error.words)


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Items in lists of at most `size`, drawn as they are needed."""
    drawn = iter(items)
    while batch := list(islice(drawn, size)):
        yield batch
