from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from posecheck.casefile.types import CasePhoto
from posecheck.errors import CaseError, OutputError
from posecheck.export.formats import FORMATS, export
from tests.export.made import case_photo, context, some_picture

STORED = ("preview", "hand-0", "hand-1")
STARTS = {
    "jsonl": b'{"schema"',
    "csv": b"\xef\xbb\xbfpath",
    "parquet": b"PAR1",
    "xlsx": b"PK",
    "html": b"<!",
    "pdf": b"%PDF-",
}


def photos(n: int = 3) -> Iterator[CasePhoto]:
    for i in range(1, n + 1):
        yield case_photo(number=i, pictures=STORED)


def failing() -> Iterator[CasePhoto]:
    yield from photos()
    raise CaseError("the disk is gone", "Plug it in.")


class Pipe(io.RawIOBase):
    """A file that can only be written to, as a pipe."""

    def __init__(self) -> None:
        self.data = b""

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return False

    def write(self, data: object) -> int:
        piece = bytes(data)  # type: ignore[call-overload]
        self.data += piece
        return len(piece)


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_writes_a_file_of_its_kind(form: str, tmp_path: Path) -> None:
    output = tmp_path / f"register.{form}"
    export(photos(), some_picture, output, form, context())
    assert output.read_bytes().startswith(STARTS[form])
    assert list(tmp_path.iterdir()) == [output]


@pytest.mark.parametrize("form", FORMATS)
def test_a_format_that_fails_midway_leaves_nothing(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    output = tmp_path / "out" / "register"
    output.parent.mkdir()
    with pytest.raises(CaseError, match="the disk is gone"):
        export(failing(), some_picture, output, form, context())
    assert list(output.parent.iterdir()) == []
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("form", FORMATS)
def test_what_was_there_stays_when_an_export_fails(form: str, tmp_path: Path) -> None:
    output = tmp_path / "register"
    output.write_text("yesterday's")
    with pytest.raises(CaseError):
        export(failing(), some_picture, output, form, context())
    assert output.read_text() == "yesterday's"


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_can_be_written_to_a_pipe(form: str) -> None:
    pipe = Pipe()
    FORMATS[form](photos(), some_picture, io.BufferedWriter(pipe), context())
    assert pipe.data.startswith(STARTS[form])


def test_an_unknown_format_is_refused_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(OutputError) as error:
        export(photos(), some_picture, tmp_path / "x.doc", "doc", context())
    assert "xlsx" in error.value.remedy
    assert list(tmp_path.iterdir()) == []
