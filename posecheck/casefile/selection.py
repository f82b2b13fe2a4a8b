"""Which photos of a case file are wanted, as a value and as SQL."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from posecheck.casefile.types import Verdict
from posecheck.results import Level


@dataclass(frozen=True)
class Selection:
    """Which photos of a case file are wanted; the default is those that a review is for.

    Attributes:
        level: Least level; None for every photo, those that could not be checked included.
        gestures: Only photos where a hand that resembles something is read as one of these;
            empty for any.
        verdicts: Only photos whose decision is one of these (None stands for no decision yet);
            empty for any.
        unchecked: Only photos that could not be checked; needs `level` None.
        raised: Only photos that are to be raised (not those judged before not to resemble).
        order: "risk" (riskiest first, then by name) or "name".
    """

    level: Level | None = Level.MEDIUM
    gestures: frozenset[str] = frozenset()
    verdicts: frozenset[Verdict | None] = frozenset()
    unchecked: bool = False
    raised: bool = False
    order: str = "risk"


ALL = Selection(level=None, order="name")
"""Every photo, by name."""


def where(selection: Selection) -> tuple[str, list[Any]]:
    """The condition on the table `photo`, and what is bound to it."""
    # A photo without a name left (its file is another picture now) is no longer part of the case.
    terms, values = ["EXISTS (SELECT 1 FROM file WHERE file.photo = photo.id)"], []
    if selection.level is not None:
        levels = [level.value for level in Level if level.rank >= selection.level.rank]
        terms.append(f"photo.level IN ({', '.join('?' * len(levels))})")
        values += levels
    if selection.gestures:
        gestures = sorted(selection.gestures)
        terms.append(
            "EXISTS (SELECT 1 FROM hand WHERE hand.photo = photo.id AND hand.told"
            f" AND hand.gesture IN ({', '.join('?' * len(gestures))}))"
        )
        values += gestures
    if selection.verdicts:
        named = sorted(v.value for v in selection.verdicts if v is not None)
        either = [f"photo.verdict IN ({', '.join('?' * len(named))})"] if named else []
        if None in selection.verdicts:
            either.append("photo.verdict IS NULL")
        terms.append(f"({' OR '.join(either)})")
        values += named
    if selection.unchecked:
        terms.append("photo.status != 'checked'")
    if selection.raised:
        terms.append("photo.raised")
    return " AND ".join(terms), values


def order(selection: Selection) -> str:
    """What the photos are sorted by; the same for the same case, whatever order they came in."""
    if selection.order == "name":
        return "name, member, photo.sha256"
    return "photo.risk IS NULL, photo.risk DESC, name, member, photo.sha256"
