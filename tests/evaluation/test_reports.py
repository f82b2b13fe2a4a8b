"""The reports say what was scored, with sample sizes, and what was not."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from posecheck.evaluation.labels import Labels
from posecheck.evaluation.options import ScoreOptions
from posecheck.evaluation.report_json import to_json
from posecheck.evaluation.report_text import to_text
from posecheck.evaluation.score import evaluate
from posecheck.evaluation.setup import EvalSetup
from posecheck.results import PhotoResult

from .made import crop, four_group_photos, two_sources_of_crops, unreadable

OPTIONS = ScoreOptions(min_examples=1, replicates=40)


def setup(**changes: object) -> EvalSetup:
    given: dict[str, Any] = {
        "version": "1.2.3",
        "label_files": ("crops.csv", "group_photos.csv"),
        "results_file": "",
        "split": "dev",
        "excluded": (),
        "limit": None,
        "labelled": (9, 4),
        "scored": (9, 4),
        "options": OPTIONS,
    }
    return EvalSetup(**{**given, **changes})


def everything() -> tuple[Labels, list[PhotoResult]]:
    crops, of_crops = two_sources_of_crops()
    groups, of_groups = four_group_photos()
    bad = tuple(crop(f"bad{i}.jpg", "peace", "a") for i in range(12))
    labels = Labels((*crops.crops, *bad), groups.groups)
    return labels, [*of_crops, *(unreadable() for _ in bad), *of_groups]


def text(apart: Sequence[str] = (), **changes: object) -> str:
    return to_text(evaluate(*everything(), OPTIONS, apart), setup(**changes))


def test_figures_stand_with_their_samples() -> None:
    report = text()
    lines = [" ".join(line.split()) for line in report.splitlines()]
    assert any(line.startswith("all 6/7 85.7 75.0-100 3/5 60.0") for line in lines)
    assert any(line.startswith("all 1/2 50.0") for line in lines)
    assert any(line.startswith("alarms a photo without a gesture 1.000") for line in lines)
    assert any("sensitivity at medium 100 %" in line and "1/1" in line for line in lines)
    assert any("AUROC of the risk 1.000" in line and "n=3" in line for line in lines)
    assert max(map(len, report.splitlines())) <= 110


def test_what_was_not_checked_is_counted_and_named() -> None:
    report = text()
    assert "NOT CHECKED 12 pictures" in report
    assert "bad0.jpg (unreadable): The file is cut short." in report
    assert "and 2 more" in report


def test_a_sample_is_said_to_be_one() -> None:
    assert "SAMPLE" not in text()
    sampled = text(limit=9, labelled=(900, 80))
    assert "at most 9 of each kind, drawn with seed 0 out of 900 and 80" in sampled


def test_sources_apart_and_left_out_are_said() -> None:
    report = text(apart=["b"], excluded=("nadalii",))
    assert "APART: b" in report
    assert "left out    sources nadalii" in report


def test_json_holds_everything() -> None:
    found = evaluate(*everything(), OPTIONS, ["b"])
    record = json.loads(to_json(found, setup(limit=3)))
    assert record["schema"] == "posecheck-eval/1"
    assert record["setup"]["options"]["medium"] == 50.0
    assert record["setup"]["limit"] == 3
    assert len(record["unread"]) == 12
    scores = record["scores"]
    assert scores["crops"]["finding"]["by_source"]["a"]["n"] == 4
    assert scores["groups"]["finding"]["sure"]["rows"][0]["found"]["hits"] == 1.0
    assert scores["groups"]["photo_level"]["auroc"]["value"] == 1.0
    assert len(scores["both"]["calibration"]["bins"]) == 15
    assert scores["cases"]["missed_signs"][0]["file"] == "stage.jpg"
    assert record["apart"]["b"]["crops"]["pictures"] == 3
    assert record["models"] == ["palm_detection 0123456789ab"]


def test_same_input_same_text() -> None:
    assert text() == text()
    found = evaluate(*everything(), OPTIONS)
    assert to_json(found, setup()) == to_json(found, setup())


def test_nothing_read_is_no_figure_and_no_crash() -> None:
    labels = Labels((crop("0.jpg", "peace", "a"),))
    found = evaluate(labels, [unreadable()], OPTIONS, ["a"])
    assert found.scores.crops is None
    assert "no picture of it was read" in to_text(found, setup())
    assert json.loads(to_json(found, setup()))["scores"]["crops"] is None
