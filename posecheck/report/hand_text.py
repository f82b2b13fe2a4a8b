"""What is said of each hand: a line for one that matters, a count for the others."""

from __future__ import annotations

from collections.abc import Sequence

from posecheck.report import findings
from posecheck.report.texts import Texts
from posecheck.results import HandResult, PhotoResult

MAX_ALTERNATIVES = 2

SURE: tuple[tuple[float, str], ...] = ((0.9, "very"), (0.7, "fairly"), (0.5, "unsure"))
"""Least probability for each word of certainty; below all of them it is "doubtful"."""


def hand_line(result: PhotoResult, index: int, say: Texts, verbose: bool = False) -> str:
    """The line of one hand: which and where, what it resembles, how sure, what else it may be.

    Args:
        result: What the check said.
        index: Of the hand in `result.hands`.
        say: Words of the chosen language.
        verbose: Whether to add box, size and risk.
    """
    hand = result.hands[index]
    parts = hand_facts(hand, say)
    if verbose:
        box = " ".join(str(round(float(v))) for v in hand.box_xyxy)
        parts.append(
            say(
                "hand.detail",
                box=box,
                size=round(hand.size),
                presence=percentage(hand.presence),
                risk=int(hand.risk),
            )
        )
    return f"{hand_name(result, index, say)}: {'; '.join(parts)}."


def hand_name(result: PhotoResult, index: int, say: Texts) -> str:
    """Which hand it is and where: "Hand 2, left side of the photo"."""
    hand = result.hands[index]
    key = "name" if hand.partner is None else "pair"
    partner = 0 if hand.partner is None else hand.partner + 1
    if not (result.width and result.height):
        return say(f"hand.{key}", n=index + 1, m=partner)
    return say(f"hand.{key}_at", n=index + 1, m=partner, place=_place(result, index, say))


def hand_facts(hand: HandResult, say: Texts) -> list[str]:
    """What is said of a hand, each fact apart: what it resembles, how sure, what else it may be."""
    return _cannot_tell(hand, say) if hand.unclear else _reading(hand, say)


def more_text(hands: Sequence[HandResult], say: Texts) -> str:
    """What hands do that are not told one by one: "4 pistol, 2 could not be read"."""
    named = findings.gestures_of(hand for hand in hands if not hand.unclear)
    parts = [f"{n} {say.gesture(name)}" for name, n in named]
    unclear = sum(hand.unclear for hand in hands)
    return ", ".join([*parts, say("count.unclear", n=unclear)] if unclear else parts)


def rest_text(result: PhotoResult, say: Texts) -> str:
    """What the hands that are only counted do: "10 ordinary, 2 fist"."""
    counts: dict[tuple[str, str], int] = {}
    for i in findings.findings_of(result).rest:
        hand = result.hands[i]
        if hand.unclear:
            key = ("unclear", "")
        elif findings.is_ordinary(hand):
            key = ("doubtful" if findings.is_doubtful(hand) else "ordinary", "")
        else:
            key = ("faint" if findings.is_faint(hand) else "named", hand.gesture)
        counts[key] = counts.get(key, 0) + 1
    order = sorted(counts.items(), key=lambda item: (item[0][0] != "ordinary", -item[1]))
    suffix = "" if len(order) > 1 else "_one" if order[0][1] == 1 else "_all"
    return ", ".join(
        say(f"count.{kind}{suffix}", n=n, gesture=say.gesture(gesture))
        for (kind, gesture), n in order
    )


def look_text(result: PhotoResult, say: Texts) -> str:
    """Where the hands are that are only counted and cannot be told; "" without any."""
    hands = [result.hands[i] for i in findings.findings_of(result).rest]
    unclear = [hand for hand in hands if hand.unclear]
    if not unclear:
        return ""
    if not (result.width and result.height):
        return say("note.unclear", where="")
    size = result.width, result.height
    places = dict.fromkeys(say(f"place.{findings.place_of(hand, *size)}") for hand in unclear)
    return say("note.unclear", where=f": {say.join(list(places))}")


def percentage(probability: float) -> str:
    """A probability in percent; never 0 % or 100 %, which no measurement supports."""
    value = round(100 * probability)
    return "<1%" if value < 1 else ">99%" if value > 99 else f"{value}%"


def _reading(hand: HandResult, say: Texts) -> list[str]:
    parts = [say.gesture(hand.gesture)]
    if not findings.is_ordinary(hand):
        numbers = say.join([str(n) for n in hand.numbers], "or")
        key = "hand.numbers" if hand.numbers else "hand.no_number"
        parts[0] += ", " + say(key, numbers=numbers)
    parts.append(say("hand.sure", sure=say(_sure(hand)), percent=percentage(hand.probability)))
    if not findings.is_ordinary(hand):
        parts.append(say(f"rule.{hand.rule.value}"))
    others = _named(hand.alternatives[:MAX_ALTERNATIVES], say)
    if others:
        parts.append(say("hand.alternatives", list=say.join(others, "or")))
    return parts


def _cannot_tell(hand: HandResult, say: Texts) -> list[str]:
    pixels = round(hand.effective_size or hand.size)
    likeliest = ((hand.gesture, hand.probability), *hand.alternatives[:MAX_ALTERNATIVES])
    return [
        say("hand.unclear", pixels=pixels),
        say("hand.maybe", list=say.join(_named(likeliest, say), "or")),
        say("hand.look"),
    ]


def _named(gestures: tuple[tuple[str, float], ...], say: Texts) -> list[str]:
    return [
        say("hand.alternative", gesture=say.gesture(name), percent=percentage(p))
        for name, p in gestures
    ]


def _sure(hand: HandResult) -> str:
    return "sure." + next((word for p, word in SURE if hand.probability >= p), "doubtful")


def _place(result: PhotoResult, index: int, say: Texts) -> str:
    """Where a hand is, with shares of the photo if another one is told at the same place."""
    size = result.width, result.height
    place = findings.place_of(result.hands[index], *size)
    told = findings.findings_of(result).told
    if not any(i != index and findings.place_of(result.hands[i], *size) == place for i in told):
        return say(f"place.{place}")
    x, y = findings.centre_of(result.hands[index])
    return say(
        "place.exact",
        place=say(f"place.{place}"),
        x=min(max(round(100 * x / size[0]), 0), 100),
        y=min(max(round(100 * y / size[1]), 0), 100),
    )
