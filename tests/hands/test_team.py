from __future__ import annotations

import os
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecheck.hands import team
from posecheck.hands.team import Team, cores


@given(st.integers(1, 4), st.lists(st.integers()))
def test_what_is_given_comes_in_the_order_of_the_items(threads: int, items: list[int]) -> None:
    assert Team(threads).map(lambda item: item * 2, iter(items)) == [2 * item for item in items]


def test_the_order_is_kept_where_later_items_are_done_first() -> None:
    def work(seconds: float) -> float:
        time.sleep(seconds)
        return seconds

    assert Team(3).map(work, [0.2, 0.0, 0.1]) == [0.2, 0.0, 0.1]


def test_threads_work_side_by_side() -> None:
    """Each of three waits for the other two."""
    meeting = threading.Barrier(3, timeout=20)
    assert sorted(Team(3).map(lambda _: meeting.wait(), range(3))) == [0, 1, 2]


def test_one_works_alone_and_where_it_is_called() -> None:
    names = Team(1).map(lambda _: threading.current_thread().name, range(3))
    assert names == [threading.current_thread().name] * 3
    assert Team().threads == 1


@pytest.mark.parametrize("threads", [1, 3])
def test_what_goes_wrong_is_heard_of_and_the_team_goes_on(threads: int) -> None:
    together = Team(threads)

    def work(item: int) -> int:
        if item >= 2:
            raise ValueError(f"item {item}")
        return item

    with pytest.raises(ValueError, match="item 2"):
        together.map(work, range(5))
    assert together.map(work, [1, 0]) == [1, 0]


def test_without_a_number_there_is_a_thread_for_each_core_that_may_be_used(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(team, "cores", lambda: 5)
    assert Team(None).threads == 5


def test_cores_are_those_of_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {0, 3, 5}, raising=False)
    assert cores() == 3
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: 7)
    assert cores() == 7
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert cores() == 1
