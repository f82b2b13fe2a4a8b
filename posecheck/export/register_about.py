"""The register's other sheets: what was and was not checked, with what, and how to read it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from posecheck.casefile.types import CasePhoto
from posecheck.export import words
from posecheck.export.register_columns import PIXELS_A_LINE, TALLEST_ROW, Styles, fits, lines_of
from posecheck.export.types import ExportContext
from posecheck.results import Level, Status

LABEL_WIDTH = 40
VALUE_WIDTH = 95

MOST_RECIPES = 20
"""Recipes that are told one by one."""

SHA256_LINES = 3
FAILED_COLUMNS = (("no", 6), ("file", 60), ("reason", 44), ("remedy", 44), ("sha256", 24))


@dataclass
class Counts:
    """What the sheets say of all photos, counted while they pass; no photo is kept."""

    levels: Counter[Level] = field(default_factory=Counter)
    unchecked: Counter[Status] = field(default_factory=Counter)
    recipes: Counter[tuple[str, ...]] = field(default_factory=Counter)
    first: datetime | None = None
    last: datetime | None = None
    without_picture: int = 0

    def add(self, photo: CasePhoto) -> None:
        """Count one photo."""
        result, recipe, when = photo.result, photo.recipe, photo.checked_at
        if result.status is not Status.CHECKED or result.level is None:
            self.unchecked[result.status] += 1
        else:
            self.levels[result.level] += 1
        self.first = when if self.first is None else min(self.first, when)
        self.last = when if self.last is None else max(self.last, when)
        models = words.models_text(result)
        digest = recipe.fingerprint[: words.FINGERPRINT]
        made_with = (recipe.version, recipe.contest, recipe.rules, recipe.backend, models, digest)
        key: tuple[str, ...] = made_with
        if key not in self.recipes and len(self.recipes) >= MOST_RECIPES:
            key = ()
        self.recipes[key] += 1

    @property
    def listed(self) -> int:
        """Photos that were checked."""
        return self.levels.total()

    @property
    def failed(self) -> int:
        """Photos that could not be checked."""
        return self.unchecked.total()


def write_about(sheet: Any, styles: Styles, counts: Counts, context: ExportContext) -> None:
    """Write the sheet about the register."""
    say = context.say
    sheet.set_column(0, 0, LABEL_WIDTH)
    sheet.set_column(1, 1, VALUE_WIDTH)
    sheet.set_portrait()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.write_string(0, 0, say("register.title"), styles.title())
    lines = [*_origin(counts, context), *_counts(counts, context), *_recipes(counts, context)]
    lines.append((say("about.states"), say("about.states_text")))
    lines.append((say("about.meaning"), f"{say('about.meaning_text')} {say('advice.person')}"))
    lines.append((say("about.privacy"), say("about.privacy_text")))
    for row, (label, value) in enumerate(lines, 2):
        tall = max(lines_of(label, LABEL_WIDTH), lines_of(str(value), VALUE_WIDTH))
        sheet.set_row_pixels(row, min(tall * PIXELS_A_LINE + 4, TALLEST_ROW))
        sheet.write_string(row, 0, fits(label), styles.cell("label"))
        if isinstance(value, int):
            sheet.write_number(row, 1, value, styles.cell("left"))
        else:
            sheet.write_string(row, 1, fits(value), styles.cell("text"))


def start_failed(sheet: Any, styles: Styles, context: ExportContext) -> None:
    """Write the headings of the sheet of photos that were not checked."""
    for index, (name, width) in enumerate(FAILED_COLUMNS):
        sheet.set_column(index, index, width)
        sheet.write_string(0, index, context.say(f"register.{name}"), styles.heading())
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def write_failed(
    sheet: Any, styles: Styles, row: int, photo: CasePhoto, context: ExportContext
) -> None:
    """Write the line of one photo that was not checked."""
    say, result = context.say, photo.result
    reason = f"{say(f'unchecked.{result.status.value}')}\n{words.lines_of(result.reason)}"
    cells = (
        "\n".join(words.names_of(photo)),
        reason.strip(),
        say(f"unchecked_remedy.{result.status.value}"),
    )
    widths = [width for _, width in FAILED_COLUMNS[1:]]
    lines = max(lines_of(text, width) for text, width in zip(cells, widths, strict=False))
    lines = max(lines, SHA256_LINES)
    sheet.set_row_pixels(row, min(lines * PIXELS_A_LINE + 4, TALLEST_ROW))
    sheet.write_number(row, 0, row, styles.cell("middle"))
    for index, text in enumerate(cells, 1):
        sheet.write_string(row, index, fits(text), styles.cell("text"))
    sheet.write_string(row, len(cells) + 1, result.sha256, styles.cell("hash"))


def _origin(counts: Counts, context: ExportContext) -> list[tuple[str, str | int]]:
    say, zone = context.say, context.exported_at.tzinfo
    lines: list[tuple[str, str | int]] = [
        (say("about.case"), words.lines_of(context.case)),
        (say("about.exported"), words.date_text(context.exported_at, say)),
        (say("about.software"), context.version),
    ]
    for key, when in (("first_check", counts.first), ("last_check", counts.last)):
        if when is not None:
            lines.append((say(f"about.{key}"), words.date_text(when, say, zone)))
    return lines


def _counts(counts: Counts, context: ExportContext) -> list[tuple[str, str | int]]:
    say, totals = context.say, context.totals
    lines: list[tuple[str, str | int]] = [(say("about.listed"), counts.listed)]
    for level in reversed(Level):
        if counts.levels[level]:
            lines.append((_level(level, context), counts.levels[level]))
    if counts.failed:
        where = say("about.failed_list", sheet=say("register.failed"))
        lines.append((say("about.failed_here"), f"{counts.failed}; {where}"))
    if counts.without_picture:
        lines.append((say("about.pictures"), say("about.pictures_text", n=counts.without_picture)))
    if totals is None:
        return [*lines, (say("about.selection"), say("about.selection_text"))]
    failed = sum(totals.unchecked.values())
    lines.append((say("about.total"), sum(totals.levels.values()) + failed))
    lines += [(_level(level, context), totals.levels.get(level, 0)) for level in reversed(Level)]
    lines.append((say("about.unchecked"), failed))
    lines += [
        ("   " + say(f"unchecked.{status.value}"), n) for status, n in totals.unchecked.items() if n
    ]
    return lines


def _level(level: Level, context: ExportContext) -> str:
    return "   " + context.say("about.by_level", level=words.level_text(level, context.say))


def _recipes(counts: Counts, context: ExportContext) -> list[tuple[str, str | int]]:
    say, names = context.say, ("version", "contest", "rules", "backend", "models", "fingerprint")
    texts = [
        say("about.recipe", n=n, **dict(zip(names, key, strict=True)))
        if key
        else say("about.recipes_more", n=n)
        for key, n in counts.recipes.most_common()
    ]
    return [(say("about.made_with") if i == 0 else "", text) for i, text in enumerate(texts)]
