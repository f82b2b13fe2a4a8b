"""Which language is spoken."""

from __future__ import annotations

from pathlib import Path

import pytest

from posecheck.cli.language import choose_language, locale_language
from tests.cli.conftest import Cli


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "id"),
        ({"LANG": "id_ID.UTF-8"}, "id"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "en"}, "en"),
        ({"LANG": "en-GB"}, "en"),
        ({"LANG": "C"}, "id"),
        ({"LANG": "C.UTF-8"}, "id"),
        ({"LANG": "POSIX"}, "id"),
        ({"LANG": "jv_ID"}, "id"),
        ({"LANG": "de_DE.UTF-8"}, "id"),
        ({"LC_ALL": "en_US", "LANG": "id_ID"}, "en"),
        ({"LC_MESSAGES": "en_US", "LANG": "id_ID"}, "en"),
        ({"LC_ALL": "id_ID", "LC_MESSAGES": "en_US"}, "id"),
        ({"LC_ALL": "", "LANG": "en_US"}, "en"),
    ],
)
def test_the_locale_decides_and_unknown_is_indonesian(
    environment: dict[str, str], language: str
) -> None:
    assert locale_language(environment) == language


def test_flag_then_environment_then_file_then_locale() -> None:
    english = {"LANG": "en_US.UTF-8"}
    assert choose_language([], english) == "en"
    Path("posecheck.toml").write_text('lang = "id"\n', "utf-8")
    assert choose_language([], english) == "id"
    environment = {**english, "POSECHECK_LANG": "en"}
    assert choose_language([], environment) == "en"
    assert choose_language(["--lang", "id"], environment) == "id"


@pytest.mark.parametrize(
    ("arguments", "language"),
    [
        (["check", "--lang", "en", "a.jpg"], "en"),
        (["--lang=en", "check", "a.jpg"], "en"),
        (["check", "a.jpg", "--lang=id", "--lang", "en"], "en"),
        (["check", "--", "--lang", "en"], "id"),
        (["check", "--lang"], "id"),
        (["check", "--lang", "fr"], "id"),
    ],
)
def test_the_flag_may_stand_anywhere(arguments: list[str], language: str) -> None:
    assert choose_language(arguments, {}) == language


def test_an_unknown_language_is_a_usage_error(cli: Cli) -> None:
    outcome = cli("check", "--lang", "fr", "a.jpg")
    assert outcome.code == 2
    assert "Nilai untuk --lang tidak dikenal. Pilihannya: id, en." in outcome.err


def test_a_malformed_settings_file_does_not_hide_the_help(cli: Cli) -> None:
    Path("posecheck.toml").write_text("lang = \n", "utf-8")
    assert cli("--help").out.startswith("Cara pakai")
    assert cli("--help", "--lang", "en").out.startswith("Usage")
