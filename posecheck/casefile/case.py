"""The one door to a case file for those who read it and decide."""

from __future__ import annotations

import sqlite3
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from posecheck.casefile import audit
from posecheck.casefile.baseline import findings_to_decide, standing
from posecheck.casefile.database import (
    as_text,
    connect,
    moment,
    reading,
    sound,
    told,
    writing,
)
from posecheck.casefile.decisions import keep_decision, read_decision, read_decisions
from posecheck.casefile.recipe import read_recipe
from posecheck.casefile.selection import Selection, order, where
from posecheck.casefile.stored import read_result
from posecheck.casefile.types import CasePhoto, Decision, Finding, Verdict
from posecheck.errors import CaseError
from posecheck.opening.refs import PhotoRef
from posecheck.results import PhotoResult

__all__ = ["CaseFile", "Selection", "open_case"]

_WANTED = Selection()
_LOOK_AGAIN = "Look at the photo again: somebody else may have worked on it."


class CaseFile:
    """An open case file; close it, or use it in a `with`.  One thread at a time.

    Attributes:
        path: Where it is.
        connection: The database, for the other modules of this package.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        """Take a connection that `open_case` made."""
        self.path = path
        self.connection = connection

    def __enter__(self) -> CaseFile:
        """Give itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Close the database; nothing is lost without it."""
        self.connection.close()

    def photos(self, selection: Selection = _WANTED) -> Iterator[CasePhoto]:
        """The wanted photos, streamed; those that are gone by their turn are passed over.

        Raises:
            CaseError: The case file cannot be read.
        """
        for sha256 in self.hashes(selection):
            photo = self.photo(sha256)
            if photo is not None:
                yield photo

    def count(self, selection: Selection = _WANTED) -> int:
        """How many there are."""
        terms, values = where(selection)
        with told(self.path):
            row = self.connection.execute(f"SELECT count(*) FROM photo WHERE {terms}", values)
            return int(row.fetchone()[0])

    def hashes(self, selection: Selection = _WANTED) -> list[str]:
        """Their sha256 in order: small enough to keep for a million photos."""
        terms, values = where(selection)
        first = "(SELECT {} FROM file WHERE file.photo = photo.id ORDER BY path, member LIMIT 1)"
        with told(self.path):
            rows = self.connection.execute(
                f"SELECT photo.sha256, {first.format('path')} AS name,"
                f" {first.format('member')} AS member"
                f" FROM photo WHERE {terms} ORDER BY {order(selection)}",
                values,
            )
            return [str(row["sha256"]) for row in rows]

    def photo(self, sha256: str) -> CasePhoto | None:
        """One photo, or None where the case file has none with that hash (any more).

        A photo without a name left (its file is another picture now) is no longer part of it.

        Raises:
            CaseError: What is stored of it is damaged.
        """
        with told(self.path), reading(self.connection):
            photo = self._photo(sha256)
            return photo if photo is not None and photo.names else None

    def picture(self, sha256: str, kind: str) -> bytes | None:
        """A stored small picture (JPEG)."""
        with told(self.path):
            row = self.connection.execute(
                "SELECT jpeg FROM picture JOIN photo ON photo.id = picture.photo"
                " WHERE photo.sha256 = CAST (? AS TEXT) AND picture.kind = CAST (? AS TEXT)",
                (as_text(sha256), as_text(kind)),
            ).fetchone()
        jpeg = None if row is None else row["jpeg"]
        return jpeg if isinstance(jpeg, bytes) else None

    def decide(
        self,
        sha256: str,
        verdict: Verdict | None,
        *,
        reviewer: str,
        note: str = "",
        findings: Sequence[Finding] | None = None,
    ) -> Decision:
        """Keep what a person said, at once and durably.

        Args:
            sha256: The photo.
            verdict: What they said; None takes back what was said of these findings.
            reviewer: Who.
            note: Free text.
            findings: The hands it is about; by default every hand that resembles something.

        Raises:
            CaseError: There is no such photo, or the case file cannot be written.
        """
        with told(self.path), writing(self.connection):
            photo = self._needed(sha256)
            chosen = findings_to_decide(photo.result) if findings is None else findings
            return self._keep(photo, verdict, chosen, reviewer, note)

    def undo(self, decision: int, *, reviewer: str) -> Decision:
        """Take back one decision: what held before holds again, as if it had never been.

        Kept as a decision of its own, so that the log is whole.

        Raises:
            CaseError: There is no such decision, or it was taken back already.
        """
        with told(self.path), writing(self.connection):
            with sound(self.path, f"decision {decision}"):
                old = read_decision(self.connection, decision)
            if old is None or old.undoes is not None:
                raise CaseError(f"there is no decision {decision} to take back", _LOOK_AGAIN)
            photo = self._needed(old.sha256)
            if any(d.undoes == decision for d in read_decisions(self.connection, old.sha256)):
                raise CaseError(f"decision {decision} was taken back already", _LOOK_AGAIN)
            return self._keep(photo, None, old.findings, reviewer, "", undoes=decision)

    def decisions(self, sha256: str) -> list[Decision]:
        """Every decision on a photo, the oldest first."""
        with told(self.path), reading(self.connection), sound(self.path, "decisions"):
            return read_decisions(self.connection, sha256)

    def listed(self, name: str) -> list[Path]:
        """Files and archives that were scanned and are called so, in whatever letters.

        Raises:
            CaseError: The case file cannot be read.
        """
        with told(self.path):
            rows = self.connection.execute("SELECT DISTINCT path FROM file")
            paths = (Path(row["path"]) for row in rows)
            return [path for path in paths if _folded(path.name) == _folded(name)]

    def log(self, event: str, details: Mapping[str, Any]) -> None:
        """Add an entry to the audit log; no pixels and no file names belong there."""
        with told(self.path), writing(self.connection):
            audit.add_entry(self.connection, event, details)

    def audit(self) -> Iterator[audit.Entry]:
        """The audit log, each entry checked.

        Raises:
            CaseError: The case file cannot be read.
        """
        with told(self.path), sound(self.path, "the audit log"):
            yield from audit.entries(self.connection)

    def _keep(
        self,
        photo: CasePhoto,
        verdict: Verdict | None,
        findings: Sequence[Finding],
        reviewer: str,
        note: str,
        undoes: int | None = None,
    ) -> Decision:
        sha256 = photo.result.sha256
        number = keep_decision(
            self.connection,
            sha256,
            verdict,
            findings,
            reviewer=reviewer,
            note=note,
            fingerprint=photo.recipe.fingerprint,
            undoes=undoes,
        )
        settle(self.connection, photo.result)
        audit.add_entry(
            self.connection,
            "decided" if undoes is None else "undone",
            {
                "decision": number,
                "photo": sha256,
                "verdict": None if verdict is None else verdict.value,
                **({} if undoes is None else {"undoes": undoes}),
            },
        )
        kept = read_decision(self.connection, number)
        assert kept is not None  # it was written three statements ago
        return kept

    def _needed(self, sha256: str) -> CasePhoto:
        photo = self._photo(sha256)
        if photo is None:
            raise CaseError(
                f"there is no photo {sha256[:12]} in {self.path.name}", "It may have been purged."
            )
        return photo

    def _photo(self, sha256: str) -> CasePhoto | None:
        with sound(self.path, f"photo {sha256[:12]}"):
            row = self.connection.execute(
                "SELECT * FROM photo WHERE sha256 = CAST (? AS TEXT)", (as_text(sha256),)
            ).fetchone()
            return None if row is None else self._from_row(row)

    def _from_row(self, row: sqlite3.Row) -> CasePhoto:
        number = row["id"]
        names = self.connection.execute(
            "SELECT path, member FROM file WHERE photo = ? ORDER BY path, member", (number,)
        )
        refs = tuple(PhotoRef(name["path"], name["member"]) for name in names)
        hands = self.connection.execute(
            "SELECT * FROM hand WHERE photo = ? ORDER BY place", (number,)
        ).fetchall()
        kinds = self.connection.execute(
            "SELECT kind FROM picture WHERE photo = ? ORDER BY kind", (number,)
        )
        recipe = read_recipe(self.connection, row["recipe"])
        path = str(refs[0]) if refs else ""
        result = read_result(row, hands, path, recipe.contest, recipe.rules)
        holds = standing(result, read_decisions(self.connection, result.sha256))
        return CasePhoto(
            result=result,
            names=refs,
            bytes=int(row["bytes"]),
            checked_at=moment(row["checked_at"]),
            recipe=recipe,
            decision=holds.decision,
            verdicts=holds.verdicts,
            raised=holds.raised,
            pictures=tuple(str(kind["kind"]) for kind in kinds),
        )


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def settle(connection: sqlite3.Connection, result: PhotoResult) -> bool:
    """Bring a photo's columns `raised` and `verdict` in line with the decisions on it.

    Returns:
        Whether the photo is to be raised.
    """
    holds = standing(result, read_decisions(connection, result.sha256))
    decision = holds.decision
    verdict = None if decision is None or decision.verdict is None else decision.verdict.value
    connection.execute(
        "UPDATE photo SET raised = ?, verdict = ? WHERE sha256 = ?",
        (int(holds.raised), verdict, result.sha256),
    )
    return holds.raised


def open_case(path: Path, *, create: bool = False) -> CaseFile:
    """Open a case file.

    Raises:
        CaseError: It is none, of a newer version, damaged, or (without `create`) not there.
    """
    return CaseFile(path, connect(path, create=create))
