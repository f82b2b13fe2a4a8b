"""The audit log: what was done with a case file, without pixels and without file names.

Each entry's hash covers the entry and the hash before it, so an entry that is changed or taken
out shows.  Cutting off the newest entries does not show by itself; whoever needs that notes the
last hash elsewhere and has it compared.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from posecheck.casefile.database import now, stamp
from posecheck.casefile.recipe import canonical

START = "0" * 64
"""What stands for the hash before the first entry."""

_TEXTS = ("at", "event", "details", "previous", "hash")


@dataclass(frozen=True)
class Entry:
    """One line of the log.

    Attributes:
        id: Its number, from 1 without gaps.
        at: When, as it is stored (UTC).
        event: What happened, such as "scan_started" or "decided".
        details: JSON text of what belongs to it.
        hash: Hex digest of the entry and of the one before.
        intact: Whether number, previous hash and hash are what they must be.
    """

    id: int
    at: str
    event: str
    details: str
    hash: str
    intact: bool


def add_entry(connection: sqlite3.Connection, event: str, details: Mapping[str, Any]) -> str:
    """Add an entry within the transaction of what it tells of; its hash is returned."""
    last = connection.execute("SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    number, previous = (1, START) if last is None else (int(last["id"]) + 1, str(last["hash"]))
    at, text = stamp(now()), canonical(details)
    digest = _hash(number, at, event, text, previous)
    connection.execute(
        "INSERT INTO audit (id, at, event, details, previous, hash) VALUES (?, ?, ?, ?, ?, ?)",
        (number, at, event, text, previous, digest),
    )
    return digest


def entries(connection: sqlite3.Connection) -> Iterator[Entry]:
    """The log from its start, each entry checked against the one before."""
    previous, expected = START, 1
    for row in connection.execute("SELECT * FROM audit ORDER BY id"):
        number = int(row["id"])
        # Whoever changed an entry may have put in something that is no text.
        at, event, text, before, digest = (str(row[key]) for key in _TEXTS)
        intact = (
            number == expected
            and before == previous
            and digest == _hash(number, at, event, text, previous)
        )
        yield Entry(number, at, event, text, digest, intact)
        previous, expected = digest, number + 1


def _hash(number: int, at: str, event: str, details: str, previous: str) -> str:
    return hashlib.sha256(canonical([number, at, event, details, previous]).encode()).hexdigest()
