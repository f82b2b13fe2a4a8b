"""Both READMEs say the same, and what they say is so."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from posecheck.cli.exit_codes import ExitCode
from posecheck.cli.main import Program
from posecheck.report.texts import load
from tests.cli.test_process import environment
from tests.report.test_texts import ACCUSING, CLEAN, PROMISING

ROOT = Path(__file__).resolve().parents[2]
READMES = {"en": "README.md", "id": "README.id.md"}
EXAMPLE = re.compile(r"```\n\$ (posecheck check [^\n]*)\n(.*?)```", re.DOTALL)


def text(lang: str) -> str:
    return (ROOT / READMES[lang]).read_text("utf-8")


def commands(lang: str) -> list[str]:
    """Every command line in the README, without the words beside it."""
    blocks = re.findall(r"```\n(.*?)```", text(lang), re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    found = [re.split(r"\s{3,}", line)[0] for line in lines]
    return [line for line in found if line.startswith(("posecheck ", "pip "))]


def test_both_show_the_same_commands_with_the_two_of_the_set_up_first() -> None:
    assert commands("en") == commands("id")
    assert commands("en")[0].startswith("pip install . && posecheck check samples/")
    assert commands("en")[1].startswith("pip install")


@pytest.mark.parametrize("lang", READMES)
def test_every_command_that_is_shown_can_be_typed(lang: str) -> None:
    for line in commands(lang):
        for part in line.split("&&"):
            words = shlex.split(part)
            if words[0] != "posecheck":
                continue
            program = Program(load(lang))
            with program.make_context("posecheck", words[1:]) as context:
                name, command, rest = program.resolve_command(context, words[1:])
                assert command is not None
                command.make_context(name, rest, parent=context)


@pytest.mark.parametrize("lang", READMES)
def test_every_exit_code_is_there(lang: str) -> None:
    for code in ExitCode:
        assert f"\n| {code.value} | " in text(lang)


@pytest.mark.parametrize("lang", READMES)
def test_words_are_those_of_the_program(lang: str) -> None:
    for line in text(lang).splitlines():
        assert not ACCUSING.search(line), line
        assert not PROMISING.search(line), line
        assert not CLEAN.search(line) or re.search("jangan|do not", line), line
    nothing = load(lang)("verdict.none").rstrip(".")
    assert nothing in text(lang).replace("\n  ", " ")


@pytest.mark.parametrize("lang", READMES)
def test_links_lead_somewhere(lang: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", text(lang)):
        assert (ROOT / target).exists(), target


@pytest.mark.parametrize("lang", READMES)
def test_the_example_is_what_the_program_says(lang: str) -> None:
    shown = EXAMPLE.search(text(lang))
    assert shown is not None
    done = subprocess.run(
        [sys.executable, "-m", "posecheck", *shlex.split(shown[1])[1:], "--lang", lang],
        capture_output=True,
        encoding="utf-8",
        env=environment(),
        cwd=ROOT,
        timeout=300,
    )
    assert done.stderr == ""
    assert _words(done.stdout) == _words(shown[2])


def _words(report: str) -> list[str]:
    """The words of a report; figures may differ a little between processors."""
    return re.sub(r"\d+%|\d+ (dari|of) 100", "#", report).split()
