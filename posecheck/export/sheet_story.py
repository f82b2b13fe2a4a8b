"""What an evidence sheet says of one photo, from the title to the lines for signatures."""

from __future__ import annotations

from typing import Any

from reportlab.lib.units import mm

from posecheck.casefile.types import CasePhoto
from posecheck.errors import CaseError
from posecheck.export import sheet_layout as layout
from posecheck.export import words
from posecheck.export.pictures import Made, hand_picture, labelled, told_hands
from posecheck.export.types import ExportContext, PictureOf
from posecheck.report.drawing import label_texts
from posecheck.report.findings import findings_of
from posecheck.report.hand_text import hand_line, look_text, more_text, percentage, rest_text
from posecheck.report.text import TextReport
from posecheck.report.texts import Texts
from posecheck.results import PhotoResult

PICTURE_HEIGHT = (48 * mm, 120 * mm)
"""Least and most: a picture is as tall as the page has room for."""

CLOSE_UP_HEIGHT = 30 * mm

MOST_NAMES = 25
MOST_HANDS = 6
"""Told one by one; the others are summed up."""

MOST_UNCHECKED = 500
"""Listed by name; the register has all of them."""

MOST_CLOSE_UPS = 5


class Unchecked:
    """Photos that were not checked: they have no sheets, and are listed on the last pages."""

    def __init__(self) -> None:
        self._lines: list[tuple[str, str]] = []
        self._count = 0

    def add(self, photo: CasePhoto, say: Texts) -> None:
        """Remember a photo's name and why it was not checked, as long as there is room."""
        self._count += 1
        if self._count <= MOST_UNCHECKED:
            why = say(f"unchecked.{photo.result.status.value}")
            reason = words.lines_of(photo.result.reason)
            lines = [words.names_of(photo)[0], why, reason, photo.result.sha256]
            self._lines.append((f"{self._count}.", "\n".join(line for line in lines if line)))

    def story(self, say: Texts) -> list[Any]:
        """The pieces of the list; none without such photos."""
        if not self._count:
            return []
        title = say("summary.unchecked", n=self._count)
        pieces = [layout.text(title, layout.style(11, bold=True)), layout.space(6)]
        pieces += [layout.fact(label, value) for label, value in self._lines]
        more = self._count - len(self._lines)
        return [*pieces, layout.fact("", say.count("summary.more", more))] if more else pieces


def story(
    photo: CasePhoto, number: int, picture_of: PictureOf, context: ExportContext
) -> list[Any]:
    """The pieces of a sheet, in order, for reportlab to lay out.

    Args:
        photo: The photo.
        number: Of the sheet.
        picture_of: Finds stored pictures.
        context: What the export says besides the photos.
    """
    say, result = context.say, photo.result
    heading = f"{say('sheet.title')} · {say('sheet.number', n=number)}"
    pieces = [layout.text(heading, layout.style(9, colour=layout.GREY)), layout.space(2)]
    verdict = TextReport(say).verdict(result)
    pieces += [layout.text(verdict, layout.style(11, bold=True)), layout.space(6)]
    after = [layout.fact(label, value) for label, value in _facts(photo, context) if value]
    closing = f"{say('advice.person')} {say('about.privacy_text')}"
    after += [layout.boxed(closing), *_signatures(say)]
    room = layout.HEIGHT - layout.height_of([*pieces, *after])
    return [*pieces, *_pictures(photo, picture_of, say, room), *after]


def _pictures(photo: CasePhoto, picture_of: PictureOf, say: Texts, room: float) -> list[Any]:
    """The photo as tall as there is room for, and close-ups of its hands."""
    try:
        whole = labelled(photo, picture_of, say)
        hands = _close_ups(photo, picture_of, say)
    except CaseError:
        return [layout.text(say("sheet.bad_picture"), layout.style()), layout.space(6)]
    if whole is None:
        return [layout.text(say("sheet.no_picture"), layout.style()), layout.space(6)]
    small = layout.style(7, colour=layout.GREY)
    below = [layout.space(2), layout.text(say("sheet.picture_note"), small), layout.space(4)]
    if hands:
        below += [layout.row_of_pictures(hands, CLOSE_UP_HEIGHT), layout.space(4)]
    least, most = PICTURE_HEIGHT
    height = min(max(room - layout.height_of(below) - 1, least), most)
    return [layout.picture(whole, layout.WIDTH, height), *below]


