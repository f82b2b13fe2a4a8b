"""ZIP archives are listed and read whatever is in them, and cost no more than they should."""

from __future__ import annotations

import io
import random
import struct
import tracemalloc
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecheck.errors import (
    PhotoError,
    PhotoTooLargeError,
    UnreadablePhotoError,
    UnsupportedPhotoError,
)
from posecheck.scan import archives
from posecheck.scan.archive_file import MAX_DIRECTORY_BYTES
from posecheck.scan.archives import close_archives, read_member
from posecheck.scan.items import Item, Listed
from posecheck.scan.listing import list_files
from tests.scan.trees import JPEG, listed, marked_encrypted, skipped, unlisted, write, zipped

PHOTO = JPEG + random.Random(4).randbytes(200_000)


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    close_archives()


def listing(tmp_path: Path, content: bytes) -> list[Item]:
    return list(list_files([write(tmp_path / "a.zip", content).parent]))


def refused(path: Path, member: str, max_bytes: int = 1 << 30) -> PhotoError:
    with pytest.raises(PhotoError) as caught:
        read_member(str(path), member, max_bytes)
    assert caught.value.path in {str(path), f"{path}!/{member}"}
    assert caught.value.remedy
    return caught.value


def test_members_are_listed_by_the_rules_of_folders(tmp_path: Path) -> None:
    content = zipped(
        {
            "a.JPG": JPEG, "day 1/b.heic": b"", "IMG_1": JPEG, "raw/c.nef": b"",
            "notes.txt": b"", ".hid.jpg": JPEG, "__MACOSX/a": JPEG, "__MACOSX/x/._b.jpg": JPEG,
            "old.zip": b"PK", "x.rar": b"", "empty/": b"",
        }
    )  # fmt: skip
    items = listing(tmp_path, content)
    assert listed(items, tmp_path) == {
        "a.zip!/a.JPG", "a.zip!/day 1/b.heic", "a.zip!/IMG_1", "a.zip!/raw/c.nef",
    }  # fmt: skip
    assert skipped(items, tmp_path) == {
        "a.zip!/notes.txt": "not_photo",
        "a.zip!/.hid.jpg": "hidden",
        "a.zip!/__MACOSX/": "hidden",
        "a.zip!/old.zip": "nested_archive",
        "a.zip!/x.rar": "nested_archive",
    }
    assert len(items) == 9


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_what_is_listed_can_be_read(tmp_path: Path, method: int) -> None:
    names = ["a.jpg", "../../etc/b.jpg", "/c.jpg", "d\\..\\e.jpg", "写真 é.jpg", "C:\\f.jpg"]
    content = zipped({name: PHOTO + name.encode() for name in names}, method)
    items = listing(tmp_path, content)
    assert len(listed(items, tmp_path)) == len(names)
    for item in items:
        assert isinstance(item, Listed)
        assert item.ref.member in names
        expected = PHOTO + item.ref.member.encode()
        assert item.size == len(expected)
        assert read_member(item.ref.path, item.ref.member, item.size) == expected


def test_folders_parted_by_backslashes_are_told(tmp_path: Path) -> None:
    path = write(tmp_path / "a.zip", zipped({"x\\.b\\c.jpg": JPEG, "raw\\d.jpg": JPEG}))
    items = list(list_files([path], exclude=["raw"]))
    assert skipped(items, tmp_path) == {"a.zip!/x/.b/": "hidden", "a.zip!/raw/": "excluded"}


def test_the_stamp_is_that_of_the_archive(tmp_path: Path) -> None:
    before = listing(tmp_path, zipped({"a.jpg": JPEG}))
    after = listing(tmp_path, zipped({"a.jpg": JPEG + b"x"}))
    assert isinstance(before[0], Listed)
    assert isinstance(after[0], Listed)
    assert before[0].stamp != after[0].stamp


