"""Which sources and gestures the photos hold, and which they hardly do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from benchmarks.page.markdown import listed, plural, table
from benchmarks.page.measured import Measured, by_source
from posecheck.evaluation.labels import SIGNS, CropLabel, GroupLabel, Labels
from posecheck.gesture.vocabulary import GESTURE_IDS

FEW_EXAMPLES = 20
"""A gesture with fewer labels is thin: it does not enter the macro-F1 either."""

NAMED = 8
"""Gestures that a row of a source names."""


def _top(labels: Iterable[str]) -> str:
    counts = Counter(labels).most_common()
    shown = ", ".join(f"{name} {n:,}" for name, n in counts[:NAMED])
    more = len(counts) - NAMED
    return f"{shown} and {more} more" if more > 0 else shown or "-"


def _sure(groups: Sequence[GroupLabel]) -> list[str]:
    skipped = ("unclear", "not_hand")
    return [
        h.gesture for g in groups for h in g.hands if not h.uncertain and h.gesture not in skipped
    ]


def people(crops: Sequence[CropLabel]) -> int:
    """How many people a source tells apart; 0 where it does not."""
    return len({crop.person for crop in crops if crop.person})


def source_table(labels: Labels, licences: Mapping[str, str]) -> str:
    """Every source with its pictures, people, gestures and licence.

    Args:
        labels: What the sources hold.
        licences: Source -> licence it states; others state none.
    """
    rows = []
    for source, (crops, groups) in by_source(labels).items():
        counted = []
        if crops:
            counted.append(plural(len(crops), "picture of one hand", "pictures of one hand"))
        if groups:
            counted.append(plural(len(groups), "group photo"))
        rows.append(
            [
                source or "(none)",
                ", ".join(counted),
                str(people(crops) or "-"),
                _top([*(crop.gesture for crop in crops), *_sure(groups)]),
                licences.get(source, "none stated"),
            ]
        )
    header = ("source", "pictures", "people told apart", "labels", "licence")
    return table(header, rows)


def class_table(found: Measured) -> str:
    """Labels and sources of every gesture, of training and of these figures."""
    rows = []
    for gesture in GESTURE_IDS:
        cells = [f"**{gesture}**" if gesture in thin(found) else gesture]
        for labels in (found.trained_on(), found.measured_on()):
            crops = [c for c in labels.crops if c.gesture == gesture]
            hands = [(g.source, gesture) for g in labels.groups if gesture in _sure([g])]
            n = sum(_sure([g]).count(gesture) for g in labels.groups)
            sources = {c.source for c in crops} | {source for source, _ in hands}
            cells += [f"{len(crops):,}", f"{n:,}", str(len(sources))]
        rows.append(cells)
    return table(
        (
            "gesture",
            "trained on: pictures of one hand",
            "group hands",
            "sources",
            "measured on: pictures of one hand",
            "group hands",
            "sources",
        ),
        rows,
    )


def counted(labels: Labels, gesture: str) -> int:
    """Sure labels of a gesture, of both kinds of pictures."""
    crops = sum(c.gesture == gesture for c in labels.crops)
    return crops + _sure(labels.groups).count(gesture)


def thin(found: Measured) -> list[str]:
    """Gestures of which there are few labels to measure on."""
    labels = found.measured_on()
    return [g for g in GESTURE_IDS if counted(labels, g) < FEW_EXAMPLES]


def untrained(found: Measured) -> list[str]:
    """Gestures of which there are few labels to train on."""
    labels = found.trained_on()
    return [g for g in GESTURE_IDS if counted(labels, g) < FEW_EXAMPLES]


def coverage_words(found: Measured) -> list[str]:
    """What the counts say is thin, one point each."""
    labels = found.measured_on()
    homes = by_source(labels)
    told = [people(crops) for crops, _ in homes.values() if people(crops)]
    of_crops = sum(bool(crops) for crops, _ in homes.values())
    of_groups = sum(bool(groups) for _, groups in homes.values())
    signs = Counter(g for g in _sure(labels.groups) if g in SIGNS)
    complete = sum(group.complete for group in labels.groups)
    points = [
        f"**Few sources.** Pictures of one hand come from {of_crops}, group photos from "
        f"{of_groups}, and pictures of one source resemble each other.",
        f"**Few people.** Of {plural(len(told), 'source')} of pictures of one hand that say who is "
        f"who, {sum(n == 1 for n in told)} show one person, and all together {sum(told):,}.",
        f"**Thin gestures** (fewer than {FEW_EXAMPLES} sure labels here): {listed(thin(found))}.",
        f"**Every hand labelled** in {complete} of {len(labels.groups)} group photos only; "
        "elsewhere ordinary hands that nobody listed are in no figure.",
    ]
    if signs:
        three = signs.most_common(3)
        part = sum(n for _, n in three) / signs.total()
        named = listed([name for name, _ in three])
        points.append(
            f"**Few kinds of signs.** {100 * part:.0f} % of {signs.total():,} sure signs in group "
            f"photos are {named}."
        )
    return points


def provenance(found: Measured) -> str:
    """Whether anything measured here was trained on, in a sentence; from the labels."""
    split = found.scored.setup.split
    if not len(found.labels):
        return "No label file was given, so this page cannot say what was trained on."
    if split in ("", "train"):
        return "**They include pictures that the networks were trained on.**"
    shared = found.trained_on().sources & found.measured_on().sources
    if shared:
        return (
            "Networks trained here have seen none of them, but other pictures of these sources: "
            f"{listed(sorted(shared))}."
        )
    return "No network trained here has seen any of them, or anything else of their sources."
