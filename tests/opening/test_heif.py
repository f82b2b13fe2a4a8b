"""A HEIF file whose items have names that are no text does not end the process."""

from __future__ import annotations

import subprocess
import sys

import pytest

from posecheck.errors import UnreadablePhotoError
from posecheck.opening import open_photo
from posecheck.opening.heif import has_readable_names
from tests.opening.pictures import encode, exif, four_colours

WITH_EXIF = encode(four_colours(), "HEIF", exif=exif(orientation=6))
BAD_TYPES = (b"Ex\xd3f", b"\xff\xff\xff\xff", b"\x80xif")


def test_photos_are_let_through() -> None:
    assert has_readable_names(WITH_EXIF)
    assert open_photo(WITH_EXIF).rgb.shape == (96, 64, 3)


@pytest.mark.parametrize("name", BAD_TYPES)
def test_a_type_that_is_no_text_is_damage(name: bytes) -> None:
    # In a process of its own: without the guard this ends it.
    code = (
        "import sys; from posecheck.opening import open_photo; "
        "from posecheck.errors import UnreadablePhotoError\n"
        "try: open_photo(sys.stdin.buffer.read())\n"
        "except UnreadablePhotoError as error: print(error.message)"
    )
    damaged = WITH_EXIF.replace(b"Exif", name, 1)
    done = subprocess.run([sys.executable, "-c", code], input=damaged, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert b"damaged or cut short (HEIF: the name of an item" in done.stdout


@pytest.mark.parametrize("wrap", ["long length", "to the end", "behind others"])
def test_wherever_the_list_of_items_is(wrap: str) -> None:
    damaged = WITH_EXIF.replace(b"Exif", BAD_TYPES[0], 1)
    start = damaged.index(b"meta") - 4
    length = int.from_bytes(damaged[start : start + 4], "big")
    inside = damaged[start + 8 : start + length]
    box = {
        "long length": b"\0\0\0\1meta" + (16 + len(inside)).to_bytes(8, "big") + inside,
        "to the end": b"\0\0\0\0meta" + inside,
        "behind others": b"\0\0\0\x0cfree1234" + damaged[start : start + length],
    }[wrap]
    with pytest.raises(UnreadablePhotoError):
        open_photo(damaged[:start] + box)
    assert not has_readable_names(damaged[:start] + box)


def test_pixels_that_spell_the_mark_of_an_item_are_no_item() -> None:
    assert has_readable_names(WITH_EXIF + b"\0\0\0\x20infe" + b"\xff" * 24)
    inside = WITH_EXIF.index(b"mdat") + 20
    assert has_readable_names(WITH_EXIF[:inside] + b"infe" + b"\xff" * 40 + WITH_EXIF[inside:])
