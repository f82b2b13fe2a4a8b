"""Photos and hands as flat rows with typed columns: what CSV and Parquet hold.

`COLUMNS["photos"]` and `COLUMNS["hands"]` list the columns in order, each with its kind and what
it says.  Both formats have the same columns; columns are added at the end, never renamed.  A
photo that was not checked has a row among the photos, with `status` and `reason` and no `level`,
and none among the hands.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import TypeAlias

from posecheck.casefile.types import CasePhoto
from posecheck.report.findings import findings_of, gestures_of, numbers_of, resembling
from posecheck.report.record import Record, to_record

Value: TypeAlias = "str | int | float | bool | datetime | list[str] | list[int] | None"
Row: TypeAlias = dict[str, Value]


class Kind(str, Enum):
    """Type of a column; every value may be missing."""

    TEXT = "text"
    WHOLE = "whole"
    NUMBER = "number"
    FLAG = "flag"
    UTC = "utc"
    LOCAL = "local"  # of the camera, without a time zone
    TEXTS = "texts"
    WHOLES = "wholes"


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        name: Its heading.
        kind: Type of its values.
        says: What a value is.
    """

    name: str
    kind: Kind
    says: str


_PHOTO = (
    Column("path", Kind.TEXT, "first name of the photo; in an archive `album.zip!/photo.jpg`"),
    Column("sha256", Kind.TEXT, "hex digest of the file"),
    Column("names", Kind.TEXTS, "every name that the photo was found under"),
)
_MADE_WITH = (
    Column("captured_at", Kind.LOCAL, "EXIF capture date, clock of the camera"),
    Column("checked_at", Kind.UTC, "when posecheck checked it"),
    Column("contest", Kind.TEXT, "id of the contest"),
    Column("rules", Kind.TEXT, "id of the rule set"),
    Column("backend", Kind.TEXT, "hand finder"),
    Column("version", Kind.TEXT, "version of posecheck that checked it"),
    Column("fingerprint", Kind.TEXT, "of everything that may change the result"),
)
_DECIDED = (
    Column("reviewer", Kind.TEXT, "who decided on the photo"),
    Column("note", Kind.TEXT, "their note"),
    Column("decided_at", Kind.UTC, "when"),
)

COLUMNS: dict[str, tuple[Column, ...]] = {
    "photos": (
        *_PHOTO,
        Column("bytes", Kind.WHOLE, "length of the file"),
        Column("status", Kind.TEXT, "`checked`, or why the photo could not be checked"),
        Column("reason", Kind.TEXT, "the same in English words, with a remedy"),
        Column("level", Kind.TEXT, "`none`, `low`, `medium`, `high`; missing if not checked"),
        Column("risk", Kind.NUMBER, "0 to 100; missing if not checked"),
        Column("gestures", Kind.TEXTS, "gestures that the verdict is about, most frequent first"),
        Column("numbers", Kind.WHOLES, "numbers of the contest that they resemble"),
        Column("hands", Kind.WHOLE, "hands found"),
        Column("told", Kind.WHOLE, "hands among them that resemble something"),
        Column("unclear", Kind.WHOLE, "hands among them too small or too blurred to tell"),
        Column("readings", Kind.WHOLES, "numbers that two hands may make together"),
        Column("width", Kind.WHOLE, "pixels, after EXIF orientation"),
        Column("height", Kind.WHOLE, "pixels, after EXIF orientation"),
        Column("smallest_hand", Kind.NUMBER, "pixels of the smallest hand searched for"),
        *_MADE_WITH,
        Column("models", Kind.TEXTS, "networks, each with the start of its hash"),
        Column("elapsed_ms", Kind.NUMBER, "how long the check took"),
        Column("raised", Kind.FLAG, "false where people said of every such hand that it is not"),
        Column("verdict", Kind.TEXT, "`resembles`, `does_not_resemble`, `unclear`, or missing"),
        *_DECIDED,
    ),
    "hands": (
        *_PHOTO,
        Column("level", Kind.TEXT, "level of the photo"),
        Column("photo_risk", Kind.NUMBER, "risk of the photo, 0 to 100"),
        Column("hand", Kind.WHOLE, "position among the photo's hands; people see it plus one"),
        Column("told", Kind.FLAG, "whether the hand resembles something, and is told"),
        Column("gesture", Kind.TEXT, "most probable gesture"),
        Column("probability", Kind.NUMBER, "of that gesture, 0 to 1"),
        Column("alternatives", Kind.TEXTS, "other gestures worth naming, each with probability"),
        Column("numbers", Kind.WHOLES, "numbers of the contest that the gesture resembles"),
        Column("rule", Kind.TEXT, "`forbidden`, `disputed`, `allowed` or `unlisted`"),
        Column("risk", Kind.NUMBER, "risk of this hand alone, 0 to 100"),
        Column("unclear", Kind.FLAG, "too small or too blurred to tell"),
        Column("presence", Kind.NUMBER, "probability that it is a hand, 0 to 1"),
        Column("x0", Kind.NUMBER, "left side of its box, pixels of the oriented photo"),
        Column("y0", Kind.NUMBER, "top"),
        Column("x1", Kind.NUMBER, "right"),
        Column("y1", Kind.NUMBER, "bottom"),
        Column("size", Kind.NUMBER, "longer side of the box, pixels"),
        Column("effective_size", Kind.NUMBER, "pixels that it really has; 0 when not measured"),
        Column("partner", Kind.WHOLE, "the other hand of a two-hand gesture"),
        *_MADE_WITH,
        Column("raised", Kind.FLAG, "whether the photo is to be raised"),
        Column("verdict", Kind.TEXT, "what people said of this hand"),
        Column("photo_verdict", Kind.TEXT, "what they said of the photo"),
        *_DECIDED,
    ),
}
"""Columns of each kind of row, in order."""


