"""Files that are there whole or not at all."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path

import pytest

from posecheck.errors import OutputError
from posecheck.report.writing import whole_file

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="POSIX file system")


def test_a_file_appears_only_when_it_is_whole(tmp_path: Path) -> None:
    target = tmp_path / "hasil.json"
    with whole_file(target) as file:
        file.write(b"whole")
        assert not target.exists()
    assert target.read_bytes() == b"whole"
    assert list(tmp_path.iterdir()) == [target]


def test_a_former_file_is_replaced_at_the_end(tmp_path: Path) -> None:
    target = tmp_path / "hasil.json"
    target.write_bytes(b"old")
    with whole_file(target) as file:
        file.write(b"new")
        assert target.read_bytes() == b"old"
    assert target.read_bytes() == b"new"


@pytest.mark.parametrize("fault", [ValueError, KeyboardInterrupt, SystemExit])
def test_a_failure_leaves_nothing_and_changes_nothing(
    tmp_path: Path, fault: type[BaseException]
) -> None:
    target = tmp_path / "hasil.json"
    target.write_bytes(b"old")
    with pytest.raises(fault), whole_file(target) as file:
        file.write(b"half")
        raise fault
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_missing_folder_is_an_error_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(OutputError) as caught, whole_file(tmp_path / "no" / "hasil.json"):
        pass
    assert "hasil.json" in caught.value.message
    assert caught.value.remedy


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="folder"), whole_file(tmp_path):
        pass


@POSIX
@pytest.mark.parametrize("exists", [True, False])
def test_a_link_is_refused_and_its_target_stays(tmp_path: Path, exists: bool) -> None:
    original = tmp_path / "asli.jpg"
    if exists:
        original.write_bytes(b"original")
    link = tmp_path / "hasil.json"
    link.symlink_to(original)
    with pytest.raises(OutputError, match="link"), whole_file(link) as file:
        file.write(b"x")
    assert original.exists() == exists
    assert link.is_symlink()
    if exists:
        assert original.read_bytes() == b"original"


@POSIX
def test_a_device_is_written_to_and_not_replaced() -> None:
    with whole_file(Path(os.devnull)) as file:
        file.write(b"x")
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)


@POSIX
def test_permissions_are_those_of_the_user(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        with whole_file(tmp_path / "hasil.json") as file:
            file.write(b"x")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "hasil.json").stat().st_mode) == 0o640


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_full_disk_is_an_error() -> None:
    with pytest.raises(OutputError, match="/dev/full"), whole_file(Path("/dev/full")) as file:
        file.write(b"x" * 100_000)
