"""The columns of the register: what each says, how wide it is, and how it looks."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from typing import Any, TypeAlias

from posecheck.casefile.types import CasePhoto, Decision
from posecheck.export import words
from posecheck.export.types import ExportContext
from posecheck.report.drawing import COLOURS
from posecheck.report.texts import Texts
from posecheck.results import Level

Value: TypeAlias = "str | int | float | datetime | None"

FONT = {"font_name": "Arial", "font_size": 10, "font_scheme": "none"}
"""There or replaced by one of the same widths on every system; a column's width is in its digits,
which are 7 pixels wide."""

TINT = 0.18
"""How much of a level's colour is in the ground behind its word."""

LONGEST_TEXT = 32_767
"""UTF-16 units that a cell of an XLSX file holds."""

LONGEST_NAMES = 1_500
"""Letters of names in one cell; the JSON and Parquet exports have every name."""

ROOM = 1.05
"""Letters of a text in the width of a digit, those that are lost at the end of lines included."""

PIXELS_A_LINE = 17
"""Of letters of 10 points."""

TALLEST_ROW = 540
"""Pixels; Excel allows 546."""

EARLIEST = 1900
"""Excel has no dates before this year."""


@dataclass(frozen=True)
class RegisterColumn:
    """One column.

    Attributes:
        name: Its heading's key under "register".
        width: In letters.
        value: From a photo, its number in the register and the context.
        style: Key of `Styles`.
        for_people: Whether it is left for people to fill in.
    """

    name: str
    width: float
    value: Callable[[CasePhoto, int, ExportContext], Value] = lambda photo, n, context: None
    style: str = "text"
    for_people: bool = False

    def lines(self, value: Value) -> int:
        """How many lines the value takes, about."""
        return lines_of(value, self.width) if isinstance(value, str) else 1


def _names(photo: CasePhoto, n: int, context: ExportContext) -> str:
    names = words.names_of(photo)
    shown, length = 1, len(names[0])
    while shown < len(names) and length + len(names[shown]) < LONGEST_NAMES:
        length += len(names[shown])
        shown += 1
    more = len(names) - shown
    return "\n".join([*names[:shown], *([context.say.count("summary.more", more)] if more else [])])


def _captured(photo: CasePhoto, n: int, context: ExportContext) -> Value:
    taken = photo.result.captured_at
    if taken is None or taken.year >= EARLIEST:
        return taken
    return taken.isoformat(" ", "seconds")


def _risk(photo: CasePhoto, n: int, context: ExportContext) -> Value:
    # As the reports tell it: 79.6 is not 80, which would be another level.
    return None if photo.result.risk is None else int(photo.result.risk)


def _number(photo: CasePhoto, n: int, context: ExportContext) -> Value:
    text = words.numbers_text(photo.result)
    return int(text) if text.isdigit() else text


def _decided(photo: CasePhoto) -> Decision | None:
    return photo.decision if photo.decision and photo.decision.verdict else None


def _state(photo: CasePhoto, n: int, context: ExportContext) -> str:
    return context.say("state.checked" if _decided(photo) else "state.candidate")


def _decision(photo: CasePhoto, n: int, context: ExportContext) -> str:
    return words.decision_text(photo.decision, context.say)


def _reviewer(photo: CasePhoto, n: int, context: ExportContext) -> Value:
    decision = _decided(photo)
    return words.lines_of(decision.reviewer) if decision else None


def _note(photo: CasePhoto, n: int, context: ExportContext) -> Value:
    decision = _decided(photo)
    return words.lines_of(decision.note) if decision else None


