"""The reviewer's desk: the case file, the photos still to come, and the way back.

Everything here runs in the one thread that the case file was opened in.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from posecheck.casefile.baseline import finding_of
from posecheck.casefile.case import CaseFile, Selection
from posecheck.casefile.types import CasePhoto, Decision, Finding, Verdict
from posecheck.errors import ReviewError
from posecheck.review.filters import Filter, State
from posecheck.review.queue import Queue
from posecheck.review.undoing import Said, latest_said, standing_decisions

KEPT_QUEUES = 4
FRESH_SECONDS = 30.0
PATIENCE = 20
"""A queue is read again once it is older than `FRESH_SECONDS`, and never for more than one part in
`PATIENCE` of the time: another reviewer or a scan may write to the same case file."""

KEPT_DECISIONS = 500
"""How many decisions can be taken back one after the other."""


@dataclass(frozen=True)
class Shown:
    """What a page needs to know of one photo.

    Attributes:
        photo: The photo.
        decisions: Everything that was said of it, the oldest first.
        place: Its place in the queue, from 1; None where the filter does not hold it.
        total: How many photos the filter holds, whatever was said of them.
        decided: How many of them are decided.
        before: The photo before it.
        after: The photo after it.
        onward: The photo that needs a decision next, as far as is known.
        last: The decision that undo takes back, or None.
    """

    photo: CasePhoto
    decisions: Sequence[Decision]
    place: int | None
    total: int
    decided: int
    before: str | None
    after: str | None
    onward: str | None
    last: Said | None


class Desk:
    """What a reviewer does, and where that leads."""

    def __init__(self, case: CaseFile, base: Selection) -> None:
        """Sit down.

        Args:
            case: The case file, opened in the thread that the desk is used in.
            base: The photos to review where an address says nothing else.
        """
        self._case = case
        self.base = base
        self._queues: OrderedDict[Filter, tuple[Queue, float]] = OrderedDict()
        self._said: list[Said] = []

    def start(self, chosen: Filter) -> str | None:
        """The photo to begin with, or None where the filter holds none."""
        self._queues.pop(_key(chosen), None)
        return self._queue(chosen).first()

    def progress(self, chosen: Filter) -> tuple[int, int]:
        """How many photos of a filter are decided, and how many there are."""
        queue = self._queue(chosen)
        return queue.decided, len(queue)

    def show(self, sha256: str, chosen: Filter) -> Shown | None:
        """One photo, or None where the case file has no such one."""
        photo = self._case.photo(sha256)
        if photo is None:
            return None
        queue = self._queue(chosen)
        queue.mark(sha256, photo.decision is not None)
        place = queue.place(sha256)
        decisions = self._case.decisions(sha256)
        return Shown(
            photo=photo,
            decisions=decisions,
            place=None if place is None else place + 1,
            total=len(queue),
            decided=queue.decided,
            before=queue.step(sha256, forward=False),
            after=queue.step(sha256, forward=True),
            onward=queue.next_undecided(sha256),
            last=self._said[-1] if self._said else latest_said(photo, decisions),
        )

    def photo(self, sha256: str) -> CasePhoto | None:
        """One photo."""
        return self._case.photo(sha256)

    def picture(self, sha256: str, kind: str) -> bytes | None:
        """A stored picture."""
        return self._case.picture(sha256, kind)

    def decide(
        self, sha256: str, verdict: Verdict, hand: int | None, *, reviewer: str, note: str
    ) -> CasePhoto | None:
        """Keep what was said of a photo, or of one of its hands.

        Args:
            sha256: The photo.
            verdict: What was said.
            hand: Index in `PhotoResult.hands`; None for the whole photo.
            reviewer: Who.
            note: Free text.

        Returns:
            The photo as it is now; None where the case file has no such one.

        Raises:
            CaseError: It could not be kept.
            ReviewError: There is no such hand.
        """
        photo = self._case.photo(sha256)
        if photo is None:
            return None
        findings = None
        if hand is not None:
            if not 0 <= hand < len(photo.result.hands):
                raise ReviewError(f"the photo has no hand {hand + 1}", "Load the page again.")
            findings = [finding_of(photo.result.hands[hand])]
        self._keep(photo, verdict, reviewer, note, findings)
        return self._case.photo(sha256)

    def annotate(self, sha256: str, *, reviewer: str, note: str) -> bool:
        """Change the note of a decision that holds, and nothing else of it.

        Returns:
            Whether there is one.

        Raises:
            CaseError: It could not be kept.
        """
        photo = self._case.photo(sha256)
        holds = None if photo is None else photo.decision
        if photo is None or holds is None or holds.verdict is None:
            return False
        self._keep(photo, holds.verdict, reviewer, note, holds.findings)
        return True

    def undo(self, decision: int, sha256: str, *, reviewer: str) -> bool:
        """Take one decision back.

        Args:
            decision: Its number, as a page showed it.
            sha256: The photo that it is about.
            reviewer: Who takes it back.

        Returns:
            Whether there is such a decision on that photo that had not been taken back.

        Raises:
            CaseError: It could not be kept.
        """
        if decision not in {d.id for d in standing_decisions(self._case.decisions(sha256))}:
            return False
        self._case.undo(decision, reviewer=reviewer)
        self._said = [said for said in self._said if said.id != decision]
        self._note_state(sha256)
        return True

    def onward(self, sha256: str, chosen: Filter) -> str | None:
        """The photo to go to when one is decided, or None at the end."""
        queue = self._queue(chosen)
        if chosen.state not in (State.ALL, State.UNDECIDED):
            return queue.step(sha256, forward=True)
        while (following := queue.next_undecided(sha256)) is not None:
            photo = self._case.photo(following)
            if photo is not None and photo.decision is None:
                return following
            queue.mark(following, decided=True)  # somebody else decided it, or it was purged
        return None

    def _keep(
        self,
        photo: CasePhoto,
        verdict: Verdict,
        reviewer: str,
        note: str,
        findings: Sequence[Finding] | None,
    ) -> None:
        sha256 = photo.result.sha256
        decision = self._case.decide(
            sha256, verdict, reviewer=reviewer, note=note, findings=findings
        )
        self._said.append(Said(decision.id, sha256, photo.result.path, verdict))
        del self._said[:-KEPT_DECISIONS]
        self._note_state(sha256)

    def _note_state(self, sha256: str) -> None:
        photo = self._case.photo(sha256)
        for queue, _ in self._queues.values():
            queue.mark(sha256, decided=photo is not None and photo.decision is not None)

    def _queue(self, chosen: Filter) -> Queue:
        key, now = _key(chosen), time.monotonic()
        if key in self._queues and now < self._queues[key][1]:
            self._queues.move_to_end(key)
            return self._queues[key][0]
        everything, wanted = chosen.all(self.base), chosen.wanted(self.base)
        queue = Queue(
            self._case.hashes(everything),
            self._case.hashes(replace(everything, verdicts=frozenset({None}))),
            None if wanted is None else self._case.hashes(wanted),
        )
        done = time.monotonic()
        self._queues[key] = queue, done + max(FRESH_SECONDS, PATIENCE * (done - now))
        self._queues.move_to_end(key)
        while len(self._queues) > KEPT_QUEUES:
            self._queues.popitem(last=False)
        return queue


def _key(chosen: Filter) -> Filter:
    """The same photos come whichever picture of them is shown."""
    return replace(chosen, blurred=False)
