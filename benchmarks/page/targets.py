"""What was aimed for, and whether it was reached."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.page.markdown import listed, number, share, table
from benchmarks.page.measured import Measured, Scored
from benchmarks.stability_report import Stability
from benchmarks.stability_score import EVERY
from posecheck.evaluation.finding_score import SignRow
from posecheck.evaluation.intervals import Estimate


@dataclass(frozen=True)
class Target:
    """One thing to reach.

    Attributes:
        part: What it is about.
        what: What is measured.
        goal: The figure to reach.
        figure: The figure, from an evaluation.
        steady: The figure, from a measurement of stability, instead.
        at_least: To be at least the goal, or else at most.
        share: A share, shown in per cent.
        corrected: Labels that are listed as wrong do not count.
    """

    part: str
    what: str
    goal: float
    figure: Callable[[Scored], Estimate] | None = None
    steady: Callable[[Stability], Estimate | None] | None = None
    at_least: bool = True
    share: bool = True
    corrected: bool = False


def sign_row(scored: Scored, name: str) -> SignRow:
    """Signs of one bin of hand size."""
    return next(row for row in scored.groups.finding.sure.rows if row.name == name)


def _kept(stability: Stability, part: str = "all") -> dict[str, Estimate]:
    """Variant -> share of photos that keep their level, thumbs apart under rotation."""
    return {
        row.variant: row.level_no_thumbs or row.level for row in stability.rows if row.part == part
    }


def _worst(stability: Stability) -> Estimate | None:
    kept = [e for name, e in _kept(stability).items() if name != EVERY and e.value is not None]
    return min(kept, key=lambda e: e.value or 0.0, default=None)


TARGETS: tuple[Target, ...] = (
    Target("hands", "signs of 40 px and more found", 0.93, lambda s: sign_row(s, ">=40").found),
    Target("hands", "signs of 20 to 40 px found", 0.70, lambda s: sign_row(s, "20-40").found),
    Target(
        "hands",
        "labelled detections that are no hand at all",
        0.02,
        lambda s: s.groups.alarms.detections.no_hand,
        at_least=False,
    ),
    Target(
        "gesture",
        "macro-F1 of gestures with 20 or more labels",
        0.94,
        lambda s: s.both.macro_f1,
        share=False,
        corrected=True,
    ),
    Target(
        "silence",
        "false alarms a photo without a gesture",
        0.10,
        lambda s: s.groups.alarms.empty_photos.alarms,
        at_least=False,
        share=False,
    ),
    Target(
        "silence",
        "photos without a gesture that are flagged",
        0.05,
        lambda s: s.groups.alarms.empty_photos.flagged,
        at_least=False,
    ),
    Target(
        "silence",
        "ordinary hands read as a gesture",
        0.015,
        lambda s: s.groups.alarms.ordinary[0].read_as_sign,
        at_least=False,
    ),
    Target("photo", "AUROC of the risk", 0.96, lambda s: s.groups.photo_level.auroc, share=False),
    Target("photo", "sensitivity at medium", 0.93, lambda s: s.groups.photo_level.sensitivity),
    Target("photo", "specificity at medium", 0.93, lambda s: s.groups.photo_level.specificity),
    Target(
        "calibration",
        "expected calibration error of a hand",
        0.03,
        lambda s: s.both.calibration.ece,
        at_least=False,
        share=False,
    ),
    Target(
        "stability",
        "level kept over all variants",
        0.97,
        steady=lambda s: _kept(s).get(EVERY),
    ),
    Target("stability", "level kept under the worst variant", 0.97, steady=_worst),
)


def measure(target: Target, found: Measured) -> tuple[Estimate | None, Estimate | None]:
    """The figure that counts, and the same with wrong labels where those do not count."""
    if target.steady:
        return (target.steady(found.stability) if found.stability else None), None
    if target.figure is None:
        raise ValueError(f"nothing says how {target.what!r} is measured")
    plain = target.figure(found.scored)
    if target.corrected and found.corrected:
        return target.figure(found.corrected), plain
    return plain, None


def reached(target: Target, estimate: Estimate | None) -> bool | None:
    """Whether the goal is reached; None where nothing was measured."""
    if estimate is None or estimate.value is None:
        return None
    return estimate.value >= target.goal if target.at_least else estimate.value <= target.goal


def verdict(target: Target, estimate: Estimate | None) -> str:
    """In words: reached, and how surely; or missed, and by how much."""
    answer = reached(target, estimate)
    if answer is None or estimate is None or estimate.value is None:
        return "not measured"
    if not answer:
        gap = abs(estimate.value - target.goal)
        return (
            f"**missed** by {100 * gap:.1f} points" if target.share else f"**missed** by {gap:.3f}"
        )
    worst = estimate.low if target.at_least else estimate.high
    if worst is None or (worst < target.goal if target.at_least else worst > target.goal):
        return "reached, not for certain"
    return "reached"


def target_table(found: Measured, targets: Sequence[Target] = TARGETS) -> str:
    """Every target against what was measured."""
    rows = []
    for target in targets:
        counts, plain = measure(target, found)
        show = share if target.share else number
        goal = f"{100 * target.goal:g} %" if target.share else f"{target.goal:.2f}"
        figure = show(counts)
        if plain is not None:
            figure += f"; with wrong labels {show(plain)}"
        rows.append(
            [
                target.part,
                target.what,
                f"{'at least' if target.at_least else 'at most'} {goal}",
                figure,
                f"{counts.n:,}" if counts else "-",
                verdict(target, counts),
            ]
        )
    return table(("", "figure", "target", "measured [95 %]", "n", ""), rows)


def target_words(found: Measured, targets: Sequence[Target] = TARGETS) -> str:
    """How many were reached and which were not, in a sentence or three."""
    answers = [(target, reached(target, measure(target, found)[0])) for target in targets]
    known = [answer for _, answer in answers if answer is not None]
    words = [f"Reached: {sum(known)} of {len(known)} that were measured."]
    for name, wanted in (("Missed", False), ("Not measured", None)):
        those = [target.what for target, answer in answers if answer is wanted]
        if those:
            words.append(f"{name}: {listed(those)}.")
    return " ".join(words)
