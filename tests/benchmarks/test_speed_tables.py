"""The tables of the benchmarks of speed say what was measured."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from benchmarks import group_photo, pipeline, scan_memory, throughput, warm
from benchmarks.measuring import spread, table, turns
from benchmarks.multiply_adds import MULTIPLY_ADDS
from benchmarks.pipeline import Counted, Taken
from benchmarks.runtimes import cases
from posecheck.hands.types import Float
from posecheck.models import manifest
from posecheck.results import Level, PhotoResult, Status


def test_a_spread_is_the_median_and_the_middle_80_percent() -> None:
    assert spread(np.arange(101.0), 1) == "50.0 (10.0 to 90.0)"
    assert table(("a", "b"), [["1", "2"]]) == "| a | b |\n| --- | --- |\n| 1 | 2 |"


def test_works_take_turns() -> None:
    calls: list[str] = []
    clock = iter(range(100))

    def work(name: str, answer: int) -> int:
        calls.append(name)
        return answer

    works = [lambda: work("a", 1), lambda: work("b", 7)]
    seconds, given = turns(works, 2, lambda: float(next(clock)))
    assert calls == ["a", "b"] * 3
    assert given == [1, 7]
    assert seconds.tolist() == [[1, 1, 1]] * 2


def test_warm_compares_what_was_given_the_same() -> None:
    def runs(seconds: float) -> list[warm.Run]:
        return [warm.Run(seconds, seconds / 2, 1)] * 3

    found = {
        (warm.THEIRS, "pixels"): runs(0.02),
        (warm.THEIRS, "file"): runs(0.04),
        ("posecheck", "pixels"): runs(0.05),
        ("posecheck", "file"): runs(0.05),
    }
    lines = warm.rows(found)
    assert [line[4][:4] for line in lines] == ["", "", "2.50", "1.25"]
    assert lines[2][2] == "50.0 (50.0 to 50.0)"


@pytest.mark.skipif(sys.platform == "win32", reason="the interpreter is a shell script")
def test_an_interpreter_without_mediapipe_is_told(tmp_path: Path) -> None:
    broken = tmp_path / "mediapipe.py"
    broken.write_text("raise ImportError('not here')\n", "utf-8")
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nPYTHONPATH={tmp_path} exec {sys.executable} "$@"\n', "utf-8")
    python.chmod(0o755)
    with (
        pytest.raises(SystemExit, match="not here"),
        warm.mediapipe_process(python, tmp_path / "photo.jpg") as ask,
    ):
        ask("pixels")


def test_a_group_photo_is_held_against_its_decoding() -> None:
    result = PhotoResult("a.jpg", "", Status.CHECKED, level=Level.NONE)
    seconds = np.array([[9, 0.1, 0.1, 0.2], [9, 0.8, 0.6, 1.4]])
    decode, check = group_photo.rows(["decode", "check"], seconds, [(4, 3), result])
    assert decode[1:3] == ["100 (100 to 180)", ""]
    assert check[2].startswith("7.0 (")
    assert check[4].startswith("0 hands")


def test_throughput_is_of_what_follows_starting_up() -> None:
    few = {1: np.array([1.0, 1.0]), 2: np.array([2.0, 2.0])}
    many = {1: np.array([11.0, 11.0]), 2: np.array([7.0, 7.0])}
    assert throughput.rates(102, many[1], few[1]).tolist() == [10, 10]
    text = throughput.report(102, many, few)
    assert "2.00 (2.00 to 2.00) once started" in text
    assert "1.57 (1.57 to 1.57) with starting up" in text


def test_a_scan_that_fails_is_no_measurement(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = [sys.executable, "-c", "raise SystemExit(2)"]
    monkeypatch.setattr(throughput, "command", lambda *_: failing)
    monkeypatch.setattr(scan_memory, "command", lambda *_: failing)
    for measure in (throughput.seconds, scan_memory.scan):
        with pytest.raises(SystemExit, match="ended with 2"):
            measure(tmp_path, tmp_path / "case", 1)


class Still:
    """A network that answers nothing."""

    def run(self, names: list[str], feeds: dict[str, Float], /) -> list[Float]:
        return []


def test_the_work_of_a_network_is_counted() -> None:
    session = Counted(Still(), "hand_landmark", "landmarks")
    for crops in (4, 1):
        session.run([], {"crops": np.zeros((crops, 2, 2, 3), np.float32)})
    assert session.taken.multiply_adds == {"landmarks": 5 * MULTIPLY_ADDS["hand_landmark"]}


def test_the_pipeline_says_shares_and_fractions_of_the_peak() -> None:
    def taken(palms: float) -> Taken:
        seconds = {"decode": 0.1, "palm pyramid": palms, "glance": 0.0, "rest": 0.2}
        work = {"palm pyramid": 10**9}
        return Taken(seconds, {"palm pyramid": palms / 2}, work, plain=0.08)

    lines = {line[0]: line for line in pipeline.rows([taken(0.2)], [taken(0.4)], 2 * 10**10)}
    assert lines["decode"][5] == "80%"
    assert lines["palm pyramid"][2:7] == ["40%", "100.0", "2.00", "25%", "400"]
    assert lines["palm pyramid"][7].startswith("0.50 ")
    assert lines["glance"][7] == ""
    assert lines["all"][4:6] == ["2.00", "10%"]
    assert all(len(line) == len(pipeline.HEAD) for line in lines.values())


def test_both_runtimes_are_compared_on_every_network() -> None:
    networks = {case.network for case in cases()}
    assert {"palm_detection", "glance", "hand_landmark", "gesture"} <= networks <= set(manifest())
