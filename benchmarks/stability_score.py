"""How often a changed photo keeps its level: values that JSON holds, and the figures from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from posecheck.evaluation.intervals import Estimate, Resampler, wilson
from posecheck.evaluation.labels import SIGNS
from posecheck.results import HandResult, Level, PhotoResult, Status
from posecheck.risk.formula import level_of

ORIGINAL = "original"
"""Name of the photo as it is, beside the names of the variants."""

EVERY = "every variant"
"""Name of the row that puts all variants together."""

PARTS = ("all", "group", "crop", "flagged")
"""Every photo, group photos, pictures of one hand, photos that are flagged as they are."""

THUMBS = frozenset({"thumb_up", "thumb_down"})
"""Signs whose meaning is their direction, so that turning a photo rightly changes them."""

REPLICATES = 1000


@dataclass(frozen=True)
class Version:
    """What was said of one version of a photo.

    Attributes:
        level: Of the photo; None where it could not be checked.
        risk: Of the photo, 0 to 100, or None.
        thumb: The level rests on a thumb up or down.
        hands: How many hands were found.
        sign: Most probable sign of the riskiest hand, "" without one.
        size: Longer side of that hand in pixels of this version; 0 without one.
        reason: Why it could not be checked, "" where it was.
    """

    level: str | None
    risk: float | None
    thumb: bool = False
    hands: int = 0
    sign: str = ""
    size: float = 0.0
    reason: str = ""


@dataclass(frozen=True)
class PhotoVersions:
    """One photo as it is and in every variant.

    Attributes:
        file: Name as the label file gives it.
        kind: "crop" for a picture of one hand, "group" for a group photo.
        source: Where it comes from.
        versions: `ORIGINAL` and name of a variant -> what was said.
    """

    file: str
    kind: str
    source: str
    versions: Mapping[str, Version]


@dataclass(frozen=True)
class StabilityRow:
    """One variant over one part of the photos.

    Attributes:
        part: One of `PARTS`.
        variant: Its name, or `EVERY`.
        level: Share of photos whose level is that of the original.
        flag: Share that is flagged (medium or above) if and only if the original is.
        level_no_thumbs: `level` without photos that rest on a thumb in either version, leaving
            them out under rotations only; None for a variant that does not rotate.
        flag_no_thumbs: The same of `flag`.
        raised: Photos whose level went up.
        lowered: Photos whose level went down.
    """

    part: str
    variant: str
    level: Estimate
    flag: Estimate
    level_no_thumbs: Estimate | None
    flag_no_thumbs: Estimate | None
    raised: int
    lowered: int


def sign_of(hand: HandResult) -> str:
    """The most probable sign of a hand, which carries its risk; "" without one."""
    named = (hand.gesture, *(gesture for gesture, _ in hand.alternatives))
    return next((gesture for gesture in named if gesture in SIGNS), "")


def version_of(result: PhotoResult) -> Version:
    """What is kept of a result."""
    if result.status is not Status.CHECKED or result.level is None:
        return Version(None, None, reason=result.reason or result.status.value)
    top = max(result.hands, key=lambda hand: hand.risk, default=None)
    level = result.level
    thumb = (
        top is not None
        and level is not Level.NONE
        and sign_of(top) in THUMBS
        and not any(
            level_of(hand.risk).rank >= level.rank and sign_of(hand) not in THUMBS
            for hand in result.hands
        )
    )
    return Version(
        level=level.value,
        risk=result.risk,
        thumb=thumb,
        hands=len(result.hands),
        sign=sign_of(top) if top else "",
        size=round(top.size, 1) if top else 0.0,
    )


def score(
    photos: Sequence[PhotoVersions], variants: Mapping[str, bool], seed: int = 0
) -> tuple[StabilityRow, ...]:
    """Every variant over all photos and over those of each part that is not all of them.

    Intervals of a variant are Wilson's, every photo being in it once.  Those of all variants
    together draw whole photos, since the versions of one photo resemble each other.

    Args:
        photos: Photos whose original could be checked.
        variants: Name -> whether it rotates.
        seed: Of the draws.
    """
    rows = []
    for part in PARTS:
        chosen = [p for p in photos if part in ("all", p.kind, _flagged(p))]
        if not chosen or (part != "all" and len(chosen) == len(photos)):
            continue
        for name, rotates in variants.items():
            cases = [_Case(photo, name, rotates) for photo in chosen]
            rows.append(_row(part, name, cases, rotates, _wilson_rate))
        cases = [_Case(p, name, rotates) for p in chosen for name, rotates in variants.items()]
        units = Resampler([c.unit for c in cases], REPLICATES, seed)
        rows.append(_row(part, EVERY, cases, any(variants.values()), _drawn_rate(units)))
    return tuple(rows)


def _flagged(photo: PhotoVersions) -> str:
    rank = _rank(photo.versions[ORIGINAL])
    return "flagged" if rank is not None and rank >= _FLAG else ""


class _Case:
    """One variant of one photo, held against the original."""

    def __init__(self, photo: PhotoVersions, variant: str, rotates: bool) -> None:
        before, after = photo.versions[ORIGINAL], photo.versions[variant]
        self.unit = f"{photo.kind}/{photo.file}"
        self.thumb = rotates and (before.thumb or after.thumb)
        # A version that could not be checked has kept nothing.
        was, now = _rank(before), _rank(after)
        self.same = was == now
        self.same_flag = now is not None and was is not None and (now >= _FLAG) == (was >= _FLAG)
        self.step = 0 if was is None or now is None else now - was


_FLAG = Level.MEDIUM.rank


def _rank(version: Version) -> int | None:
    return None if version.level is None else Level(version.level).rank


_Rate = Callable[[Sequence[bool], Sequence[str]], Estimate]


def _wilson_rate(hits: Sequence[bool], units: Sequence[str]) -> Estimate:
    n, total = len(units), sum(hits)
    if not n:
        return Estimate(None, 0, hits=0.0)
    low, high = wilson(total, n)
    return Estimate(total / n, n, low, high, float(total), "wilson")


def _drawn_rate(units: Resampler) -> _Rate:
    return lambda hits, names: units.rate([float(hit) for hit in hits], names)


def _row(
    part: str, variant: str, cases: Sequence[_Case], rotates: bool, rate: _Rate
) -> StabilityRow:
    units = [c.unit for c in cases]
    steady = [c for c in cases if not c.thumb]
    steady_units = [c.unit for c in steady]
    return StabilityRow(
        part=part,
        variant=variant,
        level=rate([c.same for c in cases], units),
        flag=rate([c.same_flag for c in cases], units),
        level_no_thumbs=rate([c.same for c in steady], steady_units) if rotates else None,
        flag_no_thumbs=rate([c.same_flag for c in steady], steady_units) if rotates else None,
        raised=sum(c.step > 0 for c in cases),
        lowered=sum(c.step < 0 for c in cases),
    )
