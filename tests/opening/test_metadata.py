"""When a photo was taken, as far as its EXIF block can be believed."""

from __future__ import annotations

import warnings
from datetime import datetime
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from posecheck.opening import open_photo
from tests.opening.pictures import encode, exif, four_colours

ORIGINAL, DIGITIZED, MODIFIED = (f"2024:02:{day:02} 07:30:00" for day in (14, 15, 16))


def taken(fmt: str = "JPEG", **tags: object) -> datetime | None:
    return open_photo(encode(four_colours(), fmt, exif=exif(**tags).tobytes())).captured_at


@given(st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1)))
def test_a_date_comes_back(date: datetime) -> None:
    date = date.replace(microsecond=0)
    assert taken(original=date.strftime("%Y:%m:%d %H:%M:%S")) == date


@pytest.mark.parametrize("fmt", ["JPEG", "PNG", "WEBP", "TIFF", "HEIF", "AVIF"])
def test_every_format_that_holds_a_date(fmt: str) -> None:
    assert taken(fmt, original=ORIGINAL) == datetime(2024, 2, 14, 7, 30)


def test_a_pil_image_has_its_date_too() -> None:
    image = Image.open(BytesIO(encode(four_colours(), "JPEG", exif=exif(original=ORIGINAL))))
    assert open_photo(image).captured_at == datetime(2024, 2, 14, 7, 30)


@pytest.mark.parametrize(
    ("tags", "day"),
    [
        ({"original": ORIGINAL, "digitized": DIGITIZED, "modified": MODIFIED}, 14),
        ({"digitized": DIGITIZED, "modified": MODIFIED}, 15),
        ({"modified": MODIFIED}, 16),
        ({"original": "0000:00:00 00:00:00", "modified": MODIFIED}, 16),
    ],
)
def test_the_most_telling_date_is_taken(tags: dict[str, str], day: int) -> None:
    assert taken(**tags) == datetime(2024, 2, day, 7, 30)


@pytest.mark.parametrize(
    "value",
    ["", "    :  :     :  :  ", "0000:00:00 00:00:00", "2024-02-14", "2024:13:01 00:00:00",
     "2024:02:30 00:00:00", "kemarin", "\x00"],
)  # fmt: skip
def test_a_malformed_date_is_none(value: str) -> None:
    assert taken(original=value) is None


@pytest.mark.parametrize("value", [ORIGINAL + "\x00", f" {ORIGINAL} "])
def test_a_date_may_be_padded(value: str) -> None:
    assert taken(original=value) == datetime(2024, 2, 14, 7, 30)


def test_no_date() -> None:
    assert taken() is None
    assert open_photo(encode(four_colours(), "BMP")).captured_at is None
    assert open_photo(four_colours()).captured_at is None


@given(st.binary(max_size=120), st.sampled_from(["JPEG", "PNG", "WEBP"]), st.booleans())
def test_a_damaged_block_costs_nothing_but_itself(block: bytes, fmt: str, tiff: bool) -> None:
    block = b"Exif\x00\x00" + (b"II*\x00\x08\x00\x00\x00" if tiff else b"") + block
    options = {"lossless": True} if fmt == "WEBP" else {}
    plain = open_photo(encode(four_colours(8, 8), fmt, **options)).rgb
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        photo = open_photo(encode(four_colours(8, 8), fmt, exif=block, **options))
    # The bytes may happen to be an orientation, so only its corner is held against the plain one.
    assert sorted(photo.rgb.ravel().tolist()) == sorted(plain.ravel().tolist())


@given(st.integers(6, 110), st.integers(0, 255))
def test_a_block_with_a_changed_byte_costs_nothing_but_itself(at: int, value: int) -> None:
    block = bytearray(exif(orientation=1, original=ORIGINAL, modified=MODIFIED).tobytes())
    block[at % len(block)] = value
    data = encode(four_colours(8, 8), "PNG", exif=bytes(block))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        assert np.prod(open_photo(data).rgb.shape) == 8 * 8 * 3
