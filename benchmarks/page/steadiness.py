"""How steady levels are, as tables of the page."""

from __future__ import annotations

from benchmarks.page.markdown import cell, table
from benchmarks.stability_report import Stability
from benchmarks.stability_score import EVERY, StabilityRow

TITLES = {
    "all": "All photos",
    "group": "Group photos",
    "crop": "Pictures of one hand",
    "flagged": "Photos that are flagged as they are",
}


def steadiness(stability: Stability) -> str:
    """One table for every part of the photos, each variant with its shares."""
    parts = []
    for part, title in TITLES.items():
        rows = [row for row in stability.rows if row.part == part]
        if rows:
            lines = table(
                (
                    "variant",
                    "level kept, %",
                    "without thumbs, %",
                    "flagged or not kept, %",
                    "without thumbs, %",
                    "rose",
                    "fell",
                ),
                [_cells(row) for row in rows],
            )
            parts.append(f"{title}:\n\n{lines}")
    return "\n\n".join(parts)


def _cells(row: StabilityRow) -> list[str]:
    figures = (row.level, row.level_no_thumbs, row.flag, row.flag_no_thumbs)
    cells = [cell(figure) for figure in figures]
    if row.variant != EVERY:
        # Wilson is what the text promises for a variant, so it is not marked.
        cells = [text.replace("*]", "]") for text in cells]
    return [row.variant, *cells, str(row.raised), str(row.lowered)]


def variant_words(stability: Stability) -> str:
    """What is done in each variant, as a list."""
    return "; ".join(f"{name}: {words}" for name, words in stability.variants.items())
