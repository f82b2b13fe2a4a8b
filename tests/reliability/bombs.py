"""Small files that ask for much: pixels, directories without end, streams that inflate."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Iterator

from tests.opening.pictures import encode, four_colours
from tests.reliability.pictures import box, good, png, png_chunk

SIZES = ((65500, 65500), (0x7FFFFFFF, 0x7FFFFFFF), (0xFFFFFFFF, 1), (1, 0xFFFFFFFF), (30000, 20000),
         (0, 0), (0, 100), (20001, 10000))  # fmt: skip
"""Widths and heights; the last is just over the limit of 200 million pixels."""


def absurd(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    """Headers that tell of more pixels than any computer holds, or of none."""
    for width, height in SIZES:
        size = f"{width}x{height}"
        for colour, depth in ((2, 8), (6, 16), (3, 1), (0, 16)):
            yield f"{size} {colour}.png", png(width, height, colour, depth)
        for compression in (1, 5, 8, 7, 4, 32773, 34925, 50001):
            yield f"{size} {compression}.tif", tiff(width, height, compression)
            yield f"{size} {compression} tiled.tif", tiff(width, height, compression, tile=True)
        yield f"{size}.bmp", _bmp(width, height, rng)
        yield f"{size}.gif", _gif(width, height)
        yield f"{size}.webp", _webp(width, height)
        yield f"{size}.jpg", _jpeg(width, height)
        for way in ("HEIF", "AVIF"):
            ending, data = good()[way]
            yield f"{size}.{ending}", _resized(data, width, height)
    for tiles in ((1, 1), (255, 255), (256, 256)):
        yield f"grid {tiles[0]}.heic", heif_grid(*tiles, 65535, 65535)
        yield f"grid {tiles[0]} small.heic", heif_grid(*tiles, 64, 64)


def cyclic(_rng: random.Random) -> Iterator[tuple[str, bytes]]:
    """Directories that lead to themselves or to each other, and lists that do not end."""
    for order, mark in ((">", b"MM\0*"), ("<", b"II*\0")):
        for tag in (0x8769, 0x8825, 0xA005, 0x014A, 0x0190):
            block = _looping(order, mark, tag)
            yield f"{tag:x}.jpg", encode(four_colours(), "JPEG", exif=b"Exif\0\0" + block)
            yield f"{tag:x}.png", encode(four_colours(), "PNG", exif=block)
            yield f"{tag:x}.webp", encode(four_colours(), "WEBP", exif=block)
            yield f"{tag:x}.tif", block
        yield "next.tif", tiff(64, 64, 1, order=order, following=8)
        yield "chain.tif", _chain(order, mark, 20000)
        yield "tags.tif", mark + struct.pack(f"{order}IH", 8, 65535) + bytes(12 * 65535 + 4)
        yield "offsets.tif", tiff(64, 64, 1, order=order, strips=65535)
    for count in (10, 10000):
        yield f"{count} marker.jpg", b"\xff\xd8" + b"\xff\xe1\x00\x02" * count + b"\xff\xd9"
        yield f"{count} fill.jpg", b"\xff\xd8" + b"\xff" * 100 * count + b"\xff\xd9"
        chunks = [png_chunk(b"tEXt", b"a\0b")] * count
        yield f"{count} chunk.png", png(30, 10, 2, 8, *chunks)
        yield f"{count} boxes.heic", _ftyp(b"heic") + box(b"free", b"") * count
    for brand in (b"heic", b"avif"):
        nested = b""
        for _ in range(2000):
            nested = box(b"meta", nested, version=0)
        yield f"nested.{'heic' if brand == b'heic' else 'avif'}", _ftyp(brand) + nested
        yield f"zero.{brand.decode()}", _ftyp(brand) + b"\0\0\0\0meta" + bytes(64)
        yield f"wide.{brand.decode()}", _ftyp(brand) + b"\0\0\0\1meta" + b"\xff" * 8 + bytes(64)
    yield "name.heic", _odd_type(b"\xff\xfe\xfd\xfc")
    yield "type.heic", _odd_type(b"Ex\xd3f")


def inflating(_rng: random.Random) -> Iterator[tuple[str, bytes]]:
    """Streams that unpack to a thousand times their length, in and beside the pixels."""
    zeros = zlib.compress(bytes(100_000_000), 9)
    icc = png_chunk(b"iCCP", b"a\0\0" + zeros)
    yield "icc.png", png(30, 10, 2, 8, icc)
    yield "text.png", png(30, 10, 2, 8, png_chunk(b"zTXt", b"a\0\0" + zeros))
    yield "text 100.png", png(30, 10, 2, 8, *[png_chunk(b"zTXt", b"a\0\0" + zeros)] * 100)
    yield "itxt.png", png(30, 10, 2, 8, png_chunk(b"iTXt", b"a\0\1\0\0\0" + zeros))
    data = png_chunk(b"IDAT", zeros)
    yield "data.png", png(30, 10, 2, 8, data)
    yield "strip.tif", tiff(30, 10, 8, data=zeros)
    yield "lzw.tif", tiff(30, 10, 5, data=b"\x80" + b"\xff" * 500_000)
    yield "run.tif", tiff(9000, 9000, 32773, data=b"\x81\0" * 2_000_000)
    yield "lzw.gif", _gif(9000, 9000, b"\xff" * 250 * 1000)


def tiff(
    width: int,
    height: int,
    compression: int,
    *,
    order: str = "<",
    tile: bool = False,
    following: int = 0,
    strips: int = 1,
    data: bytes = bytes(100),
) -> bytes:
    """A TIFF of RGB whose one strip or tile is `data`."""
    mark = b"II*\0" if order == "<" else b"MM\0*"
    tags = [(256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, compression),
            (262, 3, 1, 2), (277, 3, 1, 3)]  # fmt: skip
    start = 8 + 2 + 12 * (len(tags) + (4 if tile else 3)) + 4
    if tile:
        tags += [(322, 4, 1, width), (323, 4, 1, height), (324, 4, strips, start),
                 (325, 4, strips, len(data))]  # fmt: skip
    else:
        tags += [(273, 4, strips, start), (278, 4, 1, height), (279, 4, strips, len(data))]
    entries = b"".join(_entry(order, *tag) for tag in sorted(tags))
    head = mark + struct.pack(f"{order}IH", 8, len(tags))
    return head + entries + struct.pack(f"{order}I", following) + data


def _entry(order: str, tag: int, kind: int, count: int, value: int) -> bytes:
    small = kind == 3 and count == 1
    return struct.pack(f"{order}HHI", tag, kind, count) + (
        struct.pack(f"{order}HH", value, 0) if small else struct.pack(f"{order}I", value)
    )


def _looping(order: str, mark: bytes, tag: int) -> bytes:
    """A directory with an inner one that is itself."""
    entry = _entry(order, tag, 4, 1, 8)
    return mark + struct.pack(f"{order}IH", 8, 1) + entry + struct.pack(f"{order}I", 8)


def _chain(order: str, mark: bytes, length: int) -> bytes:
    """Directories of no tags, each of which names the next, the last the first."""
    places = [8 + 6 * i for i in range(length)]
    links = [*places[1:], 8]
    return mark + struct.pack(f"{order}I", 8) + b"".join(
        struct.pack(f"{order}HI", 0, link) for link in links
    )  # fmt: skip


def _bmp(width: int, height: int, rng: random.Random) -> bytes:
    info = struct.pack(
        "<IIIHHIIiiII", 40, width, height, 1, 24, rng.choice((0, 1, 3)), 0, 1, 1, 0, 0
    )
    return b"BM" + struct.pack("<IHHI", 154, 0, 0, 54) + info + bytes(100)


def _gif(width: int, height: int, data: bytes = bytes(20)) -> bytes:
    size = struct.pack("<HH", min(width, 65535), min(height, 65535))
    blocks = b"".join(bytes([len(part)]) + part for part in (
        data[at : at + 250] for at in range(0, len(data), 250)
    ))  # fmt: skip
    screen = b"GIF89a" + size + b"\xf0\0\0" + bytes(6)
    return screen + b",\0\0\0\0" + size + b"\0\x08" + blocks + b"\0;"


def _webp(width: int, height: int) -> bytes:
    size = (max(0, min(width, 1 << 24) - 1), max(0, min(height, 1 << 24) - 1))
    canvas = b"\x02\0\0\0" + b"".join(side.to_bytes(3, "little") for side in size)
    chunk = b"VP8X" + struct.pack("<I", len(canvas)) + canvas
    _, inner = good()["WebP, lossless"]
    body = b"WEBP" + chunk + inner[30:]
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _jpeg(width: int, height: int) -> bytes:
    _, data = good()["JPEG"]
    at = data.index(b"\xff\xc0") + 5
    size = struct.pack(">HH", min(height, 65535), min(width, 65535))
    return data[:at] + size + data[at + 4 :]


def _resized(data: bytes, width: int, height: int) -> bytes:
    """A HEIF or AVIF that tells another size."""
    at = data.index(b"ispe") + 8
    return data[:at] + struct.pack(">II", width, height) + data[at + 8 :]


def _ftyp(brand: bytes) -> bytes:
    return box(b"ftyp", brand + bytes(4) + brand + b"mif1")


def _odd_type(name: bytes) -> bytes:
    """A HEIF one of whose items has a type that is no text."""
    _, data = good()["HEIF"]
    return data.replace(b"Exif", name, 1)


def heif_grid(columns: int, rows: int, width: int, height: int) -> bytes:
    """A HEIF whose picture is a grid of one tile, over and over."""
    _, data = good()["HEIF"]
    count = columns * rows
    grid = struct.pack(">BBBBII", 0, 1, rows - 1, columns - 1, width, height)
    tile = data[data.index(b"mdat") + 4 :]
    kinds = box(b"infe", struct.pack(">HH", 1, 0) + b"grid\0", 2) + box(
        b"infe", struct.pack(">HH", 2, 0) + b"hvc1\0", 2
    )
    start = data.index(b"ipco") - 4
    shared = data[start : start + int.from_bytes(data[start : start + 4], "big")]
    uses = struct.pack(">IHBBHBB", 2, 1, 1, 3, 2, 2, 1) + b"\x03"
    links = struct.pack(">HH", 1, min(count, 65535)) + b"\0\2" * min(count, 65535)
    places = struct.pack(">BBH", 0x44, 0, 2) + b"".join(
        struct.pack(">HHHII", item, 0, 1, at, length)
        for item, at, length in ((1, 0, 12), (2, 12, len(tile)))
    )
    meta = (
        box(b"hdlr", bytes(4) + b"pict" + bytes(13), 0)
        + box(b"pitm", struct.pack(">H", 1), 0)
        + box(b"iinf", struct.pack(">H", 2) + kinds, 0)
        + box(b"iref", box(b"dimg", links), 0)
        + box(b"iprp", shared + box(b"ipma", uses, 0))
        + box(b"iloc", places, 0)
    )
    return _ftyp(b"heic") + box(b"meta", meta, 0) + box(b"mdat", grid + tile)
