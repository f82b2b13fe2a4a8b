"""Pieces of an evidence sheet: paragraphs, labelled facts, pictures side by side, a form."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Frame, Image, Paragraph, Spacer, Table

from posecheck.export.lettering import BOLD, REGULAR, showable
from posecheck.export.pictures import Made

MARGIN = 16 * mm
WIDTH = A4[0] - 2 * MARGIN
FOOTER = 6 * mm
HEIGHT = A4[1] - 2 * MARGIN - FOOTER

TOTAL_WIDTH = 8 * mm
"""Room for the number of pages at the foot of each."""

LABEL_WIDTH = 36 * mm
BLACK = HexColor(0x1A1A1A)
GREY = HexColor(0x666666)
LINE = HexColor(0xBBBBBB)


def style(size: float = 8.5, bold: bool = False, colour: Color = BLACK, **more: Any) -> Any:
    """A paragraph style; words too long for a line are cut, as paths and hashes are."""
    return ParagraphStyle(
        "posecheck",
        fontName=BOLD if bold else REGULAR,
        fontSize=size,
        leading=1.3 * size,
        textColor=colour,
        splitLongWords=1,
        **more,
    )


def text(words: str, how: Any) -> Any:
    """A paragraph of plain text: what looks like markup in it is text."""
    return Paragraph(escape(showable(words)).replace("\n", "<br/>"), how)


def fact(label: str, value: str) -> Any:
    """A label on the left and what is to be said on the right, over as many pages as it needs."""
    how = style(
        leftIndent=LABEL_WIDTH,
        spaceAfter=1.6,
        bulletFontName=BOLD,
        bulletFontSize=8.5,
        bulletColor=BLACK,
    )
    words = escape(showable(value)).replace("\n", "<br/>")
    return Paragraph(words, how, bulletText=showable(label))


def picture(made: Made, width: float, height: float) -> Any:
    """A picture as large as fits into the width and height, in points."""
    scale = min(width / made.width, height / made.height)
    image = Image(BytesIO(made.jpeg), made.width * scale, made.height * scale)
    image.hAlign = "LEFT"
    return image


def row_of_pictures(pictures: Sequence[tuple[Made, str]], height: float) -> Any:
    """Pictures side by side, each with a line below it."""
    gap = 3 * mm
    width = min((WIDTH - gap * (len(pictures) - 1)) / len(pictures), 1.2 * height)
    caption = style(7, colour=GREY)
    images = [picture(made, width, height) for made, _ in pictures]
    cells = [
        [image, text(words, caption)] for image, (_, words) in zip(images, pictures, strict=True)
    ]
    table = Table([cells], colWidths=[image.drawWidth + gap for image in images], hAlign="LEFT")
    table.setStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (-1, -1), 0),
            ("RIGHTPADDING", (0, 0), (-1, -1), gap),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
        ]
    )
    return table


def signatures(heads: Sequence[str], lines: Sequence[str]) -> Any:
    """Blocks side by side with blank lines for people to fill in."""
    column = WIDTH / len(heads)
    label, gap = 27 * mm, 8 * mm
    blank = column - label - gap
    data: list[list[Any]] = [[c for head in heads for c in (text(head, style(bold=True)), "", "")]]
    for line in lines:
        data.append([c for _ in heads for c in (text(line, style()), "", "")])
    heights = [6 * mm, *[7 * mm] * (len(lines) - 1), 15 * mm]
    table = Table(
        data, colWidths=[label, blank, gap] * len(heads), rowHeights=heights, splitByRow=0
    )
    rules: list[tuple[Any, ...]] = [
        ("VALIGN", (0, 0), (-1, -1), "BOTTOM"),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 0),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
    ]
    for block in range(len(heads)):
        rules.append(("SPAN", (3 * block, 0), (3 * block + 1, 0)))
        for row in range(1, len(lines) + 1):
            rules.append(("LINEBELOW", (3 * block + 1, row), (3 * block + 1, row), 0.5, GREY))
    table.setStyle(rules)
    return table


def boxed(words: str) -> Any:
    """A paragraph in a frame."""
    how = style(8, borderColor=LINE, borderWidth=0.6, borderPadding=4, backColor=HexColor(0xF6F6F6))
    how.leftIndent = how.rightIndent = 4
    how.spaceBefore, how.spaceAfter = 8, 8
    return text(words, how)


def height_of(pieces: Sequence[Any]) -> float:
    """Points that pieces take below each other, or a little more."""
    heights = [piece.wrap(WIDTH, HEIGHT)[1] for piece in pieces]
    spaces = [piece.getSpaceBefore() + piece.getSpaceAfter() for piece in pieces]
    return float(sum(heights) + sum(spaces))


def space(height: float) -> Any:
    """Nothing, of a height in points."""
    return Spacer(1, height)


def page_frame() -> Any:
    """Where a page's pieces go."""
    return Frame(MARGIN, MARGIN + FOOTER, WIDTH, HEIGHT, 0, 0, 0, 0)


def fill(pieces: list[Any], frame: Any, canvas: Any) -> None:
    """Put pieces on a page until it is full, cutting the last one; what is left stays in the list.

    Raises:
        ValueError: A piece that cannot be cut is taller than a page.
    """
    empty = True
    while pieces:
        if frame.add(pieces[0], canvas):
            del pieces[0]
            empty = False
            continue
        parts = frame.split(pieces[0], canvas)
        if len(parts) > 1 and frame.add(parts[0], canvas):
            pieces[:1] = parts[1:]
        elif empty:
            raise ValueError(f"{type(pieces[0]).__name__} does not fit on a page")
        return
