"""What benchmarks measure on is what they say, and the same every time."""

from __future__ import annotations

import hashlib
from pathlib import Path

from PIL import Image

from benchmarks.pictures import album, group_photo, groups, one_person


def size(path: Path) -> tuple[int, int]:
    with Image.open(path) as image:
        image.load()
        return image.size


def test_photos_of_one_and_of_many_have_the_size_asked_for(tmp_path: Path) -> None:
    assert size(one_person(tmp_path, 0.25)) == (500, 500)
    assert size(group_photo(tmp_path, 400, 300)) == (400, 300)


def test_no_two_photos_of_an_album_are_alike_and_two_albums_are(tmp_path: Path) -> None:
    digests = []
    for name in ("a", "b"):
        album(tmp_path / name, 11, 0.01, 0.02)
        files = sorted((tmp_path / name).iterdir())
        assert all(0.009e6 < width * height < 0.021e6 for width, height in map(size, files))
        digests.append([hashlib.sha256(file.read_bytes()).digest() for file in files])
    assert digests[0] == digests[1]
    assert len(set(digests[0])) == 11


def test_large_group_photos_differ(tmp_path: Path) -> None:
    groups(tmp_path / "g", 2, 0.06)
    first, second = sorted((tmp_path / "g").iterdir())
    assert size(first) == size(second) == (300, 200)
    assert first.read_bytes() != second.read_bytes()
