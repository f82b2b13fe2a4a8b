"""Every kind of picture that files hold becomes the RGB that a viewer would show."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray
from PIL import Image, ImageCms

from posecheck.opening import open_photo
from posecheck.opening.pixels import to_rgb
from tests.opening.pictures import Rgb, difference, encode, four_colours, stored_as

RAMP = np.repeat(np.arange(256, dtype=np.uint8)[None], 4, axis=0)


def grey(levels: NDArray[np.uint8]) -> Rgb:
    return np.stack([levels] * 3, axis=-1)


@given(hnp.arrays(np.uint16, st.tuples(st.integers(1, 9), st.integers(1, 9))))
def test_16_bit_grey_is_scaled_and_not_clipped(deep: NDArray[np.uint16]) -> None:
    expected = grey(np.rint(deep / 257).astype(np.uint8))
    for fmt in ("PNG", "TIFF"):
        assert np.array_equal(open_photo(encode(Image.fromarray(deep), fmt)).rgb, expected)


def test_16_bit_grey_of_the_other_byte_order() -> None:
    deep = (RAMP.astype(">u2") * 257).astype(">u2")
    assert np.array_equal(to_rgb(Image.fromarray(deep)), grey(RAMP))


@pytest.mark.parametrize(
    "deep",
    [
        (RAMP.astype(np.float32) / 255),
        RAMP.astype(np.float32),
        RAMP.astype(np.float32) * 257,
        RAMP.astype(np.int32),
        RAMP.astype(np.int32) * 257,
        RAMP.astype(np.int32) * 8_000_000,
        RAMP.astype(np.float32) - 100,
        RAMP.astype(np.float32) * 1e6,
    ],
    ids=["unit", "byte", "word", "int byte", "int word", "int full", "signed", "any"],
)
def test_32_bit_grey_finds_its_scale(deep: NDArray[np.float32] | NDArray[np.int32]) -> None:
    photo = open_photo(encode(Image.fromarray(deep), "TIFF"))
    assert difference(photo.rgb, grey(RAMP)) < 0.51


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_float_pixels_that_are_no_numbers_do_no_harm(value: float) -> None:
    deep = (RAMP / 255).astype(np.float32)
    deep[0, 0] = value
    rgb = open_photo(encode(Image.fromarray(deep), "TIFF")).rgb
    assert np.array_equal(rgb[1:], grey(RAMP)[1:])
    assert np.array_equal(rgb[0, 1:], grey(RAMP)[0, 1:])


def test_float_pixels_without_any_number_are_black() -> None:
    assert not open_photo(
        encode(Image.fromarray(np.full((4, 4), np.nan, np.float32)), "TIFF")
    ).rgb.any()


@given(st.tuples(*[st.integers(0, 255)] * 4))
def test_transparency_is_laid_over_white(rgba: tuple[int, int, int, int]) -> None:
    image = Image.new("RGBA", (3, 2), rgba)
    colour, alpha = np.array(rgba[:3], np.float64), rgba[3] / 255
    expected = colour * alpha + 255 * (1 - alpha)
    for fmt in ("PNG", "TIFF"):
        rgb = open_photo(encode(image, fmt)).rgb
        assert np.abs(rgb - expected).max() <= 1


def test_grey_with_transparency_is_laid_over_white() -> None:
    rgb = open_photo(encode(Image.new("LA", (3, 2), (0, 0)), "PNG")).rgb
    assert (rgb == 255).all()


@pytest.mark.parametrize("mode", ["RGBa", "La"])
def test_premultiplied_alpha_is_understood(mode: str) -> None:
    straight = Image.new(mode[:-1] + "A", (3, 2), (200,) * (len(mode) - 1) + (128,))
    rgb = open_photo(straight.convert(mode)).rgb
    assert np.abs(rgb.astype(int) - open_photo(straight).rgb).max() <= 2


@pytest.mark.parametrize("fmt", ["PNG", "GIF"])
def test_a_transparent_palette_entry_is_white(fmt: str) -> None:
    image = Image.new("P", (4, 4), 0)
    image.putpalette([10, 20, 30, 200, 100, 50])
    image.paste(1, (0, 0, 2, 4))
    rgb = open_photo(encode(image, fmt, transparency=0)).rgb
    assert (rgb[:, :2] == (200, 100, 50)).all()
    assert (rgb[:, 2:] == 255).all()


def test_a_transparent_colour_is_white() -> None:
    image = Image.fromarray(np.array([[[1, 2, 3], [9, 9, 9]]], np.uint8))
    rgb = open_photo(encode(image, "PNG", transparency=(1, 2, 3))).rgb
    assert rgb.tolist() == [[[255, 255, 255], [9, 9, 9]]]


@pytest.mark.parametrize("fmt", ["PNG", "TIFF", "BMP", "GIF"])
def test_black_and_white_pictures(fmt: str) -> None:
    bits = np.indices((6, 7)).sum(axis=0) % 2 == 0
    rgb = open_photo(encode(Image.fromarray(bits), fmt)).rgb
    assert np.array_equal(rgb, grey(np.where(bits, 255, 0).astype(np.uint8)))


@pytest.mark.parametrize("mode", ["L", "P", "RGB"])
def test_grey_and_palette_pictures(mode: str) -> None:
    rgb = open_photo(encode(Image.fromarray(RAMP).convert(mode), "PNG")).rgb
    assert np.array_equal(rgb, grey(RAMP))


@pytest.mark.parametrize("fmt", ["JPEG", "TIFF"])
def test_cmyk_is_not_inverted(fmt: str) -> None:
    """Pillow writes CMYK JPEG as Adobe does, inverted and marked so."""
    picture = four_colours()
    data = encode(Image.fromarray(picture).convert("CMYK"), fmt)
    if fmt == "JPEG":
        assert b"Adobe" in data
    assert difference(open_photo(data).rgb, picture) < 4


@pytest.mark.parametrize("mode", ["YCbCr", "LAB", "HSV"])
def test_other_colour_spaces(mode: str) -> None:
    picture = Image.fromarray(four_colours())
    if mode == "LAB":
        spaces = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
        converted = ImageCms.profileToProfile(picture, *spaces, outputMode="LAB")
        assert converted is not None
    else:
        converted = picture.convert(mode)
    assert difference(open_photo(converted).rgb, four_colours()) < 4
    if mode != "HSV":
        options = {"compression": "jpeg", "quality": 95} if mode == "YCbCr" else {}
        stored = encode(converted, "TIFF", **options)
        assert difference(open_photo(stored).rgb, four_colours()) < 4


def srgb_profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def swapped_profile() -> bytes:
    """An sRGB profile with its red and green exchanged."""
    return (
        srgb_profile().replace(b"rXYZ", b"tmpX").replace(b"gXYZ", b"rXYZ").replace(b"tmpX", b"gXYZ")
    )


def damaged(profile: bytes) -> bytes:
    return profile[:100] + b"\xff" * 60 + profile[160:]


def wrong_space(profile: bytes) -> bytes:
    return profile[:16] + b"CMYK" + profile[20:]


@pytest.mark.parametrize(
    "profile",
    [
        srgb_profile,
        lambda: b"",
        lambda: b"not a profile",
        lambda: srgb_profile()[:50],
        lambda: damaged(srgb_profile()),
        lambda: wrong_space(srgb_profile()),
    ],
    ids=["sRGB", "empty", "text", "short", "damaged", "of another space"],
)
@pytest.mark.parametrize("mode", ["RGB", "L"])
def test_a_profile_that_says_nothing_changes_nothing(
    profile: Callable[[], bytes], mode: str
) -> None:
    picture = Image.fromarray(four_colours()).convert(mode)
    plain = open_photo(encode(picture, "PNG")).rgb
    assert np.array_equal(open_photo(encode(picture, "PNG", icc_profile=profile())).rgb, plain)


def test_a_profile_that_changes_colours_much_is_applied() -> None:
    green = Image.new("RGB", (8, 8), (0, 255, 0))
    rgb = open_photo(encode(green, "PNG", icc_profile=swapped_profile())).rgb
    assert difference(rgb, np.full((8, 8, 3), (255, 0, 0), np.uint8)) < 4


@given(st.binary(max_size=400), st.sampled_from(["JPEG", "TIFF"]))
def test_no_profile_costs_a_photo(profile: bytes, fmt: str) -> None:
    data = encode(Image.new("CMYK", (8, 8), (0, 0, 0, 128)), fmt, icc_profile=profile)
    assert open_photo(data).rgb.shape == (8, 8, 3)


def test_a_callers_image_is_left_alone() -> None:
    image = Image.open(BytesIO(encode(Image.new("LA", (5, 4), (9, 100)), "PNG")))
    open_photo(image)
    assert (image.mode, image.size, image.getpixel((0, 0))) == ("LA", (5, 4), (9, 100))


def test_pixels_are_read_only() -> None:
    mine = four_colours()
    for rgb in (open_photo(mine).rgb, open_photo(encode(mine, "PNG")).rgb):
        assert not rgb.flags.writeable
    assert mine.flags.writeable


@pytest.mark.parametrize("size", [(1, 1000), (700, 800), (300_000, 3), (1, 1)])
def test_pixels_of_any_size_are_copied_in_place(size: tuple[int, int]) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (size[1], size[0], 3), np.uint8)
    assert np.array_equal(to_rgb(Image.fromarray(picture)), picture)


@pytest.mark.parametrize("value", [-3.0, 1e30, -3e38, float("inf"), float("nan")])
def test_deep_grey_that_is_all_alike_is_one_colour(value: float) -> None:
    rgb = open_photo(Image.fromarray(np.full((5, 7), value, np.float32))).rgb
    assert rgb.shape == (5, 7, 3)
    assert len(np.unique(rgb)) == 1


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA", "LA", "CMYK", "I;16", "F"])
def test_a_picture_of_many_strips_is_turned_as_a_whole(mode: str, orientation: int) -> None:
    """It is converted and turned strip by strip; this one has three."""
    upright = four_colours(1000, 700)
    shades = upright.mean(axis=2).astype(np.uint8)
    stored = stored_as(grey(shades), orientation)
    if mode in ("I;16", "F"):
        deep = stored[..., 0].astype(np.uint16) * 257 if mode == "I;16" else stored[..., 0] / 255
        image = Image.fromarray(deep.astype(np.uint16 if mode == "I;16" else np.float32))
    else:
        image = Image.fromarray(stored).convert(mode)
    rgb = to_rgb(image, orientation)
    assert rgb.flags.c_contiguous and rgb.shape == upright.shape
    assert np.abs(rgb.astype(np.int16) - grey(shades)).max() <= 3


def test_a_profile_whose_colours_have_no_name_is_passed_over() -> None:
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[16:20] = b"RG\xdb "  # the colour space (ICC.1:2010, 7.2.6)
    plain, named = (
        open_photo(encode(four_colours(), "PNG", icc_profile=icc)).rgb
        for icc in (None, bytes(profile))
    )
    assert np.array_equal(plain, named)
