"""What the user chose: flag, then environment, then project file, then user file."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from platformdirs import user_config_path

from posecheck.errors import ConfigError
from posecheck.results import Level
from posecheck.risk import schema
from posecheck.risk.catalog import Reference, reference
from posecheck.risk.choices import BACKENDS, FAIL_ON, LANGUAGES, RUNTIMES
from posecheck.risk.contest import DEFAULT_CONTEST
from posecheck.risk.document import Document, suggestion
from posecheck.risk.rules import DEFAULT_RULES

FILE_NAME = "posecheck.toml"
ENVIRONMENT_PREFIX = "POSECHECK_"


@dataclass(frozen=True)
class Settings:
    """What the user chose.

    Attributes:
        contest: A shipped id or a file, for `load_contest`.
        rules: A shipped id or a file, for `load_rules`.
        lang: "id" or "en", or None to go by the locale.
        fail_on: Least level that counts as something found.
        backend: Hand finder, one of `BACKENDS`.
        runtime: What runs the networks, one of `RUNTIMES`.
        files: Settings files that were read, the one that counts more first.
    """

    contest: Reference = DEFAULT_CONTEST
    rules: Reference = DEFAULT_RULES
    lang: str | None = None
    fail_on: Level = Level.MEDIUM
    backend: str = BACKENDS[0]
    runtime: str = RUNTIMES[0]
    files: tuple[Path, ...] = ()


def _choice(choices: tuple[str, ...], value: str) -> str:
    if value not in choices:
        raise ConfigError(
            f"'{value}' is not possible{suggestion(value, choices)}",
            f"Choose one of {', '.join(choices)}.",
        )
    return value


_READERS: dict[str, Callable[[str, Path | None], Any]] = {
    "contest": partial(reference, "contests"),
    "rules": partial(reference, "rules"),
    "lang": lambda value, _: _choice(LANGUAGES, value),
    "fail_on": lambda value, _: Level(_choice(FAIL_ON, value)),
    "backend": lambda value, _: _choice(BACKENDS, value),
    "runtime": lambda value, _: _choice(RUNTIMES, value),
}
"""Setting to what makes its value from a text and the folder that paths start from."""

SETTING_KEYS = tuple(_READERS)


def load_settings(
    flags: Mapping[str, str | None] | None = None,
    *,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
    user_folder: Path | None = None,
) -> Settings:
    """Find and read every source of settings.

    Args:
        flags: What the command line says: key of `SETTING_KEYS` to its text, None where silent.
        environment: Variables `POSECHECK_CONTEST` and so on; those of the process if None.  An
            empty one counts as silent.
        folder: Where the search upward for posecheck.toml begins; the working directory if None.
        user_folder: Where the user's posecheck.toml is; the place the system has for it if None.

    Raises:
        ConfigError: A value is not possible, or a file is malformed; the message names the flag,
            the variable, or the file and line.
    """
    environment = os.environ if environment is None else environment
    folder = Path.cwd() if folder is None else folder
    if user_folder is None:
        user_folder = user_config_path("posecheck", appauthor=False)
    given = {key: value for key, value in (flags or {}).items() if value is not None}
    values: dict[str, Any] = {
        key: _read(f"--{key.replace('_', '-')}", key, given[key]) for key in given
    }
    for key in SETTING_KEYS:
        name = ENVIRONMENT_PREFIX + key.upper()
        if key not in values and environment.get(name):
            values[key] = _read(name, key, environment[name])
    files = tuple(_settings_files(folder, user_folder))
    for path in files:
        values = {**_from_file(path), **values}
    return replace(Settings(), **values, files=files)


def _settings_files(folder: Path, user_folder: Path) -> list[Path]:
    """The project's and the user's file, as far as there are any."""
    upward = [folder.resolve(), *folder.resolve().parents]
    project = next((f for f in (d / FILE_NAME for d in upward) if _is_file(f)), None)
    found = [] if project is None else [project]
    user = user_folder / FILE_NAME
    if _is_file(user) and user.resolve() not in found:
        found.append(user)
    return found


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except PermissionError:
        # A folder above the working directory that this user may not look into holds no settings
        # of theirs, and must not stop them from checking a photo.
        return False


def _from_file(path: Path) -> dict[str, Any]:
    document = Document.load(path)
    schema.known_keys(document, document.data, SETTING_KEYS)
    values = {}
    for key in document.data:
        text = schema.text_at(document, document.data, (key,))
        try:
            values[key] = _READERS[key](text, path.parent)
        except ConfigError as error:
            raise document.error(
                f"'{key}': {error.message}", (key,), remedy=error.remedy
            ) from error
    return values


def _read(source: str, key: str, text: str) -> object:
    try:
        return _READERS[key](text, None)
    except ConfigError as error:
        raise ConfigError(f"{source}: {error.message}", error.remedy) from error