def _close_ups(photo: CasePhoto, picture_of: PictureOf, say: Texts) -> list[tuple[Made, str]]:
    found = []
    for index in told_hands(photo.result)[:MOST_CLOSE_UPS]:
        made = hand_picture(photo, picture_of, index)
        if made is not None:
            found.append((made, label_texts(photo.result, index, say)[0]))
    return found


def _facts(photo: CasePhoto, context: ExportContext) -> list[tuple[str, str]]:
    say, result = context.say, photo.result
    facts = [("files", _names(photo, say)), ("sha256", result.sha256 or say("poses.no_number"))]
    facts += [("size", _size(photo, say)), ("captured", _captured(result, say))]
    zone = context.exported_at.tzinfo
    facts.append(("checked", words.date_text(photo.checked_at, say, zone)))
    facts += [("hands", _hands(photo, say)), ("readings", _readings(result, say))]
    facts += _decided(photo, context)
    facts.append(("versions", _versions(photo, say)))
    return [(say(f"sheet.{name}"), value) for name, value in facts]


def _names(photo: CasePhoto, say: Texts) -> str:
    names = words.names_of(photo)
    more = len(names) - MOST_NAMES
    shown = names[:MOST_NAMES] + ([say.count("summary.more", more)] if more > 0 else [])
    return "\n".join(shown)


def _size(photo: CasePhoto, say: Texts) -> str:
    result = photo.result
    size = {"width": result.width, "height": result.height, "bytes": photo.bytes}
    return say("sheet.size_text", **size)


def _captured(result: PhotoResult, say: Texts) -> str:
    if result.captured_at is None:
        return say("note.no_date")
    return say("sheet.camera_time", when=words.date_text(result.captured_at, say))


def _hands(photo: CasePhoto, say: Texts) -> str:
    """A line for each hand that is told, with what people said of it, and what the others do."""
    result = photo.result
    told, rest = findings_of(result).told, findings_of(result).rest
    lines = []
    for i in told[:MOST_HANDS]:
        line = hand_line(result, i, say)
        verdict = photo.verdicts[i] if i < len(photo.verdicts) else None
        if verdict is not None:
            line = say("sheet.said", line=line, verdict=words.verdict_text(verdict, say))
        lines.append(line)
    more = [result.hands[i] for i in told[MOST_HANDS:]]
    if more:
        lines.append(say("sheet.more_hands", n=len(more), list=more_text(more, say)))
    if rest:
        key = "count.others" if told else "count.hands"
        lines.append(say.count(key, len(rest), list=rest_text(result, say)))
        lines.append(look_text(result, say))
    elif not result.hands:
        lines.append(say("count.hands_none"))
    if result.smallest_hand > 0:
        lines.append(say("note.smallest", size=round(result.smallest_hand)))
    return "\n".join(line for line in lines if line)


def _readings(result: PhotoResult, say: Texts) -> str:
    return "\n".join(
        say(
            f"reading.{reading.kind}",
            a=reading.hands[0] + 1,
            b=reading.hands[1] + 1,
            number=reading.number,
            percent=percentage(reading.probability),
        )
        for reading in result.readings
    )


def _decided(photo: CasePhoto, context: ExportContext) -> list[tuple[str, str]]:
    say, decision = context.say, photo.decision
    if decision is None or decision.verdict is None:
        return [("decision", say("decision.none"))]
    line = say(
        "sheet.decided",
        verdict=words.decision_text(decision, say),
        reviewer=words.lines_of(decision.reviewer) or say("sheet.no_name"),
        when=words.date_text(decision.decided_at, say, context.exported_at.tzinfo),
    )
    return [("decision", line), ("note", words.lines_of(decision.note))]


def _versions(photo: CasePhoto, say: Texts) -> str:
    recipe = photo.recipe
    return say(
        "sheet.versions_text",
        version=recipe.version,
        contest=recipe.contest,
        rules=recipe.rules,
        backend=recipe.backend,
        models=words.models_text(photo.result),
        fingerprint=recipe.fingerprint[: words.FINGERPRINT],
    )


def _signatures(say: Texts) -> list[Any]:
    names = [say("sheet.place"), say("sheet.name"), say("sheet.nip"), say("sheet.signature")]
    return [layout.signatures([say("sheet.examined"), say("sheet.known")], names)]
