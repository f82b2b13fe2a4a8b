from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from posecheck.casefile.types import CasePhoto, Verdict
from posecheck.errors import OutputError
from posecheck.export import sheets
from posecheck.export.sheets import export_pdf
from posecheck.export.types import PictureOf
from posecheck.results import Status
from tests.export.made import NASTY, case_photo, context, decision, no_picture, some_picture
from tests.report import photos as results

STORED = ("preview", "hand-0", "hand-1")


def written(
    photos: list[CasePhoto], picture_of: PictureOf = some_picture, lang: str = "id"
) -> bytes:
    file = io.BytesIO()
    export_pdf(photos, picture_of, file, context(lang))
    return file.getvalue()


def pages(data: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(data)).pages]


def joined(text: str) -> str:
    """Text without the breaks that its lines have on paper."""
    return "".join(text.split())


def test_a_sheet_holds_what_an_evidence_sheet_must() -> None:
    said = decision(Verdict.RESEMBLES, note="baris kedua dari kiri")
    photo = case_photo(
        results.group(), "apel.jpg", "galeri.zip!/IMG 1.jpg", decided=said, pictures=STORED
    )
    (page,) = pages(written([photo]))
    flat = joined(page)
    for words in (
        "Ada gestur yang menyerupai nomor 1 dan 2. Kemiripan tinggi: 98 dari 100.",
        "apel.jpg",
        "galeri.zip!/IMG 1.jpg",
        results.SHA,
        "20 Januari 2024, 09:30 (jam kamera, tanpa zona waktu)",
        "20 November 2026, 10:04 (UTC+07:00)",
        "dua jari (peace), menyerupai nomor 2; sangat yakin (94%); masuk daftar larangan",
        "mungkin juga dua jari rapat 4%",
        "Keputusan orang: menyerupai.",
        "menyerupai nomor 3 (67%)",
        "menyerupai, oleh Sri Wahyuni, 21 November 2026, 15:15 (UTC+07:00)",
        "baris kedua dari kiri",
        "pemilihan generic; aturan strict",
        "palm_detection 0123456789ab",
        "sidik f1f1f1f1f1f1",
        "yang memutuskan tetap orang",
        "NIP",
        "Tanda tangan",
        "halaman 1 dari",
    ):
        assert joined(words) in flat, words


def test_a_sheet_in_english() -> None:
    (page,) = pages(written([case_photo(results.group())], lang="en"))
    assert joined("There are gestures that resemble numbers 1 and 2.") in joined(page)
    assert joined("not decided yet") in joined(page)


def test_pictures_are_there_once_each_with_close_ups() -> None:
    (page,) = PdfReader(io.BytesIO(written([case_photo(pictures=STORED)]))).pages
    sizes = [image.image.size for image in page.images if image.image is not None]
    # The two close-ups are the same picture in this test, and are stored once.
    assert sorted(sizes) == [(300, 280), (1280, 960)]


def test_every_photo_has_a_page_and_a_line_in_the_contents() -> None:
    photos = [case_photo(results.group(), f"foto {i}.jpg", number=i) for i in (1, 2, 3)]
    reader = PdfReader(io.BytesIO(written(photos)))
    assert len(reader.pages) == 3
    titles: list[Any] = [item["/Title"] for item in reader.outline if isinstance(item, dict)]
    assert titles == ["1. foto 1.jpg", "2. foto 2.jpg", "3. foto 3.jpg"]
    assert joined("halaman 3 dari 3") in joined(pages(written(photos))[2])


def test_much_to_say_takes_more_pages() -> None:
    long = decision(note="panjang sekali " * 1_500 + "AKHIR")
    found = pages(written([case_photo(results.group(), decided=long, pictures=STORED)]))
    assert len(found) > 2
    assert "AKHIR" in "".join(found)
    assert all(f"halaman {n} dari" in page for n, page in enumerate(found, 1))


@pytest.mark.parametrize("result", results.everything(), ids=lambda result: result.path)
def test_every_kind_of_photo_has_its_page(result: Any) -> None:
    found = pages(written([case_photo(result, pictures=STORED if result.hands else ())]))
    assert len(found) == 1
    if result.status is Status.CHECKED:
        assert result.sha256 in found[0]


def test_photos_that_were_not_checked_are_listed_at_the_end() -> None:
    bad = case_photo(results.unchecked(Status.TIMED_OUT), "lama.jpg")
    first, last = pages(written([bad, case_photo(results.group(), "apel.jpg")]))
    assert "apel.jpg" in first and "lama.jpg" not in first
    assert "lama.jpg" in last and "pemeriksaannya terlalu lama" in last
    assert "jangan dianggap bersih" in last


def test_a_case_without_photos_is_a_page() -> None:
    assert len(pages(written([]))) == 1


def test_a_damaged_picture_is_said() -> None:
    def damaged(sha256: str, kind: str) -> bytes | None:
        return b"\xff\xd8 no picture"

    (page,) = pages(written([case_photo(pictures=STORED)], damaged))
    assert "rusak dan tidak dapat ditampilkan" in page


def test_the_same_photos_give_the_same_bytes() -> None:
    photos = [case_photo(pictures=STORED, number=i, decided=decision()) for i in (1, 2)]
    assert written(photos) == written(photos)


def test_too_many_sheets_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "MOST_SHEETS", 2)
    with pytest.raises(OutputError, match="2 evidence sheets"):
        written([case_photo(number=i) for i in (1, 2, 3)])


def test_markup_in_names_and_notes_is_text() -> None:
    name = "<b>tebal</b> & <img src='http://x.invalid/y.png'/>.jpg"
    said = decision(reviewer="<a href='http://x.invalid'>", note="<br/><font color='red'>")
    data = written([case_photo(results.group(), name, decided=said)], no_picture)
    flat = joined(pages(data)[0])
    assert joined(name) in flat
    assert joined("<a href='http://x.invalid'>") in flat
    assert joined("<br/><font color='red'>") in flat
    assert all("/Annots" not in page for page in PdfReader(io.BytesIO(data)).pages)


def test_letters_that_the_font_lacks_can_be_told_apart() -> None:
    (page,) = pages(
        written([case_photo(results.group(), "\u6587\u4ef6 \u0436\u03b1.jpg")], no_picture)
    )
    assert "\\u6587\\u4ef6" in page
    assert "\u0436\u03b1.jpg" in page


@settings(max_examples=25, deadline=None)
@given(st.text(min_size=1) | st.sampled_from(NASTY), st.text() | st.sampled_from(NASTY))
def test_no_name_or_note_breaks_a_sheet(name: str, note: str) -> None:
    said = decision(reviewer=name, note=note)
    photos = [
        case_photo(results.group(), name, decided=said),
        case_photo(results.unchecked(), name),
    ]
    file = io.BytesIO()
    export_pdf(photos, no_picture, file, replace(context(), case=name))
    assert len(pages(file.getvalue())) == 2