def test_encrypted_members(tmp_path: Path) -> None:
    content = marked_encrypted(zipped({"a.jpg": JPEG, "b.txt": b"b"}))
    items = listing(tmp_path, content)
    assert listed(items, tmp_path) == {"a.zip!/a.jpg"}
    assert skipped(items, tmp_path) == {"a.zip!/b.txt": "encrypted"}
    error = refused(tmp_path / "a.zip", "a.jpg")
    assert isinstance(error, UnreadablePhotoError)
    assert "password" in error.message


def test_a_damaged_member_spoils_no_other(tmp_path: Path) -> None:
    content = bytearray(zipped({"a.jpg": PHOTO, "b.jpg": JPEG}, zipfile.ZIP_STORED))
    content[150_000] ^= 1
    path = write(tmp_path / "a.zip", bytes(content))
    error = refused(path, "a.jpg")
    assert isinstance(error, UnreadablePhotoError)
    assert "damaged" in error.message
    assert read_member(str(path), "b.jpg", 1000) == JPEG


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_of_packing_are_not_read(tmp_path: Path, method: int) -> None:
    content = zipped({"a.jpg": JPEG, "b": JPEG}, method)
    items = listing(tmp_path, content)
    assert listed(items, tmp_path) == {"a.zip!/a.jpg"}
    assert "a.zip!/b" in unlisted(items, tmp_path)
    assert isinstance(refused(tmp_path / "a.zip", "a.jpg"), UnsupportedPhotoError)


def test_what_is_not_there(tmp_path: Path) -> None:
    path = write(tmp_path / "a.zip", zipped({"a.jpg": JPEG, "empty.jpg": b""}))
    for at, member in ((path, "b.jpg"), (path, "empty.jpg"), (tmp_path / "b.zip", "a.jpg")):
        assert isinstance(refused(at, member), UnreadablePhotoError)
    assert isinstance(refused(tmp_path, "a.jpg"), UnsupportedPhotoError)


def test_a_member_over_the_limit(tmp_path: Path) -> None:
    path = write(tmp_path / "a.zip", zipped({"a.jpg": PHOTO}))
    assert isinstance(refused(path, "a.jpg", len(PHOTO) - 1), PhotoTooLargeError)
    assert read_member(str(path), "a.jpg", len(PHOTO)) == PHOTO


def understated(content: bytes, size: int) -> bytes:
    """The archive of one member, both headers saying that it unpacks to `size` bytes."""
    changed = bytearray(content)
    struct.pack_into("<I", changed, 22, size)
    struct.pack_into("<I", changed, content.index(b"PK\x01\x02") + 24, size)
    return bytes(changed)


def test_a_bomb_costs_no_more_than_the_limit(tmp_path: Path) -> None:
    bomb = zipped({"a.jpg": bytes(300 << 20)})
    honest = write(tmp_path / "honest.zip", bomb)
    lying = write(tmp_path / "lying.zip", understated(bomb, 1000))
    del bomb
    tracemalloc.start()
    try:
        assert isinstance(refused(honest, "a.jpg", 10 << 20), PhotoTooLargeError)
        assert isinstance(refused(lying, "a.jpg", 10 << 20), UnreadablePhotoError)
        assert tracemalloc.get_traced_memory()[1] < 10 << 20
    finally:
        tracemalloc.stop()


def test_members_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    """The bomb of https://www.bamsoftware.com/hacks/zipbomb/, without its finer points."""
    content = zipped({"a.jpg": PHOTO})
    start = content.index(b"PK\x01\x02")
    end = content.index(b"PK\x05\x06")
    entry = content[start:end]
    entries = b"".join(entry.replace(b"a.jpg", b"%05d" % number) for number in range(500))
    ending = bytearray(content[end:])
    struct.pack_into("<HHI", ending, 8, 500, 500, len(entries))
    items = listing(tmp_path, content[:start] + entries + bytes(ending))
    said = unlisted(items, tmp_path)
    assert len(items) == 1
    assert "overlap" in said["a.zip"].lower()


