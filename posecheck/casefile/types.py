"""What a case file holds, as values: photos with their names, verdicts of people, pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from posecheck.opening.refs import PhotoRef
from posecheck.results import Level, PhotoResult, Status


class Verdict(str, Enum):
    """What a person says of a photo's hands.  None of them is a statement about a breach."""

    RESEMBLES = "resembles"
    DIFFERENT = "does_not_resemble"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class Finding:
    """A hand as a decision names it: what it was read as, and where.

    Positions in `PhotoResult.hands` change with models; these stay.

    Attributes:
        gesture: Id of the gesture that the hand was read as.
        box_xyxy: x0 y0 x1 y1 in pixels of the oriented photo.
    """

    gesture: str
    box_xyxy: tuple[float, float, float, float]


@dataclass(frozen=True)
class Recipe:
    """What a result was made with.  Results of another fingerprint are stale.

    Attributes:
        fingerprint: Hex digest of everything that may change a result.
        contest: Id of the contest.
        rules: Id of the rule set.
        backend: Hand finder.
        version: Version of posecheck; told to people, not part of the fingerprint.
        details: Everything that the fingerprint covers, ready for JSON.
    """

    fingerprint: str
    contest: str
    rules: str
    backend: str
    version: str
    details: Mapping[str, Any]


@dataclass(frozen=True)
class Decision:
    """What a person said of one photo, or of some hands of it.

    Attributes:
        id: Number of the decision in its case file, ascending with time.
        sha256: The photo.
        verdict: What was said; None takes an earlier decision back.
        findings: The hands that it is about.
        reviewer: Who, as they typed it.
        note: Free text.
        decided_at: When, with time zone (UTC).
        version: Version of posecheck that showed the photo.
        fingerprint: Recipe of the result that was shown.
        undoes: Number of the decision that this one takes back as if it had never been, or None.
    """

    id: int
    sha256: str
    verdict: Verdict | None
    findings: tuple[Finding, ...]
    reviewer: str
    note: str
    decided_at: datetime
    version: str
    fingerprint: str
    undoes: int | None = None


@dataclass(frozen=True, eq=False)
class CasePhoto:
    """One photo of a case file with everything that is known of it.

    Attributes:
        result: What the check said; its `path` is the first of `names` in words.
        names: Every name the photo was found under, in order; never empty.
        bytes: Length of the file.
        checked_at: When, with time zone (UTC).
        recipe: What it was checked with.
        decision: The decision that holds for the whole photo now, or None while hands that
            resemble something are undecided.  Of several hands decided apart, the latest
            decision among those of the gravest verdict (resembles, unclear, does not resemble).
        verdicts: Verdict for each hand of `result.hands`, None where nobody has decided.
        raised: Whether the photo is to be raised: False where people said of every hand that
            resembles something that it does not.
        pictures: Kinds of stored pictures there are: "preview" (whole photo, faces blurred, at
            most 1280 px) and "hand-0", "hand-1", ... (close-up of that hand of `result.hands`).
    """

    result: PhotoResult
    names: tuple[PhotoRef, ...]
    bytes: int
    checked_at: datetime
    recipe: Recipe
    decision: Decision | None
    verdicts: tuple[Verdict | None, ...]
    raised: bool
    pictures: tuple[str, ...]


@dataclass(frozen=True)
class CaseTotals:
    """Counts over a whole case file.

    Attributes:
        levels: Photos of each level.
        unchecked: Photos and files that could not be checked, by why.
    """

    levels: Mapping[Level, int]
    unchecked: Mapping[Status, int]
