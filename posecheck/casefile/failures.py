"""Files without a photo: they could not be read or are still to do; and how many there are."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from posecheck.casefile.case import CaseFile
from posecheck.casefile.database import moment, reading, sound, told
from posecheck.casefile.recipe import read_recipe
from posecheck.casefile.selection import Selection
from posecheck.casefile.types import CasePhoto, CaseTotals
from posecheck.opening.refs import PhotoRef
from posecheck.results import Level, PhotoResult, Status

_FAILED = """
    SELECT file.id, path, member, bytes, reason, scan.started_at, scan.recipe,
    iif(file.state = 'failed', why, 'waiting') AS why
    FROM file JOIN scan ON scan.id = file.scan
    WHERE (file.state = 'failed' OR (file.state = 'pending' AND file.photo IS NULL))
    AND file.id > ? ORDER BY file.id LIMIT 256"""


def everything(case: CaseFile, selection: Selection) -> Iterator[CasePhoto]:
    """The wanted photos, then every photo and file that was not checked.

    An export that left these out would let them pass for photos where nothing was found.

    Raises:
        CaseError: The case file cannot be read.
    """
    for photo in case.photos(selection):
        if photo.result.status is Status.CHECKED:
            yield photo
    for photo in case.photos(Selection(level=None, unchecked=True, order="name")):
        yield photo
    yield from failed_files(case)


def failed_files(case: CaseFile) -> Iterator[CasePhoto]:
    """Files without a hash, as photos that were not checked.

    They could not be read at all, or their turn has not come in a scan that was stopped.
    """
    last = 0
    while True:
        with told(case.path), reading(case.connection), sound(case.path, "failures"):
            rows = case.connection.execute(_FAILED, (last,)).fetchall()
            photos = [_as_photo(case, row) for row in rows]
        if not rows:
            return
        last = int(rows[-1]["id"])
        yield from photos


def totals(case: CaseFile) -> CaseTotals:
    """Count a whole case file.

    Raises:
        CaseError: The case file cannot be read.
    """
    levels, unchecked = dict.fromkeys(Level, 0), dict.fromkeys(Status, 0)
    with told(case.path), reading(case.connection), sound(case.path, "photos"):
        for row in case.connection.execute(
            "SELECT status, level, count(*) AS n FROM photo"
            " WHERE EXISTS (SELECT 1 FROM file WHERE file.photo = photo.id) GROUP BY status, level"
        ):
            if row["level"] is not None:
                levels[Level(row["level"])] += int(row["n"])
            else:
                unchecked[Status(row["status"])] += int(row["n"])
        for row in case.connection.execute(
            "SELECT iif(state = 'failed', why, 'waiting') AS why, count(*) AS n FROM file"
            " WHERE state = 'failed' OR (state = 'pending' AND photo IS NULL) GROUP BY 1"
        ):
            unchecked[Status(row["why"])] += int(row["n"])
    return CaseTotals(levels, {status: n for status, n in unchecked.items() if n})


def _as_photo(case: CaseFile, row: sqlite3.Row) -> CasePhoto:
    ref = PhotoRef(row["path"], row["member"])
    recipe = read_recipe(case.connection, row["recipe"])
    result = PhotoResult(
        path=str(ref),
        sha256="",
        status=Status(row["why"]),
        reason=row["reason"],
        contest=recipe.contest,
        rules=recipe.rules,
    )
    return CasePhoto(
        result=result,
        names=(ref,),
        bytes=int(row["bytes"]),
        checked_at=moment(row["started_at"]),
        recipe=recipe,
        decision=None,
        verdicts=(),
        raised=True,
        pictures=(),
    )
