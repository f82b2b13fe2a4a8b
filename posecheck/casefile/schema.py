"""The tables of a case file, and the steps from one version of them to the next."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

from posecheck.errors import CaseError

APPLICATION_ID = 0x706F7365  # "pose"; `file` and SQLite's own tools can show it
"""Marks an SQLite database as a case file."""

_VERSION_1 = """
CREATE TABLE recipe (
    id INTEGER PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    version TEXT NOT NULL,
    contest TEXT NOT NULL,
    rules TEXT NOT NULL,
    backend TEXT NOT NULL,
    details TEXT NOT NULL,
    UNIQUE (fingerprint, version)
);
CREATE TABLE scan (
    id INTEGER PRIMARY KEY,
    recipe INTEGER NOT NULL REFERENCES recipe (id),
    started_at TEXT NOT NULL,
    ended_at TEXT,
    state TEXT NOT NULL CHECK (state IN ('running', 'finished', 'interrupted')),
    roots TEXT NOT NULL
);
CREATE TABLE photo (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,
    bytes INTEGER NOT NULL,
    recipe INTEGER NOT NULL REFERENCES recipe (id),
    scan INTEGER NOT NULL REFERENCES scan (id),
    checked_at TEXT NOT NULL,
    status TEXT NOT NULL,
    reason TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    captured_at TEXT,
    risk REAL,
    level TEXT,
    smallest_hand REAL NOT NULL,
    readings TEXT NOT NULL,
    models TEXT NOT NULL,
    elapsed_ms REAL NOT NULL,
    raised INTEGER NOT NULL,
    verdict TEXT
);
CREATE INDEX photo_risk ON photo (risk DESC, sha256);
CREATE TABLE hand (
    photo INTEGER NOT NULL REFERENCES photo (id) ON DELETE CASCADE,
    place INTEGER NOT NULL,
    gesture TEXT NOT NULL,
    probability REAL NOT NULL,
    risk REAL NOT NULL,
    x0 REAL NOT NULL, y0 REAL NOT NULL, x1 REAL NOT NULL, y1 REAL NOT NULL,
    told INTEGER NOT NULL,
    rest TEXT NOT NULL,
    landmarks BLOB NOT NULL,
    PRIMARY KEY (photo, place)
) WITHOUT ROWID;
CREATE TABLE picture (
    photo INTEGER NOT NULL REFERENCES photo (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    jpeg BLOB NOT NULL,
    PRIMARY KEY (photo, kind)
);
CREATE TABLE file (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL,
    member TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    stamp TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'done', 'failed', 'skipped')),
    photo INTEGER REFERENCES photo (id) ON DELETE SET NULL,
    why TEXT NOT NULL,
    reason TEXT NOT NULL,
    scan INTEGER NOT NULL REFERENCES scan (id),
    UNIQUE (path, member)
);
CREATE INDEX file_photo ON file (photo, path, member);
CREATE INDEX file_scan ON file (scan, state);
CREATE TABLE decision (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    sha256 TEXT NOT NULL,
    verdict TEXT,
    reviewer TEXT NOT NULL,
    note TEXT NOT NULL,
    decided_at TEXT NOT NULL,
    version TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    undoes INTEGER UNIQUE REFERENCES decision (id)
);
CREATE INDEX decision_photo ON decision (sha256, id);
CREATE TABLE decided_hand (
    decision INTEGER NOT NULL REFERENCES decision (id) ON DELETE CASCADE,
    place INTEGER NOT NULL,
    gesture TEXT NOT NULL,
    x0 REAL NOT NULL, y0 REAL NOT NULL, x1 REAL NOT NULL, y1 REAL NOT NULL,
    PRIMARY KEY (decision, place)
) WITHOUT ROWID;
CREATE TABLE audit (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    event TEXT NOT NULL,
    details TEXT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL
);
CREATE TRIGGER audit_only_grows BEFORE INSERT ON audit
WHEN NEW.id IS NOT (SELECT coalesce(max(id), 0) + 1 FROM audit)
BEGIN SELECT RAISE (ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit
BEGIN SELECT RAISE (ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_is_never_shortened BEFORE DELETE ON audit
BEGIN SELECT RAISE (ABORT, 'the audit log is append-only'); END;
"""

MIGRATIONS = (_VERSION_1,)
"""Step n leads from version n to n + 1; version 0 is an empty file.  Steps are only ever added."""

_NEWER = "It was written by a newer posecheck: update posecheck."
_FOREIGN = "Name a case file, or a new file to start one."


def check_schema(connection: sqlite3.Connection, name: str) -> int:
    """The version of an open database.

    Raises:
        CaseError: It is no case file, or its tables are not those that its version has: a trigger
            or view of somebody else's would run with every statement of ours.
    """
    application, version = _pragma(connection, "application_id"), _version(connection)
    found = _objects(connection)
    if not found and version == 0 and application == 0:
        return 0
    # Names are stored as bytes, which only UTF-8 leaves as they are.
    encoding = str(connection.execute("PRAGMA encoding").fetchone()[0])
    if application != APPLICATION_ID or version < 1 or encoding != "UTF-8":
        raise CaseError(f"{name} is a database, but no case file of posecheck", _FOREIGN)
    if version > len(MIGRATIONS):
        raise CaseError(
            f"{name} has schema version {version}, newer than {len(MIGRATIONS)}", _NEWER
        )
    if found != _fresh(version):
        raise CaseError(f"the tables of {name} are not those of a case file", _FOREIGN)
    return version


def migrate(connection: sqlite3.Connection) -> None:
    """Bring an open case file to the newest version: whole or not at all.  Needs a transaction.

    The version is read within the transaction: another program may have done it just now.
    """
    for step in MIGRATIONS[_version(connection) :]:
        # Not executescript, which commits the open transaction first.
        for statement in _statements(step):
            connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")


def is_newest(version: int) -> bool:
    """Whether a version needs no migration."""
    return version == len(MIGRATIONS)


def _statements(script: str) -> Iterator[str]:
    """The statements of a script; each begins on a line of its own."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        raise ValueError(f"a statement is not finished: {statement!r:.60}")


def _fresh(version: int) -> set[tuple[str, str, str, str]]:
    """What `_objects` finds in a case file of a version."""
    with closing(sqlite3.connect(":memory:")) as memory:
        for step in MIGRATIONS[:version]:
            memory.executescript(step)
        return _objects(memory)


def _objects(connection: sqlite3.Connection) -> set[tuple[str, str, str, str]]:
    """Kind, name, table and definition of every table, index, trigger and view.

    Those that SQLite made for itself are among them: a trigger can be given such a name as well.
    Only its statistics may be there or not.
    """
    rows = connection.execute(
        "SELECT type, name, tbl_name, sql FROM sqlite_master"
        " WHERE NOT (type = 'table' AND name IN ('sqlite_stat1', 'sqlite_stat4'))"
    )
    return {(str(kind), str(name), str(table), str(sql)) for kind, name, table, sql in rows}


def _version(connection: sqlite3.Connection) -> int:
    return _pragma(connection, "user_version")


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return int(connection.execute(f"PRAGMA {name}").fetchone()[0])
