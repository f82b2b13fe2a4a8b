"""Help fits a screen, speaks the chosen language, and wrong usage is explained."""

from __future__ import annotations

from pathlib import Path

import pytest

from posecheck import __version__
from posecheck.report.texts import LANGUAGES, load
from tests.cli.conftest import Cli

COMMANDS: tuple[tuple[str, ...], ...] = (
    (), ("check",), ("scan",), ("review",), ("export",), ("purge",), ("audit",), ("poses",),
    ("eval",),
)  # fmt: skip

SCREEN, LONG = 24, 44
"""Lines of a small terminal, and what commands for those who work with folders may take."""


@pytest.fixture(autouse=True)
def terminal_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_help_fits_a_screen(cli: Cli, command: tuple[str, ...], lang: str, flag: str) -> None:
    outcome = cli(*command, flag, "--lang", lang)
    lines = outcome.out.splitlines()
    assert outcome.code == 0
    assert outcome.err == ""
    assert len(lines) <= (LONG if command in (("scan",), ("eval",)) else SCREEN)
    assert max(map(len, lines)) <= 80
    assert lines[0].startswith(load(lang)("help.usage") + " ".join(["posecheck", *command]))


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_every_option_is_a_text_of_the_language(cli: Cli, command: tuple[str, ...]) -> None:
    indonesian, english = (
        set(cli(*command, "--help", "--lang", lang).out.splitlines()) for lang in LANGUAGES
    )
    # Only blank lines and names without words may be the same.
    assert {line for line in indonesian & english if len(line.split()) > 2} == set()


def test_the_command_alone_shows_help_and_is_no_success(cli: Cli) -> None:
    outcome = cli()
    assert outcome.code == 2
    assert outcome.out == ""
    assert "Cara pakai: posecheck" in outcome.err


def test_version(cli: Cli) -> None:
    assert cli("--version").out == f"posecheck {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("check",), "FOTO... belum disebutkan."),
        (("check", "a.jpg", "--fomat", "json"), "Tidak ada pilihan bernama --fomat. Mungkin"),
        (("check", "a.jpg", "--format", "xml"), "Pilihannya: text, json, jsonl."),
        (("check", "a.jpg", "--fail-on", "none"), "Pilihannya: low, medium, high."),
        (("check", "a.jpg", "--contest", "pemilu-2042"), "pemilu-2042"),
        (("chek", "a.jpg"), "Tidak ada perintah bernama chek. Mungkin maksudnya check."),
        (("check", "a.jpg", "--rules"), "--rules"),
        (("--salah",), "Tidak ada pilihan bernama --salah."),
    ],
)
def test_wrong_usage_is_explained(cli: Cli, arguments: tuple[str, ...], words: str) -> None:
    outcome = cli(*arguments)
    assert outcome.code == 2
    assert outcome.out == ""
    assert words in outcome.err
    assert "Traceback" not in outcome.err


def test_a_photo_without_the_command_is_understood(cli: Cli) -> None:
    Path("foto.jpg").write_bytes(b"x")
    assert "Mungkin maksudnya posecheck check foto.jpg." in cli("foto.jpg").err


def test_english_speaks_english(cli: Cli) -> None:
    outcome = cli("check", "a.jpg", "--format", "xml", "--lang", "en")
    assert "Choose from: text, json, jsonl." in outcome.err
    assert "Help: posecheck check --help" in outcome.err
