"""What every fault is tried on: photos, what an undisturbed scan says of them, small disks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from posecheck.casefile.case import open_case
from posecheck.casefile.selection import ALL
from tests.reliability.program import Done, album, content, is_sound, run


@dataclass(frozen=True)
class Stage:
    """Photos and their case file, made where nothing went wrong.

    Attributes:
        folder: Room for what a fault needs; emptied by nobody.
        rounds: How often to try what is a matter of chance.
        photos: The photos.
        case: Their case file; to be copied, not changed.
        wanted: What is in it.
        code: How that scan ended.
    """

    folder: Path
    rounds: int
    photos: Path
    case: Path
    wanted: dict[str, Any]
    code: int

    @classmethod
    def made(cls, folder: Path, rounds: int) -> Stage:
        """Scan quick photos into a case file."""
        photos, case = album(folder / "album"), folder / "whole" / "k.posecheck"
        case.parent.mkdir()
        done = run("scan", photos, "--case", case, "--jobs", 2)
        return cls(folder, rounds, photos, case, content(case), done.returncode)

    def room(self, name: str) -> Path:
        """A new folder."""
        path = self.folder / name
        path.mkdir(parents=True)
        return path

    def copy(self, folder: Path) -> Path:
        """A copy of the case file."""
        return Path(shutil.copy(self.case, folder / "k.posecheck"))

    def scan(self, case: Path, **options: Any) -> Done:
        """Scan the photos into another case file."""
        return run("scan", self.photos, "--case", case, "--jobs", 2, **options)

    def resumes(self, case: Path) -> bool:
        """Whether the same command ends as if nothing had happened before."""
        done = self.scan(case)
        return done.returncode == self.code and content(case) == self.wanted and is_sound(case)

    def hashes(self) -> list[str]:
        """Every photo."""
        with open_case(self.case) as opened:
            return opened.hashes(ALL)


@cache
def may_mount() -> bool:
    """Whether small disks can be made here."""
    if not sys.platform.startswith("linux") or os.geteuid() != 0:
        return False
    tried = subprocess.run(
        ["unshare", "-m", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, check=False
    )
    return tried.returncode == 0


def _mount(*arguments: object) -> None:
    subprocess.run(["mount", *map(str, arguments)], check=True, capture_output=True)


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[Path]:
    """A disk of its own in a new folder."""
    folder.mkdir(parents=True)
    _mount("-t", "tmpfs", "-o", f"size={kilobytes}k", "none", folder)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def resize(disk: Path, kilobytes: int) -> None:
    """Make room on a disk, or take it."""
    _mount("-o", f"remount,size={kilobytes}k", disk)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Nothing can be written to a folder, not even by the administrator where that can be had."""
    if may_mount():
        _mount("--bind", folder, folder)
        _mount("-o", "remount,ro,bind", folder)
        try:
            yield
        finally:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
        return
    mode = folder.stat().st_mode
    folder.chmod(0o555)
    try:
        yield
    finally:
        folder.chmod(mode)
