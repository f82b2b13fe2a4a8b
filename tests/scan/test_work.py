"""What is done with each photo of a scan: what `check` says, and pictures of what matters."""

from __future__ import annotations

import hashlib
import io
import pickle
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from PIL import Image

from posecheck.checker import Checker
from posecheck.errors import BackendError
from posecheck.opening import Limits
from posecheck.opening.refs import PhotoRef
from posecheck.report.record import from_record, to_record
from posecheck.results import Level, PhotoResult, Status
from posecheck.risk.contest import load_contest
from posecheck.risk.rules import load_rules
from posecheck.scan import pictures
from posecheck.scan.engine import Loss, LostPhoto, PhotoFunction, PhotoRecord
from posecheck.scan.local import LocalEngine
from posecheck.scan.lost import lost_record
from posecheck.scan.work import CheckSetup, PhotoWork
from tests.runtime.made import needs_openvino

PEACE = Path(__file__).parents[2] / "samples" / "peace.jpg"
SETUP = CheckSetup(load_contest("pilkada"), load_rules("bkn"), "onnx")


@pytest.fixture(scope="module")
def work() -> PhotoFunction:
    return SETUP()


@pytest.fixture(scope="module")
def checker() -> Checker:
    return Checker(contest=SETUP.contest, rules=SETUP.rules, threads=1)


def one(work: PhotoFunction, path: Path, member: str = "") -> PhotoRecord:
    (done,) = work([PhotoRef(str(path), member)])
    assert done.ref == PhotoRef(str(path), member)
    assert done.record["path"] == str(done.ref)
    from_record(done.record)  # a record that could not be read back would be lost later
    return done


@pytest.fixture(scope="module")
def peace(work: PhotoFunction) -> PhotoRecord:
    return one(work, PEACE)


def without_time(record: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in record.items() if key != "elapsed_ms"}


def test_a_photo_says_what_check_says(peace: PhotoRecord, checker: Checker) -> None:
    assert without_time(peace.record) == without_time(to_record(checker.check(PEACE)))
    assert peace.record["level"] == "high"


def test_a_member_of_an_archive_says_the_same(
    work: PhotoFunction, peace: PhotoRecord, tmp_path: Path
) -> None:
    album = tmp_path / "album.zip"
    with zipfile.ZipFile(album, "w") as archive:
        archive.write(PEACE, "hari 1/foto.jpg")
        archive.writestr("hari 1/rusak.jpg", PEACE.read_bytes()[:3000])
    done = one(work, album, "hari 1/foto.jpg")
    assert done.record["path"].endswith("album.zip!/hari 1/foto.jpg")
    assert without_time({**done.record, "path": str(PEACE)}) == without_time(peace.record)
    assert done.pictures == peace.pictures
    broken = one(work, album, "hari 1/rusak.jpg").record
    assert (broken["status"], broken["level"]) == ("unreadable", None)
    assert "rusak.jpg" in broken["reason"]
    missing = one(work, album, "hari 2/foto.jpg").record
    assert (missing["status"], missing["sha256"]) == ("unreadable", "")


def test_only_what_resembles_something_has_pictures(
    work: PhotoFunction, peace: PhotoRecord, tmp_path: Path
) -> None:
    assert {"preview", "hand-0"} <= {picture.kind for picture in peace.pictures}
    for picture in peace.pictures:
        image = Image.open(io.BytesIO(picture.jpeg))
        assert image.format == "JPEG"
        assert not image.getexif()
    plain = tmp_path / "plain.png"
    Image.fromarray(np.full((300, 400, 3), 128, np.uint8)).save(plain)
    done = one(work, plain)
    assert (done.record["level"], done.pictures) == ("none", ())


def test_pictures_are_made_only_where_they_are_wanted() -> None:
    done = one(replace(SETUP, pictures=False)(), PEACE)
    assert (done.record["level"], done.pictures) == ("high", ())


def test_what_cannot_be_read_says_why_and_is_never_clean(
    work: PhotoFunction, tmp_path: Path
) -> None:
    cut = tmp_path / "cut.jpg"
    cut.write_bytes(PEACE.read_bytes()[:3000])
    text = tmp_path / "text.jpg"
    text.write_text("this is no picture")
    for path, status in (
        (cut, "unreadable"),
        (text, "unsupported"),
        (tmp_path / "none.jpg", "unreadable"),
        (tmp_path, "unsupported"),
    ):
        record = one(work, path).record
        assert (record["status"], record["risk"], record["level"]) == (status, None, None)
        assert (record["contest"], record["rules"]) == ("pilkada", "bkn")
        assert record["models"]
        assert path.name in record["reason"]
        assert bool(record["sha256"]) is path.is_file()


