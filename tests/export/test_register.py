from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from datetime import datetime
from typing import Any

import numpy as np
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from posecheck.casefile.types import CasePhoto, CaseTotals, Verdict
from posecheck.errors import OutputError
from posecheck.export import register
from posecheck.export.register import export_xlsx
from posecheck.export.register_columns import COLUMNS, LONGEST_TEXT, fits
from posecheck.export.types import ExportContext, PictureOf
from posecheck.report.drawing import COLOURS
from posecheck.results import Level, Status
from tests.export.made import NASTY, case_photo, context, decision, no_picture, some_picture
from tests.report import photos as results

STORED = ("preview", "hand-0", "hand-1")


def written(
    photos: list[CasePhoto],
    picture_of: PictureOf = some_picture,
    said: ExportContext | None = None,
) -> bytes:
    file = io.BytesIO()
    export_xlsx(photos, picture_of, file, said or context())
    return file.getvalue()


def opened(photos: list[CasePhoto], said: ExportContext | None = None) -> Any:
    return openpyxl.load_workbook(io.BytesIO(written(photos, said=said)))


def rows(book: Any) -> list[dict[str, Any]]:
    head, *body = book.worksheets[0].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in body]


def text_of(sheet: Any) -> str:
    return "\n".join(
        str(v) for row in sheet.iter_rows(values_only=True) for v in row if v is not None
    )


def test_a_row_says_what_a_task_force_needs() -> None:
    said = decision(note="baris kedua\ndari kiri")
    photo = case_photo(results.group(), "apel.jpg", "galeri.zip!/IMG 1.jpg", decided=said)
    (row,) = rows(opened([photo]))
    assert row == {
        "No.": 1,
        "Status": "diperiksa",
        "Foto": "tanpa gambar tersimpan",
        "Berkas": "apel.jpg\ngaleri.zip!/IMG 1.jpg",
        "Tanggal foto": datetime(2024, 1, 20, 9, 30, 5),
        "Gestur": "dua jari (peace), jempol",
        "Nomor": "1, 2",
        "Kemiripan": "tinggi",
        "Risiko (dari 100)": 98,
        "Status aturan": "masuk daftar larangan",
        "Keputusan": "menyerupai",
        "Peninjau": "Sri Wahyuni",
        "Catatan": "baris kedua\ndari kiri",
        "Nama": None,
        "NIP": None,
        "Jabatan": None,
        "Unit kerja": None,
        "Keterangan klarifikasi": None,
        "SHA-256": results.SHA,
    }


def test_the_headings_are_in_english_with_english_words() -> None:
    book = opened([case_photo(results.doubtful())], context("en"))
    assert book.sheetnames == ["Register of photos", "About"]
    (row,) = rows(book)
    assert (row["Status"], row["Resemblance"], row["Decision"]) == (
        "candidate",
        "low",
        "not decided yet",
    )


@pytest.mark.parametrize(
    ("said", "status"),
    [(None, "kandidat"), (decision(None), "kandidat"), (decision(Verdict.UNCLEAR), "diperiksa")],
)
def test_the_first_status_follows_the_decision(said: Any, status: str) -> None:
    assert rows(opened([case_photo(decided=said)]))[0]["Status"] == status


def test_people_pick_the_status_from_a_list() -> None:
    sheet = opened([case_photo(number=i) for i in (1, 2, 3)]).worksheets[0]
    (rule,) = sheet.data_validations.dataValidation
    assert (rule.type, str(rule.sqref)) == ("list", "B2:B4")
    assert rule.formula1 == '"kandidat,diperiksa,diklarifikasi,selesai,diteruskan"'


def test_the_sheet_is_ready_to_work_in_and_to_print() -> None:
    sheet = opened([case_photo(number=i) for i in (1, 2)]).worksheets[0]
    assert sheet.auto_filter.ref == "A1:S3"
    assert sheet.freeze_panes == "D2"
    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
    assert sheet.print_title_rows == "$1:$1"
    assert all(cell.alignment.wrap_text for cell in sheet[2])


@pytest.mark.parametrize("level", [Level.LOW, Level.MEDIUM, Level.HIGH])
def test_the_level_has_its_colour(level: Level) -> None:
    sheet = opened([case_photo(replace(results.group(), level=level))]).worksheets[0]
    cell = sheet.cell(2, [column.name for column in COLUMNS].index("level") + 1)
    assert cell.font.color.rgb == "FF" + "".join(f"{part:02X}" for part in COLOURS[level])


def test_a_thumbnail_boxes_the_hands_and_shows_the_riskiest() -> None:
    photo = case_photo(results.group(), pictures=STORED)
    sheet = opened([photo]).worksheets[0]
    (placed,) = sheet._images
    assert (placed.anchor._from.row, placed.anchor._from.col) == (1, 2)
    image = Image.open(io.BytesIO(placed._data()))
    # 240 of the photo, a gap, and 156 of the close-up.
    assert image.size == (240 + 9 + 156, 180)
    pixels = np.asarray(image, np.int16)[:, :240]
    reds = np.nonzero((np.abs(pixels - COLOURS[Level.HIGH]) < 60).all(axis=2))[1]
    # The first hand is at 120 to 200 of 1600 pixels.
    assert ((reds > 14) & (reds < 34)).any()
    assert sheet.row_dimensions[2].height * 96 / 72 >= 120


