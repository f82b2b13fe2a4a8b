"""Reading what addresses and forms say: little, from our own page only, and as plain text."""

from __future__ import annotations

import re
import unicodedata
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request

from posecheck.review.guard import same

T = TypeVar("T")

MAX_BYTES = 65_536
MAX_FIELDS = 20
MAX_NOTE = 4_000
MAX_NAME = 100
"""Longest note and reviewer's name, in characters."""

FORM = "application/x-www-form-urlencoded"

SHA256 = re.compile(r"[0-9a-f]{64}")
NUMBER = re.compile(r"[0-9]{1,9}")

_JOINERS = "\u200c\u200d"
"""Emoji and some scripts need them; other invisible characters only mislead a reader."""


async def read_form(request: Request, csrf: str) -> dict[str, str]:
    """The fields of a form of ours.

    Raises:
        HTTPException: It is too long, no form, or does not know the CSRF token.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BYTES:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    try:
        text = body.decode("ascii", "replace")
        fields = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FIELDS))
    except ValueError as error:
        raise HTTPException(HTTPStatus.BAD_REQUEST) from error
    if not same(fields.get("csrf", ""), csrf):
        raise HTTPException(HTTPStatus.FORBIDDEN)
    return fields


def photo_of(request: Request) -> str:
    """The photo that an address names.

    Raises:
        HTTPException: It names none.
    """
    sha256: str = request.path_params["sha256"]
    if not SHA256.fullmatch(sha256):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return sha256


def found(value: T | None) -> T:
    """What was looked for.

    Raises:
        HTTPException: There is no such thing.
    """
    if value is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return value


def hand_of(text: str) -> int:
    """Number of a hand in words, from 1; 0 for the whole photo."""
    return int(text) if NUMBER.fullmatch(text) else 0


def note_of(text: str) -> str:
    """A note as it is kept: lines of visible characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(_visible(line) for line in lines).strip()[:MAX_NOTE].rstrip()


def name_of(text: str) -> str:
    """A reviewer's name as it is kept: one line; "" where there is none."""
    name = " ".join(_visible(text).split())[:MAX_NAME].rstrip()
    return name if name.strip(_JOINERS) else ""


def _visible(text: str) -> str:
    spaced = (" " if c == "\t" else c for c in text)
    return "".join(c for c in spaced if c in _JOINERS or unicodedata.category(c)[0] != "C")
