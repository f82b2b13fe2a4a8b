"""Filling in the pages.  Everything that is put into one is text, never markup."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from posecheck.casefile.case import Selection
from posecheck.casefile.types import Verdict
from posecheck.gesture.vocabulary import GESTURES
from posecheck.report.texts import Texts
from posecheck.results import Level
from posecheck.review.desk import Shown
from posecheck.review.filters import ANY, Filter, State
from posecheck.review.forms import MAX_NAME, MAX_NOTE
from posecheck.review.guard import Keys
from posecheck.review.page import history_of, moment_text, page_of, split_name

LEVELS = (Level.HIGH, Level.MEDIUM, Level.LOW)

VERDICT_KEYS: tuple[tuple[Verdict, str], ...] = (
    (Verdict.RESEMBLES, "1"),
    (Verdict.DIFFERENT, "2"),
    (Verdict.UNCLEAR, "3"),
)
"""Order of the buttons, and the key of each."""


class Templates:
    """The pages of one run, in one language."""

    def __init__(self, say: Texts, keys: Keys, case: str, base: Selection) -> None:
        """Load the templates.

        Args:
            say: Words.
            keys: Secrets of this run.
            case: Name of the case file.
            base: The photos to review where an address says nothing else.
        """
        self._say = say
        self._keys = keys
        self._base = base
        self._environment = Environment(
            loader=FileSystemLoader(Path(__file__).with_name("pages")),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals.update(
            say=say,
            case=case,
            csrf=keys.csrf,
            verdict_keys=VERDICT_KEYS,
            max_note=MAX_NOTE,
            max_name=MAX_NAME,
        )

    def render(self, template: str, chosen: Filter, **values: object) -> str:
        """A page.

        Args:
            template: File name of the template.
            chosen: What the page is shown with.
            values: What the template needs besides.
        """

        def link(path: str, **more: object) -> str:
            return f"{self._keys.folder}{path}{chosen.query(self._base, **more)}"

        def link_with(path: str, *, blurred: bool) -> str:
            other = Filter(chosen.level, chosen.gestures, chosen.state, blurred)
            return f"{self._keys.folder}{path}{other.query(self._base)}"

        shown = values.get("shown")
        if isinstance(shown, Shown):
            values["page"] = page_of(shown.photo, self._say)
            values["history"] = history_of(shown.photo, shown.decisions, self._say)
            holds, last = shown.photo.decision, shown.last
            values["decided_when"] = moment_text(holds.decided_at, self._say) if holds else ""
            values["last_name"] = split_name(last.name)[0] if last else ""
        return self._environment.get_template(template).render(
            values,
            chosen=chosen,
            filters=self._filters(chosen),
            link=link,
            link_with=link_with,
            folder=self._keys.folder,
        )

    def _filters(self, chosen: Filter) -> list[tuple[str, str, list[tuple[str, str, bool]]]]:
        """Name, title and choices (value, text, whether chosen) of every part of the filter."""
        say = self._say
        levels: list[tuple[Level | None, str]] = [
            (level, say("review.level_from", level=say(f"level.{level.value}"))) for level in LEVELS
        ]
        if chosen.level not in LEVELS:
            levels.append((chosen.level, say("review.every_photo")))
        gestures = [(frozenset({g.id}), say.gesture(g.id)) for g in GESTURES if g.is_sign]
        gestures.insert(0, (frozenset(), say("review.any_gesture")))
        if chosen.gestures not in [ids for ids, _ in gestures]:
            named = say.join([say.gesture(g) for g in sorted(chosen.gestures)], "or")
            gestures.insert(0, (chosen.gestures, named))
        return [
            (
                "state",
                say("review.filter_state"),
                [(s.value, say(f"review_state.{s.value}"), s is chosen.state) for s in State],
            ),
            (
                "level",
                say("review.filter_level"),
                [(v.value if v else ANY, text, v is chosen.level) for v, text in levels],
            ),
            (
                "gesture",
                say("review.filter_gesture"),
                [
                    (",".join(sorted(ids)) or ANY, text, ids == chosen.gestures)
                    for ids, text in gestures
                ],
            ),
        ]
