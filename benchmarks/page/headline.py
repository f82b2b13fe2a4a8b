"""The five numbers that the READMEs and the page open with."""

from __future__ import annotations

from benchmarks.page.markdown import table
from benchmarks.page.measured import Scored
from benchmarks.page.targets import sign_row
from posecheck.evaluation.intervals import Estimate

WORDS = {
    "en": {
        "question": "question",
        "figure": "figure",
        "of": "of",
        "found": "signs found, hands of 40 px and more",
        "read": "gesture read right on hands that were found / macro-F1",
        "silence": "ordinary group photos flagged / false alarms in a hundred of them",
        "photo": "photo with a sign is flagged (medium or above) / photo without one is not",
        "sure": "expected calibration error: how far a probability is off",
        "signs": "signs in group photos",
        "hands": "hands",
        "photos": "group photos",
    },
    "id": {
        "question": "pertanyaan",
        "figure": "angka",
        "of": "dari",
        "found": "gestur ditemukan, tangan 40 px ke atas",
        "read": "gestur terbaca benar pada tangan yang ditemukan / macro-F1",
        "silence": "foto kelompok biasa yang keliru ditandai / tanda keliru per seratus foto itu",
        "photo": "foto dengan gestur ditandai (sedang ke atas) / foto tanpa gestur tidak ditandai",
        "sure": "galat kalibrasi: seberapa jauh peluang yang disebut meleset",
        "signs": "gestur dalam foto kelompok",
        "hands": "tangan",
        "photos": "foto kelompok",
    },
}


def headline(scored: Scored, lang: str = "en") -> str:
    """Five rows of question, figure with its 95 % interval, and sample size.

    Args:
        scored: An evaluation.
        lang: "en" or "id"; Indonesian writes 1.234,5.
    """
    say = WORDS[lang]
    found = sign_row(scored, ">=40").found
    empty = scored.groups.alarms.empty_photos
    photo = scored.groups.photo_level
    accuracy, ece = scored.both.accuracy, scored.both.calibration.ece
    rows = [
        (say["found"], _share(found), f"{found.n:,} {say['signs']}"),
        (
            say["read"],
            f"{_share(accuracy)} / {_number(scored.both.macro_f1, 2)}",
            f"{accuracy.n:,} {say['hands']}",
        ),
        (
            say["silence"],
            f"{_share(empty.flagged)} / {_number(empty.alarms_per_hundred, 1)}",
            f"{empty.flagged.n:,} {say['photos']}",
        ),
        (
            say["photo"],
            f"{_share(photo.sensitivity)} / {_share(photo.specificity)}",
            f"{photo.with_sign:,} / {photo.without_sign:,} {say['photos']}",
        ),
        (say["sure"], _number(ece, 3), f"{ece.n:,} {say['hands']}"),
    ]
    if lang == "id":
        swap = str.maketrans(",.", ".,")
        rows = [(question, f.translate(swap), of.translate(swap)) for question, f, of in rows]
    return table((say["question"], say["figure"], say["of"]), rows)


def _share(estimate: Estimate) -> str:
    if estimate.value is None:
        return "-"
    figure = "100 %" if estimate.value == 1 else f"{100 * estimate.value:.1f} %"
    if estimate.low is None or estimate.high is None:
        return figure
    return f"{figure} [{100 * estimate.low:.0f}-{100 * estimate.high:.0f}]"


def _number(estimate: Estimate, digits: int) -> str:
    if estimate.value is None:
        return "-"
    figure = f"{estimate.value:.{digits}f}"
    if estimate.low is None or estimate.high is None:
        return figure
    return f"{figure} [{estimate.low:.{digits}f}-{estimate.high:.{digits}f}]"
