"""A slice of the corpus of bad photos; all of it: `python -m tests.reliability.bad_photos`."""

from __future__ import annotations

from pathlib import Path

import pytest

from posecheck.opening.formats import READ_FORMATS
from tests.reliability.bad_photos import (
    SECONDS,
    broken,
    run_commands,
    table,
)
from tests.reliability.corpus import ONCE, SPREAD, Bad, draw, write_corpus
from tests.reliability.measured_opening import open_all
from tests.reliability.pictures import WAYS

MEMORY = 1_500_000_000


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> list[Bad]:
    return write_corpus(tmp_path_factory.mktemp("corpus"), 1500, large=False)


def test_every_kind_and_format_is_there_and_drawn(corpus: list[Bad]) -> None:
    kinds = {make.__name__ for make in (*SPREAD, *ONCE)} | {"names"}
    assert {bad.kind for bad in corpus} == kinds
    assert {bad.kind for bad in draw(corpus, 100)} == kinds
    assert {fmt for _, fmt, _ in WAYS.values()} == {fmt.name for fmt in READ_FORMATS}


def test_the_same_seed_gives_the_same_files(corpus: list[Bad], tmp_path: Path) -> None:
    again = write_corpus(tmp_path, 1500, large=False)
    assert [bad.path.name for bad in again] == [bad.path.name for bad in corpus]
    pairs = zip(again[::7], corpus[::7], strict=True)
    assert [a for a, b in pairs if a.path.read_bytes() != b.path.read_bytes()] == []


def test_every_file_is_opened_or_refused_with_a_reason(corpus: list[Bad]) -> None:
    some = draw(corpus, 300)
    opened = open_all(some, seconds=SECONDS, memory=MEMORY)
    assert broken(some, opened) == []
    total = table(some, opened)[-1]
    assert total["files"] == 300
    assert min(total["checked"], total["unreadable"], total["unsupported"]) > 10


def test_the_commands_say_of_each_what_the_opener_says(corpus: list[Bad], tmp_path: Path) -> None:
    some = draw(corpus, 30, seed=2)
    opened = open_all(some, seconds=SECONDS, memory=MEMORY)
    for command in run_commands(some, opened, tmp_path):
        assert command.kept, command
        assert min(command.statuses["checked"], command.statuses["unreadable"]) > 0