COLUMNS: tuple[RegisterColumn, ...] = (
    RegisterColumn("no", 5, lambda photo, n, context: n, "middle"),
    RegisterColumn("status", 13, _state),
    RegisterColumn("picture", 39, style="grey"),
    RegisterColumn("file", 30, _names),
    RegisterColumn("captured", 17, _captured, "date"),
    RegisterColumn("gesture", 16, lambda p, n, c: words.gestures_text(p.result, c.say)),
    RegisterColumn("number", 8, _number, "middle"),
    RegisterColumn("level", 12, lambda p, n, c: words.level_text(p.result.level, c.say), "level"),
    RegisterColumn("risk", 10, _risk, "middle"),
    RegisterColumn("rule", 13, lambda p, n, c: words.rules_text(p.result, c.say)),
    RegisterColumn("decision", 14, _decision),
    RegisterColumn("reviewer", 12, _reviewer),
    RegisterColumn("note", 25, _note),
    RegisterColumn("person", 24, for_people=True),
    RegisterColumn("nip", 22, for_people=True),
    RegisterColumn("position", 20, for_people=True),
    RegisterColumn("unit", 22, for_people=True),
    RegisterColumn("clarification", 36, for_people=True),
    RegisterColumn("sha256", 24, lambda p, n, c: p.result.sha256, "hash"),
)
"""In order; what the tool and the review say first, then what people fill in."""

LAST_ON_FIRST_PAGE = "note"
"""On paper a row takes two sheets side by side: what was found, and what people fill in."""


def index_of(name: str) -> int:
    """Position of a column."""
    return next(i for i, column in enumerate(COLUMNS) if column.name == name)


def lines_of(text: str, width: float) -> int:
    """How many lines a text takes in a column of so many letters, about."""
    return sum(max(1, ceil(_columns(line) / (ROOM * width))) for line in text.split("\n"))


def fits(text: str) -> str:
    """The text, cut short where a cell cannot hold it."""
    if len(text.encode("utf-16-le")) <= 2 * LONGEST_TEXT:
        return text
    cut = text.encode("utf-16-le")[: 2 * (LONGEST_TEXT - 1)]
    return cut.decode("utf-16-le", "ignore") + "…"


@dataclass(frozen=True)
class Styles:
    """How cells look.

    Attributes:
        book: The XlsxWriter workbook.
        say: Words of the chosen language, which dates follow.
    """

    book: Any
    say: Texts
    _made: dict[str, Any] = field(default_factory=dict)

    def heading(self, for_people: bool = False) -> Any:
        """A heading; those of columns that people fill in look different."""
        fill = "#7A5C00" if for_people else "#1F3A5F"
        return self._format(
            f"heading {fill}",
            bold=True,
            font_color="#FFFFFF",
            bg_color=fill,
            valign="vcenter",
            border_color="#FFFFFF",
        )

    def cell(self, style: str, level: Level | None = None) -> Any:
        """A cell of the register or of a list."""
        if style == "level" and level not in (None, Level.NONE):
            dark = COLOURS[level]
            tint = tuple(round(255 - TINT * (255 - part)) for part in dark)
            return self._format(
                f"level {level.value}",
                bold=True,
                font_color=_hex(dark),
                bg_color=_hex(tint),
                align="center",
            )
        return self._format(style, **self._properties(style))

    def title(self) -> Any:
        """The title of a sheet."""
        return self._format("title", bold=True, font_size=14, border=0, text_wrap=False)

    def _properties(self, style: str) -> dict[str, Any]:
        locale = "[$-421]" if self.say.lang == "id" else "[$-809]"
        styles: dict[str, dict[str, Any]] = {
            "text": {},
            "label": {"bold": True},
            "middle": {"align": "center"},
            "level": {"align": "center"},
            "date": {"align": "left", "num_format": f"{locale}d mmm yyyy hh:mm"},
            "left": {"align": "left"},
            "grey": {"font_color": "#767676", "italic": True},
            "blank": {"bg_color": "#FFF9E5"},
            "hash": {"font_name": "Courier New", "font_size": 8},
        }
        return styles[style]

    def _format(self, key: str, **properties: Any) -> Any:
        if key not in self._made:
            base = FONT | {
                "valign": "top",
                "text_wrap": True,
                "border": 1,
                "border_color": "#C8C8C8",
            }
            self._made[key] = self.book.add_format(base | properties)
        return self._made[key]


def _hex(colour: tuple[int, ...]) -> str:
    return "#" + "".join(f"{part:02X}" for part in colour)


def _columns(line: str) -> int:
    """Width of a line in letters; those of East Asia take two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)
