"""Evidence sheets: a PDF with a page (or more, where there is much to say) for each photo.

Photos that were not checked are listed on the last pages.

reportlab writes them: its licence is BSD and its wheel is pure Python.  fpdf2 is under the LGPL,
and weasyprint needs Pango, which is no Python package and is missing on most office computers.

A page is laid out as its photo comes, and nothing is kept of the photo but the finished page.
reportlab itself keeps finished pages until the file is saved; see `MOST_SHEETS`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from posecheck.casefile.types import CasePhoto
from posecheck.errors import OutputError
from posecheck.export import sheet_layout as layout
from posecheck.export import words
from posecheck.export.lettering import REGULAR, known_letters, showable
from posecheck.export.sheet_story import Unchecked, story
from posecheck.export.types import ExportContext, PictureOf
from posecheck.report.plain import visible
from posecheck.results import Status

MOST_SHEETS = 2_000
"""Sheets in one file.  reportlab holds the whole file in memory, and at the end twice.  With
previews of 110 kB the process takes 250 MB for 300 sheets (34 MB on disk) and 430 MB for 1,000
(112 MB)."""

LONGEST_IN_FOOTER = 60
"""Letters of the case file's name at the foot of a page."""

TOTAL = "total"
"""Name of the form that holds the number of pages, which is known only at the end."""


def export_pdf(
    photos: Iterable[CasePhoto], picture_of: PictureOf, file: BinaryIO, context: ExportContext
) -> None:
    """Write the sheets; the same photos and context give the same bytes.

    Raises:
        OutputError: There are more than `MOST_SHEETS` photos.
    """
    say = context.say
    known_letters()
    with _binary_streams():
        canvas = Canvas(file, pagesize=A4, pageCompression=1, invariant=1, lang=say.lang)
        canvas.setTitle(f"{say('sheet.title')}: {visible(context.case)}")
        canvas.setAuthor(f"posecheck {context.version}")
        canvas.setCreator(f"posecheck {context.version}")
        pages = sheets = 0
        unchecked = Unchecked()
        for photo in photos:
            if photo.result.status is not Status.CHECKED:
                unchecked.add(photo, say)
                continue
            sheets += 1
            if sheets > MOST_SHEETS:
                raise OutputError(
                    f"one PDF holds {MOST_SHEETS} evidence sheets and no more",
                    "Choose fewer photos, and write several files.",
                )
            _mark(canvas, sheets, photo)
            pages += _write(canvas, story(photo, sheets, picture_of, context), pages, context)
        pages += _write(canvas, unchecked.story(say), pages, context)
        _write_total(canvas, pages)
        canvas.save()


def _write(canvas: Any, pieces: list[Any], before: int, context: ExportContext) -> int:
    """Write pieces on pages of their own; how many pages they took."""
    pages = 0
    while pieces:
        pages += 1
        layout.fill(pieces, layout.page_frame(), canvas)
        _foot(canvas, before + pages, context)
        canvas.showPage()
    return pages


def _mark(canvas: Any, number: int, photo: CasePhoto) -> None:
    """Put the sheet into the list of contents that readers show beside the pages."""
    name = words.names_of(photo)[0].replace("\\", "/").rsplit("/", 1)[-1]
    canvas.bookmarkPage(f"sheet-{number}")
    canvas.addOutlineEntry(f"{number}. {name}", f"sheet-{number}")


def _foot(canvas: Any, page: int, context: ExportContext) -> None:
    say, y, right = context.say, layout.MARGIN, layout.MARGIN + layout.WIDTH
    canvas.setFont(REGULAR, 7)
    canvas.setFillColor(layout.GREY)
    when = words.date_text(context.exported_at, say)
    case = visible(context.case)[:LONGEST_IN_FOOTER]
    foot = say("sheet.footer", case=case, when=when, version=context.version)
    canvas.drawString(layout.MARGIN, y, showable(foot))
    canvas.drawRightString(right - layout.TOTAL_WIDTH, y, say("sheet.page", n=page))
    canvas.saveState()
    canvas.translate(right - layout.TOTAL_WIDTH, y)
    canvas.doForm(TOTAL)
    canvas.restoreState()


def _write_total(canvas: Any, pages: int) -> None:
    """Fill in the number of pages that every page refers to."""
    if not pages:
        # A PDF has at least one page.
        canvas.showPage()
    canvas.beginForm(TOTAL, 0, -3, layout.TOTAL_WIDTH, 10)
    canvas.setFont(REGULAR, 7)
    canvas.setFillColor(layout.GREY)
    canvas.drawString(2, 0, str(pages))
    canvas.endForm()


@contextmanager
def _binary_streams() -> Iterator[None]:
    """Have reportlab write streams as bytes and not as letters, which take a quarter more."""
    before = rl_config.useA85
    rl_config.useA85 = 0
    try:
        yield
    finally:
        rl_config.useA85 = before
