"""One picture is the same picture in every format, and the name of a file decides nothing."""

from __future__ import annotations

import hashlib
import io
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image

from posecheck.errors import UnsupportedPhotoError
from posecheck.opening import PHOTO_SUFFIXES, open_photo
from posecheck.opening.formats import READ_FORMATS
from tests.opening.pictures import LOSSLESS, LOSSY, Rgb, difference, encode, four_colours

pictures = hnp.arrays(np.uint8, st.tuples(st.integers(1, 24), st.integers(1, 24), st.just(3)))


@given(pictures, st.sampled_from(sorted(LOSSLESS)))
def test_lossless_formats_give_the_same_pixels(picture: Rgb, fmt: str) -> None:
    photo = open_photo(encode(picture, fmt, **LOSSLESS[fmt]))
    assert np.array_equal(photo.rgb, picture)
    assert photo.format == fmt
    assert photo.rgb.flags.c_contiguous and photo.rgb.dtype == np.uint8


@pytest.mark.parametrize(("fmt", "options"), LOSSY.items())
def test_lossy_formats_give_nearly_the_same_pixels(fmt: str, options: dict[str, Any]) -> None:
    photo = open_photo(encode(four_colours(), fmt, **options))
    assert difference(photo.rgb, four_colours()) < 4
    assert photo.format == fmt


def test_every_format_that_is_promised_is_tried() -> None:
    assert {fmt.name for fmt in READ_FORMATS} == set(LOSSLESS) | set(LOSSY) | {"GIF"}


@pytest.mark.parametrize("fmt", ["GIF", "WEBP", "PNG", "TIFF"])
def test_the_first_of_several_pictures_is_taken(fmt: str) -> None:
    frames = [Image.new("RGB", (20, 10), colour) for colour in ("red", "blue")]
    options = {"lossless": True} if fmt == "WEBP" else {}
    data = encode(frames[0], fmt, save_all=True, append_images=frames[1:], **options)
    assert (open_photo(data).rgb == (255, 0, 0)).all()


def test_the_picture_in_front_of_a_second_one_is_taken() -> None:
    """Phones store a photo and its depth or its preview in one JPEG (MPO)."""
    data = encode(four_colours(), "MPO", save_all=True, append_images=[Image.new("RGB", (5, 5))])
    photo = open_photo(data)
    assert photo.format == "JPEG"
    assert difference(photo.rgb, four_colours()) < 8


def test_what_a_phone_appends_to_a_photo_does_no_harm() -> None:
    """A motion photo is a JPEG with a video behind it; any bytes may occur in that."""
    data = encode(four_colours(), "JPEG", quality=95)
    moving = open_photo(data + b"\x00\x00\x00\x18ftypmp42\xff\xda\x00" * 50 + bytes(100))
    assert np.array_equal(moving.rgb, open_photo(data).rgb)


@pytest.mark.parametrize("wrong", ["foto.png", "foto.heic", "foto", "foto.txt"])
def test_the_name_does_not_decide_the_format(tmp_path: Path, wrong: str) -> None:
    path = tmp_path / wrong
    path.write_bytes(encode(four_colours(), "JPEG"))
    assert open_photo(path).format == "JPEG"


@given(st.sampled_from(["JPEG", "PNG"]))
def test_a_path_bytes_a_file_object_and_a_pil_image_are_one_photo(fmt: str) -> None:
    data = encode(four_colours(), fmt)
    from_bytes = open_photo(data)
    for photo in (
        open_photo(BytesIO(data)),
        open_photo(io.BufferedReader(BytesIO(data))),
        open_photo(bytearray(data)),
        open_photo(memoryview(data)),
    ):
        assert np.array_equal(photo.rgb, from_bytes.rgb)
        assert photo.sha256 == hashlib.sha256(data).hexdigest()
        assert photo.path == ""
    image = open_photo(Image.open(BytesIO(data)))
    assert np.array_equal(image.rgb, from_bytes.rgb)
    assert (image.sha256, image.path, image.format) == ("", "", fmt)


@pytest.mark.parametrize(
    "name", ["foto.jpg", "Foto Apel Pagi — Ibu Ñ 写真 📷.jpg", "a" * 180 + ".jpg"]
)
def test_a_path_is_read_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    data = encode(four_colours(), "JPEG")
    path = tmp_path / "Rapat Dinas é" / name
    path.parent.mkdir()
    path.write_bytes(data)
    for given_path in (path, str(path)):
        photo = open_photo(given_path)
        assert photo.path == str(path)
        assert photo.sha256 == hashlib.sha256(data).hexdigest()
        assert np.array_equal(photo.rgb, open_photo(data).rgb)
    with path.open("rb") as file:
        assert open_photo(file).path == str(path)


@pytest.mark.parametrize(
    ("start", "seems"),
    [
        (b"%PDF-1.7\n", "PDF"),
        (b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41", "video"),
        (b"\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00qt  ", "video"),
        (b"\x00\x00\x00\x18ftypcrx \x00\x00\x00\x01crx isom", "camera raw"),
        (b"PK\x03\x04\x14\x00", "ZIP"),
        (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "JPEG XL"),
        (b"\x00\x00\x00\x0cjP  \r\n\x87\n", "JPEG 2000"),
        (b"8BPS\x00\x01", "Photoshop"),
        (b"halo, ini bukan foto\n", "not a picture"),
        (b"\x00", "not a picture"),
    ],
)
def test_what_is_no_photo_is_called_what_it_is(tmp_path: Path, start: bytes, seems: str) -> None:
    path = tmp_path / "foto.jpg"
    path.write_bytes(start + b"\x00" * 100)
    with pytest.raises(UnsupportedPhotoError, match=seems) as caught:
        open_photo(path)
    assert caught.value.path == str(path)
    assert caught.value.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert "JPEG or PNG" in caught.value.remedy


def test_the_preview_of_a_camera_raw_file_is_not_taken_for_the_photo() -> None:
    preview = encode(four_colours(), "TIFF", tiffinfo={254: 1})
    digital_negative = encode(four_colours(), "TIFF", tiffinfo={50706: b"\x01\x04\x00\x00"})
    canon = encode(four_colours(), "TIFF")
    canon = canon[:8] + b"CR\x02\x00" + canon[12:]
    for data in (preview, digital_negative, canon):
        with pytest.raises(UnsupportedPhotoError, match="raw"):
            open_photo(data)


def test_suffixes_are_lower_case() -> None:
    assert all(s.startswith(".") and s == s.lower() for s in PHOTO_SUFFIXES)
    assert {".jpg", ".jpeg", ".heic", ".avif", ".webp", ".dng"} <= PHOTO_SUFFIXES
