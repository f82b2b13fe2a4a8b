"""The quick versions of the long commands: a few rounds of every fault, every promise kept."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.reliability.program import ROOT, environment

pytestmark = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="signals, pipes and disks of Linux"
)

QUICK = ("readonly", "changing")
PARTS = (*QUICK, "full", "clock", "together", "disk")
ALL = "POSECHECK_FAULTS" in os.environ
"""Whether those are tried as well that take minutes."""


def rows(tmp_path: Path, *arguments: str) -> list[dict[str, object]]:
    """What a command measured; it must have kept every promise."""
    found = tmp_path / "found.json"
    # A program of its own, since tests may not connect to anything, not even to the review page.
    done = subprocess.run(
        [sys.executable, "-m", *arguments, "--json", str(found)],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=1800,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return [row for section in json.loads(found.read_text()).values() for row in section]


def test_what_is_killed_loses_nothing(tmp_path: Path) -> None:
    found = rows(tmp_path, "tests.reliability.kills", "--rounds", "3")
    assert sum(row["tried"] == row["kept"] for row in found) == len(found) >= 3


@pytest.mark.parametrize("part", PARTS if ALL else QUICK)
def test_every_fault_of_the_surroundings_is_survived(tmp_path: Path, part: str) -> None:
    found = rows(tmp_path, "tests.reliability.faults", "--only", part, "--rounds", "1")
    assert any(row["kept"] == row["tried"] for row in found)
