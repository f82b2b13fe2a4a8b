"""What the page says of a photo, as values that a template only has to lay out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from posecheck.casefile.types import CasePhoto, Decision, Verdict
from posecheck.report.findings import findings_of
from posecheck.report.hand_text import (
    hand_facts,
    hand_name,
    look_text,
    more_text,
    percentage,
    rest_text,
)
from posecheck.report.plain import visible
from posecheck.report.text import MAX_READINGS, TextReport
from posecheck.report.texts import Texts
from posecheck.results import PhotoResult, Status
from posecheck.review.marks import Mark, kind_of, letters_of, marks_of

MAX_CARDS = 24
"""Hands with a close-up and a decision of their own; of a stage full the others are summed up."""


@dataclass(frozen=True)
class HandCard:
    """One hand beside the photo.

    Attributes:
        index: In `PhotoResult.hands`.
        title: Which and where.
        said: What it resembles, then what else is known, in words.
        close_up: Kind of the stored picture, or "".
        verdict: What people said of it.
        kind: As in `Mark`.
    """

    index: int
    title: str
    said: tuple[str, ...]
    close_up: str
    verdict: Verdict | None
    kind: str

    @property
    def number(self) -> int:
        """The hand's number in words, from 1."""
        return self.index + 1


@dataclass(frozen=True)
class PhotoPage:
    """One photo in words.

    Attributes:
        name: Of the file.
        folder: Where it is.
        other_names: Every other name it was found under.
        verdict: What the check says, in a sentence.
        kind: Level of the photo; "unchecked" where there is none.
        cards: Hands that are told.
        remarks: What else is said of hands.
        marks: Boxes on the photo.
        letters: Height of the boxes' numbers, in pixels of the photo.
        facts: Names and values of what is known besides.
    """

    name: str
    folder: str
    other_names: tuple[str, ...]
    verdict: str
    kind: str
    cards: tuple[HandCard, ...]
    remarks: tuple[str, ...]
    marks: tuple[Mark, ...]
    letters: float
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class HistoryLine:
    """One decision in words.

    Attributes:
        when: Local time.
        who: The reviewer.
        what: What was said, and of which hands.
        note: Free text.
        undone: Whether it was taken back.
    """

    when: str
    who: str
    what: str
    note: str
    undone: bool


def page_of(photo: CasePhoto, say: Texts) -> PhotoPage:
    """Put a photo into words."""
    result = photo.result
    told = findings_of(result).told
    name, folder = split_name(result.path)
    return PhotoPage(
        name=name,
        folder=folder,
        other_names=tuple(visible(str(ref)) for ref in photo.names[1:]),
        verdict=TextReport(say).verdict(result),
        kind="unchecked" if result.level is None else result.level.value,
        cards=tuple(_card(photo, i, say) for i in told[:MAX_CARDS]),
        remarks=tuple(_remarks(result, told[MAX_CARDS:], say)),
        marks=tuple(marks_of(result, told)),
        letters=letters_of(result),
        facts=tuple(_facts(photo, say)),
    )


def history_of(
    photo: CasePhoto, decisions: Sequence[Decision], say: Texts
) -> tuple[HistoryLine, ...]:
    """Everything that people said of a photo, the newest first."""
    undone = {d.undoes for d in decisions}
    return tuple(
        HistoryLine(
            when=moment_text(decision.decided_at, say),
            who=decision.reviewer,
            what=_what(decision, len(findings_of(photo.result).told), say),
            note=decision.note,
            undone=decision.id in undone,
        )
        for decision in reversed(decisions)
    )


def split_name(path: str) -> tuple[str, str]:
    """The last part of a name, and what is before it, both without what misleads a reader."""
    parts = re.split(r"(?<=[/\\])", path)
    tail = parts[-1] or path
    return visible(tail), visible(path[: len(path) - len(tail)])


def moment_text(moment: datetime, say: Texts) -> str:
    """A date and time as people of that language write it, in the time of this computer.

    A moment without a time zone is in the time of the camera and stays as it is.
    """
    local = moment if moment.tzinfo is None else moment.astimezone()
    return local.strftime(say("review.date"))


def _card(photo: CasePhoto, index: int, say: Texts) -> HandCard:
    hand, kind = photo.result.hands[index], f"hand-{index}"
    return HandCard(
        index=index,
        title=hand_name(photo.result, index, say),
        said=tuple(hand_facts(hand, say)),
        close_up=kind if kind in photo.pictures else "",
        verdict=photo.verdicts[index],
        kind=kind_of(hand),
    )


def _remarks(result: PhotoResult, more: Sequence[int], say: Texts) -> list[str]:
    if result.status is not Status.CHECKED:
        remedy = say(f"unchecked_remedy.{result.status.value}")
        return [visible(result.reason), remedy, say("advice.unchecked")]
    lines = []
    if more:
        listed = more_text([result.hands[i] for i in more], say)
        lines.append(say.count("review.more", len(more), list=listed))
    for reading in result.readings[:MAX_READINGS]:
        a, b = (index + 1 for index in reading.hands)
        percent = percentage(reading.probability)
        lines.append(
            say(f"reading.{reading.kind}", a=a, b=b, number=reading.number, percent=percent)
        )
    chosen = findings_of(result)
    if chosen.rest:
        key = "count.others" if chosen.told else "count.hands"
        lines.append(say.count(key, len(chosen.rest), list=rest_text(result, say)))
        lines.append(look_text(result, say))
    elif not result.hands:
        lines.append(say("count.hands_none"))
    return [line for line in lines if line]


def _facts(photo: CasePhoto, say: Texts) -> list[tuple[str, str]]:
    result = photo.result
    taken = result.captured_at
    return [
        (say("review.taken"), moment_text(taken, say) if taken else say("note.no_date")),
        (say("review.checked_at"), moment_text(photo.checked_at, say)),
        (say("review.size"), f"{result.width} x {result.height}" if result.width else "?"),
        (say("review.judged"), f"{visible(result.contest)} / {visible(result.rules)}"),
        ("SHA-256", visible(result.sha256)),
    ]


def _what(decision: Decision, told: int, say: Texts) -> str:
    if decision.undoes is not None:
        return say("review.took_back")
    if decision.verdict is None:
        return say("review.cleared")
    what = say(f"verdict_word.{decision.verdict.value}")
    n = len(decision.findings)
    if n and n < told:
        gestures = say.join(sorted({say.gesture(f.gesture) for f in decision.findings}))
        return say("review.of_hand", verdict=what, gestures=gestures)
    return what