def test_a_table_of_contents_without_end_is_not_read(tmp_path: Path) -> None:
    # APPNOTE.TXT 4.3.12; all zeros but for the signature and the length of the name.
    entry = struct.pack("<4s24xH16x", b"PK\x01\x02", 1) + b"x"
    count = MAX_DIRECTORY_BYTES // len(entry) + 1
    size = count * len(entry)
    path = tmp_path / "a.zip"
    with path.open("wb") as file:
        file.write(entry * count)
        file.write(struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 65535, 65535, size, 0, 0))
    tracemalloc.start()
    try:
        said = unlisted(list_files([path]), tmp_path)
        assert tracemalloc.get_traced_memory()[1] < 1 << 20
    finally:
        tracemalloc.stop()
    assert "too many" in said["a.zip"]


def test_members_of_one_name_are_not_taken_for_each_other(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w") as archive:
        warnings.simplefilter("ignore")
        for content in (b"first", b"second"):
            archive.writestr("a.jpg", JPEG + content)
    items = listing(tmp_path, buffer.getvalue())
    assert listed(items, tmp_path) == {"a.zip!/a.jpg"}
    assert "shares it" in unlisted(items, tmp_path)["a.zip!/a.jpg"]
    assert read_member(str(tmp_path / "a.zip"), "a.jpg", 1000) == JPEG + b"second"


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04", b"no archive", zipped({"a": b"a"})[:-5]],
    ids=["empty", "head", "text", "cut"],
)
def test_what_is_no_archive_is_said(tmp_path: Path, content: bytes) -> None:
    items = listing(tmp_path, content)
    assert "is damaged" in unlisted(items, tmp_path)["a.zip"]


BROKEN = zipped({"a.jpg": PHOTO[:2000], "day/b": JPEG, "c.txt": b"c"})


@given(
    st.lists(
        st.tuples(st.integers(0, len(BROKEN) - 1), st.integers(0, 255)), min_size=1, max_size=8
    ),
    st.integers(0, len(BROKEN)),
)
def test_damage_anywhere_ends_in_a_photo_error(
    tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, int]], length: int
) -> None:
    damaged = bytearray(BROKEN)
    for at, value in changes:
        damaged[at] = value
    for content in (bytes(damaged), bytes(damaged[:length])):
        path = write(tmp_path_factory.getbasetemp() / "damaged.zip", content)
        for item in list_files([path]):
            if isinstance(item, Listed):
                try:
                    read = read_member(item.ref.path, item.ref.member, 1 << 20)
                except PhotoError:
                    continue
                assert read


def test_a_changed_archive_is_opened_again(tmp_path: Path) -> None:
    path = write(tmp_path / "a.zip", zipped({"a.jpg": JPEG + b"old"}))
    assert read_member(str(path), "a.jpg", 1000) == JPEG + b"old"
    fresh = write(tmp_path / "b.zip", zipped({"a.jpg": JPEG + b"newer"}))
    fresh.replace(path)
    assert read_member(str(path), "a.jpg", 1000) == JPEG + b"newer"
    path.unlink()
    assert "There is no file" in refused(path, "a.jpg").message


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="this system shows no open files")
def test_few_archives_stay_open(tmp_path: Path) -> None:
    def open_files() -> int:
        return sum(
            str(tmp_path) in str(fd.readlink())
            for fd in Path("/proc/self/fd").iterdir()
            if fd.is_symlink()
        )

    for number in range(10):
        path = write(tmp_path / f"{number}.zip", zipped({"a.jpg": JPEG}))
        read_member(str(path), "a.jpg", 1000)
        write(path.with_suffix(".bad.zip"), b"x")
        refused(path.with_suffix(".bad.zip"), "a.jpg")
    list(list_files([tmp_path]))
    assert open_files() <= archives.KEPT_OPEN
    close_archives()
    assert open_files() == 0
