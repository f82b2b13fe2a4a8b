"""What ships with posecheck, and what a person names instead: an id or a file."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from os import PathLike
from pathlib import Path
from typing import Literal

from posecheck.errors import ConfigError
from posecheck.risk.document import Document, suggestion

Kind = Literal["contests", "rules"]
Reference = str | Path
"""A shipped id (str), or the path of a file (Path)."""

_SINGULAR: dict[Kind, str] = {"contests": "contest", "rules": "rule set"}
_PATH_REMEDY = "Check the path; one in a settings file starts from the folder of that file."


@cache
def shipped_ids(kind: Kind) -> tuple[str, ...]:
    """Ids of the files of a kind that ship with posecheck, in alphabetical order."""
    folder = files("posecheck.risk") / "data" / kind
    names = (entry.name for entry in folder.iterdir())
    return tuple(sorted(name[: -len(".toml")] for name in names if name.endswith(".toml")))


def reference(kind: Kind, value: str | PathLike[str], base: Path | None = None) -> Reference:
    """Tell a shipped id from the path of a file.

    Args:
        kind: What is meant.
        value: A shipped id; or a path, known by its separator or its ending in ".toml".
        base: Folder that a relative path starts from; the working directory if None.

    Raises:
        ConfigError: It is neither, or there is no such file.
    """
    if isinstance(value, str) and value in shipped_ids(kind):
        return value
    text = str(value)
    is_path = not isinstance(value, str) or text.endswith(".toml") or "/" in text or "\\" in text
    if not is_path:
        shipped = ", ".join(shipped_ids(kind))
        raise ConfigError(
            f"no {_SINGULAR[kind]} is called '{text}'{suggestion(text, shipped_ids(kind))}",
            f"Choose one of {shipped}, or give the path of a file that ends in .toml.",
        )
    path = Path(text)
    try:
        path = path.expanduser() if base is None else base / path.expanduser()
        found = path.is_file()
    except (OSError, RuntimeError) as error:  # RuntimeError: ~ of a user that there is not.
        raise ConfigError(
            f"the {_SINGULAR[kind]} file {path} cannot be looked up: {error}", _PATH_REMEDY
        ) from error
    if not found:
        raise ConfigError(f"there is no {_SINGULAR[kind]} file {path}", _PATH_REMEDY)
    return path


def open_reference(kind: Kind, value: Reference) -> Document:
    """Read the file that `value` (see `reference`) stands for.

    Raises:
        ConfigError: There is none, or it is not TOML.
    """
    found = reference(kind, value)
    if isinstance(found, Path):
        return Document.load(found)
    file = files("posecheck.risk") / "data" / kind / f"{found}.toml"
    return Document.parse(file.read_bytes(), f"{found}.toml")
