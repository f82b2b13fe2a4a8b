"""The report for a person: the verdict first, then a line for each hand that matters."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from posecheck.report import findings
from posecheck.report.plain import Paint, plain, visible, wrapped
from posecheck.report.texts import Texts
from posecheck.results import HandResult, Level, PhotoResult, Status

MAX_HANDS = 6
"""Hands told one by one; a stage with a hundred is summed up."""

MAX_ALTERNATIVES = 2
MAX_READINGS = 2

SURE: tuple[tuple[float, str], ...] = ((0.9, "very"), (0.7, "fairly"), (0.5, "unsure"))
"""Least probability for each word of certainty; below all of them it is "doubtful"."""


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
            return say("verdict.none")
        told = [result.hands[i] for i in findings.findings_of(result).told]
        numbers = [str(n) for n in findings.numbers_of(told)]
        # One hand with two numbers means either; two hands with one each mean both.
        word = "or" if any(len(hand.numbers) == len(numbers) for hand in told) else "and"
        kind = "plain" if not numbers else "numbers" if len(numbers) > 1 else "number"
        return say(
            f"verdict.{kind}",
            numbers=say.join(numbers, word),
            level=say(f"level.{result.level.value}"),
            risk=int(result.risk),
        )

    def _hands(self, result: PhotoResult) -> list[str]:
        say, chosen = self.say, findings.findings_of(result)
        limit = len(chosen.told) if self.detail is Detail.VERBOSE else MAX_HANDS
        shown, more = chosen.told[:limit], chosen.told[limit:]
        lines = [line for i in shown for line in self._hand(result, i)]
        if more:
            names = findings.gestures_of(result.hands[i] for i in more)
            listed = ", ".join(f"{n} {say.gesture(name)}" for name, n in names)
            lines += self._wrap(say.count("count.more", len(more), list=listed))
        if chosen.rest:
            key = "count.others" if shown else "count.hands"
            lines += self._wrap(say.count(key, len(chosen.rest), list=self._rest(result)))
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

    def _hand(self, result: PhotoResult, index: int) -> list[str]:
        say, hand = self.say, result.hands[index]
        parts = [say.gesture(hand.gesture)]
        if not findings.is_ordinary(hand):
            numbers = say.join([str(n) for n in hand.numbers], "or")
            key = "hand.numbers" if hand.numbers else "hand.no_number"
            parts[0] += ", " + say(key, numbers=numbers)
        parts.append(say("hand.sure", sure=say(_sure(hand)), percent=percentage(hand.probability)))
        if not findings.is_ordinary(hand):
            parts.append(say(f"rule.{hand.rule.value}"))
        others = [
            say("hand.alternative", gesture=say.gesture(name), percent=percentage(p))
            for name, p in hand.alternatives[:MAX_ALTERNATIVES]
        ]
        if others:
            parts.append(say("hand.alternatives", list=say.join(others, "or")))
        if self.detail is Detail.VERBOSE:
            parts.append(self._hand_detail(hand))
        line = f"{self._hand_name(result, index)}: {'; '.join(parts)}."
        return self._wrap(line, hanging="    ")

    def _hand_name(self, result: PhotoResult, index: int) -> str:
        hand = result.hands[index]
        key = "name" if hand.partner is None else "pair"
        partner = 0 if hand.partner is None else hand.partner + 1
        if not (result.width and result.height):
            return self.say(f"hand.{key}", n=index + 1, m=partner)
        place = self._place(result, index)
        return self.say(f"hand.{key}_at", n=index + 1, m=partner, place=place)

    def _place(self, result: PhotoResult, index: int) -> str:
        """Where a hand is, with shares of the photo if another one is told at the same place."""
        size = result.width, result.height
        place = findings.place_of(result.hands[index], *size)
        told = findings.findings_of(result).told
        if not any(i != index and findings.place_of(result.hands[i], *size) == place for i in told):
            return self.say(f"place.{place}")
        x, y = findings.centre_of(result.hands[index])
        return self.say(
            "place.exact",
            place=self.say(f"place.{place}"),
            x=min(max(round(100 * x / size[0]), 0), 100),
            y=min(max(round(100 * y / size[1]), 0), 100),
        )

    def _hand_detail(self, hand: HandResult) -> str:
        box = " ".join(str(round(float(v))) for v in hand.box_xyxy)
        return self.say(
            "hand.detail",
            box=box,
            size=round(hand.size),
            presence=percentage(hand.presence),
            risk=int(hand.risk),
        )

    def _rest(self, result: PhotoResult) -> str:
        """What the hands that are only counted do: "10 ordinary, 2 fist"."""
        counts: dict[tuple[str, str], int] = {}
        for i in findings.findings_of(result).rest:
            hand = result.hands[i]
            if findings.is_ordinary(hand):
                key = ("unclear" if findings.is_doubtful(hand) else "ordinary", "")
            else:
                key = ("faint" if findings.is_faint(hand) else "named", hand.gesture)
            counts[key] = counts.get(key, 0) + 1
        order = sorted(counts.items(), key=lambda item: (item[0][0] != "ordinary", -item[1]))
        suffix = "" if len(order) > 1 else "_one" if order[0][1] == 1 else "_all"
        return ", ".join(
            self.say(f"count.{kind}{suffix}", n=n, gesture=self.say.gesture(gesture))
            for (kind, gesture), n in order
        )

    def _advice(self, result: PhotoResult) -> list[str]:
        say = self.say
        lines: list[str] = []
        if result.level is Level.LOW:
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


def percentage(probability: float) -> str:
    """A probability in percent; never 0 % or 100 %, which no measurement supports."""
    value = round(100 * probability)
    return "<1%" if value < 1 else ">99%" if value > 99 else f"{value}%"


def _sure(hand: HandResult) -> str:
    return "sure." + next((word for p, word in SURE if hand.probability >= p), "doubtful")


def _role(result: PhotoResult) -> str:
    return "unchecked" if result.level is None else result.level.value
