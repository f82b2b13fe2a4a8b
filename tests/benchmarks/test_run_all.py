"""One command runs every benchmark, and says so where one was not or could not be run."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import pytest

from benchmarks import run_all
from benchmarks.run_all import MEDIAPIPE, PARTS, Part, machine, page, run

FOLDER = Path(run_all.__file__).parent


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_every_part_is_a_script_with_these_arguments(part: Part) -> None:
    for quick in (False, True):
        dash, name, *arguments = part.command(quick)
        assert dash == "-m"
        script = import_module(name)
        assert callable(script.main)
        text = (FOLDER / f"{name.removeprefix('benchmarks.')}.py").read_text("utf-8")
        assert all(f'"{word}"' in text for word in arguments if word.startswith("--"))


def test_every_part_has_a_name_of_its_own() -> None:
    assert len({part.name for part in PARTS}) == len({part.title for part in PARTS}) == len(PARTS)


def test_the_page_has_the_machine_and_every_part() -> None:
    text = page([(PARTS[0], "| a |\n|---|"), (PARTS[1], "text")], machine(), quick=True)
    assert f"Python {sys.version_info.major}.{sys.version_info.minor}" in text
    assert "numpy " in text
    assert "--quick" in text
    assert text.index(PARTS[0].title) < text.index("| a |") < text.index(PARTS[1].title)


def test_a_part_that_needs_what_is_not_there_says_so() -> None:
    text, well = run(Part("cold_start", "", ("--mediapipe-python", MEDIAPIPE)), False, None)
    assert well
    assert "--mediapipe-python" in text


def test_a_part_that_fails_is_told(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(Part("cold_start", "", ()), False, None) == (
        "Failed with exit code 2.",
        False,
    )
    assert "--mediapipe-python" in capfd.readouterr().err


def test_the_page_is_written_also_where_a_part_failed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_all, "PARTS", (Part("a", "One"), Part("b", "Two")))
    monkeypatch.setattr(run_all, "run", lambda part, quick, path: ("done", part.name == "a"))
    target = tmp_path / "results.md"
    monkeypatch.setattr(sys, "argv", ["run_all.py", "--output", str(target)])
    with pytest.raises(SystemExit, match="b"):
        run_all.main()
    assert "## One" in target.read_text("utf-8")
    assert "## Two" in target.read_text("utf-8")
