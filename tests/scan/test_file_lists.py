"""Lists of files are read as they are written by find, by editors and by PowerShell."""

from __future__ import annotations

import io
import os
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecheck.errors import ConfigError
from posecheck.scan.file_lists import read_file_list

NAMES = st.lists(
    st.binary(min_size=1, max_size=300).filter(lambda name: not {0, 10, 13} & set(name))
)


def read(content: bytes) -> list[str]:
    return list(read_file_list(io.BytesIO(content)))


@pytest.mark.skipif(sys.platform == "win32", reason="names are text there")
@given(NAMES)
def test_every_name_survives_after_a_nul(names: list[bytes]) -> None:
    content = b"".join(name + b"\0" for name in [b"first", *names])
    assert [os.fsencode(name) for name in read(content)] == [b"first", *names]


@pytest.mark.skipif(sys.platform == "win32", reason="names are text there")
@given(NAMES, st.sampled_from([b"\n", b"\r\n"]), st.booleans())
def test_every_name_survives_on_a_line(names: list[bytes], end: bytes, ended: bool) -> None:
    content = end.join([b"first", *names]) + end * ended
    expected = [b"first", *(name for name in names if not name.isspace())]
    assert [os.fsencode(name) for name in read(content)] == expected


def test_a_name_after_a_nul_may_have_lines_and_blanks() -> None:
    assert read(b"a\nb.jpg\0 \0\0c.jpg\0") == ["a\nb.jpg", " ", "c.jpg"]


def test_blank_lines_are_dropped() -> None:
    assert read(b"\n  \na.jpg\n\n b .jpg \n\t\r\n") == ["a.jpg", " b .jpg "]
    assert read(b"") == []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_marks_of_windows_programs(encoding: str) -> None:
    names = [f"foto {number} é 写真.jpg" for number in range(5000)]
    assert read("\r\n".join(names).encode(encoding)) == names


def test_it_streams() -> None:
    def endless() -> bytes:
        return b"/photos/a.jpg\n" * 1000

    class Endless(io.RawIOBase):
        drawn = 0

        def read(self, size: int = -1) -> bytes:
            self.drawn += 1
            return endless()

    stream = Endless()
    paths = read_file_list(stream)  # type: ignore[arg-type]
    assert [next(paths) for _ in range(3000)] == ["/photos/a.jpg"] * 3000
    assert stream.drawn <= 4


def test_what_is_no_list_does_not_fill_memory() -> None:
    with pytest.raises(ConfigError, match="too long"):
        read(b"x" * (3 << 20))
