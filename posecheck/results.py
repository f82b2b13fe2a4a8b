"""What a check says: frozen values that travel from the checker to every report.

`PhotoResult` is the contract that others read as JSON (`posecheck.report.record`); fields are
added, never renamed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # For annotations only: `posecheck --help` and `poses` need levels, and no NumPy.
    import numpy as np
    from numpy.typing import NDArray

SCHEMA = "posecheck/1"


class Status(str, Enum):
    """Whether a photo could be checked.  Only `CHECKED` says anything about its hands."""

    CHECKED = "checked"
    UNREADABLE = "unreadable"
    UNSUPPORTED = "unsupported"
    TOO_LARGE = "too_large"
    ERROR = "error"
    CRASHED = "crashed"
    TIMED_OUT = "timed_out"
    WAITING = "waiting"
    """Of files in a case file whose scan was stopped: their turn has not come."""


class Level(str, Enum):
    """How strongly a photo resembles a number symbol, in words."""

    NONE = "none"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"

    @property
    def rank(self) -> int:
        """0 for none to 3 for high, so that levels can be compared."""
        return list(Level).index(self)


class RuleStatus(str, Enum):
    """What a rule set says of a gesture."""

    FORBIDDEN = "forbidden"
    DISPUTED = "disputed"
    ALLOWED = "allowed"
    UNLISTED = "unlisted"


@dataclass(frozen=True, eq=False)
class HandResult:
    """One hand of a checked photo.

    Attributes:
        box_xyxy: float32 (4,), x0 y0 x1 y1 in pixels of the oriented photo.
        landmarks_xy: float32 (21, 2), MediaPipe order, pixels of the oriented photo.
        presence: Probability that this is a hand, 0 to 1.
        gesture: Id of the most probable gesture.
        probability: Calibrated probability of `gesture`, 0 to 1.
        alternatives: Other gestures (id, probability) worth naming, most probable first.
        numbers: Numbers of the contest that `gesture` is said to signal, ascending.
        rule: What the rule set says of `gesture`.
        risk: 0 to 100, this hand alone.
        partner: Index in `PhotoResult.hands` of the other hand of a two-hand gesture, or None.
        unclear: The hand is too small or too blurred to read: `gesture` is only what it looks
            most like, and a person has to look.
        effective_size: Pixels that the hand really has: `size` over how much it is blurred or
            enlarged, and 64 where it is more; 0 when not measured.
    """

    box_xyxy: NDArray[np.float32]
    landmarks_xy: NDArray[np.float32]
    presence: float
    gesture: str
    probability: float
    alternatives: tuple[tuple[str, float], ...]
    numbers: tuple[int, ...]
    rule: RuleStatus
    risk: float
    partner: int | None = None
    unclear: bool = False
    effective_size: float = 0.0

    @property
    def size(self) -> float:
        """Longer side of the box in pixels."""
        x0, y0, x1, y1 = (float(v) for v in self.box_xyxy)
        return max(x1 - x0, y1 - y0)


@dataclass(frozen=True)
class TwoHandReading:
    """A number that two hands may make together; an alternative, never the main reading.

    Attributes:
        hands: Indices of the two hands in `PhotoResult.hands`, from left to right in the photo.
        number: A number of the contest.
        kind: "sum" (1 + 2 = 3) or "digits" (1 and 2 = 12).
        probability: Product of the two hands' probabilities, 0 to 1.
    """

    hands: tuple[int, int]
    number: int
    kind: str
    probability: float


@dataclass(frozen=True, eq=False)
class PhotoResult:
    """What one photo says.

    Attributes:
        path: The name the caller gave, or "" for a photo that came as pixels.
        sha256: Hex digest of the file's bytes, "" where there were none to read.
        status: Whether the photo could be checked.
        reason: Why not, in English, with its remedy; "" when checked.
        width: Pixels after EXIF orientation; 0 when unknown.
        height: Pixels after EXIF orientation; 0 when unknown.
        captured_at: EXIF capture date (naive local time of the camera), or None.
        risk: 0 to 100, or None when not checked.
        level: Level of `risk`, or None when not checked.
        hands: Hands found, riskiest first.
        readings: Numbers that two hands make together, most probable first.
        smallest_hand: Size in pixels of the smallest hand searched for; 0 when not checked.
        contest: Id of the contest.
        rules: Id of the rule set.
        models: (model name, first 12 hex digits of its sha256) of every model used.
        elapsed_ms: Wall time of the check.
    """

    path: str
    sha256: str
    status: Status
    reason: str = ""
    width: int = 0
    height: int = 0
    captured_at: datetime | None = None
    risk: float | None = None
    level: Level | None = None
    hands: tuple[HandResult, ...] = ()
    readings: tuple[TwoHandReading, ...] = ()
    smallest_hand: float = 0.0
    contest: str = ""
    rules: str = ""
    models: tuple[tuple[str, str], ...] = ()
    elapsed_ms: float = 0.0
