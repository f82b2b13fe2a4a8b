"""Results come back in order and do not depend on the number of processes."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import pytest

from posecheck.errors import ModelError, PosecheckError
from posecheck.evaluation.running import Check, run
from posecheck.results import PhotoResult

from .made import checked, hand

PATHS = [Path(f"{i}.jpg") for i in range(7)]


def read_name(gesture: str, path: Path) -> PhotoResult:
    return checked(hand(gesture, risk=float(path.stem)), path=str(path))


def make_reader(gesture: str) -> Check:
    return partial(read_name, gesture)


def make_none() -> Check:
    raise ModelError("the model is missing", "Install again.")


def end_process(path: Path) -> PhotoResult:
    os._exit(9)


def make_ender() -> Check:
    return end_process


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_one_result_a_path_in_order(jobs: int) -> None:
    seen: list[int] = []
    results = run(PATHS, partial(make_reader, "peace"), jobs, seen.append)
    assert [r.path for r in results] == [str(p) for p in PATHS]
    assert [r.risk for r in results] == [float(i) for i in range(7)]
    assert seen == list(range(1, 8))


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_checker_that_cannot_be_loaded_says_why(jobs: int) -> None:
    with pytest.raises(ModelError) as caught:
        run(PATHS, make_none, jobs)
    assert caught.value.remedy == "Install again."


def test_a_process_that_is_ended_is_an_error_with_a_remedy() -> None:
    with pytest.raises(PosecheckError) as caught:
        run(PATHS, make_ender, 2)
    assert "--jobs" in caught.value.remedy


def test_nothing_to_do() -> None:
    assert run([], partial(make_reader, "peace"), 2) == []
