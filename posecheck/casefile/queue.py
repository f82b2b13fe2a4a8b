"""The files of a scan: what was listed, what is still to do, and what came of it.

The case file is the queue: a scan that is ended in any way goes on from what stands here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from posecheck.casefile.audit import add_entry
from posecheck.casefile.case import CaseFile, settle
from posecheck.casefile.database import as_text, now, sound, stamp, told, writing
from posecheck.casefile.recipe import keep_recipe
from posecheck.casefile.stored import keep_photo
from posecheck.casefile.types import Recipe
from posecheck.opening.refs import PhotoRef
from posecheck.report.record import Record, from_record
from posecheck.results import Level

_HAS_PICTURES = """(photo.level IS NULL OR photo.level = 'none'
    OR EXISTS (SELECT 1 FROM picture WHERE picture.photo = photo.id))"""

_PAGE = 256
"""Files that are drawn from the queue at once."""


@dataclass(frozen=True)
class FileEntry:
    """What listing found under one name.

    Attributes:
        ref: Where it is.
        bytes: Length; 0 where unknown.
        stamp: Changes whenever the content may have changed.
        state: "pending" (to be checked), "failed" (cannot be) or "skipped" (no photo).
        why: Short key of why it failed or was skipped, such as "hidden".
        reason: The same in words, for a failure.
    """

    ref: PhotoRef
    bytes: int = 0
    stamp: str = ""
    state: str = "pending"
    why: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Pending:
    """A file that is to be checked.

    Attributes:
        id: Its number in the case file.
        ref: Where it is.
        bytes: Length when it was listed.
        sha256: Digest that it had when it was checked before with another recipe, else "".
    """

    id: int
    ref: PhotoRef
    bytes: int
    sha256: str


class Queue:
    """One scan's files in a case file.

    Attributes:
        scan: Number of the scan.
    """

    def __init__(
        self,
        case: CaseFile,
        recipe: Recipe,
        roots: Sequence[str],
        *,
        retry_failed: bool = False,
        pictures: bool = False,
    ) -> None:
        """Begin a scan.

        Args:
            case: The case file.
            recipe: What photos are checked with.
            roots: What was named, for the record.
            retry_failed: Whether photos that could not be checked are to be tried again.
            pictures: Whether photos that resemble something and have no small pictures, as after
                a scan that wanted none, are to be checked again.
        """
        self._case = case
        self._db = case.connection
        self._fingerprint = recipe.fingerprint
        self._retry = retry_failed
        self._has_pictures = _HAS_PICTURES if pictures else "1"
        with told(case.path), writing(self._db):
            self._recipe = keep_recipe(self._db, recipe)
            cursor = self._db.execute(
                "INSERT INTO scan (recipe, started_at, state, roots) VALUES (?, ?, 'running', ?)",
                (self._recipe, stamp(now()), json.dumps(list(roots))),
            )
            self.scan = int(cursor.lastrowid or 0)
            add_entry(
                self._db,
                "scan_started",
                {
                    "scan": self.scan,
                    "fingerprint": recipe.fingerprint,
                    "version": recipe.version,
                    "contest": recipe.contest,
                    "rules": recipe.rules,
                },
            )

    def enlist(self, entries: Iterable[FileEntry]) -> None:
        """Take what listing found, in one transaction.

        A file that has not changed since it was checked with the same recipe stays done, and one
        that could not be checked with it stays so without `retry_failed`.
        """
        failed = "0" if self._retry else "1"
        # Kept is what is still true; anything else is to be done (again).
        kept = f"""
            excluded.state = 'pending' AND file.stamp = excluded.stamp AND (
                (file.state = 'failed' AND {failed} AND EXISTS (
                    SELECT 1 FROM scan JOIN recipe ON recipe.id = scan.recipe
                    WHERE scan.id = file.scan AND recipe.fingerprint = :fingerprint))
                OR (file.state = 'done' AND EXISTS (
                    SELECT 1 FROM photo JOIN recipe ON recipe.id = photo.recipe
                    WHERE photo.id = file.photo AND recipe.fingerprint = :fingerprint
                    AND ({failed} OR photo.status = 'checked') AND {self._has_pictures})))"""
        statement = f"""
            INSERT INTO file (path, member, bytes, stamp, state, why, reason, scan)
            VALUES (CAST (:path AS TEXT), CAST (:member AS TEXT), :bytes, :stamp, :state, :why,
                CAST (:reason AS TEXT), :scan)
            ON CONFLICT (path, member) DO UPDATE SET
                state = CASE WHEN {kept} THEN file.state ELSE excluded.state END,
                why = CASE WHEN {kept} THEN file.why ELSE excluded.why END,
                reason = CASE WHEN {kept} THEN file.reason ELSE excluded.reason END,
                photo = CASE WHEN file.stamp = excluded.stamp AND excluded.state = 'pending'
                    THEN file.photo END,
                bytes = excluded.bytes, stamp = excluded.stamp, scan = excluded.scan"""
        with told(self._case.path), writing(self._db):
            self._db.executemany(
                statement,
                (
                    {
                        "path": as_text(entry.ref.path),
                        "member": as_text(entry.ref.member),
                        "bytes": entry.bytes,
                        "stamp": entry.stamp,
                        "state": entry.state,
                        "why": entry.why,
                        "reason": as_text(entry.reason),
                        "scan": self.scan,
                        "fingerprint": self._fingerprint,
                    }
                    for entry in entries
                ),
            )

    def pending(self) -> Iterator[Pending]:
        """Files that are still to do, in the order they were listed, drawn as they are needed."""
        last = 0
        while True:
            with told(self._case.path), sound(self._case.path, "files"):
                rows = self._db.execute(
                    "SELECT file.id, path, member, file.bytes, photo.sha256 FROM file"
                    " LEFT JOIN photo ON photo.id = file.photo"
                    " WHERE file.scan = ? AND state = 'pending' AND file.id > ?"
                    " ORDER BY file.id LIMIT ?",
                    (self.scan, last, _PAGE),
                )
                page = [
                    Pending(
                        id=int(row["id"]),
                        ref=PhotoRef(str(row["path"]), str(row["member"])),
                        bytes=int(row["bytes"]),
                        sha256=str(row["sha256"] or ""),
                    )
                    for row in rows
                ]
            if not page:
                return
            last = page[-1].id
            yield from page

    def link_if_fresh(self, file: Pending, sha256: str) -> bool:
        """Give a file the result that its content has already, if there is one to keep."""
        tried = "" if not self._retry else " AND (photo.status = 'checked' OR photo.scan = ?)"
        with told(self._case.path), writing(self._db):
            row = self._db.execute(
                "SELECT photo.id FROM photo JOIN recipe ON recipe.id = photo.recipe"
                " WHERE photo.sha256 = ? AND recipe.fingerprint = ?"
                f" AND (photo.scan = {self.scan} OR {self._has_pictures}){tried}",
                (sha256, self._fingerprint, *([self.scan] if self._retry else [])),
            ).fetchone()
            if row is not None:
                self._settle(file, "done", photo=int(row["id"]))
            return row is not None

    def store(
        self, file: Pending, record: Record, pictures: Iterable[tuple[str, bytes]] = ()
    ) -> None:
        """Keep what came of a file, durably, before this returns.

        Raises:
            RecordError: The record is damaged.
            CaseError: The case file cannot be written.
        """
        if not record["sha256"]:
            self.fail(file, record["status"], record["reason"])
            return
        with told(self._case.path), writing(self._db):
            checked = None if record["status"] == "checked" else self._checked(record["sha256"])
            if checked is not None:
                # The same content was lost under this name, for want of time or memory.
                self._settle(file, "done", photo=checked)
                return
            photo = keep_photo(
                self._db,
                record,
                length=file.bytes,
                recipe=self._recipe,
                scan=self.scan,
                checked_at=stamp(now()),
                pictures=pictures,
            )
            with sound(self._case.path, "decisions"):
                settle(self._db, from_record(record))
            self._settle(file, "done", photo=photo)

    def fail(self, file: Pending, why: str, reason: str) -> None:
        """Keep that a file could not even be read."""
        with told(self._case.path), writing(self._db):
            self._settle(file, "failed", why=why, reason=reason)

    def total(self) -> int:
        """Files of this scan that are photos or were taken for them."""
        return self._count("state != 'skipped'")

    def left(self) -> int:
        """Files of this scan that are still to do."""
        return self._count("state = 'pending'")

    def found(self, level: Level) -> int:
        """Photos of this scan at `level` or above, those that are not to be raised left out."""
        levels = [each.value for each in Level if each.rank >= level.rank]
        with told(self._case.path):
            row = self._db.execute(
                "SELECT count(*) FROM photo WHERE raised AND level IN"
                f" ({', '.join('?' * len(levels))}) AND id IN"
                " (SELECT photo FROM file WHERE scan = ? AND state = 'done')",
                (*levels, self.scan),
            ).fetchone()
        return int(row[0])

    def end(self, *, finished: bool, told_of: dict[str, Any]) -> None:
        """Close the scan; `told_of` holds counts for the audit log."""
        state = "finished" if finished else "interrupted"
        with told(self._case.path), writing(self._db):
            self._db.execute(
                "UPDATE scan SET state = ?, ended_at = ? WHERE id = ?",
                (state, stamp(now()), self.scan),
            )
            add_entry(self._db, "scan_ended", {"scan": self.scan, "state": state, **told_of})

    def _count(self, term: str) -> int:
        with told(self._case.path):
            row = self._db.execute(
                f"SELECT count(*) FROM file WHERE scan = ? AND {term}", (self.scan,)
            ).fetchone()
        return int(row[0])

    def _checked(self, sha256: str) -> int | None:
        """Number of a photo that was checked with this recipe."""
        row = self._db.execute(
            "SELECT photo.id FROM photo JOIN recipe ON recipe.id = photo.recipe"
            " WHERE photo.sha256 = ? AND recipe.fingerprint = ? AND photo.status = 'checked'",
            (sha256, self._fingerprint),
        ).fetchone()
        return None if row is None else int(row["id"])

    def _settle(
        self,
        file: Pending,
        state: str,
        *,
        photo: int | None = None,
        why: str = "",
        reason: str = "",
    ) -> None:
        """Note what became of a file, unless another scan has listed it again since."""
        values = {
            "path": as_text(file.ref.path),
            "member": as_text(file.ref.member),
            "bytes": file.bytes,
            "state": state,
            "photo": photo,
            "why": why,
            "reason": as_text(reason),
            "scan": self.scan,
        }
        # Inserted again where a purge has taken the name out meanwhile: nothing done is lost.
        self._db.execute(
            """
            INSERT INTO file (path, member, bytes, stamp, state, photo, why, reason, scan)
            VALUES (CAST (:path AS TEXT), CAST (:member AS TEXT), :bytes, '', :state, :photo, :why,
                CAST (:reason AS TEXT), :scan)
            ON CONFLICT (path, member) DO UPDATE SET
                state = excluded.state, photo = excluded.photo, why = excluded.why,
                reason = excluded.reason
            WHERE file.scan = excluded.scan""",
            values,
        )
