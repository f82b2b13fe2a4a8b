"""`posecheck check --annotate`, from the command to the files."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from posecheck.results import PhotoResult
from tests.cli.conftest import Cli, FakeChecker
from tests.report import photos
from tests.report.test_annotate import make_photo


def test_every_checked_photo_gets_a_copy(cli: Cli, fake: FakeChecker) -> None:
    for name in ("a/foto.jpg", "b/foto.jpg", "b/rusak.jpg"):
        fake.answers[Path(name).name] = make_photo(Path(name))
    fake.answers["rusak.jpg"] = photos.unchecked()
    before = {path: path.read_bytes() for path in Path.cwd().rglob("*.jpg")}
    outcome = cli("check", "a", "b", "--annotate", "kotak")
    assert outcome.code == 3
    copies = sorted(path.name for path in Path("kotak").iterdir())
    assert copies == ["foto.posecheck-2.jpg", "foto.posecheck.jpg"]
    assert "2 salinan foto dengan kotak disimpan di kotak" in outcome.err
    assert {path: path.read_bytes() for path in before} == before


def test_a_photo_that_goes_away_before_its_copy_is_not_called_checked(
    cli: Cli, fake: FakeChecker
) -> None:
    path = Path("foto.jpg")
    result = make_photo(path)

    def check(photo: object) -> PhotoResult:
        path.unlink()
        return result

    fake.check = check  # type: ignore[method-assign]
    outcome = cli("check", "foto.jpg", "--annotate", "kotak")
    assert outcome.code == 3
    assert "BELUM DIPERIKSA" in outcome.out
    assert "menyerupai" not in outcome.out


def test_a_folder_that_cannot_be_made_is_fatal_before_any_work(cli: Cli, fake: FakeChecker) -> None:
    make_photo(Path("foto.jpg"))
    Path("kotak").write_text("x")
    outcome = cli("check", "foto.jpg", "--annotate", "kotak/dalam")
    assert outcome.code == 2
    assert "Hasil tidak bisa disimpan" in outcome.err
    assert fake.seen == []


def test_labels_speak_the_chosen_language(cli: Cli, fake: FakeChecker) -> None:
    digests = set()
    for lang in ("id", "en"):
        fake.answers["foto.jpg"] = replace(make_photo(Path("foto.jpg")), path="foto.jpg")
        cli("check", "foto.jpg", "--annotate", lang, "--lang", lang)
        digests.add(hashlib.sha256(Path(lang, "foto.posecheck.jpg").read_bytes()).hexdigest())
    assert len(digests) == 2
