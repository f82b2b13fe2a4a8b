"""The local engine: every photo has one outcome, whatever its worker comes to."""

from __future__ import annotations

import itertools
import multiprocessing
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from posecheck.errors import BackendError, ModelError, PosecheckError
from posecheck.opening.refs import PhotoRef
from posecheck.scan.engine import FunctionMaker, Loss, LostPhoto, Outcome, PhotoRecord
from posecheck.scan.engines import ENGINES, default_jobs, make_engine
from posecheck.scan.local import LONGEST_STEP, Clock, LocalEngine

from . import tiny

LONG = 2.5
"""Seconds: a photo that takes this long is given up; none that is to be finished takes 1 % of it,
so a busy machine does not matter."""

kills = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    (tmp_path / "notes").touch()
    return tmp_path


def outcomes(engine: LocalEngine, make: FunctionMaker, n: int) -> dict[int, Outcome]:
    """Outcome of each photo; there must be one of each."""
    found = list(engine.run(make, tiny.refs(n)))
    assert tiny.numbers(outcome.ref for outcome in found) == list(range(n))
    assert multiprocessing.active_children() == []
    return {int(outcome.ref.path[1:]): outcome for outcome in found}


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_every_photo_has_its_record(jobs: int) -> None:
    found = outcomes(LocalEngine(jobs), tiny.make_plain, 20)
    pids = set()
    for n, outcome in found.items():
        assert isinstance(outcome, PhotoRecord)
        assert outcome.record["path"] == f"/{n}"
        pids.add(outcome.record["pid"])
    assert 1 <= len(pids) <= jobs
    assert multiprocessing.current_process().pid not in pids


def test_no_worker_is_started_for_nothing() -> None:
    assert list(LocalEngine(2).run(tiny.make_ending, [])) == []


def test_photos_are_drawn_only_as_they_are_needed() -> None:
    drawn = itertools.count()
    endless = (PhotoRef(f"/{n}") for n in drawn)
    run = LocalEngine(2).run(tiny.make_plain, endless)
    for _ in range(30):
        next(run)
    run.close()
    assert next(drawn) <= 30 + 2 * 2


def test_what_is_in_hand_is_finished_when_no_more_comes() -> None:
    stopped = False

    def until_stopped() -> Iterator[PhotoRef]:
        for n in itertools.count():
            if stopped:
                return
            yield PhotoRef(f"/{n}")

    run = LocalEngine(2).run(tiny.make_plain, until_stopped())
    found = [next(run) for _ in range(5)]
    stopped = True
    found += run
    assert 5 <= len(found) <= 5 + 2 * 2
    assert tiny.numbers(o.ref for o in found) == list(range(len(found)))


def test_a_listing_that_fails_costs_nothing_that_was_begun() -> None:
    def failing() -> Iterator[PhotoRef]:
        yield from tiny.refs(5)
        raise KeyError("the list broke off")

    found = []
    with pytest.raises(KeyError, match="broke off"):
        for outcome in LocalEngine(2).run(tiny.make_plain, failing()):
            found.append(outcome)
    assert tiny.numbers(o.ref for o in found) == list(range(5))


@pytest.mark.parametrize(
    ("fault", "loss", "detail"),
    [
        ("exit", Loss.CRASHED, "exit code 9"),
        pytest.param("kill", Loss.CRASHED, "SIGKILL", marks=kills),
        ("raise", Loss.CRASHED, "ValueError: an odd photo"),
        ("sleep", Loss.TIMED_OUT, f"longer than {LONG:g} s"),
    ],
)
@pytest.mark.parametrize("jobs", [1, 3])
def test_a_photo_that_ends_its_worker_is_tried_alone_and_then_lost(
    notes: Path, jobs: int, fault: str, loss: Loss, detail: str
) -> None:
    make = partial(tiny.make_marking, notes, {"/4": fault})
    found = outcomes(LocalEngine(jobs, LONG), make, 12)
    lost = found.pop(4)
    assert isinstance(lost, LostPhoto)
    assert lost.loss is loss
    assert detail in lost.detail
    assert all(isinstance(outcome, PhotoRecord) for outcome in found.values())
    tries = [pid for what, path, pid in tiny.notes(notes) if (what, path) == ("begin", "/4")]
    assert len(tries) == len(set(tries)) == 2
    assert_alone(notes, "/4", tries[1])


def assert_alone(notes: Path, path: str, pid: int) -> None:
    """That `pid`, a fresh process, worked on a photo and nobody on any other meanwhile."""
    log = list(tiny.notes(notes))
    at = log.index(("begin", path, pid))
    assert pid not in {who for _, _, who in log[:at]}
    begun = {(p, who) for what, p, who in log[:at] if what == "begin"}
    # What was begun before and never ended was work of a process that had ended.
    assert not begun & {(p, who) for what, p, who in log[at:] if what == "end"}
    if ("end", path, pid) in log:
        assert log[at + 1] == ("end", path, pid)


