"""docs/licences.md names all that is installed with posecheck, and nothing of it is GPL."""

from __future__ import annotations

import re
import sys
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.reliability.licences import LIBRARIES, PAGE, PROJECT, installed, rows_of

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TABLES = rows_of(PAGE.read_text("utf-8"))
NATIVE = TABLES["Native libraries in the Linux wheels"]

PARTS_UNDER_GPL = {"libpostproc", "libvidstab", "libx264", "libx265", "libxvidcore"}


def is_copyleft(licence: str) -> bool:
    """Whether it is GPL or AGPL, and neither LGPL nor what a program of any licence may link."""
    rest = licence.replace("GPL-3.0-or-later WITH GCC-exception-3.1", "")
    return re.search(r"\bA?GPL\b", rest) is not None


def test_the_licences_are_told_apart() -> None:
    for bad in ("GPL-2.0-or-later", "MIT AND AGPL-3.0-only", "GPL-3.0"):
        assert is_copyleft(bad), bad
    for good in ("LGPL-2.1-or-later", "GPL-3.0-or-later WITH GCC-exception-3.1", "MIT"):
        assert not is_copyleft(good), good


def test_the_page_names_every_package_that_is_installed_with_posecheck() -> None:
    told = TABLES["Packages"]
    for package in installed().values():
        assert package.name in told, "run: python -m tests.reliability.licences"
        # An earlier release may say less of the same: "BSD-3-Clause" of NumPy's five.
        said = set(told[package.name][0].split(" AND "))
        assert set(package.licence.split(" AND ")) <= said, package.name


@pytest.mark.skipif(sys.platform != "linux", reason="the page tells of Linux wheels")
def test_the_page_names_every_native_library() -> None:
    for package in installed().values():
        for library in package.libraries:
            assert NATIVE[library][0] == LIBRARIES[library]
            assert package.name in NATIVE[library][1].split(", ")


def test_nothing_is_under_gpl_or_agpl() -> None:
    licences = {name: row[0] for table in TABLES.values() for name, row in table.items()}
    assert len(licences) > 40
    assert [name for name, licence in licences.items() if is_copyleft(licence)] == []
    assert not PARTS_UNDER_GPL & set(NATIVE)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere they have other names")
def test_no_bundled_library_is_or_needs_a_part_under_gpl() -> None:
    """What is really in the wheels: FFmpeg says how it was built, libheif what it links to."""
    looked_at = 0
    for name in installed():
        for file in distribution(name).files or ():
            if ".libs/" not in file.as_posix() or ".so" not in file.name:
                continue
            content = Path(str(file.locate())).read_bytes()
            looked_at += 1
            assert b"--enable-gpl" not in content, file
            for part in PARTS_UNDER_GPL:
                assert not re.search(rb"\0%s(-[0-9a-f]{8})?\.so" % part.encode(), content), file
            if file.name.startswith("libavcodec"):
                assert b"libavcodec license: LGPL" in content
    assert looked_at > 20


def test_pillow_heif_is_nowhere_in_the_package(repository: Path) -> None:
    """Its wheels are GPL; only tests write HEIC files with it."""
    for path in (repository / "posecheck").rglob("*.py"):
        text = path.read_text("utf-8")
        assert not re.search(r'(import|from) pillow_heif|"pillow_heif"', text), path
    project = tomllib.loads(PROJECT.read_text("utf-8"))["project"]
    asked = [Requirement(text).name for text in project["dependencies"]]
    assert "pillow-heif" not in asked


def test_the_lock_holds_all_that_the_tests_install(repository: Path) -> None:
    lock = repository / ".ci" / "constraints.txt"
    pinned: dict[str, list[Requirement]] = {}
    for line in lock.read_text("utf-8").splitlines():
        text = line.split("#")[0].strip()
        if text:
            need = Requirement(text)
            assert [each.operator for each in need.specifier] == ["=="], line
            pinned.setdefault(canonicalize_name(need.name), []).append(need)
    project = tomllib.loads(PROJECT.read_text("utf-8"))["project"]
    for text in (*project["dependencies"], *project["optional-dependencies"]["test"]):
        need = Requirement(text)
        versions = [next(iter(each.specifier)).version for each in pinned[need.name.lower()]]
        assert all(need.specifier.contains(version) for version in versions), text
    assert set(installed()) <= set(pinned)
    assert "constraints.txt" in (repository / ".ci" / "run").read_text("utf-8")
