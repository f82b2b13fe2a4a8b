"""One self-contained HTML page: opens from a USB stick with a double click, asks for nothing.

A strict content security policy lets the browser itself see to it that nothing is fetched and
that no text by people (names of files, notes) can ever run.  Photos are written as they come; what
is only known at the end (counts, settings) stands at the end of the file, and the page's script
moves it to the top.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, BinaryIO

from posecheck.casefile.types import CasePhoto, Verdict
from posecheck.errors import DependencyError
from posecheck.export.types import ExportContext, PictureOf
from posecheck.export.words import models_text
from posecheck.gesture.vocabulary import GESTURE_IDS
from posecheck.report.plain import visible
from posecheck.report.texts import load
from posecheck.results import Level, Status

if TYPE_CHECKING:
    from jinja2 import Environment

    from posecheck.export.page_card import CardView, Words

TEMPLATES = Path(__file__).parent / "templates"

PHOTOS_PER_PAGE = 300
"""How many photos are shown at once."""

LARGE_PICTURES = 1000
"""Photos that are included large too, the riskiest.  A page has to fit into a browser's memory:
at about 200 kB each these are 270 MB of text, and 10,000 thumbnails 400 MB."""

IN_MEMORY = 1 << 20
"""Bytes of the list of unchecked photos that are kept in memory; what is more goes to disk."""


@dataclass
class Tally:
    """What the page says of all its photos together."""

    levels: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    settings: Counter[str] = field(default_factory=Counter)
    models: set[str] = field(default_factory=set)
    unchecked: int = 0
    left_out: int = 0

    @property
    def checked(self) -> int:
        """How many photos have a card."""
        return self.levels.total()

    def add(self, photo: CasePhoto, words: Words) -> bool:
        """Count one photo, and say whether it was checked."""
        recipe, level = photo.recipe, photo.result.level
        setting = words(
            "setting",
            contest=visible(recipe.contest),
            rules=visible(recipe.rules),
            backend=visible(recipe.backend),
            version=visible(recipe.version),
        )
        self.settings[setting] += 1
        self.models |= {visible(models_text(photo.result))} if photo.result.models else set()
        if photo.result.status is not Status.CHECKED or level is None:
            self.unchecked += 1
            return False
        self.levels[level.value] += 1
        verdict = photo.decision.verdict if photo.decision else None
        self.verdicts[verdict.value if verdict else "none"] += 1
        self.left_out += not photo.raised
        return True


def export_html(
    photos: Iterable[CasePhoto],
    picture_of: PictureOf,
    file: BinaryIO,
    context: ExportContext,
) -> None:
    """Write the page; an `posecheck.export.types.Exporter`.

    Args:
        photos: Riskiest first; drawn one by one, and no more than one is kept.
        picture_of: Gives the small pictures of a photo.
        file: Open for binary writing.
        context: What to say besides.

    Raises:
        DependencyError: Jinja2 is not installed.
    """
    from posecheck.export.page_card import Words, card_of

    page_texts = load(context.say.lang, "export_page")
    words = Words(page_texts, context.say, context.exported_at.tzinfo)
    environment, tally = _environment(), Tally()
    with SpooledTemporaryFile(IN_MEMORY, mode="w+b") as unchecked:
        row = environment.get_template("page_unchecked.html")

        def cards() -> Iterator[CardView]:
            for photo in photos:
                if tally.add(photo, words):
                    yield card_of(photo, picture_of, words, tally.checked <= LARGE_PICTURES)
                else:
                    text = row.render(photo=photo, word=words, say=words.say)
                    unchecked.write(_utf8(text))

        page = environment.get_template("page.html").stream(
            **_assets(),
            **_choices(words),
            word=words,
            say=words.say,
            case=visible(context.case),
            version=visible(context.version),
            exported=words.moment(context.exported_at),
            totals=_whole(context),
            cards=cards(),
            tally=tally,
            unchecked=_pieces(unchecked),
        )
        for piece in page:
            file.write(_utf8(piece))


def policy(style: str, script: str) -> str:
    """The content security policy: pictures from the file itself, this style and this script."""
    return "; ".join(
        [
            "default-src 'none'",
            "img-src data:",
            f"style-src '{_digest(style)}'",
            f"script-src '{_digest(script)}'",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


@lru_cache(maxsize=1)
def _environment() -> Environment:
    try:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined
    except ImportError as error:
        raise DependencyError(
            "Jinja2, which writes HTML pages, is not installed",
            "Install it: pip install jinja2.",
        ) from error
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["visible"] = visible
    return environment


def _choices(words: Words) -> dict[str, list[tuple[str, str]]]:
    """What can be filtered by: ids and names."""
    say = words.say
    verdicts = [("none", words.verdict(None)), *((v.value, words.verdict(v)) for v in Verdict)]
    return {
        "gestures": [(gesture, say.gesture(gesture)) for gesture in GESTURE_IDS],
        "levels": [(level.value, say(f"level.{level.value}")) for level in reversed(Level)],
        "verdicts": verdicts,
    }


def _assets() -> dict[str, object]:
    """What is the same on every page."""
    from markupsafe import Markup

    from posecheck.export.page_card import HANDS_ON_CARD, NAMES_SHOWN, SHORT_HASH

    style = _level_colours() + (TEMPLATES / "page.css").read_text("utf-8")
    script = (TEMPLATES / "page.js").read_text("utf-8")
    return {
        # Ours, and hashed as they are: they must not be escaped.
        "style": Markup(style),
        "script": Markup(script),
        "policy": policy(style, script),
        "per_page": PHOTOS_PER_PAGE,
        "large_pictures": LARGE_PICTURES,
        "hands_on_card": HANDS_ON_CARD,
        "names_shown": NAMES_SHOWN,
        "short_hash": SHORT_HASH,
    }


def _level_colours() -> str:
    """The colours of the boxes in annotated photos, as names for the style sheet."""
    from posecheck.report.drawing import COLOURS, UNCLEAR

    colours = {level.value: colour for level, colour in COLOURS.items()} | {"unclear": UNCLEAR}
    named = "".join(f"--{name}:rgb({r},{g},{b});" for name, (r, g, b) in colours.items())
    return f":root{{{named}}}\n"


def _whole(context: ExportContext) -> dict[str, int] | None:
    """Counts over the whole case file, by level and "unchecked"; None where they are not known."""
    if context.totals is None:
        return None
    levels = {level.value: context.totals.levels.get(level, 0) for level in Level}
    return {**levels, "unchecked": sum(context.totals.unchecked.values())}


def _pieces(file: IO[bytes]) -> Iterator[str]:
    """What was written to `file`, read when the template gets there."""
    from markupsafe import Markup

    file.seek(0)
    while piece := file.readline():
        yield Markup(piece.decode("utf-8"))


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _utf8(text: str) -> bytes:
    """UTF-8; of a text that is not valid Unicode the parts that are not are escaped."""
    return text.encode("utf-8", "backslashreplace")
