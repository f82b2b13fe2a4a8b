"""Write docs/licences.md: what posecheck runs with, and under which licences.

    python -m tests.reliability.licences

Packages are those that the installed metadata asks for, so the command is run once for each
Python that asks for others (3.10 does); what an earlier run found stays in the page.  Native
libraries are those that the Linux wheels bundle.  A package or a library whose licence is not
known here ends the command: somebody has to look.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

REPOSITORY = Path(__file__).resolve().parents[2]
PAGE = REPOSITORY / "docs" / "licences.md"
PROJECT = REPOSITORY / "pyproject.toml"

EXTRAS = ("parquet",)
"""What is told of; the extra mediapipe is told of in words, since CI has it without its needs."""

WORDS = {
    "Apache 2.0": "Apache-2.0",
    "BSD": "BSD-3-Clause",
    "3-Clause BSD License": "BSD-3-Clause",
    "BSD-3-Clause": "BSD-3-Clause",
    "MIT": "MIT",
    "MIT License": "MIT",
    "BSD license (see license.txt for details)": "BSD-3-Clause",
    "License :: OSI Approved :: BSD License": "BSD-3-Clause",
    "License :: OSI Approved :: MIT License": "MIT",
}
"""What metadata older than PEP 639 says, as SPDX; each looked up in the licence file."""

LIBRARIES = {
    "libXau": "MIT", "libaom": "BSD-2-Clause", "libavcodec": "LGPL-2.1-or-later",
    "libavformat": "LGPL-2.1-or-later", "libavif": "BSD-2-Clause",
    "libavutil": "LGPL-2.1-or-later", "libbrotlicommon": "MIT", "libbrotlidec": "MIT",
    "libcrypto": "OpenSSL", "libde265": "LGPL-3.0-or-later", "libdrm": "MIT",
    "libfreetype": "FTL", "libgfortran": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "libharfbuzz": "MIT-Modern-Variant", "libheif": "LGPL-3.0-or-later", "libjpeg": "IJG",
    "liblcms2": "MIT", "liblzma": "0BSD", "libopenblasp": "BSD-3-Clause",
    "libopenjp2": "BSD-2-Clause", "libpng16": "libpng-2.0", "libquadmath": "LGPL-2.1-or-later",
    "libscipy_openblas64_": "BSD-3-Clause", "libsharpyuv": "BSD-3-Clause", "libssl": "OpenSSL",
    "libswresample": "LGPL-2.1-or-later", "libswscale": "LGPL-2.1-or-later",
    "libtiff": "libtiff", "libvpx": "BSD-3-Clause", "libwebp": "BSD-3-Clause",
    "libwebpdemux": "BSD-3-Clause", "libwebpmux": "BSD-3-Clause", "libxcb": "MIT",
    "libzstd": "BSD-3-Clause",
}  # fmt: skip
"""SPDX licence by name of a bundled library, as the licence files of its wheel say."""

BUNDLED = re.compile(r"\.libs/(lib[^/.-]+)[^/]*\.so")
"""A library in a wheel that auditwheel repaired, which puts a hash behind its name."""

ROW = re.compile(r"^\| (\S+) \| (.+?) \| (.*?) \|$", re.MULTILINE)


@dataclass(frozen=True)
class Package:
    """A package that is installed wherever posecheck is.

    Attributes:
        name: As pip knows it.
        licence: SPDX expression.
        libraries: Names of native libraries in its wheel that are files of their own.
    """

    name: str
    licence: str
    libraries: tuple[str, ...]


def installed() -> dict[str, Package]:
    """Every package that posecheck asks for here, and those that these ask for, in turn."""
    project = tomllib.loads(PROJECT.read_text("utf-8"))["project"]
    asked = list(project["dependencies"])
    for extra in EXTRAS:
        asked += project["optional-dependencies"][extra]
    found: dict[str, Package] = {}
    seen: set[tuple[str, str]] = set()
    while asked:
        need = Requirement(asked.pop())
        name = canonicalize_name(need.name)
        if need.marker is not None and not need.marker.evaluate({"extra": ""}):
            continue
        package = distribution(name)
        found[name] = Package(name, licence_of(package), tuple(libraries_of(package)))
        for extra in ("", *need.extras):
            if (name, extra) not in seen:
                seen.add((name, extra))
                asked += [each for each in package.requires or () if _wanted(each, extra)]
    return dict(sorted(found.items()))


def _wanted(text: str, extra: str) -> bool:
    """Whether a package with that extra needs this."""
    marker = Requirement(text).marker
    return marker is None or marker.evaluate({"extra": extra})


def licence_of(package: Distribution) -> str:
    """The SPDX licence of a package.

    Raises:
        LookupError: Its metadata says it in words that are not known here.
    """
    metadata = package.metadata
    if "License-Expression" in metadata:
        return metadata["License-Expression"]
    texts = [*metadata.get_all("License", []), *metadata.get_all("Classifier", [])]
    says = [text.split(",")[0].strip() for text in texts]
    for words in says:
        if words in WORDS:
            return WORDS[words]
    raise LookupError(f"{package.name}: look up its licence: {says}")


def libraries_of(package: Distribution) -> list[str]:
    """Names of the native libraries that a package's wheel for Linux bundles as files."""
    names = (BUNDLED.search(file.as_posix()) for file in package.files or ())
    return sorted({name[1] for name in names if name})


def rows_of(page: str) -> dict[str, dict[str, tuple[str, str]]]:
    """The two tables of the page: heading to name to the other two columns."""
    tables = {}
    for part in page.split("\n## ")[1:]:
        heading, _, body = part.partition("\n")
        rows = body.partition("|---")[2]
        tables[heading] = {row[1]: (row[2], row[3]) for row in ROW.finditer(rows)}
    return tables


def render(packages: Iterable[Package], before: str) -> str:
    """The page with the tables brought up to date."""
    old = rows_of(before)
    needed = dict(old.get("Packages", {}))
    libraries = dict(old.get("Native libraries in the Linux wheels", {}))
    for package in packages:
        needed[package.name] = (package.licence, ", ".join(package.libraries))
        for name in package.libraries:
            libraries[name] = (LIBRARIES[name], "")
    for name in libraries:
        holders = [key for key, (_, held) in needed.items() if name in held.split(", ")]
        libraries[name] = (libraries[name][0], ", ".join(sorted(holders)))
    text = before
    for heading, table in (
        ("Packages", needed),
        ("Native libraries in the Linux wheels", libraries),
    ):
        text = _with_table(text, heading, table)
    return text


def _with_table(page: str, heading: str, table: dict[str, tuple[str, str]]) -> str:
    start = page.index("|---", page.index(f"\n## {heading}\n"))
    start = page.index("\n", start) + 1
    end = start
    while page[end : end + 1] == "|":
        end = page.index("\n", end) + 1
    return page[:start] + "".join(_lines(table)) + page[end:]


def _lines(table: dict[str, tuple[str, str]]) -> Iterator[str]:
    for name, (licence, last) in sorted(table.items(), key=lambda row: row[0].lower()):
        yield f"| {name} | {licence} | {last} |\n"


def main() -> None:
    """Bring the page up to date."""
    packages = installed().values()
    PAGE.write_text(render(packages, PAGE.read_text("utf-8")), "utf-8")
    print(f"{len(packages)} packages of Python {sys.version.split()[0]}")


if __name__ == "__main__":
    main()
