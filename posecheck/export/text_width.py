"""How wide text is on paper, and how it wraps, before there is a browser to ask.

Estimated on the wide side: a page may be printed with another font than it was made with.
"""

from __future__ import annotations

from functools import lru_cache

POINT = 0.3528
"""Millimetres."""

LINE = 1.22 * POINT
"""Millimetres from one line to the next, for each point of the letters' size."""

_SPACE, _CAPITAL, _OTHER = 0.28, 0.72, 0.56
_WIDTHS = (
    {
        letter: width
        for letters, width in (("ijl.,:;'|!I/", 0.28), ("frt()[]-*", 0.39), ("bdghnopqu", 0.61))
        for letter in letters
    }
    | dict.fromkeys("mwMW@%", 0.9)
    | {" ": _SPACE}
)
"""Widths of letters as shares of the font's size: those of bold Helvetica, or a little more."""


@lru_cache(maxsize=4096)
def lines(text: str, size: float, width: float) -> int:
    """How many lines a text takes, at most.

    Args:
        text: Words, broken at spaces, or anywhere if they are longer than a line.
        size: Of the letters, in points.
        width: Of a line, in millimetres.
    """
    fits = max(width, width_of("WW", size))
    count, used = 1, 0.0
    for word in text.split():
        length = width_of(word, size)
        space = _SPACE * size * POINT if used else 0.0
        if used and used + space + length > fits:
            count, used, space = count + 1, 0.0, 0.0
        used += space + length
        while used > fits:
            # Each time up to a letter early.
            count, used = count + 1, used - fits + width_of("W", size)
    return count


def width_of(text: str, size: float) -> float:
    """Millimetres that a text takes on one line, with letters of a size in points."""
    return sum(map(_share, text)) * size * POINT


def _share(letter: str) -> float:
    if letter in _WIDTHS:
        return _WIDTHS[letter]
    # From U+2E80 on, letters are about as wide as they are high.
    return 1.0 if ord(letter) >= 0x2E80 else _CAPITAL if letter.isupper() else _OTHER
