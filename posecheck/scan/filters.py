"""Which names a scan goes into: what counts as hidden, and what globs let in or leave out."""

from __future__ import annotations

import fnmatch
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

ARCHIVE_SUFFIX = ".zip"
"""Ending of the archives whose members are listed."""

CLOSED_SUFFIXES = frozenset(
    {".rar", ".7z", ".tar", ".tgz", ".gz", ".bz2", ".tbz2", ".xz", ".txz", ".zst", ".lzh", ".cab"}
)
"""Endings of archives that are never opened; they are named apart, since photos may be in them."""

_HIDDEN_NAMES = frozenset(
    {
        # Windows: small pictures and settings of a folder, the bin, restore points.
        "thumbs.db", "ehthumbs.db", "desktop.ini", "$recycle.bin", "system volume information",
        # macOS writes it into ZIP archives: what is known of each file, under the file's own name.
        "__macosx",
        # Synology's storage: small copies of every photo.
        "@eadir",
    }
)  # fmt: skip


def is_hidden(name: str) -> bool:
    """Whether a file or folder of this name (without its folder) is passed over unless named."""
    if name.startswith("."):
        return name not in {".", ".."}
    return name.lower() in _HIDDEN_NAMES


def suffix_of(name: str) -> str:
    """Lower-case ending of a name with its dot, "" for none."""
    stem, dot, ending = name.rpartition(".")
    return f".{ending.lower()}" if dot and stem else ""


@dataclass(frozen=True)
class Globs:
    """Patterns as people type them; a path matches when one of them does.

    `*` stands for any characters, slashes included, `?` for one, `[ab]` for one of these.  Case
    does not matter, nor does how an accent is stored.  A pattern without a slash is held against
    the name alone (`*.png`, `2019`), one with a slash against the whole path below the folder
    that was named (`2019/*`, `*/raw/*`).  A slash at the end is dropped, and one at the start
    only says that the pattern is for the whole path.  `**/` at the start stands for any folders
    or none.  Blank patterns are dropped.

    Attributes:
        names: What names are held against.
        paths: What paths are held against.
    """

    names: tuple[re.Pattern[str], ...]
    paths: tuple[re.Pattern[str], ...]

    @classmethod
    def of(cls, patterns: Sequence[str]) -> Globs:
        """Understand patterns; any text is one."""
        names: list[str] = []
        paths: list[str] = []
        for pattern in patterns:
            typed = pattern.strip().removeprefix("./")
            anywhere = typed.startswith("**/")
            typed = (typed[3:] if anywhere else typed).rstrip("/")
            if "/" in typed:
                paths.append(typed.lstrip("/"))
                if anywhere:
                    paths.append(f"*/{typed.lstrip('/')}")
            elif typed:
                names.append(typed)
        return cls(tuple(map(_compiled, names)), tuple(map(_compiled, paths)))

    def __bool__(self) -> bool:
        return bool(self.names or self.paths)

    def match(self, path: str) -> bool:
        """Whether a path with forward slashes matches."""
        path = unicodedata.normalize("NFC", path)
        name = path.rpartition("/")[2]
        return any(glob.match(name) for glob in self.names) or any(
            glob.match(path) for glob in self.paths
        )


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(fnmatch.translate(unicodedata.normalize("NFC", pattern)), re.IGNORECASE)


@dataclass(frozen=True)
class Filters:
    """What a scan was told to take.

    Attributes:
        include: Photos that match none of these are left out; empty for all.
        exclude: Photos, folders and archives that match are left out, whatever `include` says.
        archives: Whether ZIP archives are opened.
    """

    include: Globs
    exclude: Globs
    archives: bool = True

    @classmethod
    def of(
        cls, include: Sequence[str] = (), exclude: Sequence[str] = (), *, archives: bool = True
    ) -> Filters:
        """Understand patterns; see `Globs`."""
        return cls(Globs.of(include), Globs.of(exclude), archives)

    def excludes(self, relative: str) -> bool:
        """Whether a file, folder or archive is left out, with all that is in it."""
        return self.exclude.match(relative)

    def includes(self, relative: str) -> bool:
        """Whether a photo is wanted, as far as `include` goes."""
        return not self.include or self.include.match(relative)
