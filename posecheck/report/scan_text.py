"""The end of a scan in words: what was checked, found, left out, not checked, and what is next."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from posecheck.casefile.tally import Reason, ScanTally
from posecheck.report.plain import Paint, plain, visible
from posecheck.report.summary import FLAGGED
from posecheck.report.texts import Texts
from posecheck.results import Level


def scan_text(tally: ScanTally, worked: int, case: Path, say: Texts, paint: Paint = plain) -> str:
    """The closing summary.

    Args:
        tally: Counts of the scan.
        worked: Files that were worked on in this run.
        case: The case file.
        say: Words of the chosen language, those of the part "scan" included.
        paint: How to paint what stands out.
    """
    lines = [paint(say("scan.title", checked=tally.checked), "name")]
    lines.append("  " + say.count("scan.now", worked))
    for level in FLAGGED:
        if tally.levels[level]:
            text = say("summary.level", level=say(f"level.{level.value}"), n=tally.levels[level])
            lines.append("  " + paint(text, level.value))
    settled = tally.settled(Level.LOW)
    if settled:
        lines.append("  " + say.count("scan.left_out", settled))
    if tally.levels[Level.NONE]:
        lines.append("  " + say("summary.none", n=tally.levels[Level.NONE]))
        if tally.unread_hands:
            lines.append("    " + say.count("scan.unclear", tally.unread_hands))
    if tally.duplicates:
        lines.append("  " + say.count("scan.duplicates", tally.duplicates))
    if tally.failures:
        lines.append("  " + paint(say("scan.failed", n=tally.failures), "unchecked"))
        lines += _reasons(tally.failed, say)
    skipped = sum(reason.count for reason in tally.skipped)
    if skipped:
        lines.append("  " + say("scan.skipped", n=skipped))
        lines += _reasons(tally.skipped, say)
    lines.append(say("advice.person"))
    lines += _next(tally, case, say)
    return "\n".join(lines) + "\n"


def scan_record(tally: ScanTally, worked: int, case: Path) -> dict[str, Any]:
    """The same for machines."""

    def reasons(found: Iterable[Reason]) -> list[dict[str, Any]]:
        return [{"why": r.why, "count": r.count, "first": list(r.names)} for r in found]

    return {
        "schema": "posecheck-scan/1",
        "case": str(case),
        "files": tally.files,
        "worked_on": worked,
        "checked": tally.checked,
        "levels": {level.value: tally.levels[level] for level in Level},
        "left_out": {level.value: tally.left_out[level] for level in Level},
        "unread_hands": tally.unread_hands,
        "duplicates": tally.duplicates,
        "failed": reasons(tally.failed),
        "skipped": reasons(tally.skipped),
        "left": tally.left,
    }


def _reasons(reasons: Iterable[Reason], say: Texts) -> list[str]:
    lines = []
    for reason in reasons:
        lines.append("    " + say("scan.reason", why=say(f"why.{reason.why}"), n=reason.count))
        lines += [f"      {visible(name)}" for name in reason.names]
        hidden = reason.count - len(reason.names)
        if hidden:
            lines.append("      " + say.count("summary.more", hidden))
    return lines


def _next(tally: ScanTally, case: Path, say: Texts) -> list[str]:
    """Commands that a person would want now."""
    name = shlex.quote(str(case))
    commands = []
    if tally.found(Level.LOW):
        commands.append(("scan.next_review", f"posecheck review {name}"))
    if tally.checked:
        register = shlex.quote(str(case.with_suffix(".xlsx")))
        commands.append(("scan.next_export", f"posecheck export {name} -o {register}"))
    if tally.failures:
        commands.append(("scan.next_retry", "posecheck scan … --retry-failed"))
    width = max((len(say(key)) for key, _ in commands), default=0)
    return [f"{say(key):<{width}}  {command}" for key, command in commands]
