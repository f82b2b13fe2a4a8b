"""Boxes over a picture of a page, in percent of it, so that they fit whatever its size."""

from __future__ import annotations

from dataclasses import dataclass, replace

from posecheck.export.pictures import told_hands
from posecheck.report.drawing import label_texts
from posecheck.report.findings import findings_of
from posecheck.report.labels import Box, place_label
from posecheck.report.texts import Texts
from posecheck.results import HandResult, Level, PhotoResult
from posecheck.risk.formula import level_of

SMALL = 360
LARGE = 860
"""CSS pixels a picture is about wide on the card and in the large view.  Chips keep their size
whatever the picture's, so that their places are chosen for each of the two."""

CHIP_HEIGHT = 18
CHIP_PADDING = 10
CHIP_LETTER = 8
"""Size of the chip with a hand's number, in CSS pixels; page.css draws it as large."""


@dataclass(frozen=True)
class Mark:
    """The box of one hand; lengths in percent of the picture's width or height.

    Attributes:
        kind: Its colour: a level, "unclear", or "rest" for a hand that is only counted.
        dashed: Whether the hand cannot be told.
        x: Left edge.
        y: Top edge.
        width: Of the box.
        height: Of the box.
        chip: What to write beside the box, "" for nothing.
        chip_at: Left and top edge of the chip on the card.
        chip_at_large: The same in the large view.
        chip_width: In CSS pixels.
    """

    kind: str
    dashed: bool
    x: float
    y: float
    width: float
    height: float
    chip: str = ""
    chip_at: tuple[float, float] = (0.0, 0.0)
    chip_at_large: tuple[float, float] = (0.0, 0.0)
    chip_width: int = 0


def marks_of(result: PhotoResult, say: Texts) -> list[Mark]:
    """Boxes of all hands of a checked photo; those that are told come last, on top."""
    if not (result.width and result.height):
        return []
    chosen = findings_of(result)
    told = set(told_hands(result))
    unclear = [i for i in chosen.rest if result.hands[i].unclear]
    chips = {i: label_texts(result, i, say)[1] for i in chosen.told} | dict.fromkeys(unclear, "?")
    small, large = (_chip_places(result, told, chips, width) for width in (SMALL, LARGE))
    marks = []
    for i in sorted(range(len(result.hands)), key=lambda i: (i in told, i in chips, -i)):
        hand = result.hands[i]
        x0, y0, x1, y1 = _shown(hand, result, 100.0, 100.0)
        mark = Mark(
            kind=kind_of(hand) if i in told or hand.unclear else "rest",
            dashed=hand.unclear,
            x=round(x0, 2),
            y=round(y0, 2),
            width=round(x1 - x0, 2),
            height=round(y1 - y0, 2),
        )
        if i in chips:
            mark = replace(
                mark,
                chip=chips[i],
                chip_at=small[i],
                chip_at_large=large[i],
                chip_width=_chip_width(chips[i]),
            )
        marks.append(mark)
    return marks


def kind_of(hand: HandResult) -> str:
    """The colour of a hand: that of its level, or of hands that cannot be told."""
    level = level_of(hand.risk)
    return "unclear" if hand.unclear and level.rank < Level.MEDIUM.rank else level.value


def _chip_places(
    result: PhotoResult, told: set[int], chips: dict[int, str], width: int
) -> dict[int, tuple[float, float]]:
    """Left and top edges of chips in percent, for a picture that is shown `width` pixels wide."""
    height = max(1, round(width * result.height / result.width))
    boxes = {i: _shown(result.hands[i], result, width, height) for i in {*told, *chips}}
    places: list[Box] = []
    found = {}
    for i, text in chips.items():
        taken = [box for j, box in boxes.items() if j != i] + places
        size = _chip_width(text), CHIP_HEIGHT
        place = place_label(boxes[i], size, (width, height), taken, gap=3)
        places.append(place)
        found[i] = round(100 * place[0] / width, 2), round(100 * place[1] / height, 2)
    return found


def _chip_width(text: str) -> int:
    return CHIP_PADDING + CHIP_LETTER * len(text)


def _shown(hand: HandResult, result: PhotoResult, width: float, height: float) -> Box:
    """The hand's box in a picture of this size, cut to the picture."""
    x0, y0, x1, y1 = (float(v) for v in hand.box_xyxy)
    left = min(max(0.0, x0 * width / result.width), width)
    top = min(max(0.0, y0 * height / result.height), height)
    right = min(max(left, x1 * width / result.width), width)
    return left, top, right, min(max(top, y1 * height / result.height), height)
