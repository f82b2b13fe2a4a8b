"""A rule set says which gestures the circulars forbid; it is data, because they disagree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from posecheck.gesture.vocabulary import BY_ID
from posecheck.results import RuleStatus
from posecheck.risk import schema
from posecheck.risk.catalog import Reference, open_reference, shipped_ids
from posecheck.risk.document import Document, FieldError, suggestion

DEFAULT_RULES = "strict"


@dataclass(frozen=True)
class RuleSet:
    """What one reading of the circulars says of every gesture.

    Attributes:
        id: Stable name, which results carry.
        name: What people call it.
        statuses: Gesture id to what is said of it; a gesture that is not there is unlisted.
        inferred: Gestures whose status no source spells out, and that were given the status of
            a listed gesture with the same finger count.
        sources: Where the list comes from.

    Raises:
        ConfigError: On construction, where the values contradict each other.
    """

    id: str
    name: str
    statuses: Mapping[str, RuleStatus] = field(hash=False)
    inferred: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse contradictions."""
        for gesture, status in self.statuses.items():
            path = ("gestures", gesture)
            problem = schema.gesture_problem(gesture, path)
            if problem is not None:
                raise problem
            if not BY_ID[gesture].is_sign and status is not RuleStatus.ALLOWED:
                raise FieldError(
                    f"'{gesture}' is an ordinary hand and always allowed",
                    path,
                    remedy="Remove that line.",
                )
        for gesture in self.inferred:
            if gesture not in self.statuses:
                raise FieldError(
                    f"'inferred' names '{gesture}', which has no status"
                    f"{suggestion(gesture, tuple(self.statuses))}",
                    ("inferred",),
                    item=gesture,
                )
        object.__setattr__(self, "statuses", dict(self.statuses))

    def status(self, gesture: str) -> RuleStatus:
        """What is said of a gesture (by id); ordinary hands are always allowed."""
        if not BY_ID[gesture].is_sign:
            return RuleStatus.ALLOWED
        return self.statuses.get(gesture, RuleStatus.UNLISTED)


def rule_ids() -> tuple[str, ...]:
    """Ids of the rule sets that ship with posecheck."""
    return shipped_ids("rules")


def load_rules(value: Reference = DEFAULT_RULES) -> RuleSet:
    """Load a rule set.

    Args:
        value: An id out of `rule_ids`, or the path of a TOML file (docs/risk.md).

    Raises:
        ConfigError: There is no such rule set, or its file is malformed; the message names the
            file and the line.
    """
    document = open_reference("rules", value)
    data = document.data
    schema.known_keys(document, data, ("id", "name", "sources", "inferred", "gestures"))
    rules_id = schema.id_at(document, "rules", shipped=value in rule_ids())
    name = schema.text_at(document, data, ("name",))
    lists = {
        key: tuple(schema.list_at(document, data, (key,), str)) if key in data else ()
        for key in ("inferred", "sources")
    }
    try:
        return RuleSet(rules_id, name, _statuses(document), **lists)
    except FieldError as error:
        raise document.located(error) from error


def _statuses(document: Document) -> dict[str, RuleStatus]:
    table = schema.table_at(document, document.data, ("gestures",))
    words = tuple(status.value for status in RuleStatus)
    statuses = {}
    for gesture, word in table.items():
        if word not in words:
            near = suggestion(word, words) if isinstance(word, str) else ""
            raise FieldError(
                f"'{gesture}' has the status {word!r}{near}",
                ("gestures", gesture),
                remedy=f"A status is one of {', '.join(words)}, in quotes.",
            )
        statuses[gesture] = RuleStatus(word)
    return statuses