def test_a_damaged_picture_costs_the_picture_only() -> None:
    photos = [case_photo(pictures=STORED, number=i) for i in (1, 2)]

    def one_damaged(sha256: str, kind: str) -> bytes | None:
        good = some_picture(sha256, kind)
        return good[:400] if good and sha256 == photos[0].result.sha256 else good

    book = openpyxl.load_workbook(io.BytesIO(written(photos, one_damaged)))
    assert [row["Foto"] for row in rows(book)] == ["gambar tersimpan rusak", None]
    assert len(book.worksheets[0]._images) == 1


def test_pictures_stop_and_the_sheet_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register, "MOST_PICTURES", 1)
    book = opened([case_photo(pictures=STORED, number=i) for i in (1, 2, 3)])
    assert len(book.worksheets[0]._images) == 1
    assert "2 foto" in text_of(book["Keterangan"])


def test_photos_that_were_not_checked_are_listed_apart() -> None:
    photos = [
        case_photo(results.unchecked(status), f"{status.value}.jpg")
        for status in Status
        if status is not Status.CHECKED
    ]
    book = opened([case_photo(), *photos])
    assert len(rows(book)) == 1
    listed = text_of(book["Belum diperiksa"])
    for photo in photos:
        assert photo.result.path in listed
    assert "the JPEG data is cut short" in listed
    about = text_of(book["Keterangan"])
    assert f"{len(photos)}; daftarnya" in about and "jangan dianggap bersih" in about


def test_the_second_sheet_says_what_was_and_was_not_checked() -> None:
    totals = CaseTotals({Level.NONE: 880, Level.HIGH: 1}, {Status.UNREADABLE: 7})
    book = opened([case_photo(results.group())], replace(context(), totals=totals))
    about = text_of(book["Keterangan"])
    for said in ("satgas & rekan.db", "888", "880", "generic", "strict", "f1f1f1f1f1f1", "0.2.0"):
        assert said in about
    assert "palm_detection 0123456789ab" in about
    assert "yang memutuskan tetap orang" in about and "UU 27/2022" in about
    assert "22 November 2026, 18:45 (UTC+07:00)" in about


def test_without_totals_the_second_sheet_does_not_pretend() -> None:
    assert "termasuk yang belum diperiksa" in text_of(opened([case_photo()])["Keterangan"])


def test_a_sheet_that_is_full_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register, "MOST_ROWS", 2)
    with pytest.raises(OutputError, match="2 photos"):
        written([case_photo(number=i) for i in (1, 2, 3)])


def test_a_camera_date_before_1900_is_a_text() -> None:
    photo = case_photo(replace(results.group(), captured_at=datetime(1, 1, 1)))
    assert rows(opened([photo]))[0]["Tanggal foto"] == "0001-01-01 00:00:00"


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1) | st.sampled_from(NASTY), st.text() | st.sampled_from(NASTY))
def test_no_name_or_note_becomes_a_formula_a_link_or_a_broken_file(name: str, note: str) -> None:
    said = decision(reviewer=name, note=note)
    photos = [
        case_photo(results.group(), name, decided=said),
        case_photo(results.unchecked(), name),
    ]
    data = written(photos, no_picture, replace(context(), case=name))
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        sheets = [book.read(n).decode() for n in book.namelist() if "worksheets/sheet" in n]
        links = [n for n in book.namelist() if n.startswith("xl/worksheets/_rels")]
    assert not any(re.search("<f[ >]|<hyperlink", sheet) for sheet in sheets)
    assert not links
    read = openpyxl.load_workbook(io.BytesIO(data))
    cell = read.worksheets[0].cell(2, 4)
    # openpyxl takes any text with = before it for a formula; the file says that it is a text.
    assert cell.data_type in ("s", "inlineStr", "f")
    # It leaves the escape of what looks like an escape (_x0041_) as it is; Excel undoes it.
    assert cell.value.replace("_x005F_x", "_x") == name_as_shown(photos[0])


def name_as_shown(photo: CasePhoto) -> str:
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in str(photo.names[0]))


@given(st.integers(LONGEST_TEXT - 3, LONGEST_TEXT + 3), st.sampled_from(["a", "\U0001f600"]))
def test_a_text_is_cut_to_what_a_cell_holds(length: int, letter: str) -> None:
    text = letter * (length // (len(letter.encode("utf-16-le")) // 2)) + "b"
    cut = fits(text)
    assert len(cut.encode("utf-16-le")) // 2 <= LONGEST_TEXT
    assert cut == text or cut.endswith("…")


def test_long_notes_and_many_names_fit() -> None:
    many = [f"/foto/{'x' * 90}/{i}.jpg" for i in range(500)]
    photo = case_photo(results.group(), *many, decided=decision(note="n" * 40_000))
    (row,) = rows(opened([photo]))
    assert len(row["Catatan"]) == LONGEST_TEXT
    assert re.search(r"\ndan \d+ lagi$", row["Berkas"])
