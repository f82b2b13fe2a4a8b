"""What people's decisions mean for a photo's hands now: decisions are the baseline of later scans.

A decision names hands by gesture and place, not by number, so it holds when the photo is checked
again with other models that find the same hand and read it the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from posecheck.casefile.types import Decision, Finding, Verdict
from posecheck.hands.nms import iou_matrix
from posecheck.report.findings import findings_of
from posecheck.results import HandResult, PhotoResult

SAME_PLACE = 0.5
"""IoU from which two boxes are of the same hand: neighbouring hands overlap less."""

_GRAVITY = (Verdict.RESEMBLES, Verdict.UNCLEAR, Verdict.DIFFERENT)


@dataclass(frozen=True)
class Standing:
    """What holds for a photo now.

    Attributes:
        verdicts: For each hand of the photo, None where nobody has decided.
        decision: The decision that holds for the whole photo, or None where a hand that
            resembles something is undecided.
        raised: Whether the photo is to be raised.
    """

    verdicts: tuple[Verdict | None, ...]
    decision: Decision | None
    raised: bool


def findings_to_decide(result: PhotoResult) -> tuple[Finding, ...]:
    """The hands that resemble something, as a decision on the whole photo names them."""
    return tuple(finding_of(result.hands[i]) for i in findings_of(result).told)


def finding_of(hand: HandResult) -> Finding:
    """A hand as a decision names it."""
    x0, y0, x1, y1 = (float(v) for v in hand.box_xyxy)
    return Finding(hand.gesture, (x0, y0, x1, y1))


def standing(result: PhotoResult, decisions: Sequence[Decision]) -> Standing:
    """Hold decisions against a result.

    Args:
        result: What the check says of the photo now.
        decisions: Every decision on it, the oldest first.
    """
    holding = _not_undone(decisions)
    by_hand = [_latest(_named(result, hand), holding) for hand in result.hands]
    verdicts = tuple(None if d is None else d.verdict for d in by_hand)
    told = findings_of(result).told
    if not told:
        # Nothing resembles anything: a person may still have looked at the photo and said so.
        whole = next((d for d in reversed(holding) if not d.findings), None)
        return Standing(verdicts, whole if whole and whole.verdict else None, raised=True)
    decided = [d for i in told if (d := by_hand[i]) is not None and d.verdict is not None]
    raised = any(verdicts[i] is not Verdict.DIFFERENT for i in told)
    if len(decided) < len(told):
        return Standing(verdicts, None, raised)
    gravest = min(decided, key=lambda d: (_GRAVITY.index(d.verdict or Verdict.DIFFERENT), -d.id))
    return Standing(verdicts, gravest, raised)


def _not_undone(decisions: Sequence[Decision]) -> list[Decision]:
    undone = {d.undoes for d in decisions}
    return [d for d in decisions if d.id not in undone and d.undoes is None]


def _named(result: PhotoResult, hand: HandResult) -> list[Finding]:
    """What a decision on a hand may have named: which hand of a pair comes first can change."""
    pair = [hand]
    if hand.partner is not None and 0 <= hand.partner < len(result.hands):
        pair.append(result.hands[hand.partner])
    return [finding_of(each) for each in pair]


def _latest(names: Sequence[Finding], decisions: Sequence[Decision]) -> Decision | None:
    """The newest decision on a hand, by its gesture and place."""
    for decision in reversed(decisions):
        if any(_same_hand(name, other) for name in names for other in decision.findings):
            return decision
    return None


def _same_hand(one: Finding, other: Finding) -> bool:
    if one.gesture != other.gesture:
        return False
    if one.box_xyxy == other.box_xyxy:
        return True
    boxes = np.array([[one.box_xyxy], [other.box_xyxy]], np.float32)
    return float(iou_matrix(boxes[0], boxes[1])[0, 0]) >= SAME_PLACE
