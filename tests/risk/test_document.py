"""A file that is no TOML text is refused with its line and a remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from posecheck.errors import ConfigError
from posecheck.risk.document import MAX_BYTES, Document


@pytest.mark.parametrize(
    ("raw", "line", "word"),
    [
        (b"a = 1\nb = \n", 2, "value"),
        (b"a = 1\na = 2\n", 2, "overwrite"),
        (b'a = 1\n\nb = "x\n', 3, "character"),
        (b"a = [1,\n2\n\n", 2, "array"),
        (b"a = 1\nb = 2024-02-30\n", 2, "date"),
        (b'x = 1\ncontest = "C:\\Users\\a.toml"\n', 2, "hex"),
        (b"a = 1\n# caf\xe9\n", 2, "UTF-8"),
        ("a = 1".encode("utf-16"), 1, "UTF-8"),
    ],
)
def test_the_line_of_what_cannot_be_read(raw: bytes, line: int, word: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Document.parse(raw, "desa.toml")
    assert caught.value.message.startswith(f"desa.toml, line {line}: ")
    assert word.lower() in caught.value.message.lower()
    assert caught.value.remedy


@pytest.mark.parametrize(
    "raw",
    [b"a = " + b"9" * 5000, b"a = " + b"[" * 30000, b"\xff\xd8\xff\xe0", b"#\n" * MAX_BYTES],
    ids=["huge number", "deep nesting", "photo", "long text"],
)
def test_absurd_files_are_refused(raw: bytes) -> None:
    with pytest.raises(ConfigError, match=r"desa\.toml"):
        Document.parse(raw, "desa.toml")


def test_a_mark_of_notepad_and_its_line_ends_are_read() -> None:
    document = Document.parse(b"\xef\xbb\xbfa = 1\r\nb = 2\r\n", "x.toml")
    assert document.data == {"a": 1, "b": 2}
    assert document.line(("b",)) == 2


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in (tmp_path / "tidak ada.toml", tmp_path):
        with pytest.raises(ConfigError) as caught:
            Document.load(path)
        assert str(path) in caught.value.message
        assert caught.value.remedy
