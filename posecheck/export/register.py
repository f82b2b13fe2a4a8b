"""The register: an XLSX workbook that a task force works in, one row a photo.

XlsxWriter writes it row by row (`constant_memory`): rows and thumbnails wait in a temporary
folder and not in memory, where a few kilobytes a photo stay.  Every text is written as a text, so
that no name or note becomes a formula or a link.  Thumbnails stay with their rows when the sheet
is filtered.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from posecheck.casefile.types import CasePhoto
from posecheck.errors import CaseError, OutputError
from posecheck.export.abandoning import abandonable
from posecheck.export.pictures import Sizes, thumbnail
from posecheck.export.register_about import Counts, start_failed, write_about, write_failed
from posecheck.export.register_columns import (
    COLUMNS,
    FONT,
    LAST_ON_FIRST_PAGE,
    PIXELS_A_LINE,
    TALLEST_ROW,
    RegisterColumn,
    Styles,
    Value,
    fits,
    index_of,
)
from posecheck.export.types import ExportContext, PictureOf
from posecheck.report.plain import visible
from posecheck.results import Status

MOST_ROWS = 1_048_575
"""Rows of a sheet below its heading."""

MOST_PICTURES = 10_000
"""Thumbnails in one workbook: the time that XlsxWriter takes to place them grows with their
square, and Excel is slow to open more."""

SHARPER = 1.5
"""Pixels stored for one on the screen at 100 %, so that a print is sharp."""

STORED = Sizes(photo=240, hand=156, gap=9)
"""160 and 104 pixels on the screen."""

MARGIN = 4
"""Pixels between a thumbnail and the lines around it."""

HEADING_HEIGHT = 40

STATES = ("candidate", "checked", "clarified", "closed", "forwarded")
"""What people do with a photo, in the order of the work."""

LONGEST_CASE = 80
"""Letters of the case file's name on paper; Excel allows 255 for the whole line."""

A4_LANDSCAPE = 297.0
SIDES = 8.0
"""Millimetres: width of the paper, and of a margin at its side."""


