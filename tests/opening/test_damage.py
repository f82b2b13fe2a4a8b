"""A damaged photo is unreadable or is read whole; never half of it, and never a crash."""

from __future__ import annotations

import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from posecheck.errors import PhotoError, UnreadablePhotoError
from posecheck.opening import open_photo
from posecheck.scan.memory import CAN_LIMIT
from tests.opening.pictures import encode, exif, four_colours

TAGS = {"orientation": 6, "original": "2024:02:14 07:30:00", "modified": "2024:02:15 09:00:00"}

OPTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "JPEG": ("JPEG", {}),
    "JPEG, progressive": ("JPEG", {"progressive": True}),
    "PNG": ("PNG", {}),
    "WEBP": ("WEBP", {}),
    "WEBP, lossless": ("WEBP", {"lossless": True}),
    "TIFF": ("TIFF", {}),
    "TIFF, LZW": ("TIFF", {"compression": "tiff_lzw"}),
    "TIFF, deflate": ("TIFF", {"compression": "tiff_adobe_deflate"}),
    "TIFF, JPEG": ("TIFF", {"compression": "jpeg"}),
    "BMP": ("BMP", {}),
    "GIF": ("GIF", {}),
    "HEIF": ("HEIF", {}),
    "AVIF": ("AVIF", {}),
}
FILES = {
    name: encode(
        four_colours(), fmt, **options, **({} if fmt in ("BMP", "GIF") else {"exif": exif(**TAGS)})
    )
    for name, (fmt, options) in OPTIONS.items()
}
WHOLE = {name: open_photo(data).rgb for name, data in FILES.items()}
# Zeros are black where nothing is compressed; the end of a JPEG within a TIFF is not looked for.
TELL_A_MISSING_TAIL = sorted(set(FILES) - {"TIFF", "BMP", "TIFF, JPEG"})


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Pillow warns of what it then raises."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        yield


@given(st.sampled_from(sorted(FILES)), st.floats(0, 1, exclude_max=True))
def test_a_file_cut_short_is_never_read_in_half(name: str, part: float) -> None:
    data = FILES[name]
    try:
        photo = open_photo(data[: int(part * len(data))])
    except PhotoError:
        return
    assert np.array_equal(photo.rgb, WHOLE[name])  # only what follows the pixels was missing


@pytest.mark.parametrize("name", FILES)
def test_the_first_half_of_a_file_is_unreadable(name: str) -> None:
    with pytest.raises(UnreadablePhotoError, match="damaged or cut short"):
        open_photo(FILES[name][: len(FILES[name]) // 2])


@pytest.mark.parametrize("name", TELL_A_MISSING_TAIL)
@pytest.mark.parametrize("part", [0.5, 0.7, 0.9])
def test_a_file_whose_tail_was_never_written_is_unreadable(name: str, part: float) -> None:
    """What is left when a copy stops, on systems that reserve the whole length first."""
    data = FILES[name]
    keep = int(part * len(data))
    with pytest.raises(UnreadablePhotoError):
        open_photo(data[:keep] + bytes(len(data) - keep))


@given(st.sampled_from(sorted(FILES)), st.data())
def test_flipped_bytes_never_crash(name: str, draw: st.DataObject) -> None:
    data = bytearray(FILES[name])
    for _ in range(draw.draw(st.integers(1, 4))):
        data[draw.draw(st.integers(0, len(data) - 1))] = draw.draw(st.integers(0, 255))
    try:
        photo = open_photo(bytes(data))
    except PhotoError:
        return
    assert photo.rgb.ndim == 3 and photo.rgb.dtype == np.uint8


@given(st.sampled_from(sorted(FILES)), st.binary(max_size=200))
def test_a_signature_followed_by_anything_never_crashes(name: str, rest: bytes) -> None:
    with pytest.raises(PhotoError):
        open_photo(FILES[name][:32] + rest)


@given(st.binary(max_size=100))
def test_any_bytes_never_crash(data: bytes) -> None:
    with pytest.raises(PhotoError):
        open_photo(data)


@pytest.mark.parametrize("fmt", ["JPEG", "PNG", "GIF", "AVIF"])
@pytest.mark.skipif(not CAN_LIMIT, reason="this system limits no memory")
def test_want_of_memory_is_not_damage(fmt: str, tmp_path: Path) -> None:
    """24 million pixels in a process that may have room for them once, but not again as RGB."""
    (tmp_path / "photo").write_bytes(encode(Image.new("RGB", (6000, 4000), "navy"), fmt))
    code = (
        "import sys; from posecheck.opening import open_photo\n"
        "from posecheck.errors import PhotoTooLargeError\n"
        "from posecheck.scan.memory import limit_memory\n"
        "open_photo(sys.argv[2])\n"  # imports what decoding it takes
        "words = open('/proc/self/status').read().split()\n"
        "limit_memory(int(words[words.index('VmData:') + 1]) * 1024 + 60_000_000)\n"
        "try: open_photo(sys.argv[1])\n"
        "except PhotoTooLargeError as error: print('too large')\n"
    )
    small = tmp_path / "small"
    small.write_bytes(encode(four_colours(), fmt))
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "photo"), str(small)],
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stdout) == (0, "too large\n"), done.stderr
