"""Text as a terminal may get it."""

from __future__ import annotations

import textwrap
from collections.abc import Callable

Paint = Callable[[str, str], str]
"""Colours a text by its role: a level, "unchecked" or "name"."""


def plain(text: str, role: str) -> str:
    """The text without colour, whatever its role."""
    return text


def visible(name: str) -> str:
    """A name or message with everything that could steer a terminal escaped."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in name)


def wrapped(text: str, width: int, hanging: str = "") -> list[str]:
    """Lines of at most `width` columns, indented by two, the later ones by `hanging` more.

    Words are never cut: a path must stay one piece to be copied.
    """
    return textwrap.wrap(
        text,
        width=max(width, 40),
        initial_indent="  ",
        subsequent_indent="  " + hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )
