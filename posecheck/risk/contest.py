"""A contest gives gestures their numbers: who stands under which number, and what signals it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from posecheck.gesture.vocabulary import BY_ID
from posecheck.risk import schema
from posecheck.risk.catalog import Reference, open_reference, shipped_ids
from posecheck.risk.document import Document, FieldError

DEFAULT_CONTEST = "generic"

LARGEST_NUMBER = 99
"""Ballot numbers have one or two digits: pairs up to about 5, parties up to 24."""


@dataclass(frozen=True)
class Phase:
    """A part of a contest's calendar.

    Attributes:
        name: What people call it.
        start: First day.
        end: Last day, that day included.
    """

    name: str
    start: date
    end: date


@dataclass(frozen=True)
class Contest:
    """What is voted on, and what each number's known symbols are.

    Attributes:
        id: Stable name, which results carry.
        name: What people call it.
        numbers: Numbers on the ballot, ascending.
        symbols: Gesture id to the numbers that it is said to signal, ascending.
        phases: Calendar, in order, no two on the same day.

    Raises:
        ConfigError: On construction, where the values contradict each other.
    """

    id: str
    name: str
    numbers: tuple[int, ...]
    symbols: Mapping[str, tuple[int, ...]] = field(hash=False)
    phases: tuple[Phase, ...] = ()

    def __post_init__(self) -> None:
        """Put numbers in order and refuse contradictions."""
        _check_numbers(self.numbers)
        _check_symbols(self.symbols, self.numbers)
        _check_phases(self.phases)
        ordered = {g: tuple(sorted(set(numbers))) for g, numbers in self.symbols.items()}
        object.__setattr__(self, "numbers", tuple(sorted(self.numbers)))
        object.__setattr__(self, "symbols", ordered)

    def numbers_for(self, gesture: str) -> tuple[int, ...]:
        """Numbers on the ballot that a gesture (by id) is said to signal, ascending."""
        return self.symbols.get(gesture, ())

    def phase_on(self, day: date) -> Phase | None:
        """The phase that `day` lies in."""
        return next((p for p in self.phases if p.start <= day <= p.end), None)


def contest_ids() -> tuple[str, ...]:
    """Ids of the contests that ship with posecheck."""
    return shipped_ids("contests")


def load_contest(value: Reference = DEFAULT_CONTEST) -> Contest:
    """Load a contest.

    Args:
        value: An id out of `contest_ids`, or the path of a TOML file (docs/risk.md).

    Raises:
        ConfigError: There is no such contest, or its file is malformed; the message names the
            file and the line.
    """
    document = open_reference("contests", value)
    return _read(document, shipped=value in contest_ids())


def _read(document: Document, shipped: bool) -> Contest:
    data = document.data
    schema.known_keys(document, data, ("id", "name", "numbers", "symbols", "phases"))
    contest_id = schema.id_at(document, "contests", shipped)
    name = schema.text_at(document, data, ("name",))
    numbers = tuple(schema.list_at(document, data, ("numbers",), int))
    phases = tuple(_phases(document)) if "phases" in data else ()
    try:
        symbols = _symbols(document) if "symbols" in data else _usual_symbols(numbers)
        return Contest(contest_id, name, numbers, symbols, phases)
    except FieldError as error:
        raise document.located(error) from error


def _symbols(document: Document) -> dict[str, tuple[int, ...]]:
    """The file's table of number to gestures, turned into gesture to numbers."""
    table = schema.table_at(document, document.data, ("symbols",))
    symbols: dict[str, tuple[int, ...]] = {}
    for key in table:
        path = ("symbols", key)
        if not re.fullmatch("[1-9][0-9]?", key):
            raise FieldError(f"'{key}' is no number of the ballot", path)
        for gesture in schema.list_at(document, table, path, str):
            problem = schema.gesture_problem(gesture, path, in_list=True)
            if problem is not None:
                raise problem
            symbols[gesture] = (*symbols.get(gesture, ()), int(key))
        if not table[key] and int(key) not in document.data["numbers"]:
            raise _off_ballot(int(key))
    return symbols


def _phases(document: Document) -> list[Phase]:
    entries: list[dict[str, Any]] = schema.list_at(document, document.data, ("phases",), dict)
    phases = []
    for index, entry in enumerate(entries):
        path = ("phases", index)
        schema.known_keys(document, entry, ("name", "start", "end"), path)
        phases.append(
            Phase(
                schema.text_at(document, entry, (*path, "name")),
                schema.date_at(document, entry, (*path, "start")),
                schema.date_at(document, entry, (*path, "end")),
            )
        )
    return phases


@cache
def _generic() -> Contest:
    return load_contest(DEFAULT_CONTEST)


def _usual_symbols(numbers: tuple[int, ...]) -> dict[str, tuple[int, ...]]:
    """What gestures are usually said to signal, as far as it is on the ballot."""
    usual = {
        gesture: tuple(n for n in said if n in numbers)
        for gesture, said in _generic().symbols.items()
    }
    return {gesture: said for gesture, said in usual.items() if said}


def _check_numbers(numbers: tuple[int, ...]) -> None:
    if not numbers:
        raise FieldError("a ballot needs at least one number", ("numbers",))
    for number in numbers:
        if not 1 <= number <= LARGEST_NUMBER:
            raise FieldError(
                f"a ballot number is 1 to {LARGEST_NUMBER}, not {number}", ("numbers",), number
            )
    if len(set(numbers)) != len(numbers):
        raise FieldError("a ballot number is there twice", ("numbers",))


def _check_symbols(symbols: Mapping[str, tuple[int, ...]], numbers: tuple[int, ...]) -> None:
    for gesture, said in symbols.items():
        for number in said:
            if number not in numbers:
                raise _off_ballot(number)
        path = ("symbols", str(said[0]) if said else "")
        problem = schema.gesture_problem(gesture, path, in_list=True)
        if problem is not None:
            raise problem
        if not BY_ID[gesture].is_sign:
            raise FieldError(
                f"'{gesture}' is an ordinary hand and can be no symbol", path, item=gesture
            )


def _check_phases(phases: tuple[Phase, ...]) -> None:
    for index, phase in enumerate(phases):
        if phase.end < phase.start:
            raise FieldError(
                f"'{phase.name}' ends on {phase.end}, before it starts on {phase.start}",
                ("phases", index, "end"),
            )
        if index and phase.start <= phases[index - 1].end:
            raise FieldError(
                f"'{phase.name}' starts on {phase.start}, but '{phases[index - 1].name}', which "
                f"stands before it, ends on {phases[index - 1].end}",
                ("phases", index, "start"),
                remedy="Put the phases in order, no two on the same day.",
            )


def _off_ballot(number: int) -> FieldError:
    return FieldError(
        f"number {number} is not on the ballot",
        ("symbols", str(number)),
        remedy="Add it to 'numbers', or remove its symbols.",
    )
