"""Photos that are well-formed and odd: thin, huge, animated, of one colour, of strange depths."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Literal

import numpy as np
from PIL import Image, ImageCms

from tests.opening.pictures import encode, exif, four_colours
from tests.reliability.pictures import noise

SHAPES = ((1, 1), (1, 2), (2, 1), (3, 3), (1, 20000), (20000, 1), (1, 65000), (16383, 2), (7, 900))
FORMATS = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "TIFF": "tif", "BMP": "bmp", "GIF": "gif",
           "AVIF": "avif", "HEIF": "heic"}  # fmt: skip
LARGEST_SIDE = {"WEBP": 16383, "AVIF": 16384, "HEIF": 8192, "JPEG": 65500}
SMALLEST_SIDE = {"HEIF": 2}


def animated(_rng: random.Random) -> Iterator[tuple[str, bytes]]:
    """Several pictures in a file; the first counts."""
    frames = [Image.fromarray(four_colours(64, 48)).rotate(20 * i) for i in range(12)]
    for fmt in ("GIF", "WEBP", "PNG", "TIFF", "AVIF"):
        for count in (2, 12, 60):
            more = (frames * 5)[1:count]
            data = _undated(encode(frames[0], fmt, save_all=True, append_images=more))
            yield f"{count}.{FORMATS[fmt]}", data
            yield f"{count} cut.{FORMATS[fmt]}", data[: len(data) * 2 // 3]


def _undated(data: bytes) -> bytes:
    """An animated AVIF without the times at which its movie was made (ISO/IEC 14496-12, 8.2.2)."""
    for kind in (b"mvhd", b"tkhd", b"mdhd"):
        at = data.find(kind)
        while at >= 0:
            start, length = at + 8, 16 if data[at + 4] else 8
            data = data[:start] + bytes(length) + data[start + length :]
            at = data.find(kind, start)
    return data


def profiles(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    """Colour profiles that are cut short, changed, of another space, or noise."""
    whole, lab = _profile("sRGB"), _profile("LAB")
    spoilt = [bytearray(whole) for _ in range(20)]
    for some in spoilt:
        for _ in range(30):
            some[rng.randrange(len(some))] = rng.randrange(256)
    cut = [whole[:n] for n in (1, 4, 127, 128, 132, 200, len(whole) - 1)]
    for icc in (*cut, lab, rng.randbytes(5000), b"\xff" * 200, bytes(200), *map(bytes, spoilt)):
        for fmt, ending in FORMATS.items():
            if fmt in ("JPEG", "PNG", "WEBP", "TIFF", "AVIF"):
                for mode in ("RGB", "L", "CMYK"):
                    if mode == "RGB" or fmt in ("JPEG", "TIFF"):
                        image = Image.fromarray(four_colours()).convert(mode)
                        yield f"{mode}.{ending}", encode(image, fmt, icc_profile=icc)


def _profile(space: Literal["LAB", "sRGB"]) -> bytes:
    """A profile without the time at which it was made (ICC.1:2010, 7.2.1)."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile(space)).tobytes()
    return profile[:24] + bytes(12) + profile[36:]


def shapes(_rng: random.Random) -> Iterator[tuple[str, bytes]]:
    """One pixel, one row, one column, in every format that can have it, on all sides."""
    for width, height in SHAPES:
        image = Image.new("RGB", (width, height), "orange")
        for fmt, ending in FORMATS.items():
            if max(width, height) > LARGEST_SIDE.get(fmt, 65535):
                continue
            if min(width, height) < SMALLEST_SIDE.get(fmt, 1):
                continue
            yield f"{width}x{height}.{ending}", encode(image, fmt)
        for turn in (3, 6):
            turned = encode(image, "JPEG", exif=exif(orientation=turn))
            yield f"{width}x{height} {turn}.jpg", turned


def plain(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    """Nothing but black, white, one colour, or noise."""
    for fmt, ending in FORMATS.items():
        for colour in ("black", "white", "red"):
            yield f"{colour}.{ending}", encode(Image.new("RGB", (640, 480), colour), fmt)
        yield f"noise.{ending}", encode(noise(640, 480, rng.randrange(1000)), fmt)


def deep(_rng: random.Random) -> Iterator[tuple[str, bytes]]:
    """Grey of 16 and 32 bits and floats: all alike, without an end, no numbers."""
    ramp = np.linspace(0, 1, 96 * 64, dtype=np.float32).reshape(64, 96)
    values = (0.0, -3.0, 1e30, -3e38, np.inf, -np.inf, np.nan)
    floats = [np.full((64, 96), value, np.float32) for value in values]
    floats += [ramp, (ramp - 0.5) * np.float32(3e38), np.where(ramp > 0.5, np.nan, ramp)]
    for i, grey in enumerate(floats):
        yield f"float {i}.tif", encode(Image.fromarray(grey), "TIFF")
    for value in (-(2**31), -1, 0, 2**31 - 1):
        yield (
            f"int {value}.tif",
            encode(Image.fromarray(np.full((64, 96), value, np.int32)), "TIFF"),
        )
    wide = np.array([[-(2**31), 2**31 - 1]] * 9, np.int32)
    yield "wide.tif", encode(Image.fromarray(wide), "TIFF")
    short = Image.fromarray((ramp * 65535).astype(np.uint16))
    yield "16.png", encode(short, "PNG")
    yield "16.tif", encode(short, "TIFF")
    lab = ImageCms.createProfile("LAB")
    rgb = Image.fromarray(four_colours())
    picture = ImageCms.profileToProfile(rgb, ImageCms.createProfile("sRGB"), lab, outputMode="LAB")
    assert picture is not None
    yield "lab.tif", encode(picture, "TIFF")
    yield "palette of one.png", encode(Image.new("P", (50, 50)), "PNG", transparency=0)


def large() -> Iterator[tuple[str, bytes]]:
    """A hundred million pixels and more, in files of kilobytes."""
    yield "100.jpg", encode(Image.new("RGB", (10000, 10000), "navy"), "JPEG")
    yield "100 turned.jpg", encode(Image.new("L", (10000, 10000)), "JPEG", exif=exif(orientation=6))
    yield "100.png", encode(Image.new("RGBA", (10000, 10000)), "PNG", compress_level=1)
    yield "100 grey.png", encode(Image.new("I;16", (10000, 10000)), "PNG", compress_level=1)
    yield "100.tif", encode(Image.new("F", (10000, 10000)), "TIFF", compression="tiff_lzw")
    yield "100.webp", encode(Image.new("RGB", (16383, 6100)), "WEBP", lossless=True, method=0)
    yield "199.png", encode(Image.new("P", (19999, 9950)), "PNG", compress_level=1)
    yield "201.png", encode(Image.new("1", (20001, 10050)), "PNG", compress_level=1)
