"""Deleting what is no longer needed: results, pictures, names and decisions, for good."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime

from posecheck.casefile.audit import add_entry
from posecheck.casefile.case import CaseFile
from posecheck.casefile.database import reading, stamp, told, writing
from posecheck.errors import CaseError


@dataclass(frozen=True)
class Purged:
    """How much is deleted.

    Attributes:
        photos: Photos with their results and hands.
        pictures: Small pictures.
        files: Names of files, those of skipped files and of failures included.
        decisions: Decisions on these photos.
    """

    photos: int
    pictures: int
    files: int
    decisions: int


_OLD = "SELECT id FROM photo WHERE checked_at < :limit"
_OLD_SCANS = "SELECT id FROM scan WHERE started_at < :limit"
# A file without a photo was skipped, failed, or is still to do.
_OLD_FILES = f"photo IN ({_OLD}) OR (photo IS NULL AND scan IN ({_OLD_SCANS}))"
# Decisions on a photo that has no result any more go as well, all of them or none: an undoing
# refers to what it undoes.
_OLD_DECISIONS = f"""sha256 IN (SELECT sha256 FROM photo WHERE id IN ({_OLD}))
    OR (sha256 NOT IN (SELECT sha256 FROM photo)
        AND sha256 NOT IN (SELECT sha256 FROM decision WHERE decided_at >= :limit))"""


def count_old(case: CaseFile, limit: datetime) -> Purged:
    """What `purge` would delete.

    Args:
        case: The case file.
        limit: Photos that were checked before are old.

    Raises:
        CaseError: The case file cannot be read.
    """
    wanted = {
        "photos": f"photo WHERE id IN ({_OLD})",
        "pictures": f"picture WHERE photo IN ({_OLD})",
        "files": f"file WHERE {_OLD_FILES}",
        "decisions": f"decision WHERE {_OLD_DECISIONS}",
    }
    bound = {"limit": stamp(limit)}
    with told(case.path), reading(case.connection):
        return Purged(
            **{
                key: int(
                    case.connection.execute(f"SELECT count(*) FROM {rest}", bound).fetchone()[0]
                )
                for key, rest in wanted.items()
            }
        )


def purge(case: CaseFile, limit: datetime) -> Purged:
    """Delete everything about photos that were checked before `limit`, and shrink the file.

    The audit log keeps that it happened and how much went; it holds hashes of photos that were
    decided on, and never pixels or file names.

    Args:
        case: The case file.
        limit: Photos that were checked before are old.

    Raises:
        CaseError: The case file cannot be written.
    """
    bound = {"limit": stamp(limit)}
    db = case.connection
    with told(case.path):
        # What is deleted is overwritten, also in pages that the vacuum would only let go of.
        db.execute("PRAGMA secure_delete = ON")
        with writing(db):
            counts = count_old(case, limit)
            db.execute(f"DELETE FROM decision WHERE {_OLD_DECISIONS}", bound)
            db.execute(f"DELETE FROM file WHERE {_OLD_FILES}", bound)
            db.execute(f"DELETE FROM photo WHERE id IN ({_OLD})", bound)
            # The folders that were named in a scan are names as well.
            db.execute("UPDATE scan SET roots = '[]' WHERE started_at < :limit", bound)
            add_entry(db, "purged", {"checked_before": stamp(limit), **asdict(counts)})
        db.execute("VACUUM")
        # The write-ahead log holds old pages until it is cut.
        busy = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    if busy:
        raise CaseError(
            f"what was deleted from {case.path} is still on the disk: another program reads it",
            "Close the review page and other programs that use the case file, and purge again.",
        )
    return counts
