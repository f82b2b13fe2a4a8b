"""A hash without opening is the one that opening gives, and fails in the same way."""

from __future__ import annotations

import hashlib
import random
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecheck.errors import PhotoError, PhotoTooLargeError, UnreadablePhotoError
from posecheck.opening.refs import PhotoRef
from posecheck.opening.source import read_source
from posecheck.scan.archives import close_archives
from posecheck.scan.hashing import hash_file
from tests.scan.trees import JPEG, write, zipped

LIMIT = 1 << 30


@given(st.binary(min_size=1, max_size=100_000))
def test_files_members_and_opening_agree(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    folder = tmp_path_factory.getbasetemp() / "hashing"
    path = write(folder / "a.jpg", content)
    archive = write(folder / "a.zip", zipped({"day/a.jpg": content}))
    expected = hashlib.sha256(content).hexdigest()
    assert read_source(path, LIMIT).sha256 == expected
    assert hash_file(PhotoRef(str(path)), LIMIT) == expected
    assert hash_file(PhotoRef(str(archive), "day/a.jpg"), LIMIT) == expected


@pytest.mark.parametrize("make", ["missing", "empty", "folder", "large"])
def test_it_fails_as_opening_does(tmp_path: Path, make: str) -> None:
    path = tmp_path / "a.jpg"
    if make == "folder":
        path.mkdir()
    elif make != "missing":
        write(path, b"" if make == "empty" else JPEG)
    with pytest.raises(PhotoError) as hashing:
        hash_file(PhotoRef(str(path)), len(JPEG) - 1)
    with pytest.raises(PhotoError) as opening:
        read_source(path, len(JPEG) - 1)
    assert type(hashing.value) is type(opening.value)
    assert str(hashing.value) == str(opening.value)
    assert hashing.value.path == str(path)


def test_members_fail_under_their_own_name(tmp_path: Path) -> None:
    path = write(tmp_path / "a.zip", zipped({"a.jpg": JPEG, "b.jpg": b""}))
    for member, limit, kind in (
        ("a.jpg", len(JPEG) - 1, PhotoTooLargeError),
        ("b.jpg", LIMIT, UnreadablePhotoError),
        ("c.jpg", LIMIT, UnreadablePhotoError),
    ):
        with pytest.raises(kind) as caught:
            hash_file(PhotoRef(str(path), member), limit)
        assert caught.value.path == f"{path}!/{member}"
    close_archives()


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    content = random.Random(4).randbytes(20 << 20)
    path = write(tmp_path / "a.jpg", content)
    archive = write(tmp_path / "a.zip", zipped({"a.jpg": content}))
    tracemalloc.start()
    try:
        first = hash_file(PhotoRef(str(path)), LIMIT)
        assert hash_file(PhotoRef(str(archive), "a.jpg"), LIMIT) == first
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()
    close_archives()
