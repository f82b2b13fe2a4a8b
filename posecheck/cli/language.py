"""Which language to speak: flag, environment, settings files, then the locale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from posecheck.errors import ConfigError
from posecheck.report.texts import DEFAULT_LANGUAGE, LANGUAGES
from posecheck.risk.settings import load_settings

LOCALE_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""In the order in which POSIX lets them decide; the first that is set does."""


def choose_language(arguments: Sequence[str], environment: Mapping[str, str]) -> str:
    """The language for help, messages and reports.

    It has to be known before the arguments are parsed, because their help is written in it.

    Args:
        arguments: What was typed after the program's name.
        environment: Environment variables.
    """
    flag = _flag(arguments)
    if flag not in LANGUAGES:
        flag = None  # The parser will say that it is no language; say it in the usual one.
    try:
        chosen = load_settings({"lang": flag}, environment=environment).lang
    except ConfigError:
        # The command reports it, with file and line; `--help` must work all the same.
        chosen = flag
    return chosen or locale_language(environment)


def locale_language(environment: Mapping[str, str]) -> str:
    """The language of the locale: English where it says so, Indonesian otherwise."""
    value = next((environment[name] for name in LOCALE_VARIABLES if environment.get(name)), "")
    language = value.replace("-", "_").split("_")[0].split(".")[0].lower()
    return language if language in LANGUAGES else DEFAULT_LANGUAGE


def _flag(arguments: Sequence[str]) -> str | None:
    found = None
    for position, argument in enumerate(arguments):
        if argument == "--":
            break
        if argument == "--lang" and position + 1 < len(arguments):
            found = arguments[position + 1]
        elif argument.startswith("--lang="):
            found = argument.removeprefix("--lang=")
    return found
