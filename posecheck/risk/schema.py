"""Checks that contest, rule and settings files share: known keys, right types, ids."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from posecheck.gesture.vocabulary import GESTURE_IDS
from posecheck.risk.catalog import Kind, shipped_ids
from posecheck.risk.document import Document, FieldError, suggestion
from posecheck.risk.lines import KeyPath

_GESTURES_REMEDY = "`posecheck poses` lists the gestures."


def known_keys(
    document: Document, table: Mapping[str, Any], known: Sequence[str], path: KeyPath = ()
) -> None:
    """Refuse a key of `table`, the one at `path`, that is not in `known`."""
    for key in table:
        if key not in known:
            raise document.error(
                f"unknown key '{key}'{suggestion(key, known)}",
                (*path, key),
                remedy=f"The keys here are {', '.join(known)}.",
            )


def text_at(document: Document, table: Mapping[str, Any], path: KeyPath) -> str:
    """The text that `table` must hold at the end of `path`."""
    value = _required(document, table, path)
    if not isinstance(value, str) or not value.strip():
        raise document.error(f"'{path[-1]}' must be a text in quotes", path)
    return value


def list_at(document: Document, table: Mapping[str, Any], path: KeyPath, of: type) -> list[Any]:
    """The list of `of` (str, int or dict) that `table` must hold, each entry once."""
    words = {str: "texts in quotes", int: "whole numbers", dict: "tables"}[of]
    value = _required(document, table, path)
    if not isinstance(value, list):
        raise document.error(f"'{path[-1]}' must be a list of {words} in [ ]", path)
    for index, entry in enumerate(value):
        # True is an int in Python, and not one to a person.
        if not isinstance(entry, of) or isinstance(entry, bool):
            raise document.error(f"'{path[-1]}' must hold {words} only", path, item=_item(entry))
        if of is not dict and entry in value[:index]:
            raise document.error(f"{entry!r} is there twice", path, item=_item(entry), nth=1)
    return value


def table_at(document: Document, table: Mapping[str, Any], path: KeyPath) -> dict[str, Any]:
    """The table that `table` must hold at the end of `path`."""
    value = _required(document, table, path)
    if not isinstance(value, dict):
        raise document.error(f"'{path[-1]}' must be a table: [{path[-1]}]", path)
    return value


def date_at(document: Document, table: Mapping[str, Any], path: KeyPath) -> date:
    """The date that `table` must hold at the end of `path`."""
    value = _required(document, table, path)
    if not isinstance(value, date) or isinstance(value, datetime):
        raise document.error(f"'{path[-1]}' must be a date, without quotes, as 2024-02-14", path)
    return value


def id_at(document: Document, kind: Kind, shipped: bool) -> str:
    """The id of the thing that the file describes.

    A file of one's own may not call itself by a shipped id: results name the id, and a reader
    must be able to tell a changed copy from the original.
    """
    value = text_at(document, document.data, ("id",))
    if not re.fullmatch(r"[a-z0-9][a-z0-9.-]{0,39}", value):
        raise document.error("'id' may hold a to z, 0 to 9, '-' and '.' only, 40 at most", ("id",))
    if not shipped and value in shipped_ids(kind):
        raise document.error(
            f"the id '{value}' belongs to a file that ships with posecheck",
            ("id",),
            remedy="Give your copy an id of its own.",
        )
    return value


def gesture_problem(gesture: str, path: KeyPath, in_list: bool = False) -> FieldError | None:
    """The error to raise if `gesture` is no gesture id, which stands at `path`."""
    if gesture in GESTURE_IDS:
        return None
    return FieldError(
        f"unknown gesture '{gesture}'{suggestion(gesture, GESTURE_IDS)}",
        path,
        item=gesture if in_list else None,
        remedy=_GESTURES_REMEDY,
    )


def _required(document: Document, table: Mapping[str, Any], path: KeyPath) -> object:
    if path[-1] not in table:
        raise document.error(
            f"'{path[-1]}' is missing", path[:-1], remedy=f"Add '{path[-1]}' there."
        )
    return table[str(path[-1])]


def _item(entry: object) -> str | int | None:
    return entry if isinstance(entry, (str, int)) and not isinstance(entry, bool) else None
