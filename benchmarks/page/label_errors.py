"""Labels that somebody looked at and found wrong, and what leaving them out changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.page.markdown import number, share, table
from benchmarks.page.measured import Measured, Scored
from benchmarks.page.targets import sign_row
from posecheck.errors import LabelError
from posecheck.evaluation.csv_rows import read_table
from posecheck.evaluation.intervals import Estimate
from posecheck.evaluation.labels import Labels

COLUMNS = ("file", "label", "reading", "why")

Show = Callable[[Estimate], str]

FIGURES: tuple[tuple[str, Callable[[Scored], Estimate], Show], ...] = (
    ("macro-F1, both", lambda s: s.both.macro_f1, number),
    ("macro-F1, pictures of one hand", lambda s: s.crops.gestures.macro_f1, number),
    ("macro-F1, group photos", lambda s: s.groups.gestures.macro_f1, number),
    ("gesture right, both", lambda s: s.both.accuracy, share),
    ("gesture right, pictures of one hand", lambda s: s.crops.gestures.accuracy, share),
    ("gesture right, group photos", lambda s: s.groups.gestures.accuracy, share),
    ("expected calibration error, both", lambda s: s.both.calibration.ece, number),
    ("signs of 40 px and more found", lambda s: sign_row(s, ">=40").found, share),
    (
        "ordinary hands read as a gesture",
        lambda s: s.groups.alarms.ordinary[0].read_as_sign,
        share,
    ),
)


@dataclass(frozen=True)
class WrongLabel:
    """One label that is wrong.

    Attributes:
        file: Name of the picture as its label file gives it.
        label: What the label file says.
        reading: What a person sees.
        why: In a few words; may be empty.
    """

    file: str
    label: str
    reading: str
    why: str


def read_label_errors(file: Path) -> list[WrongLabel]:
    """Read the list: a CSV file with the columns `COLUMNS`.

    Raises:
        LabelError: It cannot be read, or a column is missing or empty.
    """
    found = read_table(file)
    missing = [column for column in COLUMNS if column not in found.columns]
    if missing:
        raise LabelError(
            f"{file}:1: there is no column {', '.join(missing)}.",
            f"Its columns are {', '.join(COLUMNS)}.",
        )
    return [
        WrongLabel(row.text("file"), row.text("label"), row.text("reading"), row.optional("why"))
        for row in found.rows
    ]


def counts_table(errors: Sequence[WrongLabel], labels: Labels) -> str:
    """Wrong labels by source and by what they say and should say, most frequent first."""
    # "crops/00001.jpg" and "00001.jpg" are the same picture.
    home = {Path(crop.file).name: (crop.source, crop.split) for crop in labels.crops}
    home.update({Path(group.file).name: (group.source, group.split) for group in labels.groups})
    counts = Counter(
        (*home.get(Path(e.file).name, ("?", "?")), f"{e.label} → {e.reading}") for e in errors
    )
    return table(
        ("source", "split", "label → what is seen", "labels"),
        [
            [source or "(none)", split or "(none)", change, f"{n:,}"]
            for (source, split, change), n in sorted(counts.items(), key=lambda c: (-c[1], c[0]))
        ],
    )


def change_table(found: Measured) -> str:
    """The figures with the wrong labels and without; "" where only one of them is known."""
    corrected = found.corrected
    if corrected is None:
        return ""
    rows = []
    for name, figure, show in FIGURES:
        before, after = figure(found.scored), figure(corrected)
        rows.append([name, show(before), f"{before.n:,}", show(after), f"{after.n:,}"])
    return table(("figure", "as labelled [95 %]", "n", "left out [95 %]", "n"), rows)
