"""Whichever way up a camera stored it, a photo comes out upright, and only turned once."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image

from posecheck.opening import open_photo
from tests.opening.pictures import (
    LOSSLESS,
    LOSSY,
    Rgb,
    difference,
    encode,
    exif,
    four_colours,
    stored_as,
)

ALL = range(1, 9)
HOLD_EXIF = {name: options for name, options in LOSSLESS.items() if name != "BMP"}


@given(
    hnp.arrays(np.uint8, st.tuples(st.integers(1, 20), st.integers(1, 20), st.just(3))),
    st.sampled_from(ALL),
    st.sampled_from(sorted(HOLD_EXIF)),
)
def test_lossless_files_come_out_upright(upright: Rgb, orientation: int, fmt: str) -> None:
    stored = stored_as(upright, orientation)
    data = encode(stored, fmt, exif=exif(orientation=orientation), **HOLD_EXIF[fmt])
    assert np.array_equal(open_photo(data).rgb, upright)


@pytest.mark.parametrize("orientation", ALL)
@pytest.mark.parametrize(("fmt", "options"), LOSSY.items())
def test_lossy_files_come_out_upright(fmt: str, options: dict[str, Any], orientation: int) -> None:
    """AVIF and HEIF keep the turn in the container; their decoders may have applied it already."""
    upright = four_colours()
    stored = stored_as(upright, orientation)
    data = encode(stored, fmt, exif=exif(orientation=orientation), **options)
    if fmt in ("AVIF", "HEIF") and orientation > 1:
        assert b"irot" in data or b"imir" in data
    assert difference(open_photo(data).rgb, upright) < 4


def test_heif_is_turned_by_its_container_and_not_by_exif() -> None:
    """ISO/IEC 23008-12: readers ignore the EXIF orientation of a HEIF file."""
    picture = four_colours()
    upright = encode(picture, "HEIF", quality=95, exif=exif(orientation=1))
    tag = b"\x01\x12\x00\x03\x00\x00\x00\x01\x00"  # orientation, one short, big-endian
    assert upright.count(tag + b"\x01") == 1
    claimed = upright.replace(tag + b"\x01", tag + b"\x06")
    assert difference(open_photo(claimed).rgb, picture) < 4


@pytest.mark.parametrize("orientation", ALL)
def test_a_pil_image_is_turned_like_its_file(orientation: int) -> None:
    upright = four_colours()
    data = encode(stored_as(upright, orientation), "PNG", exif=exif(orientation=orientation))
    image = Image.open(BytesIO(data))
    assert np.array_equal(open_photo(image).rgb, upright)
    assert np.array_equal(open_photo(image).rgb, upright), "the caller's image was changed"


@pytest.mark.parametrize("fmt", ["AVIF", "HEIF", "TIFF"])
def test_an_image_that_its_decoder_turned_is_not_turned_again(fmt: str) -> None:
    upright = four_colours()
    data = encode(stored_as(upright, 6), fmt, exif=exif(orientation=6))
    image = Image.open(BytesIO(data))
    image.load()
    assert difference(open_photo(image).rgb, upright) < 8


def test_an_array_is_taken_as_it_is() -> None:
    upright = four_colours()
    assert np.array_equal(open_photo(upright).rgb, upright)


@pytest.mark.parametrize("value", [0, 9, 255])
def test_an_orientation_without_meaning_is_ignored(value: int) -> None:
    upright = four_colours()
    assert np.array_equal(
        open_photo(encode(upright, "PNG", exif=exif(orientation=value))).rgb, upright
    )
