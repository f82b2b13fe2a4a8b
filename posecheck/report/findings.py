"""What of a photo is worth telling a person; texts and pictures follow the same choice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from posecheck.gesture.vocabulary import BY_ID
from posecheck.results import HandResult, Level, PhotoResult, RuleStatus
from posecheck.risk.formula import level_of

KEPT_BY_CROP = 0.6
"""A crop is only proposed if it leaves this share of the photo's width or height."""

FALLBACK_HANDS = 3
"""How many hands are told where a photo is flagged and no hand alone is."""


@dataclass(frozen=True)
class Findings:
    """Indices of a photo's hands, by how they are told.

    Attributes:
        told: Hands that resemble something, riskiest first; of a two-hand gesture the first hand.
        rest: The others, which are only counted.
    """

    told: tuple[int, ...]
    rest: tuple[int, ...]


def findings_of(result: PhotoResult) -> Findings:
    """Choose the hands to tell: signs at level low or above, and other hands at medium.

    An ordinary hand that is not quite clear is told only where nothing clearer is.
    """
    hands = result.hands
    order = sorted(range(len(hands)), key=lambda i: -hands[i].risk)
    notable = [i for i in order if level_of(hands[i].risk) is not Level.NONE]
    told = [i for i in notable if not (is_ordinary(hands[i]) and is_doubtful(hands[i]))]
    if not told and result.level not in (None, Level.NONE):
        told = (notable or [i for i in order if hands[i].risk > 0])[:FALLBACK_HANDS]
    partners = {hands[i].partner for n, i in enumerate(told) if hands[i].partner not in told[:n]}
    told = [i for i in told if i not in partners]
    hidden = {*told, *partners}
    return Findings(tuple(told), tuple(i for i in range(len(hands)) if i not in hidden))


def is_doubtful(hand: HandResult) -> bool:
    """Whether the hand's own risk is at level low: worth a word, not a line."""
    return level_of(hand.risk) is Level.LOW


def resembling(result: PhotoResult) -> list[HandResult]:
    """The hands that the verdict is about: those told, unclear ones only where all are."""
    told = [result.hands[i] for i in findings_of(result).told]
    return [hand for hand in told if not hand.unclear] or told


def is_only_unclear(result: PhotoResult) -> bool:
    """Whether a photo is at level low for nothing but hands that cannot be told."""
    told = findings_of(result).told
    return result.level is Level.LOW and bool(told) and all(result.hands[i].unclear for i in told)


def is_ordinary(hand: HandResult) -> bool:
    """Whether the hand makes no finger sign: resting, holding something, or another shape."""
    gesture = BY_ID.get(hand.gesture)
    return gesture is not None and not gesture.is_sign


def is_faint(hand: HandResult) -> bool:
    """Whether a hand that is only counted would make a sign, were it surer."""
    return not is_ordinary(hand) and hand.rule is not RuleStatus.ALLOWED


def numbers_of(hands: Iterable[HandResult]) -> tuple[int, ...]:
    """Numbers that the hands resemble, ascending."""
    return tuple(sorted({number for hand in hands for number in hand.numbers}))


def gestures_of(hands: Iterable[HandResult]) -> list[tuple[str, int]]:
    """Gesture ids with how many hands make them, most frequent first."""
    return Counter(hand.gesture for hand in hands).most_common()


def centre_of(hand: HandResult) -> tuple[float, float]:
    """Centre of a hand's box, x and y in pixels."""
    x0, y0, x1, y1 = (float(v) for v in hand.box_xyxy)
    return (x0 + x1) / 2, (y0 + y1) / 2


def place_of(hand: HandResult, width: int, height: int) -> str:
    """Where in the photo the hand's centre is: a key of the texts under "place"."""
    x, y = centre_of(hand)
    column, row = _third(x, width), _third(y, height)
    if row == 1:
        return ("left", "middle", "right")[column]
    return f"{('top', '', 'bottom')[row]}_{('left', 'middle', 'right')[column]}"


def crop_side(hands: Sequence[HandResult], width: int, height: int) -> str | None:
    """The side to cut off so that no hand is left and most of the photo is.

    Returns:
        "left", "right", "top" or "bottom"; None where every cut costs too much.
    """
    boxes = [[float(v) for v in hand.box_xyxy] for hand in hands]
    kept = {
        "left": 1 - max(box[2] for box in boxes) / width,
        "right": min(box[0] for box in boxes) / width,
        "top": 1 - max(box[3] for box in boxes) / height,
        "bottom": min(box[1] for box in boxes) / height,
    }
    side = max(kept, key=lambda name: kept[name])
    return side if kept[side] >= KEPT_BY_CROP else None


def _third(value: float, length: int) -> int:
    return min(2, max(0, int(3 * value / length))) if length > 0 else 1
