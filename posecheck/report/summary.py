"""The end of a run over several photos: counts, and which files need a person."""

from __future__ import annotations

from dataclasses import dataclass, field

from posecheck.report.findings import is_only_unclear, numbers_of, resembling
from posecheck.report.plain import Paint, plain, visible, wrapped
from posecheck.report.texts import Texts
from posecheck.results import Level, PhotoResult, Status

MAX_NAMES = 20
"""Files named under each level; files that were not checked are all named."""

FLAGGED = (Level.HIGH, Level.MEDIUM, Level.LOW)


@dataclass(frozen=True)
class Named:
    """A photo that is named.

    Attributes:
        path: The photo.
        numbers: Numbers that its hands resemble, ascending.
        unclear: It is named for nothing but hands that cannot be told.
    """

    path: str
    numbers: tuple[int, ...] = ()
    unclear: bool = False


@dataclass
class Tally:
    """Counts of a run, kept while it goes on; no pixels and no hands are kept."""

    total: int = 0
    contest: str = ""
    rules: str = ""
    counts: dict[Level, int] = field(default_factory=lambda: dict.fromkeys(Level, 0))
    flagged: dict[Level, list[Named]] = field(
        default_factory=lambda: {level: [] for level in FLAGGED}
    )
    unclear: int = 0
    unclear_names: list[str] = field(default_factory=list)
    unchecked: list[tuple[str, Status]] = field(default_factory=list)

    def add(self, result: PhotoResult) -> None:
        """Count one photo."""
        self.total += 1
        self.contest, self.rules = result.contest, result.rules
        if result.status is not Status.CHECKED or result.level is None:
            self.unchecked.append((result.path, result.status))
            return
        self.counts[result.level] += 1
        names = self.flagged.get(result.level)
        if names is None:
            self._add_nothing_found(result)
        elif len(names) < MAX_NAMES:
            numbers = numbers_of(resembling(result))
            names.append(Named(result.path, numbers, is_only_unclear(result)))

    def _add_nothing_found(self, result: PhotoResult) -> None:
        """Count a photo at level none if it holds hands that cannot be told."""
        if any(hand.unclear for hand in result.hands):
            self.unclear += 1
            if len(self.unclear_names) < MAX_NAMES:
                self.unclear_names.append(result.path)

    @property
    def checked(self) -> int:
        """Photos that were checked."""
        return sum(self.counts.values())

    def found(self, level: Level) -> int:
        """Photos at `level` or above."""
        return sum(n for each, n in self.counts.items() if each.rank >= level.rank)


def summary(tally: Tally, say: Texts, paint: Paint = plain, width: int = 88) -> str:
    """The closing block: checked, resembling by level, not checked with reasons, what to do."""
    lines = [paint(say.count("summary.title", tally.checked, total=tally.total), "name")]
    for level in FLAGGED:
        lines += _level(tally, level, say, paint)
    if tally.counts[Level.NONE]:
        lines.append("  " + say("summary.none", n=tally.counts[Level.NONE]))
        lines += _unclear(tally, say)
    if tally.unchecked:
        text = say("summary.unchecked", n=len(tally.unchecked))
        lines.append("  " + paint(text, "unchecked"))
        for path, status in tally.unchecked:
            lines.append(f"    {visible(path)}: {say(f'unchecked.{status.value}')}")
    closing = []
    if tally.found(Level.MEDIUM):
        closing.append(say("summary.advice"))
    if tally.checked:
        if tally.contest:
            closing.append(say("note.judged", contest=tally.contest, rules=tally.rules))
        closing.append(say("advice.person"))
    for text in closing:
        lines += wrapped(text, width)
    return "\n".join(lines) + "\n"


def _level(tally: Tally, level: Level, say: Texts, paint: Paint) -> list[str]:
    n = tally.counts[level]
    if not n:
        return []
    text = say("summary.level", level=say(f"level.{level.value}"), n=n)
    lines = ["  " + paint(text, level.value)]
    lines += [f"    {visible(photo.path)}{_why(photo, say)}" for photo in tally.flagged[level]]
    return lines + _hidden(n - len(tally.flagged[level]), say)


def _unclear(tally: Tally, say: Texts) -> list[str]:
    """Photos in which nothing was found and not every hand could be read."""
    if not tally.unclear:
        return []
    lines = ["  " + say.count("summary.unclear", tally.unclear)]
    lines += [f"    {visible(path)}" for path in tally.unclear_names]
    return lines + _hidden(tally.unclear - len(tally.unclear_names), say)


def _hidden(n: int, say: Texts) -> list[str]:
    return ["    " + say.count("summary.more", n)] if n else []


def _why(photo: Named, say: Texts) -> str:
    """What follows the name of a photo."""
    if photo.unclear:
        return f" ({say('summary.cannot_tell')})"
    if not photo.numbers:
        return ""
    listed = say.join([str(number) for number in photo.numbers])
    return f" ({say.count('word.number', len(photo.numbers))} {listed})"
