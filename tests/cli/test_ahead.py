"""Opening the first photo ahead changes nothing but the time it takes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from posecheck.checker import Checker
from posecheck.cli.ahead import OpenedAhead
from posecheck.cli.main import main
from posecheck.errors import OutputError
from posecheck.opening import Limits
from posecheck.report.annotate import Annotator
from posecheck.report.texts import load
from posecheck.results import Status
from tests.cli.samples import FOLDER


@pytest.fixture(scope="module")
def checker() -> Checker:
    return Checker(threads=1)


def test_the_result_is_the_same(checker: Checker) -> None:
    photo = FOLDER / "peace.jpg"
    ahead, plain = OpenedAhead(photo, Limits()).check(checker), checker.check(photo)
    assert (ahead.risk, ahead.sha256, ahead.path) == (plain.risk, plain.sha256, plain.path)
    assert ahead.captured_at == plain.captured_at
    assert ahead.elapsed_ms > 0


def test_hash_and_pixels_are_of_the_bytes_that_were_read(checker: Checker, tmp_path: Path) -> None:
    """Whatever happens to the file meanwhile: a result is never said of what was not looked at."""
    photo = tmp_path / "foto.jpg"
    shutil.copy(FOLDER / "peace.jpg", photo)
    expected = checker.check(photo)
    ahead = OpenedAhead(photo, Limits())
    ahead._thread.join()
    shutil.copy(FOLDER / "fist.jpg", photo)
    result = ahead.check(checker)
    assert (result.sha256, result.risk) == (expected.sha256, expected.risk)
    assert checker.check(photo).sha256 != expected.sha256
    with pytest.raises(OutputError, match="changed while it was being checked"):
        Annotator(tmp_path / "kotak", load("en")).write(result, photo)


def test_a_photo_opened_ahead_gets_its_annotated_copy(tmp_path: Path) -> None:
    photo = tmp_path / "peace.jpg"
    shutil.copy(FOLDER / "peace.jpg", photo)
    assert main(["check", str(photo), "-q", "--annotate", str(tmp_path / "kotak")]) == 1
    assert [path.name for path in (tmp_path / "kotak").iterdir()] == ["peace.posecheck.jpg"]


def test_what_cannot_be_opened_says_why(checker: Checker, tmp_path: Path) -> None:
    for photo in (tmp_path / "none.jpg", b"no photo at all"):
        ahead, plain = OpenedAhead(photo, Limits()).check(checker), checker.check(photo)
        assert ahead.status in (Status.UNREADABLE, Status.UNSUPPORTED)
        assert (ahead.status, ahead.reason) == (plain.status, plain.reason)


def test_only_the_first_photo_is_opened_ahead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from posecheck.cli import ahead, check_run

    opened: list[Path | bytes] = []

    class Noting(ahead.OpenedAhead):
        def __init__(self, photo: Path | bytes, limits: Limits) -> None:
            opened.append(photo)
            super().__init__(photo, limits)

    monkeypatch.setattr(check_run, "OpenedAhead", Noting)
    photos = [str(FOLDER / name) for name in ("peace.jpg", "fist.jpg")]
    assert main(["check", *photos, "-q", "--lang", "en"]) == 1
    assert opened == [Path(photos[0])]
    out = capsys.readouterr().out
    assert 0 <= out.index(photos[0]) < out.index(photos[1])
