"""Which format the bytes of a file are in, told from the bytes and never from the name."""

from __future__ import annotations

from dataclasses import dataclass

HEAD_BYTES = 512
"""Bytes at the start of a file that are enough to tell its format."""


@dataclass(frozen=True)
class Format:
    """A format that is read.

    Attributes:
        name: What `Photo.format` says.
        module: Module that holds the decoder.
        decoder: Name of the decoder in it, a subclass of `PIL.ImageFile.ImageFile`.
    """

    name: str
    module: str
    decoder: str


JPEG = Format("JPEG", "PIL.JpegImagePlugin", "JpegImageFile")
PNG = Format("PNG", "PIL.PngImagePlugin", "PngImageFile")
GIF = Format("GIF", "PIL.GifImagePlugin", "GifImageFile")
BMP = Format("BMP", "PIL.BmpImagePlugin", "BmpImageFile")
TIFF = Format("TIFF", "PIL.TiffImagePlugin", "TiffImageFile")
WEBP = Format("WEBP", "PIL.WebPImagePlugin", "WebPImageFile")
AVIF = Format("AVIF", "PIL.AvifImagePlugin", "AvifImageFile")
HEIF = Format("HEIF", "pi_heif", "HeifImageFile")

READ_FORMATS = (JPEG, PNG, WEBP, TIFF, BMP, GIF, HEIF, AVIF)

_SIGNATURES = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"II+\x00", TIFF),  # BigTIFF
    (b"MM\x00+", TIFF),
    (b"BM", BMP),
)

# Brands of ISO/IEC 23000-22 (HEIF) and of the AV1 Image File Format.  `mif1` and `msf1` are
# shared by both, so AVIF is looked for first.
_AVIF_BRANDS = {b"avif", b"avis"}
_HEIF_BRANDS = {
    b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1",
}  # fmt: skip

_FOREIGN = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"\xff\x0a", "a JPEG XL picture"),
    (b"\x00\x00\x00\x0cJXL ", "a JPEG XL picture"),
    (b"\x00\x00\x00\x0cjP  ", "a JPEG 2000 picture"),
    (b"8BPS", "a Photoshop document"),
    (b"\x1aE\xdf\xa3", "a video"),
    (b"<svg", "a drawing (SVG)"),
    (b"<!DOCTYPE html", "a web page"),
    (b"<html", "a web page"),
    (b"FUJIFILMCCD-RAW", "a camera raw file"),
    (b"IIRO", "a camera raw file"),
    (b"IIU\x00", "a camera raw file"),
)


def tell_format(head: bytes) -> Format | None:
    """The format of a file that starts with `head`, or None if it is none that is read."""
    if _is_canon_raw(head):
        return None
    for signature, found in _SIGNATURES:
        if head.startswith(signature):
            return found
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    brands = _brands(head)
    if brands & _AVIF_BRANDS:
        return AVIF
    return HEIF if brands & _HEIF_BRANDS else None


def describe_foreign(head: bytes) -> str:
    """What a file of no format that is read seems to be, "" where there is no telling."""
    for signature, name in _FOREIGN:
        if head.startswith(signature):
            return name
    if b"crx " in _brands(head) or _is_canon_raw(head):
        return "a camera raw file"
    return "a video" if _brands(head) else ""


def _brands(head: bytes) -> set[bytes]:
    """The brands that an ISO base media file says it follows, major and compatible ones."""
    if head[4:8] != b"ftyp":
        return set()
    box = head[8 : int.from_bytes(head[:4], "big")]
    # The four bytes after the major brand are its version.
    return {box[:4], *(box[i : i + 4] for i in range(8, len(box) - 3, 4))}


def _is_canon_raw(head: bytes) -> bool:
    """Whether a file is a CR2, which starts like a TIFF and then says what it is."""
    return head[:4] == b"II*\x00" and head[8:10] == b"CR"
