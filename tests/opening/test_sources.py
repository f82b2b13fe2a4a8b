"""Whatever cannot be opened is refused by a typed error that says what to do; nothing hangs."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from posecheck.errors import (
    PhotoError,
    PhotoTooLargeError,
    UnreadablePhotoError,
    UnsupportedPhotoError,
)
from posecheck.opening import Limits, open_photo
from tests.opening.pictures import LOSSLESS, LOSSY, encode, four_colours

DATA = encode(four_colours(), "JPEG")


def refused(error: type[PhotoError], source: object, match: str, **limits: int) -> PhotoError:
    with pytest.raises(error, match=match) as caught:
        open_photo(source, Limits(**limits))  # type: ignore[arg-type]
    assert caught.value.message.endswith(".") and caught.value.remedy.endswith(".")
    return caught.value


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    path = tmp_path / "tidak ada.jpg"
    error = refused(UnreadablePhotoError, path, "no file .*tidak ada.jpg")
    assert (error.path, error.sha256) == (str(path), "")


def test_a_folder(tmp_path: Path) -> None:
    assert refused(UnsupportedPhotoError, tmp_path, "is a folder").path == str(tmp_path)


def test_a_file_used_as_a_folder(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(DATA)
    refused(UnreadablePhotoError, tmp_path / "a" / "b.jpg", "could not be read|no file")


@pytest.mark.parametrize("name", ["a\0b.jpg", "a" * 5000 + ".jpg"])
def test_names_that_no_file_can_have(name: str) -> None:
    refused(UnreadablePhotoError, name, "could not be read|no file")


@pytest.mark.skipif(os.name == "nt", reason="no POSIX permissions")
def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "rahasia.jpg"
    path.write_bytes(DATA)
    path.chmod(0)

    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    if os.geteuid() == 0:  # root may read everything
        monkeypatch.setattr(os, "open", forbidden)
    refused(UnreadablePhotoError, path, "may not be read")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "foto.jpg")
    refused(UnsupportedPhotoError, tmp_path / "foto.jpg", "pipe")


@pytest.mark.parametrize("source", [b"", BytesIO(b""), io.BufferedReader(BytesIO(b""))])
def test_nothing(source: object) -> None:
    refused(UnreadablePhotoError, source, "is empty")


def test_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "kosong.jpg").touch()
    refused(UnreadablePhotoError, tmp_path / "kosong.jpg", "kosong.jpg is empty")


def test_a_closed_file_object() -> None:
    file = BytesIO(DATA)
    file.close()
    refused(UnreadablePhotoError, file, "closed")


def test_a_file_object_whose_medium_is_gone() -> None:
    class Unplugged(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            raise OSError(5, "Input/output error")

    refused(UnreadablePhotoError, Unplugged(), "Input/output error")


@pytest.mark.parametrize("source", [None, 7, ["foto.jpg"], io.StringIO("text")])
def test_what_cannot_be_a_photo_is_the_callers_mistake(source: object) -> None:
    with pytest.raises(TypeError, match="photo"):
        open_photo(source)  # type: ignore[arg-type]


@given(st.integers(1, 7))
def test_a_file_object_may_give_less_than_it_was_asked_for(most: int) -> None:
    class Slow(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return super().read(min(size if size and size > 0 else most, most * 1000))

    assert np.array_equal(open_photo(Slow(DATA)).rgb, open_photo(DATA).rgb)


def test_an_endless_file_object_is_read_to_the_limit_and_no_further() -> None:
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size: int = -1) -> bytes:
            assert size > 0
            self.given += size
            return b"\xff" * size

    endless = Endless()
    refused(PhotoTooLargeError, endless, "more than 3 MB", max_bytes=3_000_000)
    assert endless.given == 3_000_001


def test_a_file_object_is_read_from_where_it_stands_and_left_open() -> None:
    file = BytesIO(b"in front of it" + DATA)
    file.seek(14)
    assert np.array_equal(open_photo(file).rgb, open_photo(DATA).rgb)
    assert not file.closed


@pytest.mark.parametrize("way", ["path", "bytes", "file object"])
def test_the_limit_on_bytes(tmp_path: Path, way: str) -> None:
    path = tmp_path / "foto.jpg"
    path.write_bytes(DATA)

    def source() -> object:
        return {"path": path, "bytes": DATA, "file object": BytesIO(DATA)}[way]

    assert open_photo(source(), Limits(max_bytes=len(DATA))).rgb.size  # type: ignore[arg-type]
    refused(PhotoTooLargeError, source(), "MB", max_bytes=len(DATA) - 1)


FILES = {
    **{f"{fmt}": encode(four_colours(), fmt, **options) for fmt, options in LOSSY.items()},
    **{f"{fmt}, lossless": encode(four_colours(), fmt, **o) for fmt, o in LOSSLESS.items()},
    "GIF": encode(four_colours(), "GIF"),
}


@pytest.mark.parametrize("name", FILES)
def test_the_limit_on_pixels(name: str) -> None:
    assert open_photo(FILES[name], Limits(max_pixels=96 * 64)).rgb.shape == (64, 96, 3)
    error = refused(PhotoTooLargeError, FILES[name], "96 x 64", max_pixels=96 * 64 - 1)
    assert len(error.sha256) == 64


def test_the_limit_on_pixels_of_a_pil_image_and_of_an_array() -> None:
    for source in (Image.fromarray(four_colours()), four_colours()):
        refused(PhotoTooLargeError, source, "96 x 64", max_pixels=96 * 64 - 1)


def bomb_png(width: int, height: int) -> bytes:
    import struct
    import zlib

    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "bomb",
    [
        bomb_png(60_000, 60_000),
        DATA.replace(b"\x00\x11\x08\x00\x40\x00\x60", b"\x00\x11\x08\xff\xdc\xff\xdc"),
        FILES["GIF"][:6] + b"\xff\xff\xff\xff" + FILES["GIF"][10:],
        FILES["BMP, lossless"][:18]
        + (60_000).to_bytes(4, "little") * 2
        + FILES["BMP, lossless"][26:],
    ],
    ids=["PNG", "JPEG", "GIF", "BMP"],
)
def test_a_decompression_bomb_is_refused_from_its_header(bomb: bytes) -> None:
    refused(PhotoTooLargeError, bomb, "more than 200 million")


def test_a_picture_over_pillows_own_limit_but_within_ours_is_opened(
    monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 280_000)
    large = four_colours(1024, 600)
    files = [encode(large, fmt) for fmt in ("JPEG", "PNG", "HEIF", "AVIF")]
    for data in files:
        assert open_photo(data).rgb.shape == (600, 1024, 3)
    assert not [w for w in recwarn if issubclass(w.category, Image.DecompressionBombWarning)]


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((4, 4), np.uint8),
        np.zeros((4, 4, 4), np.uint8),
        np.zeros((4, 4, 3), np.float32),
        np.zeros((0, 4, 3), np.uint8),
        np.zeros((2, 4, 4, 3), np.uint8),
    ],
    ids=str,
)
def test_arrays_that_are_no_rgb_picture(array: np.ndarray) -> None:
    refused(UnsupportedPhotoError, array, "array")


@pytest.mark.parametrize("turn", [lambda a: a[::-1], lambda a: a[:, ::2], np.asfortranarray])
def test_arrays_of_any_layout(turn: Callable[[np.ndarray], np.ndarray]) -> None:
    array = turn(four_colours())
    rgb = open_photo(array).rgb
    assert rgb.flags.c_contiguous
    assert np.array_equal(rgb, array)


def test_a_pil_image_without_pixels() -> None:
    refused(UnreadablePhotoError, Image.new("RGB", (0, 5)), "no pixels")


def test_a_pil_image_of_a_file_that_is_cut_short() -> None:
    png = FILES["PNG, lossless"]
    image = Image.open(BytesIO(png[: len(png) // 2]))
    refused(UnreadablePhotoError, image, "damaged or cut short")


def test_an_original_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "foto.jpg"
    path.write_bytes(DATA)
    before = path.stat()
    open_photo(path)
    after = path.stat()
    assert path.read_bytes() == DATA
    assert (before.st_mtime_ns, before.st_size) == (after.st_mtime_ns, after.st_size)


def test_importing_is_cheap_and_heif_waits_for_a_heif(repository: Path) -> None:
    """Nobody waits for a decoder that is not needed."""
    code = """
import sys, posecheck.opening as o
print([m for m in ("PIL", "pi_heif", "cv2", "onnxruntime") if m in sys.modules])
o.open_photo(bytes.fromhex(sys.argv[1]))
print([m for m in ("PIL.TiffImagePlugin", "PIL.ImageCms", "pi_heif") if m in sys.modules])
"""
    png = encode(four_colours(4, 4), "PNG").hex()
    done = subprocess.run(
        [sys.executable, "-c", code, png], capture_output=True, text=True, cwd=repository
    )
    assert (done.stdout, done.stderr) == ("[]\n[]\n", "")
