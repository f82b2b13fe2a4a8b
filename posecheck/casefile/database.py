"""The SQLite connection of a case file: how it is opened, written to, and what its errors say."""

from __future__ import annotations

import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path

from posecheck.casefile.schema import check_schema, is_newest, migrate
from posecheck.errors import CaseError, RecordError

WAIT_SECONDS = 30.0
"""How long a statement waits for another program that is writing."""

_REMEDY = "Check the space left and the permission to write there, or take a copy from a backup."
_DAMAGED = "Name a case file, or take a copy of it from a backup."

_NAME_ERRORS = sys.getfilesystemencodeerrors()


def connect(path: Path, *, create: bool) -> sqlite3.Connection:
    """Open a case file, bring its tables up to date, and set it up to lose nothing.

    Raises:
        CaseError: It is none, of a newer version, damaged, or (without `create`) not there.
    """
    try:
        # In this order: another scan may make the file at this moment.
        missing = not path.is_file() if path.exists() else not create
    except OSError as error:  # a folder that may not be looked into, a name that is too long
        raise CaseError(f"{path}: {error.strerror}", _REMEDY) from error
    if missing:
        raise CaseError(f"there is no case file {path}", "Check its name, or scan into it first.")
    with told(path), sound(path, "it"):
        # Threads take turns: the review page works through one at a time.
        connection = sqlite3.connect(
            path, timeout=WAIT_SECONDS, isolation_level=None, check_same_thread=False
        )
        try:
            _set_up(connection, path, create)
        except BaseException:
            connection.close()
            raise
        return connection


def own_files(path: Path) -> list[Path]:
    """The case file and what SQLite keeps beside it; writing over either would damage it."""
    path = path.resolve()  # where SQLite puts them for a link, too
    return [path, *(path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal"))]


def _set_up(connection: sqlite3.Connection, path: Path, create: bool) -> None:
    connection.text_factory = _from_text
    connection.row_factory = sqlite3.Row
    # A case file may come from anybody: nothing in its tables is to run functions of ours.
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")
    with reading(connection):  # another program may be making the tables at this moment
        version = check_schema(connection, path.name)
    if version == 0 and not create:
        # A case file that was cut to nothing must not read as one without findings.
        raise CaseError(f"there is nothing in {path}", _DAMAGED)
    _use_log(connection)
    # FULL: what was finished is still there after a power cut, not only after a crash.
    for pragma in ("synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")
    if not is_newest(version):
        with writing(connection):
            migrate(connection)


def _use_log(connection: sqlite3.Connection) -> None:
    """Have changes written to a log first, so that readers and one writer never wait long."""
    end = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            # SQLite does not wait by itself where another program is changing the mode as well.
            if "locked" not in str(error) or time.monotonic() > end:
                raise
            time.sleep(0.05)


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turn what SQLite says into words that help.

    Raises:
        CaseError: In place of any error of SQLite.
    """
    try:
        yield
    except sqlite3.OperationalError as error:
        raise CaseError(f"{path}: {error}", _REMEDY) from error
    except (sqlite3.Error, OverflowError) as error:  # OverflowError: it counts beyond its end
        raise CaseError(f"{path}: {error}", _DAMAGED) from error


@contextmanager
def sound(path: Path, what: str) -> Iterator[None]:
    """For reading rows only: they may have been damaged, or made up by somebody else.

    Args:
        path: The case file.
        what: What is read, for the message.

    Raises:
        CaseError: In place of what Python says to values that cannot be there.
    """
    try:
        yield
    except (
        RecordError,
        ArithmeticError,
        AttributeError,
        LookupError,
        MemoryError,
        RecursionError,
        TypeError,
        ValueError,
    ) as error:
        raise CaseError(
            f"{path}: what is stored of {what} is damaged: {error}", _DAMAGED
        ) from error


@contextmanager
def reading(connection: sqlite3.Connection) -> Iterator[None]:
    """See one state of the case file throughout, whatever others write meanwhile."""
    outermost = not connection.in_transaction
    if outermost:
        connection.execute("BEGIN")
    try:
        yield
    finally:
        if outermost and connection.in_transaction:
            connection.execute("COMMIT")


@contextmanager
def writing(connection: sqlite3.Connection) -> Iterator[None]:
    """A transaction: everything in it is kept, durably, or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    finally:
        # A full disk can fail the commit itself, and SQLite may have taken back all by then.
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def as_text(text: str) -> bytes:
    """A file name or what people wrote, as it is bound to a statement, inside `CAST (? AS TEXT)`.

    Names need not be valid Unicode; they are kept as they are, on every system and in every
    locale.  What can be in no name (half a character, typed into a note) becomes a "?".
    """
    try:
        return text.encode("utf-8", _NAME_ERRORS)
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def _from_text(stored: bytes) -> str:
    try:
        return stored.decode("utf-8", _NAME_ERRORS)
    except UnicodeDecodeError:  # a name from another system
        return stored.decode("utf-8", "surrogateescape")


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(timezone.utc)


def stamp(moment: datetime) -> str:
    """A moment as it is stored: UTC, ISO 8601, sorted like time."""
    return moment.astimezone(timezone.utc).isoformat(timespec="milliseconds")


def moment(text: str) -> datetime:
    """The moment that `stamp` stored."""
    return datetime.fromisoformat(text)
