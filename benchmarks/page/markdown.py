"""Figures and tables as Markdown, and the prose that they are filled into."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from string import Template

from posecheck.evaluation.intervals import Estimate, wilson
from posecheck.evaluation.tables import decimal, decimal_interval, percent, percent_interval

TEMPLATES = Path(__file__).parent / "templates"

FIGURE = re.compile(r"[-+]?\d|-?$")
"""How a cell that holds a figure, or none, begins."""


def fill(template: str, **values: object) -> str:
    """The prose of `templates/<template>.md` with its placeholders filled in.

    Raises:
        KeyError: A placeholder has no value.
        ValueError: A value has no placeholder, so that a figure would silently go missing.
    """
    text = Template((TEMPLATES / f"{template}.md").read_text("utf-8"))
    wanted = {m["named"] or m["braced"] for m in text.pattern.finditer(text.template)}
    if extra := set(values) - wanted:
        raise ValueError(f"{template}.md has no place for {', '.join(sorted(extra))}")
    return text.substitute(values).strip()


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table, columns of figures to the right, of words to the left; "" without rows."""
    if not rows:
        return ""
    marks = [
        "---:" if i and all(re.match(FIGURE, text) for text in column) else "---"
        for i, column in enumerate(zip(*rows, strict=True))
    ]
    lines = [" | ".join(cell.replace("|", "\\|") for cell in row) for row in (header, marks, *rows)]
    return "\n".join(f"| {line} |" for line in lines)


def share(estimate: Estimate | None) -> str:
    """A share as "88.6 % [82.6-93.6]"; "-" without one."""
    if estimate is None or estimate.value is None:
        return "-"
    return f"{percent(estimate.value)} %{_bracket(percent_interval(estimate))}"


def cell(estimate: Estimate | None) -> str:
    """A share with its sample size, as "88.6 [82.6-93.6] (210)", in per cent; "-" without one."""
    if estimate is None or estimate.value is None:
        return "-"
    return f"{percent(estimate.value)}{_bracket(percent_interval(estimate))} ({estimate.n:,})"


def number(estimate: Estimate | None, digits: int = 3) -> str:
    """A figure as "0.843 [0.767-0.930]"; "-" without one."""
    if estimate is None or estimate.value is None:
        return "-"
    return f"{decimal(estimate.value, digits)}{_bracket(decimal_interval(estimate, digits))}"


def _bracket(interval: str) -> str:
    return "" if interval == "-" else f" [{interval}]"


def rate(hits: int, n: int) -> Estimate:
    """A share of cases that are taken as independent, with Wilson's interval."""
    if n == 0:
        return Estimate(None, 0, hits=0.0)
    low, high = wilson(hits, n)
    return Estimate(hits / n, n, low, high, float(hits), "wilson")


def listed(items: Sequence[str], nothing: str = "none") -> str:
    """Items as "a, b and c"."""
    if len(items) < 2:
        return "".join(items) or nothing
    return f"{', '.join(items[:-1])} and {items[-1]}"


def plural(n: int, one: str, many: str = "") -> str:
    """A number and its noun, as "1 photo" and "1,528 photos"."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"
