"""Rows of what was tried, what was promised and what was measured, as Markdown and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """One fault.

    Attributes:
        fault: What was done.
        promised: What must hold.
        tried: How often it was tried.
        kept: How often the promise was kept; -1 where it could not be tried here.
        measured: What was seen.
    """

    fault: str
    promised: str
    tried: int
    kept: int
    measured: str

    @property
    def holds(self) -> bool:
        """Whether the promise was kept every time, or could not be tried."""
        return self.kept in (self.tried, -1)

    @classmethod
    def skipped(cls, fault: str, why: str) -> Row:
        """A fault that cannot be made on this system."""
        return cls(fault, "", 0, -1, f"not tried: {why}")


def markdown(title: str, rows: Iterable[Row]) -> str:
    """A table under its title."""
    lines = [
        f"### {title}",
        "",
        "| What was done | Promised | Tried | Kept | Measured |",
        "|---|---|---:|---:|---|",
    ]
    for row in rows:
        kept = "-" if row.kept < 0 else str(row.kept)
        cells = (row.fault, row.promised, str(row.tried), kept, row.measured)
        lines.append("| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def write_json(path: Path, sections: dict[str, list[Row]]) -> None:
    """The same for programs."""
    found = {title: [asdict(row) for row in rows] for title, rows in sections.items()}
    path.write_text(json.dumps(found, indent=1) + "\n")
