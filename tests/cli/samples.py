"""The pictures in samples/, and what posecheck must read in them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FOLDER = Path(__file__).resolve().parents[2] / "samples"


def expected() -> dict[str, dict[str, Any]]:
    """Name of each picture to its entry in samples/expected.toml."""
    entries = tomllib.loads((FOLDER / "expected.toml").read_text("utf-8"))["photo"]
    return {entry["file"]: entry for entry in entries}
