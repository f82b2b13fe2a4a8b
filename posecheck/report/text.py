"""The report for a person: the verdict first, then a line for each hand that matters."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from posecheck.report import findings
from posecheck.report.hand_text import hand_line, look_text, more_text, percentage, rest_text
from posecheck.report.plain import Paint, plain, visible, wrapped
from posecheck.report.texts import Texts
from posecheck.results import Level, PhotoResult, Status

MAX_HANDS = 6
"""Hands told one by one; a stage with a hundred is summed up."""

MAX_READINGS = 2


class Detail(IntEnum):
    """How much to say."""

    QUIET = 0
    NORMAL = 1
    VERBOSE = 2


@dataclass(frozen=True)
class TextReport:
    """Writes results in words.

    Attributes:
        say: Words of the chosen language.
        detail: How much to say.
        width: Columns to wrap at.
        paint: Colours a piece of text; `plain` leaves it as it is.
    """

    say: Texts
    detail: Detail = Detail.NORMAL
    width: int = 88
    paint: Paint = plain

    def photo(self, result: PhotoResult, alone: bool = True) -> str:
        """The block of one photo, lines ending in a newline.

        Args:
            result: What the check said.
            alone: Whether no summary follows, so that advice and settings belong here.
        """
        if self.detail is Detail.QUIET:
            return f"{visible(result.path)}: {self.verdict(result)}\n"
        lines = [self.paint(visible(result.path), "name")] if result.path else []
        lines += self._wrap(self.verdict(result), role=_role(result))
        if result.status is not Status.CHECKED:
            lines += self._unchecked(result)
        else:
            lines += self._hands(result)
            if alone:
                lines += self._wrap(self._judged(result))
                lines += self._advice(result)
        if self.detail is Detail.VERBOSE:
            lines += self._details(result)
        return "\n".join(lines) + "\n"

    def verdict(self, result: PhotoResult) -> str:
        """The verdict in one sentence."""
        say = self.say
        if result.status is not Status.CHECKED:
            return say("verdict.unchecked", why=say(f"unchecked.{result.status.value}"))
        if result.risk is None or result.level in (None, Level.NONE):
            unclear = sum(hand.unclear for hand in result.hands)
            return say.count("verdict.none_unclear", unclear) if unclear else say("verdict.none")
        figures = {"level": say(f"level.{result.level.value}"), "risk": int(result.risk)}
        if findings.is_only_unclear(result):
            return say("verdict.unclear", **figures)
        told = findings.resembling(result)
        numbers = [str(n) for n in findings.numbers_of(told)]
        # One hand with two numbers means either; two hands with one each mean both.
        word = "or" if any(len(hand.numbers) == len(numbers) for hand in told) else "and"
        kind = "plain" if not numbers else "numbers" if len(numbers) > 1 else "number"
        return say(f"verdict.{kind}", numbers=say.join(numbers, word), **figures)

    def _hands(self, result: PhotoResult) -> list[str]:
        say, chosen = self.say, findings.findings_of(result)
        limit = len(chosen.told) if self.detail is Detail.VERBOSE else MAX_HANDS
        shown, more = chosen.told[:limit], chosen.told[limit:]
        verbose = self.detail is Detail.VERBOSE
        told = [hand_line(result, i, say, verbose) for i in shown]
        lines = [line for text in told for line in self._wrap(text, hanging="    ")]
        if more:
            listed = more_text([result.hands[i] for i in more], say)
            lines += self._wrap(say.count("count.more", len(more), list=listed))
        if chosen.rest:
            key = "count.others" if shown else "count.hands"
            lines += self._wrap(say.count(key, len(chosen.rest), list=rest_text(result, say)))
            lines += self._wrap(look_text(result, say))
        elif not result.hands:
            lines += self._wrap(say("count.hands_none"))
        for reading in result.readings[:MAX_READINGS]:
            a, b = (index + 1 for index in reading.hands)
            percent = percentage(reading.probability)
            key = f"reading.{reading.kind}"
            lines += self._wrap(say(key, a=a, b=b, number=reading.number, percent=percent))
        if result.smallest_hand > 0:
            lines += self._wrap(say("note.smallest", size=round(result.smallest_hand)))
        return lines

    def _advice(self, result: PhotoResult) -> list[str]:
        say = self.say
        lines: list[str] = []
        if findings.is_only_unclear(result):
            lines += self._wrap(say("advice.unclear"))
        elif result.level is Level.LOW:
            lines += self._wrap(say("advice.low"))
        elif result.level in (Level.MEDIUM, Level.HIGH):
            lines += ["", *self._wrap(say("advice.title"))]
            for item in (say("advice.choose"), self._crop(result), say("advice.retake")):
                lines += self._wrap(f"- {item}", hanging="  ") if item else []
        return [*lines, *self._wrap(say("advice.person"))]

    def _crop(self, result: PhotoResult) -> str:
        told = findings.findings_of(result).told
        if not told or len(told) > MAX_HANDS or not (result.width and result.height):
            return ""
        hands = [result.hands[i] for i in told]
        hands += [result.hands[h.partner] for h in hands if h.partner is not None]
        names = self.say.join([str(result.hands.index(hand) + 1) for hand in hands])
        side = findings.crop_side(hands, result.width, result.height)
        if side is None:
            return self.say.count("advice.crop", len(hands), hands=names)
        word = self.say(f"side.{side}")
        return self.say.count("advice.crop_side", len(hands), hands=names, side=word)

    def _unchecked(self, result: PhotoResult) -> list[str]:
        say = self.say
        lines = self._wrap(say(f"unchecked_remedy.{result.status.value}"))
        return [*lines, *self._wrap(say("advice.unchecked"))]

    def _judged(self, result: PhotoResult) -> str:
        if not result.contest:
            return ""
        return self.say("note.judged", contest=result.contest, rules=result.rules)

    def _details(self, result: PhotoResult) -> list[str]:
        say, taken = self.say, result.captured_at
        lines = self._wrap(visible(result.reason)) if result.reason else []
        if result.status is not Status.CHECKED:
            return lines
        details = say(
            "note.details",
            width=result.width,
            height=result.height,
            captured=taken.isoformat(" ", "seconds") if taken else say("note.no_date"),
            sha256=result.sha256,
            ms=round(result.elapsed_ms),
            models=", ".join(f"{name} {digest}" for name, digest in result.models),
        )
        return [*lines, *self._wrap(details)]

    def _wrap(self, text: str, role: str = "", hanging: str = "") -> list[str]:
        lines = wrapped(text, self.width, hanging)
        return [self.paint(line, role) for line in lines] if role else lines


def _role(result: PhotoResult) -> str:
    return "unchecked" if result.level is None else result.level.value
