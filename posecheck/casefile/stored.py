"""A photo's result as rows of the case file, and the way back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from posecheck.casefile.database import as_text
from posecheck.casefile.recipe import canonical
from posecheck.report.findings import findings_of
from posecheck.report.record import Record, from_record
from posecheck.results import SCHEMA, PhotoResult

_LANDMARKS = np.dtype("<f4")
"""How landmarks are stored: a quarter of their JSON, on every machine alike."""

_COLUMNS = ("gesture", "probability", "risk")
_REST = ("size", "presence", "alternatives", "numbers", "rule", "partner", "unclear")
_REST_LATER = ("effective_size",)


def keep_photo(
    connection: sqlite3.Connection,
    record: Mapping[str, Any],
    *,
    length: int,
    recipe: int,
    scan: int,
    checked_at: str,
    pictures: Iterable[tuple[str, bytes]] = (),
) -> int:
    """Store a result in place of any earlier one of the same photo.  Needs a transaction.

    Args:
        connection: The case file.
        record: The photo's record; it must have a sha256.
        length: Bytes of the file.
        recipe: Number of what it was checked with.
        scan: Number of the scan.
        checked_at: When, as `database.stamp` writes it.
        pictures: Kind and JPEG of small pictures, which take the place of earlier ones.

    Returns:
        Number of the photo.

    Raises:
        RecordError: The record is damaged.
    """
    result = from_record(record)
    values = {
        "sha256": result.sha256,
        "bytes": length,
        "recipe": recipe,
        "scan": scan,
        "checked_at": checked_at,
        "status": result.status.value,
        "reason": as_text(result.reason),  # may hold a file name
        "width": result.width,
        "height": result.height,
        "captured_at": record["captured_at"],
        "risk": record["risk"],
        "level": record["level"],
        "smallest_hand": record["smallest_hand"],
        "readings": canonical(record["readings"]),
        "models": json.dumps(record["models"]),
        "elapsed_ms": record["elapsed_ms"],
        "raised": 1,
        "verdict": None,
    }
    names = list(values)
    bound = ["CAST (? AS TEXT)" if name == "reason" else "?" for name in names]
    connection.execute(
        f"INSERT INTO photo ({', '.join(names)}) VALUES ({', '.join(bound)})"
        " ON CONFLICT (sha256) DO UPDATE SET "
        + ", ".join(f"{name} = excluded.{name}" for name in names),
        tuple(values.values()),
    )
    row = connection.execute("SELECT id FROM photo WHERE sha256 = ?", (result.sha256,)).fetchone()
    number = int(row["id"])
    connection.execute("DELETE FROM hand WHERE photo = ?", (number,))
    connection.execute("DELETE FROM picture WHERE photo = ?", (number,))
    told = set(findings_of(result).told)
    connection.executemany(
        "INSERT INTO hand (photo, place, gesture, probability, risk, x0, y0, x1, y1, told, rest,"
        " landmarks) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [_hand_row(number, i, hand, i in told) for i, hand in enumerate(record["hands"])],
    )
    connection.executemany(
        "INSERT INTO picture (photo, kind, jpeg) VALUES (?, ?, ?)",
        [(number, kind, jpeg) for kind, jpeg in pictures],
    )
    return number


def read_result(
    photo: sqlite3.Row, hands: Sequence[sqlite3.Row], path: str, contest: str, rules: str
) -> PhotoResult:
    """The result that rows hold.

    Args:
        photo: Row of the table `photo`.
        hands: Its rows of the table `hand`, in order.
        path: What the result is to call the photo.
        contest: Id of the contest of its recipe.
        rules: Id of the rule set of its recipe.

    Raises:
        RecordError: The rows are damaged.
    """
    return from_record(
        {
            "schema": SCHEMA,
            "path": path,
            "sha256": photo["sha256"],
            "status": photo["status"],
            "reason": photo["reason"],
            "width": photo["width"],
            "height": photo["height"],
            "captured_at": photo["captured_at"],
            "risk": photo["risk"],
            "level": photo["level"],
            "hands": [_hand_record(hand) for hand in hands],
            "readings": json.loads(photo["readings"]),
            "smallest_hand": photo["smallest_hand"],
            "contest": contest,
            "rules": rules,
            "models": json.loads(photo["models"]),
            "elapsed_ms": photo["elapsed_ms"],
        }
    )


def _hand_row(photo: int, place: int, hand: Record, told: bool) -> tuple[Any, ...]:
    rest = {key: hand[key] for key in (*_REST, *_REST_LATER) if key in hand}
    landmarks = np.asarray(hand["landmarks"], _LANDMARKS).tobytes()
    numbers = (hand[key] for key in _COLUMNS)
    return (photo, place, *numbers, *hand["box"], int(told), canonical(rest), landmarks)


def _hand_record(row: sqlite3.Row) -> Record:
    landmarks = np.frombuffer(row["landmarks"], _LANDMARKS).reshape(-1, 2)
    record: Record = {
        "box": [row["x0"], row["y0"], row["x1"], row["y1"]],
        "landmarks": landmarks.tolist(),
        **{key: row[key] for key in _COLUMNS},
    }
    record.update(json.loads(row["rest"]))
    return record
