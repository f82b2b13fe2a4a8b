"""What a measurement of stability holds, and how it reads as text."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from benchmarks.stability_score import EVERY, PhotoVersions, StabilityRow
from posecheck.evaluation.intervals import Estimate
from posecheck.evaluation.tables import counted, percent, percent_interval, table

SCHEMA = "posecheck-stability/1"

TITLES = {
    "all": "ALL PHOTOS",
    "group": "GROUP PHOTOS",
    "crop": "PICTURES OF ONE HAND",
    "flagged": "PHOTOS THAT ARE FLAGGED AS THEY ARE",
}

LEGEND = f"""
same flag: of level medium or above if and only if the original is; up, down: photos whose level
rose or fell; no thumbs: without photos whose level rests on a thumb up or down, left out under
rotations only.  Intervals: Wilson; of "{EVERY}": bootstrap by photo (* Wilson)."""


@dataclass(frozen=True)
class Unread:
    """A picture whose original could not be checked: its name and why."""

    file: str
    reason: str


@dataclass(frozen=True)
class Stability:
    """Everything that was measured; the JSON output is this.

    Attributes:
        schema: `SCHEMA`.
        version: Of posecheck.
        models: Name and hash prefix of every model.
        contest: Id of the contest.
        rules: Id of the rule set.
        label_files: Names of the label files.
        split: Split that was taken, "" for all.
        excluded: Sources left out.
        seed: Of the sample and of the draws.
        crops: (pictures of one hand that were taken, of how many).
        groups: Group photos that were taken.
        variants: Name -> what is done.
        rotations: Names of those that rotate.
        rows: The figures.
        unread: Pictures that are in no figure.
        photos: Levels and risks of every version of every photo.
    """

    schema: str
    version: str
    models: tuple[str, ...]
    contest: str
    rules: str
    label_files: tuple[str, ...]
    split: str
    excluded: tuple[str, ...]
    seed: int
    crops: tuple[int, int]
    groups: int
    variants: Mapping[str, str]
    rotations: tuple[str, ...]
    rows: tuple[StabilityRow, ...]
    unread: tuple[Unread, ...]
    photos: tuple[PhotoVersions, ...]


def to_json(found: Stability) -> str:
    """JSON text, ending in a line break."""
    return json.dumps(dataclasses.asdict(found), ensure_ascii=False, indent=1) + "\n"


def to_text(found: Stability) -> str:
    """The tables, ending in a line break."""
    return "\n".join(_lines(found)) + "\n"


def _lines(found: Stability) -> Iterator[str]:
    files = ", ".join(found.label_files)
    yield f"posecheck {found.version} on {files}, split {found.split or 'all'}"
    yield (
        f"  {found.groups} group photos, {found.crops[0]} of {found.crops[1]} pictures of one hand "
        f"(seed {found.seed}), each as it is and in {len(found.variants)} variants"
    )
    if found.excluded:
        yield f"  left out: sources {', '.join(found.excluded)}"
    yield f"  models {', '.join(found.models) or '-'}; contest {found.contest}; rules {found.rules}"
    if found.unread:
        yield f"  NOT CHECKED {len(found.unread)} pictures, in no figure:"
        yield from (f"    {photo.file}: {photo.reason}" for photo in found.unread)
    figure = ("%", "95 %")
    header = ["variant", "same level", *figure, "same flag", *figure, "up", "down"]
    header += ["no thumbs: level", *figure, "flag", *figure]
    for part, title in TITLES.items():
        rows = [row for row in found.rows if row.part == part]
        if rows:
            yield from ("", title)
            yield from table(header, [_cells(row) for row in rows])
    yield LEGEND


def _cells(row: StabilityRow) -> list[str]:
    cells = [row.variant, *_figure(row.level, row), *_figure(row.flag, row)]
    cells += [str(row.raised), str(row.lowered)]
    return [*cells, *_figure(row.level_no_thumbs, row), *_figure(row.flag_no_thumbs, row)]


def _figure(estimate: Estimate | None, row: StabilityRow) -> tuple[str, str, str]:
    if estimate is None:
        return "", "", ""
    interval = percent_interval(estimate)
    # Wilson is what is promised for a variant, so only its other use is marked.
    interval = interval if row.variant == EVERY else interval.rstrip("*")
    return counted(estimate), percent(estimate.value), interval
