"""Files that are written: with the user's mask, whole or not at all, and nothing left over."""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

from posecheck.casefile.case import open_case
from posecheck.cli.main import main
from posecheck.errors import OutputError
from posecheck.report.annotate import Annotator
from posecheck.report.texts import load
from posecheck.report.writing import whole_file
from tests.report.test_annotate import make_photo
from tests.review.made import a_case

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX file system")

FORMATS = ("csv", "jsonl", "parquet", "xlsx", "html", "pdf")


@pytest.fixture(params=[0o022, 0o027, 0o077], ids=["022", "027", "077"])
def mask(request: pytest.FixtureRequest) -> Iterator[int]:
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_everything_that_is_written_heeds_the_mask(mask: int, tmp_path: Path) -> None:
    case, _ = a_case(tmp_path, ["a.jpg"])
    with open_case(case):  # with its log beside it
        for file in tmp_path.glob("kasus.posecheck*"):
            assert mode(file) == 0o644 & ~mask, file
    for form in FORMATS:
        output = tmp_path / f"out.{form}"
        assert main(["export", str(case), "-o", str(output)]) == 0
        assert mode(output) == 0o666 & ~mask, form
    assert main(["poses", "--html", str(tmp_path / "poster.html")]) == 0
    assert mode(tmp_path / "poster.html") == 0o666 & ~mask
    photo = tmp_path / "asli.png"
    copy = Annotator(tmp_path / "kotak", load("id")).write(make_photo(photo), photo)
    assert mode(copy) == 0o666 & ~mask
    assert mode(copy.parent) == 0o777 & ~mask


def fail(*_: object) -> NoReturn:
    raise OSError(errno.EIO, "made to fail")


@pytest.mark.parametrize("step", ["fsync", "replace"])
@pytest.mark.parametrize("there", [False, True], ids=["new", "there before"])
def test_a_step_that_fails_leaves_nothing(
    step: str, there: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out.csv"
    if there:
        target.write_bytes(b"yesterday's")
    monkeypatch.setattr(os if step == "fsync" else Path, step, fail)
    with pytest.raises(OutputError, match="made to fail"), whole_file(target) as file:
        file.write(b"half")
    assert {p.name for p in tmp_path.iterdir()} == ({"out.csv"} if there else set())
    assert not there or target.read_bytes() == b"yesterday's"
