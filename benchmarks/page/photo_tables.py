"""Tables of whole photos, of silence and of calibration, with sample sizes and intervals."""

from __future__ import annotations

from benchmarks.page.markdown import cell, number, rate, share, table
from benchmarks.page.measured import Scored
from posecheck.evaluation.intervals import Estimate


def ordinary_table(scored: Scored) -> str:
    """False alarms over ordinary hands of group photos, by label."""
    alarms = scored.groups.alarms
    rows = [row for row in alarms.ordinary if row.labelled and not row.name.endswith(" px")]
    if alarms.uncertain_ordinary.labelled:
        rows.append(alarms.uncertain_ordinary)
    return table(
        ("ordinary hand", "labels", "raise an alarm, of those found", "of all labelled",
         "read as a sign, of those found"),
        [
            [row.name, f"{row.labelled:,}", *map(cell, (row.alarms, row.alarms_of_all,
             row.read_as_sign))]
            for row in rows
        ],
    )  # fmt: skip


def empty_table(scored: Scored) -> str:
    """Group photos in which nobody makes a sign, and detections that are no hand."""
    alarms = scored.groups.alarms
    empty, every, complete = alarms.empty_photos, alarms.detections, alarms.detections_complete
    n = f"{empty.flagged.n:,} photos"

    def of(estimate: Estimate) -> str:
        return f"{estimate.n:,} detections"

    return table(
        ("figure", "value [95 %]", "of"),
        [
            ["false alarms in a hundred photos without a gesture",
             number(empty.alarms_per_hundred, 1), n],
            ["such photos flagged", share(empty.flagged), n],
            ["such photos with an alarm", share(empty.with_alarm), n],
            ["detections on no hand, of those with a label", share(every.no_hand),
             of(every.no_hand)],
            ["the same at most, photos with every hand labelled",
             share(complete.no_hand_at_most), of(complete.no_hand_at_most)],
            ["a hand found twice", share(every.repeated), of(every.repeated)],
        ],
    )  # fmt: skip


def photo_table(scored: Scored) -> str:
    """Whole photos."""
    photo = scored.groups.photo_level
    rows = [
        ["sensitivity at medium", share(photo.sensitivity), f"{photo.sensitivity.n:,}"],
        ["specificity at medium", share(photo.specificity), f"{photo.specificity.n:,}"],
        ["AUROC of the risk", number(photo.auroc), f"{photo.auroc.n:,}"],
    ]
    if photo.unsure:
        rows.append(["flagged, photos whose label is unsure", share(photo.unsure_flagged),
                     f"{photo.unsure:,}"])  # fmt: skip
    return table(("figure", "value [95 %]", "photos"), rows)


def calibration_table(scored: Scored) -> str:
    """Expected calibration error of the three sets."""
    sets = {
        "pictures of one hand": scored.crops.gestures,
        "group photos": scored.groups.gestures,
        "both": scored.both,
    }
    rows = []
    for name, score in sets.items():
        found = score.calibration
        bias = "-" if found.bias is None else f"{found.bias:+.3f}"
        cells = [name, number(found.ece), number(found.ece_equal_mass), bias, f"{found.ece.n:,}"]
        rows.append(cells)
    return table(
        ("hands of", "ECE, bins of equal width", "ECE, bins of equal mass",
         "mean probability minus accuracy", "n"),
        rows,
    )  # fmt: skip


def reliability_table(scored: Scored) -> str:
    """How often a probability was right."""
    return table(
        ("probability", "mean, %", "right, % [95 %] (n)"),
        [
            [f"{b.low:.2f}-{b.high:.2f}", f"{100 * b.probability:.1f}",
             cell(rate(round(b.accuracy * b.n), b.n))]
            for b in scored.both.calibration.bins
            if b.probability is not None and b.accuracy is not None
        ],
    )  # fmt: skip
