"""No command writes over a photo, an archive of photos or a case file, however it is spelled."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from posecheck.casefile.case import open_case
from posecheck.casefile.queue import FileEntry
from posecheck.cli.main import main
from posecheck.opening.refs import PhotoRef
from posecheck.report.writing import is_one_of, whole_file
from tests.casefile.made import begin
from tests.review.made import a_case

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="links need a right there")


def contents(folder: Path) -> dict[str, str]:
    """Digest of every file that is not the case file's own log, by name."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(("-shm", "-wal", ".posecheck"))
    }


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case file over photos, one without an ending, and an archive."""
    path, kept = a_case(tmp_path, ["a.jpg", "b.jpg"])
    plain = tmp_path / "foto" / "bukti tanpa akhiran"
    shutil.copy(kept[0].path, plain)
    (tmp_path / "foto" / "Kiriman.zip").write_bytes(b"PK\3\4 an archive of originals")
    with open_case(path) as opened:
        queue = begin(opened)
        queue.enlist(
            FileEntry(ref, 1, "1")
            for ref in (
                PhotoRef(str(plain)),
                PhotoRef(str(plain.with_name("Kiriman.zip")), "x.jpg"),
            )
        )
    return path


SPELLINGS: dict[str, Callable[[Path], Path]] = {
    "a photo": lambda foto: foto / "a.jpg",
    "a photo's name in other letters": lambda foto: foto / "A.JPG",
    "a new photo": lambda foto: foto / "baru.jpeg",
    "a photo without an ending": lambda foto: foto / "bukti tanpa akhiran",
    "an archive": lambda foto: foto / "Kiriman.zip",
    "by a way around": lambda foto: foto / ".." / "foto" / "." / "Kiriman.zip",
    "the case file": lambda foto: foto.parent / "kasus.posecheck",
    "the case file by a way around": lambda foto: foto / ".." / "kasus.posecheck",
    "the case file's log": lambda foto: foto.parent / "kasus.posecheck-wal",
}


@pytest.mark.parametrize("form", ["csv", "html"])
@pytest.mark.parametrize("what", SPELLINGS)
def test_an_export_over_an_original_is_refused(
    case: Path, what: str, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    foto = case.parent / "foto"
    before = contents(case.parent)
    with open_case(case) as held:  # so that its log is there
        held.log("exported", {})
        output = SPELLINGS[what](foto)
        assert main(["export", str(case), "--format", form, "-o", str(output), "--lang", "en"]) == 2
    assert "is the name of a photo" in capsys.readouterr().err
    assert contents(case.parent) == before
    with open_case(case) as held:
        assert held.count() == 2


@POSIX
@pytest.mark.parametrize("link", ["photo", "folder", "hard link", "dangling"])
def test_an_export_through_a_link_changes_no_original(case: Path, link: str) -> None:
    foto, folder = case.parent / "foto", case.parent / "lain"
    folder.mkdir()
    output = folder / "out.csv"
    if link == "photo":
        output.symlink_to(foto / "a.jpg")
    elif link == "dangling":
        output.symlink_to(foto / "baru.bin")
    elif link == "hard link":
        os.link(foto / "a.jpg", output)
    else:
        (folder / "tautan").symlink_to(foto)
        output = folder / "tautan" / "Kiriman.zip"
    before = contents(foto)
    code = main(["export", str(case), "--format", "csv", "-o", str(output)])
    # A hard link is one name of the photo; the export takes that name, the photo keeps its own.
    assert code == (0 if link == "hard link" else 2)
    assert contents(foto) == before


@POSIX
def test_a_report_of_a_check_takes_no_photos_place(
    tmp_path: Path, repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    photo = tmp_path / "tanpa akhiran"
    shutil.copy(repository / "samples" / "fist.jpg", photo)
    (tmp_path / "tautan").symlink_to(tmp_path)
    before = contents(tmp_path)
    for spelling in (photo, tmp_path / "tautan" / photo.name, tmp_path / "x.png"):
        assert main(["check", str(photo), "-o", str(spelling), "--lang", "en"]) == 2
        assert "is the name of a photo" in capsys.readouterr().err
    assert contents(tmp_path) == before


@POSIX
def test_one_file_has_many_names(tmp_path: Path) -> None:
    file, other = tmp_path / "a", tmp_path / "b"
    file.write_text("a")
    other.write_text("b")
    os.link(file, tmp_path / "hard")
    (tmp_path / "soft").symlink_to(file)
    (tmp_path / "nowhere").symlink_to(tmp_path / "none")
    for name in ("a", "hard", "soft", "../" + tmp_path.name + "/a"):
        assert is_one_of(tmp_path / name, [other, tmp_path / "none", file])
        assert is_one_of(file, iter([tmp_path / name]))
    assert not is_one_of(file, [other, tmp_path / "none", tmp_path / "nowhere"])
    assert not is_one_of(tmp_path / "none", [tmp_path / "none"])
    assert not is_one_of(Path("a\0b"), [file])


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A link that lies where the temporary file is going to be."""
    original = tmp_path / "asli.jpg"
    original.write_bytes(b"original")
    monkeypatch.setattr("secrets.token_hex", lambda _n: "guessed")
    temporary = tmp_path / ".posecheck-guessed.tmp"
    temporary.symlink_to(original)
    yield original
    assert original.read_bytes() == b"original"


@POSIX
def test_a_link_planted_at_the_temporary_name_is_not_followed(
    planted: Path, tmp_path: Path
) -> None:
    from posecheck.errors import OutputError

    with pytest.raises(OutputError), whole_file(tmp_path / "out.csv") as file:
        file.write(b"over it")
    assert not (tmp_path / "out.csv").exists()
