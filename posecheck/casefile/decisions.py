"""Decisions as rows: kept durably, never changed, taken back by another one."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from posecheck import __version__
from posecheck.casefile.database import as_text, moment, now, stamp
from posecheck.casefile.types import Decision, Finding, Verdict


def read_decisions(connection: sqlite3.Connection, sha256: str) -> list[Decision]:
    """Every decision on a photo, the oldest first."""
    rows = connection.execute(
        "SELECT * FROM decision WHERE sha256 = ? ORDER BY id", (sha256,)
    ).fetchall()
    return [_decision(connection, row) for row in rows]


def read_decision(connection: sqlite3.Connection, number: int) -> Decision | None:
    """One decision by its number."""
    row = connection.execute("SELECT * FROM decision WHERE id = ?", (number,)).fetchone()
    return None if row is None else _decision(connection, row)


def keep_decision(
    connection: sqlite3.Connection,
    sha256: str,
    verdict: Verdict | None,
    findings: Sequence[Finding],
    *,
    reviewer: str,
    note: str,
    fingerprint: str,
    undoes: int | None = None,
) -> int:
    """Add a decision; its number is returned.  Needs a transaction."""
    cursor = connection.execute(
        "INSERT INTO decision (sha256, verdict, reviewer, note, decided_at, version, fingerprint,"
        " undoes) VALUES (?, ?, CAST (? AS TEXT), CAST (? AS TEXT), ?, ?, ?, ?)",
        (
            sha256,
            None if verdict is None else verdict.value,
            as_text(reviewer),
            as_text(note),
            stamp(now()),
            __version__,
            fingerprint,
            undoes,
        ),
    )
    number = int(cursor.lastrowid or 0)
    connection.executemany(
        "INSERT INTO decided_hand (decision, place, gesture, x0, y0, x1, y1)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(number, i, f.gesture, *f.box_xyxy) for i, f in enumerate(findings)],
    )
    return number


def _decision(connection: sqlite3.Connection, row: sqlite3.Row) -> Decision:
    hands = connection.execute(
        "SELECT * FROM decided_hand WHERE decision = ? ORDER BY place", (row["id"],)
    )
    verdict = row["verdict"]
    return Decision(
        id=int(row["id"]),
        sha256=row["sha256"],
        verdict=None if verdict is None else Verdict(verdict),
        findings=tuple(Finding(h["gesture"], (h["x0"], h["y0"], h["x1"], h["y1"])) for h in hands),
        reviewer=row["reviewer"],
        note=row["note"],
        decided_at=moment(row["decided_at"]),
        version=row["version"],
        fingerprint=row["fingerprint"],
        undoes=row["undoes"],
    )
