"""docs/ tells the truth about the command line and its JSON."""

from __future__ import annotations

import os
import re
from pathlib import Path

import click
import pytest

from posecheck.cli.exit_codes import ExitCode
from posecheck.cli.main import Program
from posecheck.report.hand_text import SURE
from posecheck.report.record import to_record
from posecheck.report.texts import load
from posecheck.results import Level, RuleStatus, Status
from posecheck.risk.settings import SETTING_KEYS
from tests.report import photos

DOCS = Path(__file__).resolve().parents[2] / "docs"
BLOCK = re.compile(r"(<!-- help (\w+) ?(\w*) -->\n```\n).*?(```)", re.DOTALL)


def help_text(lang: str, command: str) -> str:
    """Help of a command, 80 columns wide."""
    program = Program(load(lang))
    context = click.Context(program, info_name="posecheck", terminal_width=80)
    if not command:
        return program.get_help(context)
    found = program.get_command(context, command)
    assert found is not None
    return found.get_help(
        click.Context(found, info_name=command, parent=context, terminal_width=80)
    )


def filled(text: str) -> str:
    """The page with its help texts written anew."""
    return BLOCK.sub(lambda m: f"{m[1]}{help_text(m[2], m[3])}\n{m[4]}", text)


def test_help_in_the_docs_is_the_help_of_the_program() -> None:
    page = DOCS / "cli.md"
    text = page.read_text("utf-8")
    if os.environ.get("POSECHECK_WRITE_DOCS"):
        page.write_text(filled(text), "utf-8")
        text = page.read_text("utf-8")
    assert filled(text) == text


def test_every_command_is_documented_in_both_languages() -> None:
    text = (DOCS / "cli.md").read_text("utf-8")
    program = Program(load("id"))
    commands = ["", *program.list_commands(click.Context(program))]
    shown = {(m[2], m[3]) for m in BLOCK.finditer(text)}
    assert shown == {(lang, command) for lang in ("id", "en") for command in commands}


def test_every_exit_code_status_and_setting_is_documented() -> None:
    text = (DOCS / "cli.md").read_text("utf-8")
    for code in ExitCode:
        assert f"\n| {code.value} | " in text
    for status in Status:
        if status is not Status.CHECKED:
            assert f"`{status.value}`" in text
    for key in SETTING_KEYS:
        assert f"`POSECHECK_{key.upper()}`" in text
        assert f"`{key} = " in text


@pytest.mark.parametrize("lang", ["id", "en"])
def test_words_of_certainty_are_documented(lang: str) -> None:
    text = (DOCS / "cli.md").read_text("utf-8")
    for least, word in SURE:
        assert f"{round(100 * least)}" in text
        assert load(lang)(f"sure.{word}") in text
    assert load(lang)("sure.doubtful") in text


def test_every_json_field_and_value_is_documented() -> None:
    text = (DOCS / "json.md").read_text("utf-8")
    record = to_record(photos.group())
    fields = {*record, *record["hands"][0], *record["readings"][0]}
    for word in (*fields, *(v.value for e in (Status, Level, RuleStatus) for v in e)):
        assert f"`{word}`" in text, word
