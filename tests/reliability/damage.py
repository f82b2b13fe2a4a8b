"""Files that were good: cut short, bytes changed, half of one and half of another, misnamed."""

from __future__ import annotations

import random
import struct
from collections.abc import Iterator

from tests.opening.pictures import encode, four_colours
from tests.reliability.pictures import box, good, png, png_chunk

ENDINGS = ("jpg", "png", "webp", "tif", "bmp", "gif", "heic", "avif")

FOREIGN = (
    b"Ini catatan rapat, bukan foto.\n" * 20,
    b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n",
    b"<!DOCTYPE html><html><script>alert(1)</script></html>",
    b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
    b"PK\x03\x04" + bytes(100),
    b"MZ" + bytes(200),
    b"\x7fELF" + bytes(200),
    b"#!/bin/sh\necho hello\n",
    b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(64),
    b"\x00\x00\x00\x18ftypcrx \x00\x00\x00\x01crx isom" + bytes(64),
    b"\x1aE\xdf\xa3" + bytes(64),
    b"8BPS\x00\x01" + bytes(64),
    b"\xff\x0a" + bytes(64),
    b"SQLite format 3\x00" + bytes(84),
    b"\x00\x05\x16\x07\x00\x02\x00\x00Mac OS X        " + bytes(60),
    b"II*\x00\x10\x00\x00\x00CR\x02\x00" + bytes(64),
)
"""The beginnings of what has the name of a photo and is none."""


def empty(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    """No bytes, one byte, and nothing but zeros, as a copy leaves that was broken off."""
    for ending in ENDINGS:
        yield f"empty.{ending}", b""
        yield f"one.{ending}", rng.randbytes(1)
        yield f"zeros.{ending}", bytes(rng.choice((100, 4096, 1 << 20)))


def headers(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    """Only the beginning, or the beginning and then noise or zeros."""
    for _, (ending, data) in good().items():
        for length in (2, 4, 8, 12, 16, 24, 32, 64, 128):
            yield f"{length}.{ending}", data[:length]
            yield f"{length} noise.{ending}", data[:length] + rng.randbytes(300)
            yield f"{length} zeros.{ending}", data[:length] + bytes(300)


def truncated(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    """Cut short anywhere; every other one filled up to its length with zeros."""
    ways = list(good().values())
    while True:
        for ending, data in ways:
            keep = rng.randrange(len(data))
            fill = rng.random() < 0.5
            kept = data[:keep] + (bytes(len(data) - keep) if fill else b"")
            yield f"{keep}{' zeros' if fill else ''}.{ending}", kept


def flipped(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    """Single bits and bytes changed, in the first kilobyte more often than behind it."""
    ways = list(good().values())
    extremes = (0, 1, 0x7F, 0x80, 0xFE, 0xFF)
    while True:
        for ending, data in ways:
            changed = bytearray(data)
            for _ in range(rng.choice((1, 1, 2, 4, 16, 64))):
                end = min(len(data), 1024) if rng.random() < 0.7 else len(data)
                at = rng.randrange(end)
                draws = (changed[at] ^ (1 << rng.randrange(8)), rng.randrange(256))
                changed[at] = rng.choice((*draws, rng.choice(extremes)))
            yield f"{len(data)}.{ending}", bytes(changed)


def spliced(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    """Parts left out, doubled, or taken from another file; numbers set to their largest."""
    ways = list(good().values())
    while True:
        for ending, data in ways:
            a, b = sorted(rng.randrange(len(data)) for _ in range(2))
            _, other = rng.choice(ways)
            start = rng.randrange(len(other))
            yield (
                f"{a}-{b}.{ending}",
                rng.choice(
                    (
                        data[:a] + data[b:],
                        data[:b] + data[a:],
                        data[:a] + other[start:],
                        data[:a] + b"\xff\xff\xff\xff" + data[a + 4 :],
                        data[:a] + struct.pack(">I", 0x7FFFFFFF) + data[a + 4 :],
                        data[:a] + rng.randbytes(b - a) + data[b:],
                    )
                ),
            )


def wrong_name(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    """A picture with the name of another format, or what is no picture with the name of one."""
    while True:
        for ending in ENDINGS:
            if rng.random() < 0.5:
                true, data = rng.choice(list(good().values()))
                yield f"is {true}.{ending}", data
            else:
                yield f"is none.{ending}", rng.choice(FOREIGN) + rng.randbytes(rng.randrange(50))


def metadata(rng: random.Random) -> Iterator[tuple[str, bytes]]:
    """A good picture whose EXIF, XMP or colour profile is damaged, noise, or too long."""
    picture = four_colours()
    while True:
        block = _bad_exif(rng)
        icc = rng.randbytes(rng.choice((0, 3, 128, 3000)))
        yield "exif.jpg", encode(picture, "JPEG", exif=b"Exif\0\0" + block)
        yield "exif.png", encode(picture, "PNG", exif=block)
        yield "exif.webp", encode(picture, "WEBP", exif=block)
        yield "exif.avif", _item(encode(picture, "AVIF"), block)
        yield "icc.jpg", encode(picture, "JPEG", icc_profile=icc)
        yield "icc.webp", encode(picture, "WEBP", icc_profile=icc)
        yield "icc.png", encode(picture, "PNG", icc_profile=icc)
        texts = (png_chunk(b"tEXt", rng.randbytes(40)), png_chunk(b"iTXt", rng.randbytes(40)))
        yield "text.png", png(30, 10, 2, 8, rng.choice(texts))
        yield "xmp.jpg", encode(picture, "JPEG", xmp=b"<x:xmpmeta " + rng.randbytes(100))


def _bad_exif(rng: random.Random) -> bytes:
    """A directory that has tags of every type, their counts and places drawn."""
    count = rng.choice((1, 4, 40, 0xFFFF))
    order, mark = rng.choice(((">", b"MM\0*"), ("<", b"II*\0")))
    tags = (0x0112, 0x0132, 0x8769, 0x8825, 0x9003, 0xA005, 0x010F, 0x0201, 0x02BC, 0x83BB)
    entries = b"".join(
        struct.pack(
            f"{order}HHII",
            rng.choice(tags),
            rng.randrange(15),
            rng.choice((0, 1, 2, 20, 0x7FFFFFFF, 0xFFFFFFFF)),
            rng.choice((0, 6, 8, 30, 0xFFFFFFFF, rng.randrange(400))),
        )
        for _ in range(min(count, 40))
    )
    following = struct.pack(f"{order}I", rng.choice((0, 8, 0xFFFFFFFF)))
    block = mark + struct.pack(f"{order}IH", 8, count) + entries + following + rng.randbytes(60)
    return block[: rng.choice((len(block), rng.randrange(len(block))))]


def _item(data: bytes, block: bytes) -> bytes:
    """A file with one more box behind it, which readers must step over."""
    return data + box(b"meta", b"infe" + block, version=0)
