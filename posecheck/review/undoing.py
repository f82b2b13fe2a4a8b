"""Which decisions can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from posecheck.casefile.types import CasePhoto, Decision, Verdict


@dataclass(frozen=True)
class Said:
    """A decision of this run that can be taken back.

    Attributes:
        id: Number of the decision.
        sha256: The photo.
        name: What the photo is called.
        verdict: What was said.
    """

    id: int
    sha256: str
    name: str
    verdict: Verdict


def standing_decisions(decisions: Sequence[Decision]) -> list[Decision]:
    """Those of a photo's decisions that nobody has taken back, the oldest first."""
    undone = {d.undoes for d in decisions}
    return [d for d in decisions if d.undoes is None and d.id not in undone]


def latest_said(photo: CasePhoto, decisions: Sequence[Decision]) -> Said | None:
    """The latest decision on a photo: what undo is for where this run has kept none yet."""
    for decision in reversed(standing_decisions(decisions)):
        if decision.verdict is not None:
            return Said(decision.id, decision.sha256, photo.result.path, decision.verdict)
    return None
