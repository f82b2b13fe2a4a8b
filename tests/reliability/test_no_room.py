"""What stops short for want of room is not left behind, and is said in words."""

from __future__ import annotations

import hashlib
import os
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from posecheck.errors import OutputError, UnsupportedPhotoError
from posecheck.export.formats import export
from posecheck.opening.refs import PhotoRef
from posecheck.opening.source import read_source
from posecheck.report.annotate import Annotator
from posecheck.report.texts import load
from posecheck.scan.archive_file import Archive
from posecheck.scan.filters import Filters
from posecheck.scan.items import Skipped, Why
from posecheck.scan.listing import judge
from posecheck.scan.walking import Found
from tests.export.made import case_photo, context, some_picture
from tests.reliability.program import Done, command, environment, noise, run, start, told
from tests.report import photos

needs_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")
needs_full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")


@contextmanager
def short_files(longest: int) -> Iterator[None]:
    """Writing stops short at a length and then fails, as on a full disk."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (longest, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_copy_that_does_not_fit_is_not_kept(tmp_path: Path) -> None:
    """A system call that writes a part of a picture succeeds; the picture is not whole."""
    path = tmp_path / "foto.jpg"
    path.write_bytes(noise(0))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    result = replace(photos.photo(photos.peace(), path=str(path)), sha256=digest)
    annotator = Annotator(tmp_path / "kotak", load("id"))
    with short_files(1000), pytest.raises(OutputError, match="too large"):
        annotator.write(result, path)
    assert list((tmp_path / "kotak").iterdir()) == []
    assert annotator.write(result, path).read_bytes().endswith(b"\xff\xd9")


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("form", ["xlsx", "html", "pdf", "csv", "jsonl", "parquet"])
def test_an_export_that_does_not_fit_is_not_kept(tmp_path: Path, form: str) -> None:
    written = [case_photo(number=n, pictures=("preview",)) for n in range(1, 6)]
    whole, output = tmp_path / f"whole.{form}", tmp_path / f"o.{form}"
    export(iter(written), some_picture, whole, form, context())
    output.write_bytes(b"the old file")
    length = whole.stat().st_size
    for longest in (0, 1, length // 3, length // 2, length * 9 // 10, length - 1):
        with short_files(longest), pytest.raises(OutputError):
            export(iter(written), some_picture, output, form, context())
        assert output.read_bytes() == b"the old file"
    assert sorted(path.name for path in tmp_path.iterdir()) == [output.name, whole.name]


@needs_full
@pytest.mark.parametrize(
    "arguments",
    [["--help"], ["scan", "--help"], ["--version"], ["poses"], ["audit", "k"], ["purge", "k"]],
)
def test_a_full_disk_behind_standard_output_is_said(tmp_path: Path, arguments: list[str]) -> None:
    if arguments[-1] == "k":
        case = tmp_path / "k.posecheck"
        (tmp_path / "foto.jpg").write_bytes(b"")
        run("scan", tmp_path / "foto.jpg", "--case", case)
        more = ["--older-than", "1d", "--dry-run"] if arguments[0] == "purge" else []
        arguments = [arguments[0], str(case), *more]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            command(*arguments), stdout=full, stderr=subprocess.PIPE, env=environment(), check=False
        )
    assert told(Done([], done.returncode, "", done.stderr.decode()), 2), done.stderr


@needs_pipes
def test_a_file_that_becomes_a_pipe_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was a file when it was looked at, and is a pipe when it is opened."""
    pipe, file = tmp_path / "foto", tmp_path / "berkas"
    file.write_bytes(noise(0))
    os.mkfifo(pipe)
    looked_like = file.stat()
    done: list[object] = []

    def read(open_it: Callable[[], object]) -> None:
        try:
            done.append(open_it())
        except UnsupportedPhotoError:
            done.append("refused")

    found = Found(str(pipe), pipe.name, looked_like)
    for open_it in (
        partial(read_source, pipe, 100_000),
        partial(Archive, str(pipe)),
        lambda: list(judge(found, Filters.of((), ()))),
    ):
        with monkeypatch.context() as patched:
            patched.setattr(Path, "stat", lambda *_, **__: looked_like)
            reading = threading.Thread(target=read, args=(open_it,), daemon=True)
            reading.start()
            reading.join(30)
        assert not reading.is_alive(), open_it
    assert done == ["refused", "refused", [Skipped(PhotoRef(str(pipe)), Why.NOT_A_FILE)]]


@needs_pipes
def test_a_pipe_in_the_place_of_a_copy_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "foto.jpg"
    path.write_bytes(noise(0))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    result = replace(photos.photo(photos.peace(), path=str(path)), sha256=digest)
    annotator = Annotator(tmp_path / "kotak", load("id"))
    os.mkfifo(tmp_path / "kotak" / "foto.posecheck.jpg")
    assert annotator.write(result, path).name == "foto.posecheck-2.jpg"


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
def test_a_link_to_a_case_file_that_is_scanned_into_is_refused(tmp_path: Path) -> None:
    from filelock import FileLock

    case, link = tmp_path / "k.posecheck", tmp_path / "tautan.posecheck"
    link.symlink_to(case.name)
    (tmp_path / "foto.jpg").write_bytes(noise(0))
    with FileLock(f"{case}.lock"):
        process = start("scan", tmp_path / "foto.jpg", "--case", link)
        _, words = process.communicate(timeout=120)
    assert process.returncode == 2
    assert "another scan" in words
