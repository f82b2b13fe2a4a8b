"""docs/risk.md tells the truth: its examples run, its files load, its tables are the constants."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

from posecheck.gesture.legible import LEGIBLE
from posecheck.results import Level
from posecheck.risk.contest import load_contest
from posecheck.risk.formula import (
    CORROBORATION,
    LEVEL_FLOORS,
    NO_NUMBER_FACTOR,
    STATUS_WEIGHT,
    UNCLEAR_BELOW,
    UNCLEAR_WEIGHT,
)
from posecheck.risk.rules import load_rules, rule_ids
from posecheck.risk.settings import load_settings

PAGE = Path(__file__).parents[2] / "docs" / "risk.md"
TEXT = PAGE.read_text(encoding="utf-8")


def toml_block(kind: str) -> str:
    found = re.search(rf"```toml\n(# {kind}\n.*?)```", TEXT, re.DOTALL)
    assert found is not None
    return found.group(1)


def rows(heading: str) -> list[list[str]]:
    """Cells of the table whose head row starts with `heading`."""
    after = TEXT[TEXT.index(f"\n| {heading}") + 1 :]
    table = after[: after.index("\n\n")].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


def test_the_examples_run() -> None:
    failed, tried = doctest.testfile(str(PAGE), module_relative=False, encoding="utf-8")
    assert tried > 20
    assert failed == 0


def test_the_files_load(tmp_path: Path) -> None:
    for name, kind in (
        ("pilkada-kami.toml", "contest"),
        ("aturan.toml", "rules"),
        ("posecheck.toml", "settings"),
    ):
        (tmp_path / name).write_text(toml_block(kind), encoding="utf-8")
    assert load_contest(tmp_path / "pilkada-kami.toml").numbers_for("four") == (1, 2)
    assert load_rules(tmp_path / "aturan.toml").inferred == ("two_up",)
    settings = load_settings(environment={}, folder=tmp_path, user_folder=tmp_path / "none")
    assert settings.contest == tmp_path / "pilkada-kami.toml"
    assert settings.fail_on is Level.LOW


def test_the_table_of_weights_is_that_of_the_code() -> None:
    assert {row[0]: float(row[1]) for row in rows("rule status")} == {
        status.value: weight for status, weight in STATUS_WEIGHT.items()
    }
    assert f"counts {NO_NUMBER_FACTOR} of that" in TEXT
    assert f"Why the power of {CORROBORATION}." in TEXT
    assert f"fewer than {LEGIBLE:.0f} pixels" in TEXT
    assert f"a probability of {UNCLEAR_BELOW:.0%}".replace("%", " %") in TEXT
    assert f"100 x {UNCLEAR_WEIGHT} x (1 - probability" in TEXT


def test_the_table_of_levels_is_that_of_the_code() -> None:
    floors = {level.value: floor for floor, level in LEVEL_FLOORS if floor}
    said = {row[0]: float(row[1].split()[0]) for row in rows("level") if "more" in row[1]}
    assert said == floors


@pytest.mark.parametrize("row", rows("hands | each"))
def test_the_arithmetic_of_hands_together(row: list[str]) -> None:
    hands, each = int(row[0]), float(row[1].rstrip(" %")) / 100
    together = [100 * (1 - (1 - each**power) ** hands) for power in (1, 2, 3)]
    assert [float(cell) for cell in row[2:]] == pytest.approx(
        [100 * each, *together, max(100 * each, together[2])], abs=0.051
    )


def test_the_table_of_rule_sets_is_that_of_the_files() -> None:
    said = {row[0].split("`")[1]: (row[2], row[3]) for row in rows("id | what it is")}
    assert said == {
        name: tuple(load_rules(name).status(gesture).value for gesture in ("palm", "four"))
        for name in rule_ids()
    }
