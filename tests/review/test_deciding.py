"""A reviewer goes through photos: what they say is in the case file at once, and can be undone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import pytest

from posecheck.casefile.case import CaseFile, Selection, open_case
from posecheck.casefile.types import Verdict
from posecheck.errors import CaseError
from posecheck.results import Level
from tests.report.photos import heart, peace, unchecked
from tests.review.made import Kept, Site, a_case, a_site, told, where


@pytest.fixture
def kept(tmp_path: Path) -> tuple[Path, list[Kept]]:
    return a_case(tmp_path)


@pytest.fixture
def site(kept: tuple[Path, list[Kept]]) -> Iterator[Site]:
    with a_site(kept[0]) as site:
        yield site


@pytest.fixture
def first(kept: tuple[Path, list[Kept]]) -> str:
    return kept[1][0].sha256


def verdict_of(site: Site, sha256: str) -> Verdict | None:
    photo = site.case.photo(sha256)
    assert photo is not None
    return None if photo.decision is None else photo.decision.verdict


def test_the_riskiest_undecided_photo_comes_first(kept: tuple[Path, list[Kept]]) -> None:
    a, b, _ = (photo.sha256 for photo in kept[1])
    with a_site(kept[0]) as site:
        assert where(site.get("/")) == f"/photo/{a}"
        site.post(f"/photo/{a}/decision", verdict="resembles")
        assert where(site.get("/")) == f"/photo/{b}"


def test_a_page_says_what_was_found(site: Site, first: str) -> None:
    text = site.page(f"/photo/{first}")
    for words in (
        "a.jpg", "Kemiripan tinggi", "Foto 1 dari 3", "0 dari 3 foto diputuskan",
        "Belum diputuskan",
        "dua jari (peace), menyerupai nomor 2", "sangat yakin (94%); masuk daftar larangan",
        "jempol, menyerupai nomor 1", "20-01-2024 09.30", first, "generic / strict",
    ):  # fmt: skip
        assert words in text, words
    assert len(re.findall(r'class="mark ', text)) == 2
    assert 'viewBox="0 0 1600 1200"' in text


def test_a_decision_is_kept_and_the_next_photo_comes(kept: tuple[Path, list[Kept]]) -> None:
    a, b, c = (photo.sha256 for photo in kept[1])
    with a_site(kept[0]) as site:
        answer = site.post(f"/photo/{b}/decision", verdict="does_not_resemble", note="hanya jempol")
        assert where(answer) == f"/photo/{c}"
        # Whatever becomes of the page now, another program sees it already.
        with open_case(kept[0]) as other:
            photo = other.photo(b)
            assert photo is not None
            decision = photo.decision
            assert decision is not None
        assert decision.verdict is Verdict.DIFFERENT
        assert (decision.reviewer, decision.note) == ("Sari", "hanya jempol")
        assert [finding.gesture for finding in decision.findings] == ["peace", "thumb_up"]
        text = site.page(f"/photo/{b}")
        assert "Diputuskan: tidak menyerupai" in text
        assert "oleh Sari" in text
        assert ">hanya jempol</textarea>" in text
        assert "1 dari 3 foto diputuskan" in text
        # Around the end of the list, to what is left.
        assert where(site.post(f"/photo/{c}/decision", verdict="unclear")) == f"/photo/{a}"
        assert where(site.post(f"/photo/{a}/decision", verdict="resembles")) == "/done"
        assert "Semua foto di saringan ini sudah diputuskan." in site.page("/done")


def test_hands_are_decided_one_by_one(kept: tuple[Path, list[Kept]], first: str) -> None:
    with a_site(kept[0]) as site:
        answer = site.post(f"/photo/{first}/decision", verdict="does_not_resemble", hand="2")
        assert where(answer) == f"/photo/{first}?hand=1"
        assert verdict_of(site, first) is None
        text = site.page(f"/photo/{first}?hand=1")
        assert "Sebagian tangan sudah diputuskan" in text
        assert re.search(r'value="1" form="decide" autocomplete="off" checked', text)
        answer = site.post(f"/photo/{first}/decision", verdict="resembles", hand="1")
        assert where(answer) == f"/photo/{kept[1][1].sha256}"
        photo = site.case.photo(first)
        assert photo is not None
        assert photo.verdicts[:2] == (Verdict.RESEMBLES, Verdict.DIFFERENT)
        assert verdict_of(site, first) is Verdict.RESEMBLES


def test_undo_goes_back_through_the_decisions_of_this_run(kept: tuple[Path, list[Kept]]) -> None:
    a, b, _ = (photo.sha256 for photo in kept[1])
    with a_site(kept[0]) as site:
        site.post(f"/photo/{a}/decision", verdict="unclear", note="lihat lagi")
        site.post(f"/photo/{a}/decision", verdict="resembles")
        site.post(f"/photo/{b}/decision", verdict="unclear")
        for expected, photo in ((None, b), (Verdict.UNCLEAR, a), (None, a)):
            text = site.page("/")
            found = re.search(r'action="([^"]+/undo)".*?value="(\d+)"', text, re.S)
            assert found is not None
            path = found[1].removeprefix(site.keys.folder)
            assert where(site.post(path, decision=found[2])) == f"/photo/{photo}"
            assert verdict_of(site, photo) is expected
            # A second press of the same button changes nothing.
            before = len(site.case.decisions(photo))
            site.post(path, decision=found[2])
            assert len(site.case.decisions(photo)) == before
        assert "Belum ada yang dapat diurungkan" in site.page("/")


def test_after_a_restart_a_photos_own_decision_can_be_undone(
    kept: tuple[Path, list[Kept]], first: str
) -> None:
    with a_site(kept[0]) as site:
        site.post(f"/photo/{first}/decision", verdict="resembles")
    with a_site(kept[0], reviewer="Budi") as site:
        found = re.search(r'name="decision" value="(\d+)"', site.page(f"/photo/{first}"))
        assert found is not None
        site.post(f"/photo/{first}/undo", decision=found[1])
        assert verdict_of(site, first) is None
        assert site.case.decisions(first)[-1].reviewer == "Budi"


def test_a_decision_of_another_photo_is_not_undone(kept: tuple[Path, list[Kept]]) -> None:
    a, b, _ = (photo.sha256 for photo in kept[1])
    with a_site(kept[0]) as site:
        site.post(f"/photo/{a}/decision", verdict="resembles")
        site.post(f"/photo/{b}/undo", decision=str(site.case.decisions(a)[0].id))
        assert verdict_of(site, a) is Verdict.RESEMBLES


def test_a_note_changes_nothing_but_the_note(kept: tuple[Path, list[Kept]], first: str) -> None:
    with a_site(kept[0]) as site:
        site.post(f"/photo/{first}/note", note="belum ada keputusan")
        assert site.case.decisions(first) == []
        site.post(f"/photo/{first}/decision", verdict="does_not_resemble", hand="2")
        site.post(f"/photo/{first}/decision", verdict="resembles", hand="1", note="satu")
        site.post(f"/photo/{first}/note", note="dua")
        photo = site.case.photo(first)
        assert photo is not None
        assert photo.verdicts[:2] == (Verdict.RESEMBLES, Verdict.DIFFERENT)
        assert photo.decision is not None
        assert photo.decision.note == "dua"


def test_a_name_is_asked_for_before_anything_is_decided(
    kept: tuple[Path, list[Kept]], first: str
) -> None:
    with a_site(kept[0], reviewer="") as site:
        assert where(site.get(f"/photo/{first}")) == f"/reviewer?photo={first}"
        answer = site.post(f"/photo/{first}/decision", verdict="resembles")
        assert where(answer) == f"/reviewer?photo={first}"
        assert site.case.decisions(first) == []
        assert "Siapa yang meninjau?" in site.page(f"/reviewer?photo={first}")
        site.post("/reviewer", name=" \u202e ", photo=first)
        assert where(site.get(f"/photo/{first}")).startswith("/reviewer")
        answer = site.post("/reviewer", name="  Sari  Wulandari ", photo=first)
        assert where(answer) == f"/photo/{first}"
        site.post(f"/photo/{first}/decision", verdict="resembles")
        assert site.case.decisions(first)[0].reviewer == "Sari Wulandari"


def test_what_somebody_else_decided_meanwhile_is_passed_over(
    kept: tuple[Path, list[Kept]],
) -> None:
    a, b, c = (photo.sha256 for photo in kept[1])
    with a_site(kept[0]) as site:
        site.page(f"/photo/{a}")
        with open_case(kept[0]) as other:
            other.decide(b, Verdict.UNCLEAR, reviewer="Budi")
        assert where(site.post(f"/photo/{a}/decision", verdict="resembles")) == f"/photo/{c}"


def test_filters(kept: tuple[Path, list[Kept]]) -> None:
    a, b, c = (photo.sha256 for photo in kept[1])
    with a_site(kept[0]) as site:
        site.post(f"/photo/{b}/decision", verdict="unclear")
        assert where(site.get("/?state=unclear")) == f"/photo/{b}?state=unclear"
        assert where(site.get("/?state=undecided")) == f"/photo/{a}?state=undecided"
        text = site.page(f"/photo/{a}?state=undecided")
        assert f'rel="next" href="{site.keys.folder}/photo/{c}?state=undecided"' in text
        answer = site.post(f"/photo/{b}/decision?state=unclear", verdict="resembles")
        assert where(answer) == "/done?state=unclear"
        assert "Ini akhir daftar." in site.page("/done?state=unclear")
        assert where(site.get("/?gesture=peace&level=any")) == f"/photo/{a}?level=any&gesture=peace"
        empty = site.page("/?gesture=holy")
        assert "Tidak ada foto yang cocok dengan saringan ini." in empty
        assert not re.search("bersih|aman", empty)


def test_a_photo_that_was_not_checked_says_so(tmp_path: Path) -> None:
    case_path, kept = a_case(tmp_path, ["rusak.jpg"], unchecked())
    with a_site(case_path, selection=Selection(level=None)) as site:
        text = site.page("/")
        assert "BELUM DIPERIKSA" in text
        assert "jangan dianggap bersih" in text
        site.post(f"/photo/{kept[0].sha256}/decision", verdict="unclear")
        assert verdict_of(site, kept[0].sha256) is Verdict.UNCLEAR


def test_one_told_hand_leaves_nothing_to_choose(tmp_path: Path) -> None:
    case_path, kept = a_case(tmp_path, ["satu.jpg"], told(95.0, peace()))
    with a_site(case_path) as site:
        assert 'type="radio"' not in site.page("/")
        site.post(f"/photo/{kept[0].sha256}/decision", verdict="resembles")
        assert verdict_of(site, kept[0].sha256) is Verdict.RESEMBLES


def test_both_hands_of_a_heart_are_boxed_and_decided_as_one(tmp_path: Path) -> None:
    case_path, kept = a_case(tmp_path, ["hati.jpg"], heart())
    with a_site(case_path) as site:
        text = site.page("/")
        assert text.count('data-hand="1"') == 2
        assert "Tangan 1 dan 2" in text
        assert where(site.post(f"/photo/{kept[0].sha256}/decision", verdict="unclear")) == "/done"


def test_what_cannot_be_kept_is_said_loudly(kept: tuple[Path, list[Kept]], first: str) -> None:
    error = CaseError("disk full", "Make room.")
    with a_site(kept[0]) as site:
        with patch.object(CaseFile, "decide", side_effect=error):
            answer = site.post(f"/photo/{first}/decision", verdict="resembles", note="x")
        assert answer.status_code == 500
        assert "BELUM tersimpan" in answer.text
        assert "disk full Make room." in answer.text
        assert verdict_of(site, first) is None
        # And the page goes on working.
        site.post(f"/photo/{first}/decision", verdict="resembles")
        assert verdict_of(site, first) is Verdict.RESEMBLES


@pytest.mark.parametrize(
    ("path", "form", "status"),
    [
        ("/photo/{sha}/decision", {"verdict": "guilty"}, 400),
        ("/photo/{sha}/decision", {}, 400),
        ("/photo/{sha}/decision", {"verdict": "unclear", "hand": "99"}, 500),
        ("/photo/{sha}/decision", {"verdict": "unclear", "note": "x" * 70_000}, 413),
        ("/photo/{sha}/undo", {"decision": "-1"}, 400),
        ("/photo/{sha}/undo", {"decision": "9" * 50}, 400),
        ("/photo/" + "0" * 64 + "/decision", {"verdict": "unclear"}, 404),
        ("/photo/x/decision", {"verdict": "unclear"}, 404),
    ],
)
def test_a_form_that_makes_no_sense_keeps_nothing(
    site: Site, first: str, path: str, form: dict[str, str], status: int
) -> None:
    answer = site.post(path.format(sha=first), **form)
    assert answer.status_code == status
    assert site.case.decisions(first) == []
    assert "Traceback" not in answer.text


def test_the_page_speaks_english_too(kept: tuple[Path, list[Kept]]) -> None:
    with a_site(kept[0], lang="en", selection=Selection(level=Level.LOW)) as site:
        text = site.page("/")
        assert '<html lang="en">' in text
        assert "two fingers (V sign), resembles number 2" in text
        assert "2024-01-20 09:30" in text
