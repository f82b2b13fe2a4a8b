"""Windows of a picture: what to show a network of a picture that is not worth showing whole."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]

STEP = 64
"""Sides of windows in pixels are multiples of this, as the palm network wants its pictures."""

HALO = 24
"""Least number of pixels that a window shows around what is wanted in it."""

LONGEST = 512
"""Longest side in pixels of a window that could as well be two.  The network takes 0.7 of the
time per pixel on 384 x 384 that it takes on 1536 x 1152, which no cache holds."""


@dataclass(frozen=True)
class Window:
    """A rectangle of a picture, in its pixels; bottom and right are one past the last."""

    top: int
    left: int
    bottom: int
    right: int


def windows(wanted: Mask, height: int, width: int, longest: int = LONGEST) -> list[Window]:
    """Windows that together show everything that is wanted, and little else.

    The wanted cells are cut in two wherever that leaves less to look at, halos included, or
    where they reach over too far.

    Args:
        wanted: bool (H, W), cells of a grid over the picture.
        height: Of the picture, pixels; the grid has the same height.
        width: Of the picture, pixels.
        longest: Side in pixels above which a window is cut in two in any case.
    """
    if not wanted.any():
        return []
    grid = _Grid(wanted, height, width, longest)
    return [grid.window(box) for box in grid.cut((0, 0, *wanted.shape))]


_Box = tuple[int, int, int, int]


class _Grid:
    """Wanted cells over a picture; boxes are (top, left, bottom, right) in cells."""

    def __init__(self, wanted: Mask, height: int, width: int, longest: int) -> None:
        self._wanted = wanted
        self._sides = (height, width)
        self._cells = (height / wanted.shape[0], width / wanted.shape[1])
        self._longest = longest

    def _span(self, axis: int, first: int, last: int) -> tuple[int, int]:
        """Pixels of a window around cells first to last - 1 along an axis."""
        cell, length = self._cells[axis], self._sides[axis]
        low, high = first * cell - HALO, last * cell + HALO
        size = -(-int(np.ceil(high - low)) // STEP) * STEP
        if size >= length:
            return 0, length
        start = round((low + high - size) / 2)
        start = min(max(start, 0), length - size)
        return start, start + size

    def window(self, box: _Box) -> Window:
        """What to show around a box."""
        (top, bottom), (left, right) = self._span(0, box[0], box[2]), self._span(1, box[1], box[3])
        return Window(top, left, bottom, right)

    def _pixels(self, box: _Box) -> int:
        shown = self.window(box)
        return (shown.bottom - shown.top) * (shown.right - shown.left)

    def _trim(self, box: _Box) -> _Box | None:
        """The smallest box around what is wanted in a box."""
        inside = self._wanted[box[0] : box[2], box[1] : box[3]]
        rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
        if not len(rows):
            return None
        top, left = box[0] + int(rows[0]), box[1] + int(columns[0])
        return top, left, box[0] + int(rows[-1]) + 1, box[1] + int(columns[-1]) + 1

    def _ways(self, box: _Box) -> list[tuple[int, int, list[_Box]]]:
        """Every cut of a box in two: pixels to look at, distance from the middle, the parts."""
        top, left, bottom, right = box
        cuts = [
            (abs(2 * y - top - bottom), (top, left, y, right), (y, left, bottom, right))
            for y in range(top + 1, bottom)
        ]
        cuts += [
            (abs(2 * x - left - right), (top, left, bottom, x), (top, x, bottom, right))
            for x in range(left + 1, right)
        ]
        ways = []
        for off, *halves in cuts:
            parts = [part for part in map(self._trim, halves) if part is not None]
            ways.append((sum(map(self._pixels, parts)), off, parts))
        return ways

    def cut(self, box: _Box) -> list[_Box]:
        """Boxes that hold all that is wanted in a box."""
        trimmed = self._trim(box)
        if trimmed is None:
            return []
        ways = self._ways(trimmed)
        if not ways:
            return [trimmed]
        shown = self.window(trimmed)
        too_long = max(shown.bottom - shown.top, shown.right - shown.left) > self._longest
        pixels, _, parts = min(ways, key=lambda way: way[:2])
        if not too_long and pixels >= self._pixels(trimmed):
            return [trimmed]
        return [piece for part in parts for piece in self.cut(part)]
