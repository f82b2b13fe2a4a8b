"""Good files, in every format and in the ways that formats have: what damage begins with."""

from __future__ import annotations

import struct
import zlib
from functools import cache
from typing import Any

import numpy as np
from PIL import Image

from tests.opening.pictures import encode, exif, four_colours

TAGS = {"orientation": 6, "original": "2024:02:14 07:30:00", "modified": "2024:02:15 09:00:00"}

WAYS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "JPEG": ("jpg", "JPEG", {}),
    "JPEG, progressive": ("jpg", "JPEG", {"progressive": True}),
    "JPEG, CMYK": ("jpeg", "JPEG", {"mode": "CMYK"}),
    "PNG": ("png", "PNG", {}),
    "PNG, palette": ("png", "PNG", {"mode": "P"}),
    "PNG, alpha": ("png", "PNG", {"mode": "RGBA"}),
    "WebP": ("webp", "WEBP", {}),
    "WebP, lossless": ("webp", "WEBP", {"lossless": True, "mode": "RGBA"}),
    "TIFF": ("tif", "TIFF", {}),
    "TIFF, LZW": ("tif", "TIFF", {"compression": "tiff_lzw"}),
    "TIFF, deflate": ("tiff", "TIFF", {"compression": "tiff_adobe_deflate"}),
    "TIFF, JPEG": ("tiff", "TIFF", {"compression": "jpeg"}),
    "TIFF, PackBits": ("tif", "TIFF", {"compression": "packbits"}),
    "TIFF, fax": ("tif", "TIFF", {"compression": "group4", "mode": "1"}),
    "BigTIFF": ("tif", "TIFF", {"big_tiff": True}),
    "BMP": ("bmp", "BMP", {}),
    "BMP, palette": ("dib", "BMP", {"mode": "P"}),
    "GIF": ("gif", "GIF", {"mode": "P"}),
    "AVIF": ("avif", "AVIF", {}),
    "HEIF": ("heic", "HEIF", {}),
    "HEIF, lossless": ("hif", "HEIF", {"quality": -1}),
}


@cache
def good() -> dict[str, tuple[str, bytes]]:
    """Name of each way to store a picture, to the ending of its name and the file."""
    made = {way: (ending, _encoded(fmt, **more)) for way, (ending, fmt, more) in WAYS.items()}
    made["BMP, RLE"] = "bmp", _bmp_rle()
    return made


def _encoded(fmt: str, mode: str = "RGB", **options: Any) -> bytes:
    image = Image.fromarray(four_colours()).convert(mode)
    if fmt not in ("BMP", "GIF"):
        options["exif"] = exif(**TAGS)
    return encode(image, fmt, **options)


def _bmp_rle() -> bytes:
    """A bitmap of 8 bits and run lengths, which Pillow reads and does not write."""
    width, height = 64, 16
    rows = b"".join(bytes((width, y)) + b"\0\0" for y in range(height)) + b"\0\1"
    palette = b"".join(bytes((i, 255 - i, i // 2, 0)) for i in range(256))
    start = 14 + 40 + len(palette)
    info = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 8, 1, len(rows), 2835, 2835, 256, 0)
    return b"BM" + struct.pack("<IHHI", start + len(rows), 0, 0, start) + info + palette + rows


def png_chunk(kind: bytes, content: bytes) -> bytes:
    """A chunk of a PNG."""
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


def png(width: int, height: int, colour: int = 2, depth: int = 8, *more: bytes) -> bytes:
    """A PNG that says it is that large and holds one row, with `more` chunks before that."""
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    data = png_chunk(b"IDAT", zlib.compress(bytes(1000)))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(more) + data + png_chunk(b"IEND", b"")


def box(kind: bytes, content: bytes, version: int | None = None) -> bytes:
    """A box of an ISO base media file; with a version where it has one."""
    if version is not None:
        content = struct.pack(">I", version << 24) + content
    return struct.pack(">I", 8 + len(content)) + kind + content


def noise(width: int, height: int, seed: int) -> Image.Image:
    """Random pixels."""
    rng = np.random.default_rng(seed)
    return Image.fromarray(rng.integers(0, 256, (height, width, 3), np.uint8))
