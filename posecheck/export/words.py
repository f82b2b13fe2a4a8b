"""What registers and evidence sheets say of a photo, in the chosen language."""

from __future__ import annotations

from datetime import datetime, tzinfo

from posecheck.casefile.types import CasePhoto, Decision, Verdict
from posecheck.report.findings import (
    gestures_of,
    is_only_unclear,
    is_ordinary,
    numbers_of,
    resembling,
)
from posecheck.report.plain import visible
from posecheck.report.texts import Texts
from posecheck.results import Level, PhotoResult

FINGERPRINT = 12
"""Hex digits of a recipe's fingerprint that people are shown."""


def names_of(photo: CasePhoto) -> list[str]:
    """Every name of the photo, with nothing in it that steers or hides."""
    return [visible(str(ref)) for ref in photo.names]


def lines_of(text: str) -> str:
    """Free text with its lines kept and every other control character made visible."""
    return "\n".join(visible(line) for line in text.strip().splitlines())


def gestures_text(result: PhotoResult, say: Texts) -> str:
    """The gestures that the verdict is about, most frequent first; "" without any."""
    if is_only_unclear(result):
        return say("count.unclear_one")
    counts = gestures_of(resembling(result))
    return ", ".join(say.gesture(name) + (f" \u00d7{n}" if n > 1 else "") for name, n in counts)


def numbers_text(result: PhotoResult) -> str:
    """Numbers of the contest that those gestures resemble: "2", "1, 3" or ""."""
    return ", ".join(str(number) for number in numbers_of(resembling(result)))


def rules_text(result: PhotoResult, say: Texts) -> str:
    """What the rule set says of those gestures."""
    signs = [hand for hand in resembling(result) if not is_ordinary(hand)]
    return ", ".join(dict.fromkeys(say(f"rule.{hand.rule.value}") for hand in signs))


def level_text(level: Level | None, say: Texts) -> str:
    """The level in words; "" where the photo was not checked."""
    return "" if level is None else say(f"level.{level.value}")


def verdict_text(verdict: Verdict | None, say: Texts) -> str:
    """What a person said."""
    return say("decision.none" if verdict is None else f"decision.{verdict.value}")


def decision_text(decision: Decision | None, say: Texts) -> str:
    """What was decided on the whole photo."""
    return verdict_text(None if decision is None else decision.verdict, say)


def date_text(when: datetime, say: Texts, zone: tzinfo | None = None) -> str:
    """A date and time for people: "5 Mei 2024, 09:30 (UTC+07:00)".

    Args:
        when: The time; where it has no zone, none is named.
        say: Words, those of the part "export" included.
        zone: Where the reader is.
    """
    local = when.astimezone(zone) if zone is not None and when.tzinfo is not None else when
    text = f"{local.day} {say(f'month.{local.month:02}')} {local.year}, {local:%H:%M}"
    return f"{text} ({_offset(local)})" if local.tzinfo is not None else text


def _offset(when: datetime) -> str:
    """UTC, UTC+07:00 and so on: a name such as WIB is not known on every computer."""
    digits = f"{when:%z}"[:5]
    return "UTC" if digits in ("+0000", "-0000") else f"UTC{digits[:3]}:{digits[3:]}"


def models_text(result: PhotoResult) -> str:
    """The networks with the start of their hashes."""
    return ", ".join(f"{name} {digest}" for name, digest in result.models)
