"""What a person reads."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from posecheck.report.hand_text import percentage
from posecheck.report.plain import visible
from posecheck.report.summary import Tally, summary
from posecheck.report.text import Detail, TextReport
from posecheck.report.texts import LANGUAGES, load
from posecheck.results import Level, PhotoResult, RuleStatus
from tests.report import photos
from tests.report.test_texts import ACCUSING, CLEAN, PROMISING

NOTHING = {
    "id": "Tidak ditemukan gestur yang menyerupai simbol nomor",
    "en": "No gesture found that resembles a number symbol",
}


def say_photo(
    result: PhotoResult, lang: str = "id", detail: Detail = Detail.NORMAL, alone: bool = True
) -> str:
    return TextReport(load(lang), detail).photo(result, alone)


def joined(text: str) -> str:
    """The text without its line breaks."""
    return re.sub(r"\s+", " ", text)


def whole_report(lang: str, detail: Detail) -> str:
    tally = Tally()
    blocks = []
    for result in photos.everything():
        for alone in (True, False):
            blocks.append(say_photo(result, lang, detail, alone))
        tally.add(result)
    return "\n".join([*blocks, summary(tally, load(lang))])


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("detail", Detail)
def test_reports_never_accuse_and_never_promise(lang: str, detail: Detail) -> None:
    for line in whole_report(lang, detail).splitlines():
        assert not ACCUSING.search(line), line
        assert not PROMISING.search(line), line
        assert not CLEAN.search(line) or re.search("jangan|do not", line), line


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("detail", Detail)
def test_only_a_checked_photo_without_findings_reads_as_nothing_found(
    lang: str, detail: Detail
) -> None:
    for result in photos.everything():
        says_nothing = NOTHING[lang] in joined(say_photo(result, lang, detail))
        assert says_nothing == (result.level is Level.NONE), result.path


def test_the_verdict_comes_first() -> None:
    lines = say_photo(photos.group()).splitlines()
    assert lines[0] == "apel pagi.jpg"
    assert lines[1].strip().startswith("Ada gestur yang menyerupai nomor 1 dan 2.")
    assert "Kemiripan tinggi: 98 dari 100." in lines[1]


def test_each_sign_has_a_line_with_place_gesture_number_certainty_and_rule() -> None:
    text = joined(say_photo(photos.group()))
    assert (
        "Tangan 1, kiri atas foto: dua jari (peace), menyerupai nomor 2; sangat yakin (94%); "
        "masuk daftar larangan; mungkin juga dua jari rapat 4%." in text
    )
    assert (
        "Tangan 2, tengah foto: jempol, menyerupai nomor 1; cukup yakin (71%); masuk daftar "
        "larangan; mungkin juga mengepal 20% atau tangan biasa 6%." in text
    )


def test_ordinary_hands_are_only_counted() -> None:
    assert "12 tangan lain: 11 biasa, 1 mengepal." in say_photo(photos.group())
    assert "14 tangan diperiksa: semuanya biasa." in say_photo(photos.clean(14))
    assert "1 tangan diperiksa: biasa." in say_photo(photos.clean(1))
    assert "1 hand checked: ordinary." in say_photo(photos.clean(1), "en")


def test_a_sign_too_weak_to_count_is_named_and_not_told_as_found() -> None:
    text = say_photo(photos.faint())
    assert "1 sedikit mirip lima jari terbuka" in joined(text)
    assert "Tangan 1" not in text


def test_a_photo_without_hands_asks_to_be_looked_at() -> None:
    assert "Tidak ada tangan yang ditemukan" in say_photo(photos.photo())


def test_two_hand_numbers_are_other_readings() -> None:
    text = joined(say_photo(photos.group()))
    assert "Bacaan lain: tangan 1 dan 2 bersama-sama menyerupai nomor 3 (67%)" in text
    reading = replace(photos.group().readings[0], kind="digits", number=12)
    text = joined(say_photo(replace(photos.group(), readings=(reading,)), "en"))
    assert "resemble number 12 (67%), if read side by side" in text


def test_the_smallest_hand_and_the_measure_are_named() -> None:
    for result in (photos.group(), photos.clean(), photos.photo()):
        text = say_photo(result)
        assert "Tangan yang lebih kecil dari 20 piksel tidak ikut dicari." in text
        assert "pemilihan generic dengan aturan strict" in text


def test_advice_names_the_hands_and_the_side_to_crop() -> None:
    only = photos.photo(photos.peace((20, 500, 90, 600)), risk=94, level=Level.HIGH)
    text = say_photo(only)
    assert "pilih foto lain" in text
    assert "potong sisi kiri foto sampai tangan 1 tidak terlihat" in text
    assert "tangan mengepal atau terlipat" in text
    # Hands on both ends and in the middle: no single cut leaves most of the photo.
    spread = photos.photo(
        photos.peace((20, 20, 90, 90)),
        photos.thumb((1500, 1100, 1590, 1190)),
        risk=97,
        level=Level.HIGH,
    )
    assert "potong foto sampai tangan 1 dan 2 tidak terlihat" in say_photo(spread)


def test_advice_fits_the_level() -> None:
    assert "Sebelum diunggah, pilih salah satu" not in say_photo(photos.clean())
    low = say_photo(photos.doubtful())
    assert "Kemiripannya rendah; lihat sekali lagi" in low
    assert "Sebelum diunggah, pilih salah satu" not in low
    for result in (photos.clean(), photos.group(), photos.doubtful()):
        assert "yang memutuskan tetap orang" in say_photo(result)


def test_an_unchecked_photo_says_why_what_to_do_and_that_it_is_not_clean() -> None:
    text = joined(say_photo(photos.unchecked()))
    assert "BELUM DIPERIKSA: berkasnya tidak ada, rusak, terpotong" in text
    assert "unduh atau salin ulang" in text
    assert "jangan dianggap bersih" in text
    assert "cut short" not in text
    assert "cut short" in say_photo(photos.unchecked(), detail=Detail.VERBOSE)


def test_a_crowd_is_summed_up() -> None:
    text = say_photo(photos.stage(105))
    assert len(text.splitlines()) < 24
    assert "99 tangan lagi dengan gestur serupa: 99 pistol" in joined(text)
    assert "Tangan 105" in say_photo(photos.stage(105), detail=Detail.VERBOSE)


def test_a_two_hand_gesture_is_one_line() -> None:
    text = say_photo(photos.heart())
    assert "Tangan 1 dan 2, atas tengah foto: hati dengan dua tangan" in text
    assert "tangan lain" not in text
    assert "tangan 1 dan 2 tidak terlihat" in text


def test_hands_at_the_same_place_are_told_apart() -> None:
    two = photos.photo(
        photos.peace((100, 100, 180, 180)),
        photos.thumb((300, 200, 380, 280)),
        risk=98,
        level=Level.HIGH,
    )
    text = joined(say_photo(two))
    assert "Tangan 1, kiri atas foto (9% dari kiri, 12% dari atas):" in text
    assert "Tangan 2, kiri atas foto (21% dari kiri, 20% dari atas):" in text
    assert "% dari kiri" not in say_photo(photos.group())


def test_one_hand_with_two_numbers_means_either() -> None:
    four = photos.hand("four", 0.9, risk=90, numbers=(1, 3), rule=RuleStatus.FORBIDDEN)
    text = say_photo(photos.photo(four, risk=90, level=Level.HIGH))
    assert "Ada gestur yang menyerupai nomor 1 atau 3." in text


def test_a_hand_that_cannot_be_told_says_so_and_asks_for_a_look() -> None:
    text = joined(say_photo(photos.unclear()))
    assert "terlalu kecil atau buram, jadi gesturnya tidak dapat dipastikan; lihat sendiri." in text
    assert "Kemiripan rendah: 24 dari 100." in text
    assert (
        "Tangan 1, kiri atas foto: tidak dapat dipastikan karena terlalu kecil atau buram (setara "
        "tangan tajam berukuran 14 piksel); mungkin tangan biasa 60%, dua jari (peace) 30%, atau "
        "telunjuk 6%; lihat sendiri." in text
    )
    assert "2 tangan lain: semuanya biasa." in text
    assert "lihat sendiri di foto aslinya, atau pakai foto yang lebih tajam" in text
    assert "Tidak ditemukan" not in text and "Kemiripannya rendah" not in text
    text = joined(say_photo(photos.unclear(), "en"))
    assert "There is a hand too small or too blurred to tell its gesture" in text
    assert (
        "cannot tell, too small or too blurred (as good as a sharp hand of 14 pixels); could be"
        in text
    )


def test_nothing_found_says_how_many_hands_could_not_be_read_and_where() -> None:
    text = joined(say_photo(photos.unread()))
    assert "simbol nomor, tetapi 2 tangan tidak dapat dipastikan; lihat sendiri." in text
    assert "4 tangan diperiksa: 2 biasa, 2 tidak dapat dipastikan." in text
    assert "terlalu kecil atau buram; lihat sendiri: kiri atas foto dan tengah foto." in text
    quiet = say_photo(photos.unread(), "en", Detail.QUIET)
    assert "but 2 hands could not be read; look for yourself." in quiet
    one = photos.photo(photos.small(risk=9.0), risk=9.0)
    assert "1 tangan diperiksa: tidak dapat dipastikan." in say_photo(one)
    assert "but 1 hand could not be read" in say_photo(one, "en", Detail.QUIET)


def test_beside_a_sign_hands_that_cannot_be_told_are_counted_and_pointed_at() -> None:
    hands = [photos.peace(), photos.small(), photos.hand()]
    text = joined(say_photo(photos.photo(*hands, risk=94, level=Level.HIGH)))
    assert "Ada gestur yang menyerupai nomor 2." in text
    assert "2 tangan lain: 1 biasa, 1 tidak dapat dipastikan." in text
    assert "terlalu kecil atau buram; lihat sendiri: kiri atas foto." in text
    assert "pilih foto lain" in text


def test_what_cannot_be_told_gives_the_verdict_no_number() -> None:
    guess = photos.small("one", 0.4, risk=49.9, numbers=(1,), alternatives=(("none", 0.35),))
    text = joined(say_photo(photos.photo(guess, photos.hand(), risk=49.9, level=Level.LOW)))
    assert "nomor 1" not in text
    assert "mungkin telunjuk 40% atau tangan biasa 35%" in text
    both = photos.photo(photos.peace(), guess, risk=94, level=Level.HIGH)
    assert "menyerupai nomor 2. Kemiripan tinggi" in joined(say_photo(both))


def test_either_of_two_signs_is_a_sign_though_which_cannot_be_told() -> None:
    either = photos.small("peace", 0.5, risk=95.0, numbers=(2,), alternatives=(("two_up", 0.45),))
    text = joined(say_photo(photos.photo(either, risk=95.0, level=Level.HIGH)))
    assert "Ada gestur yang menyerupai nomor 2. Kemiripan tinggi: 95 dari 100." in text
    assert "mungkin dua jari (peace) 50% atau dua jari rapat 45%" in text


def test_a_crowd_of_hands_that_cannot_be_told_is_summed_up() -> None:
    guesses = [
        photos.small("one", 0.4, (15.0 * i, 600, 15.0 * i + 14, 640), 40.0, (1,)) for i in range(60)
    ]
    text = say_photo(photos.photo(*guesses, risk=40.0, level=Level.LOW))
    assert len(text.splitlines()) < 30
    assert "54 tidak dapat dipastikan" in joined(text)


def test_a_result_without_the_measure_tells_the_size_of_the_box() -> None:
    older = replace(photos.small(), effective_size=0.0)
    text = joined(say_photo(photos.photo(older, risk=24.0, level=Level.LOW)))
    assert "berukuran 21 piksel" in text


def test_a_flagged_photo_always_names_a_hand() -> None:
    # Hands that only count together: none reaches a level alone.
    weak = [photos.hand("peace", 0.18, risk=18.0, numbers=(2,)) for _ in range(30)]
    result = photos.photo(*weak, risk=21.0, level=Level.LOW)
    assert "Tangan 1" in say_photo(result)
    assert "menyerupai nomor 2" in say_photo(result)


def test_ordinary_hands_that_are_not_quite_clear_do_not_crowd_out_the_sign() -> None:
    doubtful = [photos.hand("none", 0.7, risk=25.0) for _ in range(5)]
    result = photos.photo(photos.peace(), *doubtful, risk=94, level=Level.HIGH)
    text = say_photo(result)
    assert "Tangan 2" not in text
    assert "5 tangan lain: semuanya biasa tetapi kurang jelas." in text


def test_quiet_is_one_line_and_the_same_verdict() -> None:
    for result in photos.everything():
        text = say_photo(result, detail=Detail.QUIET)
        assert text.count("\n") == 1
        assert text.startswith(result.path)


def test_verbose_adds_boxes_versions_and_times() -> None:
    text = joined(say_photo(photos.group(), detail=Detail.VERBOSE))
    for part in ("kotak 120 90 200 210", "2024-01-20 09:30:05", photos.SHA, "0123456789ab"):
        assert part in text


@pytest.mark.parametrize("width", [40, 60, 88])
def test_lines_fit_the_terminal(width: int) -> None:
    report = TextReport(load("id"), Detail.NORMAL, width)
    for result in photos.everything():
        assert max(map(len, report.photo(result).splitlines())) <= width


def test_percentages_are_never_certain() -> None:
    assert [percentage(p) for p in (0.0, 0.004, 0.5, 0.994, 0.999, 1.0)] == [
        "<1%",
        "<1%",
        "50%",
        "99%",
        ">99%",
        ">99%",
    ]


def test_a_level_is_never_contradicted_by_its_figure() -> None:
    # 79.6 is medium; printed as 80 it would read as high.
    result = photos.photo(photos.peace(), risk=79.6, level=Level.MEDIUM)
    assert "Kemiripan sedang: 79 dari 100" in say_photo(result)


def test_names_cannot_steer_a_terminal() -> None:
    name = "a\x1b[2Jb\nc\u202ed.jpg"
    for detail in Detail:
        text = say_photo(replace(photos.unchecked(path=name), reason=name), detail=detail)
        assert "\x1b" not in text and "\u202e" not in text
        assert r"a\x1b[2Jb\nc\u202ed.jpg" in text
    assert visible("apel é 手.jpg") == "apel é 手.jpg"
    assert visible(b"\xff".decode("utf-8", "surrogateescape")) == r"\udcff"


def test_the_summary_counts_by_level_and_names_what_needs_a_person() -> None:
    tally = Tally()
    for result in photos.everything():
        tally.add(result)
    text = summary(tally, load("id"))
    assert text.startswith("Ringkasan: 9 dari 16 berkas sudah diperiksa.")
    assert "Kemiripan tinggi: 2\n    apel pagi.jpg (nomor 1 dan 2)\n    panggung" in text
    assert "Kemiripan sedang: 1\n    hati.jpg\n" in text
    assert "Kemiripan rendah: 2\n    ragu.jpg\n    jauh.jpg (tangan tidak dapat" in text
    assert "Tidak ditemukan gestur yang menyerupai simbol nomor: 4\n  Di antaranya, 1 foto" in text
    assert "tidak dapat dipastikan; lihat sendiri:\n    buram.jpg\n" in text
    assert "Belum diperiksa: 7 (jangan dianggap bersih)" in text
    assert text.count("rusak.jpg: ") == 7
    assert "pilih foto lain" in text


def test_the_summary_of_nothing_checked_has_no_verdict() -> None:
    tally = Tally()
    tally.add(photos.unchecked())
    text = summary(tally, load("id"))
    assert "Tidak ditemukan" not in text
    assert "0 dari 1" in text


def test_the_summary_does_not_list_a_thousand_names() -> None:
    tally = Tally()
    for n in range(1000):
        tally.add(replace(photos.group(), path=f"{n}.jpg"))
    text = summary(tally, load("id"))
    assert "Kemiripan tinggi: 1000" in text
    assert "dan 980 lagi" in text
    assert len(text.splitlines()) < 40


def test_the_summary_bounds_the_names_of_what_could_not_be_read() -> None:
    tally = Tally()
    for n in range(1000):
        tally.add(replace(photos.unread(), path=f"{n}.jpg"))
    text = summary(tally, load("en"))
    assert "Among them 1000 photos with hands that could not be read; look for yourself:" in text
    assert "and 980 more" in text
    assert len(text.splitlines()) < 40


def test_tally_counts_levels_from_one_upward() -> None:
    tally = Tally()
    for result in photos.everything():
        tally.add(result)
    assert [tally.found(level) for level in Level] == [9, 5, 3, 2]
    assert tally.checked == 9
    assert tally.total == 16
