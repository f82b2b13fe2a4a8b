"""Where a hand's label goes: near its box, off other hands, and rather below than above.

Above a hand that is held up there is most often a face; below it there is a sleeve.  That is all
that is done about faces: they are neither searched for nor drawn on.
"""

from __future__ import annotations

from collections.abc import Sequence

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 in pixels."""

ABOVE_COST = 0.5
"""What a place above the hand costs, as a share of the label's area that lies over others."""

RANK_COST = 0.01
"""What each later place in the list of places costs, so that equals are decided by order."""

OWN_COST = 0.6
"""Covering a part of its own hand is bad, covering another's is worse."""


def place_label(
    box: Box, size: tuple[float, float], photo: tuple[int, int], taken: Sequence[Box], gap: float
) -> Box:
    """Find a place for a label.

    Args:
        box: The hand that the label belongs to.
        size: Width and height of the label.
        photo: Width and height of the photo; the place is inside it as far as the label fits.
        taken: Boxes of the other hands and of labels that are already placed.
        gap: Pixels between a hand and its label.

    Returns:
        The label's box.
    """
    area = max(size[0] * size[1], 1.0)
    best: Box = (0.0, 0.0, *size)
    least = float("inf")
    for rank, (x, y, above) in enumerate(_places(box, size, gap)):
        place = _inside((x, y, x + size[0], y + size[1]), photo)
        covered = sum(overlap(place, other) for other in taken) / area
        cost = covered + OWN_COST * overlap(place, box) / area
        cost += RANK_COST * rank + ABOVE_COST * above
        if cost < least:
            best, least = place, cost
    return best


def overlap(a: Box, b: Box) -> float:
    """Area that two boxes share."""
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    return max(width, 0.0) * max(height, 0.0)


def _places(box: Box, size: tuple[float, float], gap: float) -> list[tuple[float, float, bool]]:
    """Top left corners to try, best first, and whether each is above the hand."""
    x0, y0, x1, y1 = box
    width, height = size
    columns = ((x0 + x1 - width) / 2, x0, x1 - width)
    below = [(x, y1 + gap, False) for x in columns]
    lower = [(x, y1 + 2 * gap + height, False) for x in columns]
    beside = [
        (x, y, False)
        for y in (y1 - height, (y0 + y1 - height) / 2)
        for x in (x1 + gap, x0 - gap - width)
    ]
    inside = [((x0 + x1 - width) / 2, y1 - height, False)]
    above = [(x, y0 - gap - height, True) for x in columns]
    return below + lower + beside + inside + above


def _inside(box: Box, photo: tuple[int, int]) -> Box:
    """The box moved into the photo; its top left corner wins where it is too large."""
    x = max(0.0, min(box[0], photo[0] - (box[2] - box[0])))
    y = max(0.0, min(box[1], photo[1] - (box[3] - box[1])))
    return (x, y, x + box[2] - box[0], y + box[3] - box[1])