@pytest.mark.parametrize("fault", ["exit", "raise", "sleep"])
def test_a_photo_that_does_well_alone_is_not_lost(notes: Path, fault: str) -> None:
    faults = dict.fromkeys(["/0", "/4", "/9"], fault)
    found = outcomes(LocalEngine(3, LONG), partial(tiny.make_marking, notes, faults, True), 10)
    assert all(isinstance(outcome, PhotoRecord) for outcome in found.values())
    for path in faults:
        tries = [pid for what, p, pid in tiny.notes(notes) if (what, p) == ("begin", path)]
        assert len(tries) == 2
        assert_alone(notes, path, tries[1])


def test_photos_lost_in_a_row_end_no_run(notes: Path) -> None:
    faults = dict.fromkeys([f"/{n}" for n in range(5)], "exit")
    found = outcomes(LocalEngine(2), partial(tiny.make_marking, notes, faults), 7)
    assert {n for n, o in found.items() if isinstance(o, LostPhoto)} == set(range(5))


def test_loading_does_not_count_as_work(notes: Path) -> None:
    found = outcomes(LocalEngine(2, 1.5), partial(tiny.make_slow, notes, 2.5), 2)
    assert all(isinstance(outcome, PhotoRecord) for outcome in found.values())


def test_a_caller_that_is_slow_costs_no_photo(notes: Path) -> None:
    """What is done while the caller is busy is heard before anything is held against the time."""
    found = []
    for outcome in LocalEngine(2, LONG).run(partial(tiny.make_marking, notes, {}), tiny.refs(4)):
        found.append(outcome)
        time.sleep(LONG + 0.5 if len(found) == 1 else 0)
    assert all(isinstance(outcome, PhotoRecord) for outcome in found)
    begun = [path for what, path, _ in tiny.notes(notes) if what == "begin"]
    assert sorted(begun) == [f"/{n}" for n in range(4)]


def test_time_stands_still_while_the_computer_sleeps() -> None:
    readings = iter([100.0, 101.0, 103.5, 9000.0, 9001.0])
    clock = Clock(lambda: next(readings))
    assert [clock.tick() for _ in range(4)] == [
        1.0, 3.5, 3.5 + LONGEST_STEP, 4.5 + LONGEST_STEP
    ]  # fmt: skip


def test_a_function_that_cannot_be_loaded_says_why() -> None:
    with pytest.raises(ModelError, match="missing") as caught:
        list(LocalEngine(2).run(tiny.make_unloadable, tiny.refs(5)))
    assert caught.value.remedy == "Install again."
    assert multiprocessing.active_children() == []


def test_a_function_that_fails_unforeseen_while_it_is_loaded_ends_the_run() -> None:
    with pytest.raises(PosecheckError, match="ZeroDivisionError: of all things") as caught:
        list(LocalEngine(1).run(tiny.make_unforeseen, tiny.refs(5)))
    assert "make_unforeseen" in str(caught.value.__cause__)  # where it happened, for the log


def test_workers_that_cannot_even_load_end_the_run_with_a_remedy() -> None:
    with pytest.raises(PosecheckError, match="exit code 7") as caught:
        list(LocalEngine(2).run(tiny.make_ending, tiny.refs(5)))
    assert "--jobs" in caught.value.remedy


def test_a_worker_that_ends_while_it_loads_is_replaced(tmp_path: Path) -> None:
    found = outcomes(LocalEngine(2), partial(tiny.make_starting_badly, tmp_path), 6)
    assert all(isinstance(outcome, PhotoRecord) for outcome in found.values())


def test_a_record_that_cannot_be_sent_is_lost_and_said() -> None:
    (lost,) = outcomes(LocalEngine(1), tiny.make_unpicklable, 1).values()
    assert isinstance(lost, LostPhoto)
    assert "lambda" in lost.detail


def test_closing_early_leaves_no_worker(notes: Path) -> None:
    make = partial(tiny.make_marking, notes, dict.fromkeys(["/3", "/4"], "sleep"))
    run = LocalEngine(2).run(make, tiny.refs(9))
    for _ in range(3):
        next(run)
    assert len(multiprocessing.active_children()) == 2
    run.close()
    assert multiprocessing.active_children() == []


@pytest.mark.parametrize("jobs, timeout", [(0, 1.0), (-1, None), (1, 0.0), (1, float("nan"))])
def test_numbers_that_make_no_sense_are_refused(jobs: int, timeout: float | None) -> None:
    with pytest.raises(ValueError, match="above zero"):
        LocalEngine(jobs, timeout)


def test_engines_have_names() -> None:
    engine = make_engine(ENGINES[0], 3, 60.0)
    assert isinstance(engine, LocalEngine)
    assert (engine.jobs, engine.timeout) == (3, 60.0)
    with pytest.raises(BackendError) as caught:
        make_engine("cloud", 1)
    assert "local" in caught.value.remedy
    assert default_jobs() >= 1
