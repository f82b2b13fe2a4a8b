"""Boxes and labels on a copy of a photo."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from posecheck.report.findings import findings_of, is_ordinary
from posecheck.report.labels import Box, overlap, place_label
from posecheck.report.texts import Texts
from posecheck.results import HandResult, Level, PhotoResult
from posecheck.risk.formula import level_of

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont
Colour = tuple[int, int, int]

COLOURS: dict[Level, Colour] = {
    Level.HIGH: (196, 24, 24),
    Level.MEDIUM: (184, 84, 0),
    Level.LOW: (110, 92, 0),
    Level.NONE: (110, 92, 0),
}
"""Dark enough for white letters (contrast 4.5 and more)."""

UNCLEAR: Colour = (34, 84, 150)
"""A hand that cannot be told and does not reach level medium; white letters can be read on it."""

GREY: Colour = (190, 190, 190)

DASH = 5
"""Length of a dash around an unclear hand, in widths of the line; the gaps are shorter."""

COVERED = 0.1
"""A label that would lie on other things with more than this share is shortened."""

LETTERS = (0.012, 0.024)
"""Least and greatest height of letters, as a share of the photo's shorter side."""

LETTERS_PER_HAND = 0.3
"""Height of letters as a share of the hand, between the two limits: a label stays small."""

SMALLEST_LETTERS = 9
"""Below nine pixels the built-in font cannot be read."""


def draw(rgb: NDArray[np.uint8], result: PhotoResult, say: Texts) -> Image.Image:
    """A copy of the photo with a box and a label for each hand that is told.

    A hand that cannot be told has a dashed box and a question mark, whether it is told or not.
    Other hands get a thin grey box.

    Args:
        rgb: uint8 (H, W, 3), the oriented photo.
        result: What the check said of it.
        say: Words of the chosen language.
    """
    image = Image.fromarray(rgb).convert("RGB")
    canvas, stroke = ImageDraw.Draw(image), _stroke(image)
    chosen = findings_of(result)
    told = set(chosen.told)
    told |= {p for i in chosen.told if (p := result.hands[i].partner) is not None}
    boxes = [_box(hand) for hand in result.hands]
    marked = {i for i in chosen.rest if result.hands[i].unclear}
    for i, box in enumerate(boxes):
        if i not in told | marked:
            canvas.rectangle(box, outline=GREY, width=max(1, stroke // 2))
    for i in told | marked:
        if result.hands[i].unclear:
            _dashed(canvas, boxes[i], _colour(result.hands[i]), stroke)
        else:
            canvas.rectangle(boxes[i], outline=_colour(result.hands[i]), width=stroke)
    labels: list[Box] = []
    for i in (*chosen.told, *sorted(marked)):
        taken = [box for j, box in enumerate(boxes) if j != i] + labels
        texts = label_texts(result, i, say) if i in told else ("?",)
        labels.append(_label(image, result.hands[i], texts, taken))
    return image


def label_texts(result: PhotoResult, index: int, say: Texts) -> tuple[str, str]:
    """The label of a hand: its number in the report, the gesture, and what that resembles.

    The second text is for where there is no room for the first.
    """
    hand = result.hands[index]
    mark = "?" if hand.unclear else ""
    if hand.unclear and is_ordinary(hand):
        return f"{index + 1}: ?", f"{index + 1}?"
    text = f"{index + 1}: {say.short(hand.gesture)}"
    if hand.numbers:
        listed = "/".join(str(n) for n in hand.numbers)
        text += f" = {say('word.short_number')} {listed}"
    return text + mark, f"{index + 1}{mark}"


def _label(image: Image.Image, hand: HandResult, texts: tuple[str, ...], taken: list[Box]) -> Box:
    """Draw a hand's label and return its box."""
    canvas, stroke = ImageDraw.Draw(image), _stroke(image)
    font = _font(hand, min(image.size))
    padding = max(2, stroke)
    for text in texts:
        left, top, right, bottom = canvas.textbbox((0, 0), text, font=font)
        size = (right - left + 2 * padding, bottom - top + 2 * padding)
        place = place_label(_box(hand), size, image.size, taken, gap=stroke + 1.0)
        covered = sum(overlap(place, other) for other in (*taken, _box(hand)))
        if size[0] <= image.width and covered <= COVERED * size[0] * size[1]:
            break
    canvas.rectangle(place, fill=_colour(hand))
    corner = (place[0] + padding - left, place[1] + padding - top)
    canvas.text(corner, text, font=font, fill=(255, 255, 255))
    return place


def _stroke(image: Image.Image) -> int:
    """Width of a line, in pixels."""
    return max(1, round(min(image.size) / 300))


def _font(hand: HandResult, side: int) -> Font:
    least, most = (share * side for share in LETTERS)
    size = min(max(LETTERS_PER_HAND * hand.size, least), most)
    return ImageFont.load_default(size=max(SMALLEST_LETTERS, round(size)))


def _colour(hand: HandResult) -> Colour:
    level = level_of(hand.risk)
    return UNCLEAR if hand.unclear and level.rank < Level.MEDIUM.rank else COLOURS[level]


def _dashed(canvas: ImageDraw.ImageDraw, box: Box, colour: Colour, width: int) -> None:
    """Draw a box of dashes with whole corners."""
    x0, y0, x1, y1 = box
    for start, stop in _dashes(x1 - x0, DASH * width):
        for y in (y0, y1 - width):
            canvas.rectangle((x0 + start, y, x0 + stop, y + width), fill=colour)
    for start, stop in _dashes(y1 - y0, DASH * width):
        for x in (x0, x1 - width):
            canvas.rectangle((x, y0 + start, x + width, y0 + stop), fill=colour)


def _dashes(length: float, dash: float) -> list[tuple[float, float]]:
    """Start and stop of dashes along a side: a dash at both ends, even gaps, at least two."""
    count = max(2, round(length / (1.6 * dash)))
    dash = min(dash, 0.6 * length / count)
    step = (length - dash) / (count - 1)
    return [(i * step, i * step + dash) for i in range(count)]


def _box(hand: HandResult) -> Box:
    x0, y0, x1, y1 = (float(v) for v in hand.box_xyxy)
    return (x0, y0, max(x0, x1), max(y0, y1))
