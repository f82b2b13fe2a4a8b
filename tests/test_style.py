"""The repository keeps its own rules: linted, typed, and no module that grew too long."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

LONGEST_MODULE = 400
FOLDERS = ("posecheck", "tests", "models", "training", "benchmarks", "samples")

pytestmark = pytest.mark.style


def run(repository: Path, *command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=repository, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_ruff_finds_nothing(repository: Path) -> None:
    run(repository, "ruff", "check", ".")


def test_the_code_is_formatted(repository: Path) -> None:
    run(repository, "ruff", "format", "--check", ".")


@pytest.mark.skipif(
    sys.version_info[:2] != (3, 11),
    reason="NumPy's types differ from release to release; those of its last for 3.11 are kept to",
)
def test_mypy_finds_nothing(repository: Path) -> None:
    run(repository, "mypy")


def test_no_module_is_too_long(repository: Path) -> None:
    modules = [path for folder in FOLDERS for path in (repository / folder).rglob("*.py")]
    lengths = {
        str(path.relative_to(repository)): len(path.read_text("utf-8").splitlines())
        for path in modules
    }
    assert len(lengths) > 20
    assert {name: n for name, n in lengths.items() if n > LONGEST_MODULE} == {}
