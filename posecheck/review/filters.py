"""Which photos the reviewer goes through, as the address of a page says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from urllib.parse import urlencode

from posecheck.casefile.case import Selection
from posecheck.casefile.types import Verdict
from posecheck.gesture.vocabulary import BY_ID
from posecheck.results import Level

ANY = "any"


class State(str, Enum):
    """What people have said of the photos that are wanted."""

    ALL = "all"
    UNDECIDED = "undecided"
    DECIDED = "decided"
    RESEMBLES = Verdict.RESEMBLES.value
    DIFFERENT = Verdict.DIFFERENT.value
    UNCLEAR = Verdict.UNCLEAR.value


_VERDICTS: dict[State, frozenset[Verdict | None]] = {
    State.UNDECIDED: frozenset({None}),
    State.DECIDED: frozenset(Verdict),
    State.RESEMBLES: frozenset({Verdict.RESEMBLES}),
    State.DIFFERENT: frozenset({Verdict.DIFFERENT}),
    State.UNCLEAR: frozenset({Verdict.UNCLEAR}),
}


@dataclass(frozen=True)
class Filter:
    """What a page is shown with; travels in its address.

    Attributes:
        level: Least level; None for every photo.
        gestures: Only photos with one of these; empty for any.
        state: What has been said of them.
        blurred: Whether to show the picture with blurred faces though the original is there.
    """

    level: Level | None = Level.MEDIUM
    gestures: frozenset[str] = frozenset()
    state: State = State.ALL
    blurred: bool = False

    def all(self, base: Selection) -> Selection:
        """The photos that progress is counted over, whatever has been said of them."""
        return replace(base, level=self.level, gestures=self.gestures)

    def wanted(self, base: Selection) -> Selection | None:
        """Those of them that next and back go to; None for all of them."""
        verdicts = _VERDICTS.get(self.state)
        return None if verdicts is None else replace(self.all(base), verdicts=verdicts)

    def query(self, base: Selection, **more: object) -> str:
        """The part of an address after the path, "" where nothing differs from `base`."""
        fields: dict[str, object] = {}
        if self.level is not base.level:
            fields["level"] = self.level.value if self.level else ANY
        if self.gestures != base.gestures:
            fields["gesture"] = ",".join(sorted(self.gestures)) or ANY
        if self.state is not State.ALL:
            fields["state"] = self.state.value
        if self.blurred:
            fields["faces"] = "blurred"
        fields |= more
        return f"?{urlencode(fields)}" if fields else ""


def read_filter(query: Mapping[str, str], base: Selection) -> Filter:
    """The filter that an address asks for; what makes no sense is as if it were not there."""
    return Filter(
        level=_level(query.get("level", ""), base.level),
        gestures=_gestures(query.get("gesture", ""), base.gestures),
        state=next((s for s in State if s.value == query.get("state")), State.ALL),
        blurred=query.get("faces") == "blurred",
    )


def _level(text: str, base: Level | None) -> Level | None:
    return None if text == ANY else next((level for level in Level if level.value == text), base)


def _gestures(text: str, base: frozenset[str]) -> frozenset[str]:
    if text == ANY:
        return frozenset()
    return frozenset(name for name in text.split(",") if name in BY_ID) or base
