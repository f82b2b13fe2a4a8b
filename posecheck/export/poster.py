"""A poster for the notice board: which poses to avoid, which are fine, on one A4 page."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import TYPE_CHECKING

from posecheck.errors import DependencyError
from posecheck.export.poster_layout import Block, Layout, lay_out
from posecheck.gesture.vocabulary import GESTURES
from posecheck.report.plain import visible
from posecheck.report.texts import Texts, load
from posecheck.results import RuleStatus
from posecheck.risk.contest import Contest
from posecheck.risk.rules import RuleSet

if TYPE_CHECKING:
    from jinja2 import Environment

ORDER = (
    RuleStatus.FORBIDDEN,
    RuleStatus.DISPUTED,
    RuleStatus.UNLISTED,
    RuleStatus.ALLOWED,
)
"""What to avoid comes first."""

LONGEST_NAME = 160
"""Letters of a contest's or rule set's name that the page has room for."""

LONGEST_BADGE = 4
"""Letters that fit into a picture's corner; the line below the picture names every number."""


@dataclass(frozen=True)
class Tile:
    """One pose.

    Attributes:
        gesture: Its id.
        name: What people call it.
        detail: The part of the name that may be smaller, such as what stands in brackets.
        starred: Whether no source names it.
        number: Which number it resembles, in words.
        badge: The number alone, "" for none.
        picture: As a data: address.
    """

    gesture: str
    name: str
    detail: str
    starred: bool
    number: str
    badge: str
    picture: str


@dataclass(frozen=True)
class Section:
    """All poses of one status.

    Attributes:
        status: What the rule set says of them.
        title: Heading.
        advice: What stands beside it, smaller.
        tiles: The poses, in the order of the vocabulary.
    """

    status: RuleStatus
    title: str
    advice: str
    tiles: tuple[Tile, ...]


def poster_html(contest: Contest, rules: RuleSet, say: Texts, made_on: date, version: str) -> str:
    """The poster as one HTML page that asks for nothing else.

    Args:
        contest: Gives the poses their numbers.
        rules: Says which poses to avoid.
        say: Words of the chosen language.
        made_on: The day that the poster names.
        version: Of posecheck.

    Raises:
        DependencyError: Jinja2 is not installed.
    """
    say = load(say.lang, "poster")
    sections = _sections(contest, rules, say)
    names = [
        (say("poster.contest"), _short(contest.name)),
        (say("poster.rules"), _short(rules.name)),
    ]
    starred = any(tile.starred for section in sections for tile in section.tiles)
    blocks = [Block(s.title, s.advice, tuple(map(_words, s.tiles))) for s in sections]
    layout = lay_out(blocks, [f"{label} {name}" for label, name in names], notes=1 + starred)
    style = _measures(layout) + _template("poster.css")
    months = say("poster.months").split()
    day = say("poster.date", day=made_on.day, month=months[made_on.month - 1], year=made_on.year)
    return (
        _environment()
        .from_string(_template("poster.html"))
        .render(
            lang=say.lang,
            style=style,
            policy=_policy(style),
            title=say("poster.title"),
            names=names,
            bands=layout.bands,
            sections=sections,
            tip=(say("poster.tip_title"), say("poster.tip")),
            tip_columns=layout.tip_columns,
            words=[say("poster.meaning"), say("poses.note"), say("poster.person")],
            inferred=say("poster.inferred") if starred else "",
            made=say("poster.made", date=day, version=visible(version)),
            how_to_print=say("poster.print"),
        )
    )


def _sections(contest: Contest, rules: RuleSet, say: Texts) -> list[Section]:
    """The sections that have poses."""
    found = []
    for status in ORDER:
        tiles = tuple(
            _tile(gesture.id, contest, rules, say)
            for gesture in GESTURES
            if gesture.is_sign and rules.status(gesture.id) is status
        )
        if tiles:
            title = say(f"poster.{status.value}")
            found.append(Section(status, title, say(f"poster.{status.value}_advice"), tiles))
    return found


def _tile(gesture: str, contest: Contest, rules: RuleSet, say: Texts) -> Tile:
    numbers = [str(number) for number in contest.numbers_for(gesture)]
    words = say("poster.no_number")
    if numbers:
        words = say("hand.numbers", numbers=say.join(numbers, "or"))
    badge = ", ".join(numbers)
    name, detail = _in_two(say.gesture(gesture), say)
    starred = gesture in rules.inferred
    return Tile(
        gesture,
        name,
        detail,
        starred,
        words,
        badge if len(badge) <= LONGEST_BADGE else "",
        _picture(gesture),
    )


def _in_two(name: str, say: Texts) -> tuple[str, str]:
    """A name, and the part of it in brackets or after "with", "" without one."""
    for mark in ("(", say("poster.with") + " "):
        start = name.find(mark)
        if start > 0:
            return name[:start].rstrip(), name[start:]
    return name, ""


def _words(tile: Tile) -> tuple[str, tuple[str, ...]]:
    """What stands in a tile, for the layout."""
    name = tile.name + (" *" if tile.starred else "")
    return name, tuple(filter(None, (tile.detail, tile.number)))


def _picture(gesture: str) -> str:
    data = (files("posecheck.export") / "poses" / f"{gesture}.webp").read_bytes()
    return "data:image/webp;base64," + base64.b64encode(data).decode("ascii")


def _short(name: str) -> str:
    name = visible(name)
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1].rstrip() + "…"


def _measures(layout: Layout) -> str:
    return (
        f":root{{--columns:{layout.columns};--picture:{layout.picture:.1f}mm;"
        f"--letters:{layout.letters};--tip:{layout.tip_columns}}}\n"
    )


def _policy(style: str) -> str:
    """Pictures out of the page itself, this style sheet, and nothing else whatever."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")
    parts = ("default-src 'none'", "img-src data:", f"style-src 'sha256-{digest}'")
    return "; ".join([*parts, "base-uri 'none'", "form-action 'none'"])


def _template(name: str) -> str:
    return (files("posecheck.export") / "templates" / name).read_text("utf-8")


def _environment() -> Environment:
    try:
        from jinja2 import Environment, StrictUndefined
    except ImportError as error:
        raise DependencyError(
            "Jinja2, which writes HTML pages, is not installed",
            "Install it: pip install jinja2.",
        ) from error
    return Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
