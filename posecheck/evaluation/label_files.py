"""Label files: which of the three formats each is, and what it says.

The formats, recognised by the header (other columns are ignored):

* pictures of one hand: `file, gesture` and, if there, `source, person, split`;
* group photos: `photo, has_gesture` and `source, width, height, counted_by_eye, unsure, complete,
  split`;
* hands in group photos: `photo, x0, y0, x1, y1, gesture` and `uncertain, size, found_by`; goes
  with a file of group photos.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from posecheck.errors import LabelError
from posecheck.evaluation.csv_rows import Row, Table, read_table
from posecheck.evaluation.labels import (
    CROP_LABELS,
    HAND_LABELS,
    CropLabel,
    GroupLabel,
    HandLabel,
    Labels,
)
from posecheck.evaluation.locate import locate

CROP_COLUMNS = frozenset({"file", "gesture"})
PHOTO_COLUMNS = frozenset({"photo", "has_gesture"})
HAND_COLUMNS = frozenset({"photo", "x0", "y0", "x1", "y1", "gesture"})


def read_labels(
    files: Sequence[Path], photos: Path | None = None, need_photos: bool = True
) -> Labels:
    """Read label files of any of the formats, in any order.

    Args:
        files: Label files.
        photos: Folder to look for pictures in, before the places beside each label file.
        need_photos: Whether a label file of which no picture is found at all is an error.

    Raises:
        LabelError: A file is malformed, names a picture twice, has hands of a photo that no file
            of group photos lists, or has no picture where it should be.
    """
    crops: list[CropLabel] = []
    groups: dict[tuple[Path, str], GroupLabel] = {}
    hand_tables: list[Table] = []
    for file in files:
        table = read_table(file)
        columns = frozenset(table.columns)
        if columns >= HAND_COLUMNS:
            hand_tables.append(table)
        elif columns >= PHOTO_COLUMNS:
            for name, path, row in _pictures(table, "photo", photos, need_photos):
                groups[file, name] = _group(row, name, path)
        elif columns >= CROP_COLUMNS:
            for name, path, row in _pictures(table, "file", photos, need_photos):
                crops.append(_crop(row, name, path))
        else:
            raise LabelError(
                f"{file}:1: the header is of no format that is known.",
                "It needs the columns file, gesture; or photo, has_gesture; or photo, x0, y0, x1, "
                "y1, gesture.",
            )
    _refuse_repeats([crop.path for crop in crops] + [group.path for group in groups.values()])
    for table in hand_tables:
        _add_hands(groups, table)
    return Labels(tuple(crops), tuple(groups.values()))


def _pictures(
    table: Table, column: str, photos: Path | None, needed: bool
) -> list[tuple[str, Path, Row]]:
    if not table.rows:
        raise LabelError(f"{table.file}: there is no row.", "Add a row for every picture.")
    names: dict[str, int] = {}
    for row in table.rows:
        name = row.text(column)
        if name in names:
            raise row.error(
                f"{name!r} is on line {names[name]} already.", "Keep one row for each picture."
            )
        names[name] = row.line
    paths = locate(table.file, list(names), photos, needed)
    return [(name, path, row) for name, path, row in zip(names, paths, table.rows, strict=True)]


def _refuse_repeats(paths: Sequence[Path]) -> None:
    seen: set[Path] = set()
    for path in paths:
        if path in seen:
            raise LabelError(
                f"{path}: two label files name this picture.", "Give every label file once."
            )
        seen.add(path)


def _crop(row: Row, name: str, path: Path) -> CropLabel:
    return CropLabel(
        file=name,
        path=path,
        gesture=row.one_of("gesture", CROP_LABELS),
        source=row.optional("source"),
        person=row.optional("person"),
        split=row.optional("split"),
    )


def _group(row: Row, name: str, path: Path) -> GroupLabel:
    row.text("has_gesture")
    return GroupLabel(
        file=name,
        path=path,
        has_gesture=row.flag("has_gesture"),
        unsure=row.flag("unsure"),
        complete=row.flag("complete"),
        source=row.optional("source"),
        split=row.optional("split"),
        width=int(row.number("width")) if row.optional("width") else 0,
        height=int(row.number("height")) if row.optional("height") else 0,
        counted=_counted(row),
    )


def _counted(row: Row) -> tuple[tuple[str, int], ...]:
    counts = []
    for part in filter(None, row.optional("counted_by_eye").split(";")):
        gesture, _, number = part.partition(":")
        if gesture.strip() not in HAND_LABELS or not number.strip().isdecimal():
            raise row.error(
                f"column 'counted_by_eye': {part!r} is not gesture:count.",
                "Write for instance 'peace:3;one:1', with the ids of `posecheck poses`.",
            )
        counts.append((gesture.strip(), int(number)))
    return tuple(counts)


def _hand(row: Row) -> HandLabel:
    x0, y0, x1, y1 = (row.number(column) for column in ("x0", "y0", "x1", "y1"))
    if x1 <= x0 or y1 <= y0:
        raise row.error(
            f"the box {x0:g},{y0:g},{x1:g},{y1:g} is empty.", "x1 must be over x0, y1 over y0."
        )
    return HandLabel(
        box_xyxy=(x0, y0, x1, y1),
        gesture=row.one_of("gesture", HAND_LABELS),
        uncertain=row.flag("uncertain"),
        size=row.number("size") if row.optional("size") else max(x1 - x0, y1 - y0),
        found_by=row.optional("found_by"),
    )


def _add_hands(groups: dict[tuple[Path, str], GroupLabel], table: Table) -> None:
    if not groups:
        raise LabelError(
            f"{table.file}: hands without a file of group photos.",
            "Give the file with the columns photo, has_gesture as well.",
        )
    hands: dict[tuple[Path, str], list[HandLabel]] = {}
    homes: dict[str, tuple[Path, str]] = {}
    for row in table.rows:
        name = row.text("photo")
        if name not in homes:
            homes[name] = _home(groups, row, name)
        hands.setdefault(homes[name], []).append(_hand(row))
    for key, found in hands.items():
        groups[key] = replace(groups[key], hands=(*groups[key].hands, *found))


def _home(groups: dict[tuple[Path, str], GroupLabel], row: Row, name: str) -> tuple[Path, str]:
    keys = [key for key in groups if key[1] == name]
    beside = [key for key in keys if key[0].parent == row.file.parent]
    if len(beside) == 1:
        return beside[0]
    if len(keys) == 1:
        return keys[0]
    if keys:
        raise row.error(
            f"{name!r} is in several files of group photos.",
            "Keep each pair of files in a folder of its own.",
        )
    raise row.error(
        f"{name!r} is in no file of group photos.", "Add a row for the photo there, or remove this."
    )
