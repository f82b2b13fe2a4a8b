"""Where things go on the poster, so that any rule set fills one page and no more.

All lengths are millimetres on paper, all letters are measured in points.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from posecheck.export.text_width import LINE, lines, width_of

WIDTH, HEIGHT = 184.0, 270.0
"""What A4 (210 x 297) leaves inside the widest margins that browsers print with, 12.7 mm."""

GAP = 2.5
"""Between tiles, either way."""

COLUMNS = (6, 5, 7, 8, 4)
"""How many tiles may stand beside each other, the number that looks best first."""

NARROWEST = 2
"""Columns of a section or of the tip."""

LARGEST, GOOD, SMALLEST = 31.0, 18.0, 10.0
"""Side of a picture: larger ones would be blurred, smaller ones could not be told apart."""

SMALLER = 0.85
"""Size of the letters in tiles, if nothing else makes room."""

SIGN = 8.8
"""Width of a heading's sign and the space after it."""

TITLE_PT, ADVICE_PT = (17.0, 13.5), (10.5, 9.5)
"""Letters of a heading: beside each other, and below each other where there is less room."""

NAME_PT, DETAIL_PT = 12.0, 9.5
BAND_HEADING, BAND_SPACE = 9.8, 2.0
HEADER_TITLE, HEADER_LINE, HEADER_PT = 16.0, 6.4, 14.0
FOOTER, NOTE_LINE, TIP = 12.0, 3.7, 12.0
PADDING, SIDES = 3.8, 3.3
"""What a tile adds to the height and the width of what it holds: borders, and space inside."""


@dataclass(frozen=True)
class Block:
    """A section as the layout sees it.

    Attributes:
        title: Of the heading.
        advice: What stands beside the title, or below it.
        tiles: Of each tile the name and what stands below it in smaller letters.
    """

    title: str
    advice: str
    tiles: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Place:
    """Where a section is.

    Attributes:
        index: Which section.
        width: Columns that it has.
        rows: Of tiles.
    """

    index: int
    width: int
    rows: int


@dataclass(frozen=True)
class Band:
    """Sections beside each other.

    Attributes:
        places: From left to right.
        stacked: Whether what headings advise has to stand below their titles.
    """

    places: tuple[Place, ...]
    stacked: bool

    @property
    def width(self) -> int:
        """Columns that are taken."""
        return sum(place.width for place in self.places)

    @property
    def rows(self) -> int:
        """Rows of tiles that it is high."""
        return max(place.rows for place in self.places)


@dataclass(frozen=True)
class Layout:
    """The plan of a page.

    Attributes:
        columns: Tiles beside each other.
        picture: Side of a picture.
        letters: Size of the letters in tiles, as a share of the usual one.
        bands: From top to bottom.
        tip_columns: Columns left for the tip at the end of the last band; 0 if it stands alone.
        height: Of everything, as estimated.
    """

    columns: int
    picture: float
    letters: float
    bands: tuple[Band, ...]
    tip_columns: int
    height: float


def lay_out(blocks: Sequence[Block], names: Sequence[str], notes: int) -> Layout:
    """Plan the page: plainly if that gives good pictures, else whatever gives the largest.

    Args:
        blocks: The sections, in order; each has tiles.
        names: Of the contest and the rule set, with their labels.
        notes: Lines of small notes in the footer.
    """
    fixed = HEADER_TITLE + FOOTER + notes * NOTE_LINE
    fixed += sum(HEADER_LINE * lines(name, HEADER_PT, WIDTH) for name in names)
    best = []
    for plain, letters in ((True, 1.0), (False, 1.0), (False, SMALLER)):
        plans = [
            _plan(blocks, columns, bands, letters, fixed)
            for columns in COLUMNS
            for bands in _arrangements(blocks, columns, plain)
        ]
        best += [max(plans, key=lambda plan: round(plan.picture))] if plans else []
        if best and best[-1].picture >= GOOD:
            return best[-1]
    return max(best, key=lambda plan: plan.picture)


def _plan(
    blocks: Sequence[Block], columns: int, bands: Sequence[Band], letters: float, fixed: float
) -> Layout:
    """Give the room that is left to the pictures."""
    tip = columns - bands[-1].width
    inside = _across(1, columns) - SIDES
    taken, rows = fixed + (0.0 if tip else TIP + BAND_SPACE), 0
    for band in bands:
        tiles = [tile for place in band.places for tile in blocks[place.index].tiles]
        texts = max(_text_height(*tile, inside, letters) for tile in tiles)
        rows += band.rows
        taken += BAND_HEADING + BAND_SPACE + band.rows * (texts + PADDING) + (band.rows - 1) * GAP
    picture = max(SMALLEST, min(LARGEST, inside, (HEIGHT - taken) / rows))
    return Layout(columns, picture, letters, tuple(bands), tip, taken + rows * picture)


def _arrangements(blocks: Sequence[Block], columns: int, plain: bool) -> Iterator[list[Band]]:
    """Every way to put sections, in order, beside and below each other.

    The tip takes what the last band leaves, if that is wide enough, and else a line of its own.

    Args:
        blocks: The sections.
        columns: Tiles beside each other.
        plain: Whether sections that stand beside each other have one row each.
    """
    last = len(blocks) - 1
    for cuts in product((False, True), repeat=last):
        groups: list[list[int]] = [[0]]
        for index, cut in enumerate(cuts, start=1):
            groups.append([index]) if cut else groups[-1].append(index)
        options = [_shares(group, blocks, columns, plain, group[-1] == last) for group in groups]
        yield from map(list, product(*options))


def _shares(
    group: Sequence[int], blocks: Sequence[Block], columns: int, plain: bool, is_last: bool
) -> list[Band]:
    """Ways to share the columns between sections; in the last band with or without a tip."""
    found = []
    for widths in product(range(NARROWEST, columns + 1), repeat=len(group)):
        left = columns - sum(widths)
        if left < 0 or (left and not (is_last and left >= NARROWEST)):
            continue
        sections = [(index, blocks[index], w) for index, w in zip(group, widths, strict=True)]
        band = _band(sections, columns)
        if band and (not plain or band.rows == 1 or (len(group) == 1 and not left)):
            found.append(band)
    # Room that no tiles need goes to the tip, and else to the heading of the first section.
    tips = [band for band in found if band.width < columns]
    return tips + [band for band in reversed(found) if band.width == columns]


def _band(sections: Sequence[tuple[int, Block, int]], columns: int) -> Band | None:
    """Sections with their index and their width beside each other, if their headings fit."""
    for stacked in (False, True):
        if all(_heading(block, stacked) <= _across(w, columns) for _, block, w in sections):
            places = [Place(index, w, -(-len(b.tiles) // w)) for index, b, w in sections]
            return Band(tuple(places), stacked)
    return None


def _across(width: int, columns: int) -> float:
    """Millimetres of some columns side by side."""
    return (WIDTH + GAP) / columns * width - GAP


def _heading(block: Block, stacked: bool) -> float:
    title, advice = (
        width_of(text, sizes[stacked])
        for text, sizes in ((block.title, TITLE_PT), (block.advice, ADVICE_PT))
    )
    return SIGN + (max(title, advice) if stacked else title + 2 * GAP + advice)


def _text_height(name: str, details: Sequence[str], width: float, letters: float) -> float:
    large, little = letters * NAME_PT, letters * DETAIL_PT
    small = sum(lines(text, little, width) for text in details)
    return (lines(name, large, width) * large + small * little) * LINE
