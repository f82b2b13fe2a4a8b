"""Boxes on the photo, as shapes that lie over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from posecheck.report.labels import Box, place_label
from posecheck.results import HandResult, Level, PhotoResult
from posecheck.risk.formula import level_of

LETTERS = 0.02
"""Height of a box's number as a share of the photo's longer side."""


@dataclass(frozen=True)
class Mark:
    """A box on the photo, in its pixels.

    Attributes:
        x: Left side.
        y: Top side.
        width: To the right.
        height: Downwards.
        kind: "high", "medium", "low" or "unclear"; a class of the style sheet.
        number: The hand's number in words, from 1.
        label: Box of that number's label; None for the second hand of a two-hand gesture.
    """

    x: float
    y: float
    width: float
    height: float
    kind: str
    number: int
    label: Box | None


def kind_of(hand: HandResult) -> str:
    """How a hand is marked: by its level, or as one that cannot be told."""
    level = level_of(hand.risk)
    if hand.unclear and level.rank < Level.MEDIUM.rank:
        return "unclear"
    return Level.LOW.value if level is Level.NONE else level.value


def letters_of(result: PhotoResult) -> float:
    """Height of the numbers, in pixels of the photo."""
    return round(LETTERS * max(result.width, result.height, 1), 1)


def marks_of(result: PhotoResult, told: Sequence[int]) -> list[Mark]:
    """Boxes for the hands that are told, labels where they cover least."""
    if not (result.width and result.height):
        return []
    letters, size = letters_of(result), (result.width, result.height)
    boxes = [_box(hand) for hand in result.hands]
    marks: list[Mark] = []
    taken: list[Box] = []
    for i in told:
        wanted = letters * (0.7 + 0.6 * len(str(i + 1))), letters * 1.3
        others = [box for j, box in enumerate(boxes) if j != i] + taken
        label = place_label(boxes[i], wanted, size, others, gap=letters / 6)
        taken.append(label)
        kind = kind_of(result.hands[i])
        marks.append(_mark(boxes[i], kind, i + 1, label))
        partner = result.hands[i].partner
        if partner is not None:
            marks.append(_mark(boxes[partner], kind, i + 1, None))
    return marks


def _mark(box: Box, kind: str, number: int, label: Box | None) -> Mark:
    x0, y0, x1, y1 = box
    return Mark(x0, y0, round(x1 - x0, 1), round(y1 - y0, 1), kind, number, label)


def _box(hand: HandResult) -> Box:
    x0, y0, x1, y1 = (round(float(v), 1) for v in hand.box_xyxy)
    return x0, y0, max(x0, x1), max(y0, y1)