def export_xlsx(
    photos: Iterable[CasePhoto], picture_of: PictureOf, file: BinaryIO, context: ExportContext
) -> None:
    """Write the register, a sheet about it, and a sheet of the photos that were not checked.

    Raises:
        OutputError: There are more photos than a sheet has rows.
        OSError: It cannot be written, or there is no room for temporary files.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    # An unfinished workbook keeps its temporary files open, and Windows does not delete those.
    with (
        tempfile.TemporaryDirectory(prefix="posecheck-", ignore_cleanup_errors=True) as folder,
        abandonable(file) as target,
    ):
        options = {
            "constant_memory": True,
            "tmpdir": folder,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_format_properties": FONT,
        }
        book = xlsxwriter.Workbook(target, options)
        register = _Register(book, Path(folder), context)
        for photo in photos:
            register.add(photo, picture_of)
        register.finish()
        try:
            book.close()
        except FileCreateError as error:  # what the system said is wrapped in it
            raise OSError(*getattr(error.args[0], "args", error.args)) from error


class _Register:
    """A workbook that is being written."""

    def __init__(self, book: Any, folder: Path, context: ExportContext) -> None:
        say = context.say
        self._book, self._folder, self._context = book, folder, context
        self._styles = Styles(book, say)
        self._sheet = book.add_worksheet(say("register.title"))
        self._about = book.add_worksheet(say("register.about"))
        self._failed: Any = None
        self._counts = Counts()
        self._row = 0
        book.set_properties(
            {
                "title": f"{say('register.title')}: {self._case()}",
                "author": f"posecheck {context.version}",
                "created": context.exported_at.replace(tzinfo=None),
            }
        )
        self._headings()

    def add(self, photo: CasePhoto, picture_of: PictureOf) -> None:
        """Write a photo's row, or its line among those that were not checked."""
        self._counts.add(photo)
        if photo.result.status is not Status.CHECKED:
            self._add_failed(photo)
            return
        self._row += 1
        _check_room(self._row)
        values = {c.name: c.value(photo, self._row, self._context) for c in COLUMNS}
        height, instead = self._picture(photo, picture_of)
        values["picture"] = instead
        lines = max(column.lines(values[column.name]) for column in COLUMNS)
        height = max(height, lines * PIXELS_A_LINE) + 2 * MARGIN
        self._sheet.set_row_pixels(self._row, min(height, TALLEST_ROW))
        for index, column in enumerate(COLUMNS):
            self._write(index, column, values[column.name], photo)

    def finish(self) -> None:
        """Write what needs every row: filters, the list of statuses, the sheet about it."""
        say, rows, status = self._context.say, max(self._row, 1), index_of("status")
        self._sheet.autofilter(0, 0, rows, len(COLUMNS) - 1)
        states = [say(f"state.{state}") for state in STATES]
        self._sheet.data_validation(
            *(1, status, rows, status),
            {
                "validate": "list",
                "source": states,
                "error_title": say("register.pick"),
                "error_message": say("register.pick_one", list=say.join(states, "or")),
            },
        )
        self._set_up_print()
        write_about(self._about, self._styles, self._counts, self._context)

    def _headings(self) -> None:
        self._sheet.set_row_pixels(0, HEADING_HEIGHT)
        for index, column in enumerate(COLUMNS):
            self._sheet.set_column(index, index, column.width)
            heading = self._context.say(f"register.{column.name}")
            self._sheet.write_string(0, index, heading, self._styles.heading(column.for_people))
        self._sheet.freeze_panes(1, index_of("picture") + 1)

    def _add_failed(self, photo: CasePhoto) -> None:
        if self._failed is None:
            self._failed = self._book.add_worksheet(self._context.say("register.failed"))
            start_failed(self._failed, self._styles, self._context)
        row = self._counts.failed
        _check_room(row)
        write_failed(self._failed, self._styles, row, photo, self._context)

    def _picture(self, photo: CasePhoto, picture_of: PictureOf) -> tuple[int, str]:
        """Place the thumbnail; its height in pixels, and what its cell says without one."""
        say = self._context.say
        if self._row > MOST_PICTURES:
            self._counts.without_picture += 1
            return 0, say("register.no_picture")
        try:
            made = thumbnail(photo, picture_of, STORED)
        except CaseError:
            return 0, say("register.bad_picture")
        if made is None:
            return 0, say("register.no_picture")
        path = self._folder / f"photo-{self._row}.jpg"
        path.write_bytes(made.jpeg)
        options = {
            "x_offset": MARGIN,
            "y_offset": MARGIN,
            "x_scale": 1 / SHARPER,
            "y_scale": 1 / SHARPER,
            "object_position": 1,  # moves with its row, and hides with it
            "description": f"{say('register.picture')} {self._row}",
        }
        self._sheet.insert_image(self._row, index_of("picture"), str(path), options)
        return round(made.height / SHARPER), ""

    def _write(self, index: int, column: RegisterColumn, value: Value, photo: CasePhoto) -> None:
        place = self._row, index
        style = "blank" if column.for_people else column.style
        cell = self._styles.cell(style, photo.result.level)
        if value is None or value == "":
            self._sheet.write_blank(*place, None, cell)
        elif isinstance(value, datetime):
            self._sheet.write_datetime(*place, value, cell)
        elif isinstance(value, (int, float)):
            self._sheet.write_number(*place, value, cell)
        else:
            self._sheet.write_string(*place, fits(value), cell)

    def _case(self) -> str:
        return visible(self._context.case)[:LONGEST_CASE]

    def _set_up_print(self) -> None:
        sheet, context = self._sheet, self._context
        last = index_of(LAST_ON_FIRST_PAGE)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.set_margins(left=SIDES / 25.4, right=SIDES / 25.4, top=0.7, bottom=0.6)
        sheet.repeat_rows(0)
        sheet.repeat_columns(0)
        sheet.print_across()
        sheet.set_v_pagebreaks([last + 1])
        # A letter is 7 pixels wide and a cell has 5 around it, at 96 pixels an inch.
        pixels = sum(7 * column.width + 5 for column in COLUMNS[: last + 1])
        width = 0.95 * (A4_LANDSCAPE - 2 * SIDES) / 25.4 * 96  # printers and programs differ
        sheet.set_print_scale(int(100 * width / pixels))
        case = self._case().replace("&", "&&")  # & starts a code there
        sheet.set_header(f"&L{context.say('register.title')}: {case}")
        sheet.set_footer(f"&L&8posecheck {context.version}&R{context.say('register.page')}")


def _check_room(row: int) -> None:
    if row > MOST_ROWS:
        raise OutputError(
            f"an XLSX sheet holds {MOST_ROWS} photos and no more",
            "Choose fewer photos, or export csv, parquet or jsonl.",
        )
