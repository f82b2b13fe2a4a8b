"""What a camera writes into a photo besides its pixels stays in the photo."""

from __future__ import annotations

import base64
import hashlib
import io
import re
import sqlite3
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from posecheck.cli.main import main
from posecheck.report.annotate import MARK, Annotator
from posecheck.report.texts import load
from posecheck.results import Level
from tests.opening.pictures import encode
from tests.report import photos

SECRET = b"Kantor-Rahasia-7391"
"""Stands in every text of every photo."""

DEGREES = (73910017, 1)
PLACES = tuple(struct.pack(order + "II", *DEGREES) for order in "<>")
"""A latitude as EXIF stores it, in either byte order."""

JPEG_ITSELF = {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
"""What Pillow tells of any JPEG file."""

GPS, DETAILS = 0x8825, 0x8769


def full_exif() -> Image.Exif:
    """An EXIF block with a place, an owner, a camera, notes and a small copy of the photo."""
    exif = Image.Exif()
    text = SECRET.decode()
    for tag in (0x010E, 0x010F, 0x0110, 0x0131, 0x013B, 0x8298):
        exif[tag] = text
    exif[0x0112] = 1
    exif[0x9C9C] = text.encode("utf-16-le")  # XPComment
    exif.get_ifd(DETAILS).update(
        {0x9003: "2024:01:20 09:30:00", 0x9286: b"ASCII\0\0\0" + SECRET, 0x927C: SECRET,
         0xA430: text, 0xA431: text, 0xA420: text}
    )  # fmt: skip
    exif.get_ifd(GPS).update(
        {
            1: "S",
            2: (float(DEGREES[0]), 10.0, 30.0),
            3: "E",
            4: (106.0, 49.0, 12.0),
            27: SECRET,
        }
    )
    return exif


XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf='
    b'"http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="'
    + SECRET
    + b'"/></rdf:RDF></x:xmpmeta>'
)
IPTC = b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0" + struct.pack(">I", len(SECRET)) + SECRET


def profile() -> bytes:
    """A colour profile with words of its own."""
    made = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return made + b"\0" * 8 + SECRET


def jpeg(image: Image.Image) -> bytes:
    """With EXIF and the small copy in it, XMP, IPTC, a comment, and bytes after the end."""
    exif = full_exif().tobytes()
    content = encode(
        image, "JPEG", quality=92, exif=exif, xmp=XMP, comment=SECRET, icc_profile=profile()
    )
    segment = b"\xff\xed" + struct.pack(">H", 2 + len(IPTC)) + IPTC
    return content[:2] + segment + content[2:] + SECRET


def png(image: Image.Image) -> bytes:
    """With EXIF and every kind of text chunk."""
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", SECRET.decode())
    words.add_text("Author", SECRET.decode(), zip=True)
    words.add_itxt("XML:com.adobe.xmp", XMP.decode())
    return encode(image, "PNG", pnginfo=words, exif=full_exif(), icc_profile=profile())


FILES: dict[str, Callable[[Image.Image], bytes]] = {
    "foto.jpg": jpeg,
    "foto.png": png,
    "foto.webp": lambda i: encode(i, "WEBP", quality=92, exif=full_exif().tobytes(), xmp=XMP),
    "foto.tif": lambda i: encode(i, "TIFF", exif=full_exif(), icc_profile=profile()),
    "foto.heic": lambda i: encode(i, "HEIF", quality=92, exif=full_exif(), xmp=XMP),
    "foto.avif": lambda i: encode(i, "AVIF", quality=92, exif=full_exif().tobytes(), xmp=XMP),
}


def opened(content: bytes) -> Iterator[bytes]:
    """A file, and whatever is packed in it: members, base64, deflated streams."""
    yield content
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                yield from opened(archive.read(name))
    for found in re.finditer(rb"base64,([A-Za-z0-9+/=]+)", content):
        yield base64.b64decode(found[1])
    for found in re.finditer(rb"stream\r?\n(.*?)endstream", content, re.DOTALL):
        packed = found[1].strip()
        if packed.endswith(b"~>"):
            packed = base64.a85decode(b"<~" + packed, adobe=True)
            yield packed
        with_end = zlib.decompressobj()
        try:
            yield with_end.decompress(packed)
        except zlib.error:
            continue  # a picture, which is stored as it is


def leaks(content: bytes) -> list[bytes]:
    """The secrets in a file or in what is packed in it."""
    utf16 = SECRET.decode().encode("utf-16-le")
    parts = list(opened(content))
    return [s for s in (SECRET, *PLACES, utf16, b"Exif\0\0") for p in parts if s in p]


@pytest.fixture(scope="module")
def album(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A photo with a sign, stored with secrets in every format that holds any."""
    folder = tmp_path_factory.mktemp("album")
    with Image.open(repository / "samples" / "peace.jpg") as sample:
        image = sample.convert("RGB")
    for name, make in FILES.items():
        (folder / name).write_bytes(make(image))
    return folder


@pytest.mark.parametrize("name", FILES)
def test_the_photos_hold_the_secrets(album: Path, name: str) -> None:
    """Else what follows would show nothing."""
    content = (album / name).read_bytes()
    assert SECRET in content
    if name != "foto.tif":  # into which Pillow writes no place
        assert any(place in content for place in PLACES)


@pytest.mark.parametrize("name", FILES)
def test_a_copy_with_boxes_holds_none(album: Path, tmp_path: Path, name: str) -> None:
    path = album / name
    hand = photos.peace((300, 200, 460, 400))
    result = replace(
        photos.photo(hand, risk=94, level=Level.HIGH, path=str(path)),
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
    )
    copy = Annotator(tmp_path, load("id")).write(result, path)
    assert leaks(copy.read_bytes()) == []
    with Image.open(copy) as image:
        assert set(image.info) <= JPEG_ITSELF | {"comment"}
        assert image.info["comment"] == MARK


def test_the_case_file_and_what_is_exported_hold_none(album: Path, tmp_path: Path) -> None:
    case = tmp_path / "k.posecheck"
    assert main(["scan", str(album), "--case", str(case), "--jobs", "1", "-q"]) == 1
    with closing(sqlite3.connect(case)) as connection:
        pictures = [row[0] for row in connection.execute("SELECT jpeg FROM picture")]
        checked = connection.execute("SELECT count(*) FROM photo WHERE level = 'high'").fetchone()
    assert checked == (len(FILES),)
    assert len(pictures) >= 2 * len(FILES)
    for picture in pictures:
        assert leaks(picture) == []
        with Image.open(io.BytesIO(picture)) as image:
            assert set(image.info) <= JPEG_ITSELF
    for form in ("csv", "jsonl", "parquet", "xlsx", "html", "pdf"):
        output = tmp_path / f"out.{form}"
        assert main(["export", str(case), "-o", str(output)]) == 0
        assert leaks(output.read_bytes()) == [], form
    for file in tmp_path.glob("k.posecheck*"):
        assert leaks(file.read_bytes()) == [], file


def test_the_search_finds_what_is_packed() -> None:
    """The same search, where there is something to find."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/1.jpg", b"x" + SECRET)
    assert leaks(packed.getvalue()) == [SECRET]
    assert leaks(b"src='data:image/jpeg;base64," + base64.b64encode(PLACES[0] + b"xx") + b"'")
    assert leaks(b"stream\n" + zlib.compress(SECRET) + b"\nendstream")
    ascii85 = base64.a85encode(zlib.compress(SECRET), adobe=True)[2:]
    assert leaks(b"stream\r\n" + ascii85 + b"endstream") == [SECRET]
