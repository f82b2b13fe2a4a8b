"""How a scan stands: counts that people are told at its end."""

from __future__ import annotations

from dataclasses import dataclass

from posecheck.casefile.case import CaseFile
from posecheck.casefile.database import reading, sound, told
from posecheck.results import Level

SHOWN_NAMES = 5
"""Names given for each reason; all are in the case file."""


@dataclass(frozen=True)
class Reason:
    """Files that were not checked, or were no photos, for one reason.

    Attributes:
        why: Key of the reason, such as "unreadable" or "hidden".
        count: How many.
        names: The first of them by name.
    """

    why: str
    count: int
    names: tuple[str, ...]


@dataclass(frozen=True)
class ScanTally:
    """Counts of one scan.

    Attributes:
        files: Files that are photos or were taken for them, under all their names.
        checked: Different photos that were checked.
        duplicates: Names beyond the first of photos, checked or not.
        levels: Different photos at each level that are to be raised.
        left_out: Photos at medium and above that are not raised since people decided so.
        unread_hands: Photos at level none with hands that cannot be told.
        failed: Files that could not be checked, by reason, one for each name.
        skipped: Files that are no photos or were not wanted, by reason.
        left: Files that are still to do.
    """

    files: int
    checked: int
    duplicates: int
    levels: dict[Level, int]
    left_out: dict[Level, int]
    unread_hands: int
    failed: tuple[Reason, ...]
    skipped: tuple[Reason, ...]
    left: int

    @property
    def failures(self) -> int:
        """Files that could not be checked."""
        return sum(reason.count for reason in self.failed)

    def found(self, level: Level) -> int:
        """Photos at `level` or above that are to be raised."""
        return sum(n for each, n in self.levels.items() if each.rank >= level.rank)

    def settled(self, level: Level) -> int:
        """Photos at `level` or above that are not raised since people decided so."""
        return sum(n for each, n in self.left_out.items() if each.rank >= level.rank)


def tally(case: CaseFile, scan: int) -> ScanTally:
    """Count what a scan has come to so far.

    Raises:
        CaseError: The case file cannot be read.
    """
    in_scan = "SELECT DISTINCT photo FROM file WHERE scan = ? AND state = 'done'"
    with told(case.path), reading(case.connection), sound(case.path, "a scan"):
        counts = dict(
            case.connection.execute(
                "SELECT state, count(*) FROM file WHERE scan = ? GROUP BY state", (scan,)
            ).fetchall()
        )
        levels, left_out = dict.fromkeys(Level, 0), dict.fromkeys(Level, 0)
        rows = case.connection.execute(
            f"SELECT level, raised, count(*) AS n FROM photo WHERE id IN ({in_scan})"
            " AND status = 'checked' GROUP BY level, raised",
            (scan,),
        )
        for row in rows:
            (levels if row["raised"] else left_out)[Level(row["level"])] += int(row["n"])
        different = case.connection.execute(f"SELECT count(*) FROM ({in_scan})", (scan,))
        unread = case.connection.execute(
            f"SELECT count(*) FROM photo WHERE id IN ({in_scan}) AND level = 'none' AND EXISTS"
            " (SELECT 1 FROM hand WHERE hand.photo = photo.id"
            " AND json_extract(hand.rest, '$.unclear'))",
            (scan,),
        )
        return ScanTally(
            files=sum(n for state, n in counts.items() if state != "skipped"),
            checked=sum(levels.values()) + sum(left_out.values()),
            duplicates=counts.get("done", 0) - int(different.fetchone()[0]),
            levels=levels,
            left_out=left_out,
            unread_hands=int(unread.fetchone()[0]),
            failed=_reasons(case, scan, _FAILED),
            skipped=_reasons(case, scan, _SKIPPED),
            left=counts.get("pending", 0),
        )


_FAILED = (
    "SELECT file.path, file.member, coalesce(photo.status, file.why) AS cause FROM file"
    " LEFT JOIN photo ON photo.id = file.photo WHERE file.scan = ?"
    " AND (file.state = 'failed' OR (file.state = 'done' AND photo.status != 'checked'))"
)
_SKIPPED = "SELECT path, member, why AS cause FROM file WHERE scan = ? AND state = 'skipped'"


def _reasons(case: CaseFile, scan: int, rows: str) -> tuple[Reason, ...]:
    db = case.connection
    counts = db.execute(
        f"SELECT cause, count(*) AS n FROM ({rows}) GROUP BY cause ORDER BY n DESC, cause", (scan,)
    ).fetchall()
    found = []
    for row in counts:
        first = db.execute(
            f"SELECT path, member FROM ({rows}) WHERE cause = ? ORDER BY path, member LIMIT ?",
            (scan, row["cause"], SHOWN_NAMES),
        )
        names = tuple(f"{n['path']}!/{n['member']}" if n["member"] else n["path"] for n in first)
        found.append(Reason(row["cause"], int(row["n"]), names))
    return tuple(found)