def test_limits_are_kept(tmp_path: Path) -> None:
    for limits in (Limits(max_bytes=1000), Limits(max_pixels=1000)):
        record = one(replace(SETUP, limits=limits, pictures=False)(), PEACE).record
        assert record["status"] == "too_large"


class FaultyChecker:
    """A checker that fails in a way nobody foresaw."""

    def __init__(self, checker: Checker, error: Exception | None) -> None:
        self._checker = checker
        self._error = error

    def __getattr__(self, name: str) -> Any:
        return getattr(self._checker, name)

    def examine(self, photo: Any) -> tuple[PhotoResult, None]:
        if self._error is not None:
            raise self._error
        result = PhotoResult("", "", Status.CHECKED, risk=float("nan"), level=Level.NONE)
        return result, None


@pytest.mark.parametrize("error", [RuntimeError("of all things"), None], ids=["raised", "nan"])
def test_an_unforeseen_fault_costs_one_photo(checker: Checker, error: Exception | None) -> None:
    faulty = PhotoWork(cast(Checker, FaultyChecker(checker, error)), None)
    record = one(faulty, PEACE).record
    assert (record["status"], record["level"], record["hands"]) == ("error", None, [])
    assert "of all things" in record["reason"] or "nan" in record["reason"]
    assert record["sha256"] == hashlib.sha256(PEACE.read_bytes()).hexdigest()
    assert record["models"] == dict(checker.models)


def test_want_of_memory_is_for_the_engine_to_answer(checker: Checker) -> None:
    faulty = PhotoWork(cast(Checker, FaultyChecker(checker, MemoryError())), None)
    with pytest.raises(MemoryError):
        one(faulty, PEACE)


def test_a_finding_outlives_its_pictures(
    work: PhotoFunction, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("no picture")

    monkeypatch.setattr(pictures, "make_pictures", fail)
    done = one(work, PEACE)
    assert (done.record["level"], done.pictures) == ("high", ())


def test_the_setup_travels_to_other_processes(tmp_path: Path) -> None:
    assert pickle.loads(pickle.dumps(SETUP)) == SETUP
    copy = tmp_path / "salinan.jpg"
    shutil.copy(PEACE, copy)
    refs = [PhotoRef(str(PEACE)), PhotoRef(str(copy))]
    found = list(LocalEngine(1, 600.0).run(SETUP, refs))
    assert [outcome.ref for outcome in found] == refs
    for outcome in found:
        assert isinstance(outcome, PhotoRecord)
        assert outcome.record["level"] == "high"
        assert outcome.pictures


def test_a_setup_that_cannot_be_loaded_ends_the_run() -> None:
    run = LocalEngine(1).run(replace(SETUP, backend="magic"), [PhotoRef(str(PEACE))])
    with pytest.raises(BackendError) as caught:
        next(run)
    assert "onnx" in caught.value.remedy


@needs_openvino
def test_a_worker_reads_and_pictures_with_openvino() -> None:
    refs = [PhotoRef(str(PEACE))]
    found = [
        next(LocalEngine(1, 600.0).run(replace(SETUP, runtime=runtime), refs))
        for runtime in ("onnxruntime", "openvino")
    ]
    records = [outcome.record for outcome in found if isinstance(outcome, PhotoRecord)]
    assert [record["level"] for record in records] == ["high", "high"]
    assert records[0]["risk"] == pytest.approx(records[1]["risk"], abs=0.11)
    assert "palm_detection_prelu" in records[1]["models"]


@pytest.mark.parametrize(
    ("loss", "status"), [(Loss.CRASHED, Status.CRASHED), (Loss.TIMED_OUT, Status.TIMED_OUT)]
)
def test_a_lost_photo_is_not_checked(loss: Loss, status: Status) -> None:
    lost = LostPhoto(PhotoRef("/a.zip", "b.jpg"), loss, "the process was ended by SIGSEGV")
    result = from_record(lost_record(lost, "3f" * 32, "pilkada", "bkn", (("palm", "0123"),)))
    assert (result.status, result.risk, result.level) == (status, None, None)
    assert (result.path, result.sha256) == ("/a.zip!/b.jpg", "3f" * 32)
    assert "SIGSEGV" in result.reason
    assert (result.contest, result.rules, result.models) == ("pilkada", "bkn", (("palm", "0123"),))