def photo_record(photo: CasePhoto) -> Record:
    """The record of `posecheck check` with what the case file adds at its end."""
    decision = photo.decision
    return {
        **to_record(photo.result),
        "names": [str(ref) for ref in photo.names],
        "bytes": photo.bytes,
        "checked_at": photo.checked_at.isoformat(),
        "decision": None
        if decision is None or decision.verdict is None
        else {
            "verdict": decision.verdict.value,
            "reviewer": decision.reviewer,
            "note": decision.note,
            "decided_at": decision.decided_at.isoformat(),
        },
        "raised": photo.raised,
    }


def rows_of(photo: CasePhoto, rows: str) -> Iterator[Row]:
    """The flat rows of one photo, with the columns of `COLUMNS[rows]`.

    Args:
        photo: The photo.
        rows: "photos" or "hands".

    Raises:
        ValueError: There are no such rows.
    """
    if rows == "photos":
        yield _ordered(_photo_row(photo), rows)
    elif rows == "hands":
        for row in _hand_rows(photo):
            yield _ordered(row, rows)
    else:
        raise ValueError(f"rows are photos or hands, not {rows!r}")


def _ordered(row: Row, rows: str) -> Row:
    return {column.name: row[column.name] for column in COLUMNS[rows]}


def _common(photo: CasePhoto) -> Row:
    decision, result, recipe = photo.decision, photo.result, photo.recipe
    decided = decision is not None and decision.verdict is not None
    return {
        "path": result.path,
        "sha256": result.sha256,
        "names": [str(ref) for ref in photo.names],
        "level": None if result.level is None else result.level.value,
        "captured_at": result.captured_at,
        "checked_at": photo.checked_at,
        "contest": result.contest,
        "rules": result.rules,
        "backend": recipe.backend,
        "version": recipe.version,
        "fingerprint": recipe.fingerprint,
        "raised": photo.raised,
        "reviewer": decision.reviewer if decision and decided else None,
        "note": decision.note if decision and decided else None,
        "decided_at": decision.decided_at if decision and decided else None,
    }


def _photo_row(photo: CasePhoto) -> Row:
    result, record = photo.result, to_record(replace(photo.result, hands=()))
    decision, told = photo.decision, resembling(result)
    verdict = decision.verdict if decision else None
    return _common(photo) | {
        "bytes": photo.bytes,
        "gestures": [name for name, _ in gestures_of(told)],
        "numbers": list(numbers_of(told)),
        "hands": len(result.hands),
        "told": len(findings_of(result).told),
        "unclear": sum(hand.unclear for hand in result.hands),
        "readings": sorted({reading.number for reading in result.readings}),
        "models": [f"{name} {digest}" for name, digest in result.models],
        "verdict": verdict.value if verdict else None,
        **{
            name: record[name]
            for name in (
                "status",
                "reason",
                "risk",
                "width",
                "height",
                "smallest_hand",
                "elapsed_ms",
            )
        },
    }


def _hand_rows(photo: CasePhoto) -> Iterator[Row]:
    # Landmarks are no columns, and rounding them takes most of the time.
    bare = [replace(hand, landmarks_xy=hand.landmarks_xy[:0]) for hand in photo.result.hands]
    common, record = _common(photo), to_record(replace(photo.result, hands=tuple(bare)))
    told = set(findings_of(photo.result).told)
    told |= {p for i in told if (p := photo.result.hands[i].partner) is not None}
    decision = photo.decision.verdict if photo.decision else None
    for index, hand in enumerate(record["hands"]):
        verdict = photo.verdicts[index] if index < len(photo.verdicts) else None
        x0, y0, x1, y1 = hand.pop("box")
        yield common | {
            **{key: value for key, value in hand.items() if key != "landmarks"},
            "hand": index,
            "told": index in told,
            "photo_risk": record["risk"],
            "alternatives": [f"{name} {p:.4f}" for name, p in hand["alternatives"]],
            "x0": x0,
            "y0": y0,
            "x1": x1,
            "y1": y1,
            "verdict": verdict.value if verdict else None,
            "photo_verdict": decision.value if decision else None,
        }
