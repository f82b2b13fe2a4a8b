"""What the page says of one photo, as values that the template only has to lay out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from posecheck.casefile.types import CasePhoto, Verdict
from posecheck.export.page_marks import Mark, kind_of, marks_of
from posecheck.export.page_pictures import CLOSEUP, THUMBNAIL, Inlined, data_uri, inlined
from posecheck.export.pictures import PREVIEW, close_up, has_picture
from posecheck.export.types import PictureOf
from posecheck.export.words import date_text, lines_of, names_of
from posecheck.report import hand_text
from posecheck.report.findings import findings_of
from posecheck.report.plain import visible
from posecheck.report.text import MAX_HANDS, MAX_READINGS, TextReport
from posecheck.report.texts import Texts

SHORT_HASH = 12
"""Letters of a SHA-256 on the card, as git has them; the whole is one step away."""

NAMES_SHOWN = 3

HANDS_ON_CARD = 3
"""Hands on the card itself; the large view and paper show all that are told (page.css)."""


@dataclass(frozen=True)
class HandView:
    """One hand that is told: `facts` begin with what it resembles, then how sure and so on."""

    number: int
    name: str
    facts: list[str]
    kind: str
    closeup: Inlined | None
    verdict: str


@dataclass(frozen=True)
class DecisionView:
    """What a person said; `verdict` is the word for it."""

    value: str
    verdict: str
    by: str
    note: str


@dataclass(frozen=True)
class CardView:
    """One checked photo.

    Attributes:
        title: Its file name without folders.
        names: Every name in full.
        sha256: Hex digest.
        captured: Words for the capture date.
        checked: Words for the day of the check.
        level: Id of its level.
        tag: Level and risk, short.
        verdict: The verdict in one sentence.
        gestures: Ids of the gestures of the hands that are told.
        hands: The hands that are told, at most `MAX_HANDS`.
        remarks: Sentences on other hands.
        readings: Sentences on two hands read together.
        decision: What a person said, or None.
        raised: False for a photo that was judged before not to resemble.
        thumbnail: The photo in small; None where there is none.
        missing: Why there is no thumbnail: id of the text, "" where there is one.
        large: data: address of the large picture, "" for none.
        marks: Boxes over the picture.
    """

    title: str
    names: list[str]
    sha256: str
    captured: str
    checked: str
    level: str
    tag: str
    verdict: str
    gestures: list[str]
    hands: list[HandView]
    remarks: list[str]
    readings: list[str]
    decision: DecisionView | None
    raised: bool
    thumbnail: Inlined | None
    missing: str
    large: str
    marks: Sequence[Mark]


@dataclass(frozen=True)
class Words:
    """Texts of the page.

    Attributes:
        page: Words of the part "export_page".
        say: Words that all exports share, those of the part "export".
        zone: Where the reader is.
    """

    page: Texts
    say: Texts
    zone: tzinfo | None = None

    def __call__(self, key: str, **fields: object) -> str:
        """A text of the page."""
        return self.page("export_page." + key, **fields)

    def count(self, key: str, n: int, **fields: object) -> str:
        """A text of the page for `n` things."""
        return self.page.count("export_page." + key, n, **fields)

    def moment(self, when: datetime) -> str:
        """Day and time, where the reader is."""
        return date_text(when, self.say, self.zone)

    def verdict(self, verdict: Verdict | None) -> str:
        """The word for what was said; "candidate" where nobody has said anything."""
        return self(f"verdict_{'none' if verdict is None else verdict.value}")


def card_of(photo: CasePhoto, picture_of: PictureOf, words: Words, with_large: bool) -> CardView:
    """The card of a checked photo.

    Args:
        photo: A photo of status checked.
        picture_of: Gives its small pictures.
        words: Texts.
        with_large: Whether to include the large picture.
    """
    result, say = photo.result, words.say
    if result.level is None or result.risk is None:
        raise ValueError(f"{result.path} was not checked, so there is nothing to tell")
    told = findings_of(result).told
    preview = picture_of(result.sha256, PREVIEW) if has_picture(photo) else None
    thumbnail = inlined(preview, THUMBNAIL) if preview else None
    level = say(f"level.{result.level.value}")
    return CardView(
        title=visible(base_name(str(photo.names[0]))),
        names=names_of(photo),
        sha256=result.sha256,
        captured=words.moment(result.captured_at) if result.captured_at else words("no_date"),
        checked=words.moment(photo.checked_at),
        level=result.level.value,
        tag=words("tag", level=level, risk=int(result.risk)),
        verdict=TextReport(say).verdict(result),
        gestures=list(dict.fromkeys(result.hands[i].gesture for i in told)),
        hands=[_hand(photo, i, picture_of, words) for i in told[:MAX_HANDS]],
        remarks=_remarks(photo, words),
        readings=_readings(photo, words.say),
        decision=_decision(photo, words),
        raised=photo.raised,
        thumbnail=thumbnail,
        missing="" if thumbnail else "broken_picture" if preview else "no_picture",
        large=data_uri(preview) if preview and thumbnail and with_large else "",
        marks=marks_of(result, say) if thumbnail else [],
    )


def base_name(name: str) -> str:
    """The last part of a name, of this system or another, in an archive or not."""
    return re.split(r"[/\\]", name.rstrip("/\\"))[-1] or name


def _hand(photo: CasePhoto, index: int, picture_of: PictureOf, words: Words) -> HandView:
    result, kind = photo.result, close_up(index)
    hand = result.hands[index]
    jpeg = picture_of(result.sha256, kind) if has_picture(photo, kind) else None
    verdict = photo.verdicts[index] if index < len(photo.verdicts) else None
    return HandView(
        number=index + 1,
        name=hand_text.hand_name(result, index, words.say),
        facts=hand_text.hand_facts(hand, words.say),
        kind=kind_of(hand),
        closeup=inlined(jpeg, CLOSEUP) if jpeg else None,
        verdict="" if verdict is None else words.verdict(verdict),
    )


def _remarks(photo: CasePhoto, words: Words) -> list[str]:
    """What is said of the hands that are not told one by one."""
    result, say = photo.result, words.say
    chosen = findings_of(result)
    remarks = []
    more = [result.hands[i] for i in chosen.told[MAX_HANDS:]]
    if more:
        remarks.append(words.count("more_hands", len(more), list=hand_text.more_text(more, say)))
    if chosen.rest:
        key = "count.others" if chosen.told else "count.hands"
        rest = hand_text.rest_text(result, say)
        remarks.append(say.count(key, len(chosen.rest), list=rest))
        remarks.append(hand_text.look_text(result, say))
    elif not result.hands:
        remarks.append(say("count.hands_none"))
    return [remark for remark in remarks if remark]


def _readings(photo: CasePhoto, say: Texts) -> list[str]:
    """What two hands may mean together."""
    sentences = []
    for reading in photo.result.readings[:MAX_READINGS]:
        a, b = (index + 1 for index in reading.hands)
        percent = hand_text.percentage(reading.probability)
        key = f"reading.{reading.kind}"
        sentences.append(say(key, a=a, b=b, number=reading.number, percent=percent))
    return sentences


def _decision(photo: CasePhoto, words: Words) -> DecisionView | None:
    decision = photo.decision
    if decision is None or decision.verdict is None:
        return None
    reviewer = lines_of(decision.reviewer) or words("nobody")
    by = words("decided_by", reviewer=reviewer, moment=words.moment(decision.decided_at))
    verdict = words.verdict(decision.verdict)
    return DecisionView(decision.verdict.value, verdict, by, lines_of(decision.note))
