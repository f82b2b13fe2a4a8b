"""Plain text tables, and figures as short as an expert reads them."""

from __future__ import annotations

from collections.abc import Sequence

from posecheck.evaluation.intervals import Estimate


def table(header: Sequence[str], rows: Sequence[Sequence[str]], indent: int = 2) -> list[str]:
    """Lines of a table: first column to the left, the others to the right, two blanks between."""
    cells = [list(header), *(list(row) for row in rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(header))]
    lines = []
    for row in cells:
        first = row[0].ljust(widths[0])
        rest = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
        lines.append(" " * indent + "  ".join([first, *rest]).rstrip())
    return lines


def percent(value: float | None) -> str:
    """A share in per cent, "-" where there is none."""
    if value is None:
        return "-"
    return "100" if value == 1 else f"{100 * value:.1f}"


def decimal(value: float | None, digits: int = 3) -> str:
    """A number, "-" where there is none."""
    return "-" if value is None else f"{value:.{digits}f}"


def percent_interval(estimate: Estimate) -> str:
    """The 95 % interval of a share in per cent; "*" marks one that takes cases as independent."""
    if estimate.low is None or estimate.high is None:
        return "-"
    mark = "" if estimate.method == "bootstrap" else "*"
    return f"{percent(estimate.low)}-{percent(estimate.high)}{mark}"


def decimal_interval(estimate: Estimate, digits: int = 3) -> str:
    """The 95 % interval of a number; "*" marks one that takes cases as independent."""
    if estimate.low is None or estimate.high is None:
        return "-"
    mark = "" if estimate.method == "bootstrap" else "*"
    return f"{estimate.low:.{digits}f}-{estimate.high:.{digits}f}{mark}"


def counted(estimate: Estimate) -> str:
    """Hits of a rate and what they are out of, "12/40"."""
    return "-" if estimate.n == 0 else f"{estimate.hits or 0:.0f}/{estimate.n}"


def sentence(name: str, estimate: Estimate, share: bool = True, digits: int = 3) -> str:
    """A figure on a line of its own: name, value, interval, sample size."""
    if share:
        figure = f"{percent(estimate.value)} %  [{percent_interval(estimate)}]  {counted(estimate)}"
    else:
        interval = decimal_interval(estimate, digits)
        figure = f"{decimal(estimate.value, digits)}  [{interval}]  n={estimate.n}"
    return f"  {name:<44}  {figure}"
