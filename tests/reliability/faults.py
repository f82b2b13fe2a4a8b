"""Faults of the surroundings, each tried on the program: `python -m tests.reliability.faults`.

Prints what was promised and what was measured as Markdown tables; exits with 1 where a promise
was not kept.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.reliability.changing import changing
from tests.reliability.clocks import clocks
from tests.reliability.failing_disk import failing_disk
from tests.reliability.full_disk import full_disk
from tests.reliability.read_only import read_only_folders
from tests.reliability.stage import Stage
from tests.reliability.table import Row, markdown, write_json
from tests.reliability.together import together

PARTS: dict[str, tuple[str, Callable[[Stage], list[Row]]]] = {
    "full": ("A disk without room", full_disk),
    "readonly": ("Folders that may not be written to", read_only_folders),
    "changing": ("Files that change while they are read", changing),
    "clock": ("Clocks that are wrong, or jump", clocks),
    "together": ("Programs at work on one case file at once", together),
    "disk": ("A slow disk, and one that fails", failing_disk),
}


def main() -> int:
    """Try every fault, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20, help="of what is a matter of chance")
    parser.add_argument("--only", choices=PARTS)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    found: dict[str, list[Row]] = {}
    for name, (title, part) in PARTS.items():
        if options.only in (None, name):
            with tempfile.TemporaryDirectory(prefix="posecheck-faults-") as folder:
                found[title] = part(Stage.made(Path(folder), options.rounds))
            sys.stdout.write(markdown(title, found[title]) + "\n")
            sys.stdout.flush()
    if options.json is not None:
        write_json(options.json, found)
    return 0 if all(row.holds for rows in found.values() for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
