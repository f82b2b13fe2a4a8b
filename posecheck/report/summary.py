"""The end of a run over several photos: counts, and which files need a person."""

from __future__ import annotations

from dataclasses import dataclass, field

from posecheck.report.findings import findings_of, numbers_of
from posecheck.report.plain import Paint, plain, visible, wrapped
from posecheck.report.texts import Texts
from posecheck.results import Level, PhotoResult, Status

MAX_NAMES = 20
"""Files named under each level; files that were not checked are all named."""

FLAGGED = (Level.HIGH, Level.MEDIUM, Level.LOW)


@dataclass
class Tally:
    """Counts of a run, kept while it goes on; no pixels and no hands are kept."""

    total: int = 0
    contest: str = ""
    rules: str = ""
    counts: dict[Level, int] = field(default_factory=lambda: dict.fromkeys(Level, 0))
    flagged: dict[Level, list[tuple[str, tuple[int, ...]]]] = field(
        default_factory=lambda: {level: [] for level in FLAGGED}
    )
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
        if names is not None and len(names) < MAX_NAMES:
            told = [result.hands[i] for i in findings_of(result).told]
            names.append((result.path, numbers_of(told)))

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
    for path, numbers in tally.flagged[level]:
        lines.append(f"    {visible(path)}{_numbers(numbers, say)}")
    hidden = n - len(tally.flagged[level])
    if hidden:
        lines.append("    " + say.count("summary.more", hidden))
    return lines


def _numbers(numbers: tuple[int, ...], say: Texts) -> str:
    if not numbers:
        return ""
    listed = say.join([str(number) for number in numbers])
    return f" ({say.count('word.number', len(numbers))} {listed})"
