"""Kept results: the same figures again, found by their paths, and never mixed up."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from posecheck.errors import LabelError, RecordError
from posecheck.evaluation.labels import Labels
from posecheck.evaluation.options import ScoreOptions
from posecheck.evaluation.saved import as_saved, load_results, results_for, save_results
from posecheck.evaluation.score import evaluate
from posecheck.results import Status

from .made import checked, crop, four_group_photos, group, hand, two_sources_of_crops, unreadable


def test_scoring_again_gives_the_same(tmp_path: Path) -> None:
    crops, of_crops = two_sources_of_crops()
    groups, of_groups = four_group_photos()
    labels = Labels(crops.crops, groups.groups)
    results = [
        replace(as_saved(result), path=str(path))
        for result, path in zip([*of_crops, *of_groups], labels.paths, strict=True)
    ]
    file = tmp_path / "results.jsonl"
    save_results(file, results)
    again = results_for(labels, load_results(file)[::-1], file)
    options = ScoreOptions(replicates=20)
    assert evaluate(labels, again, options) == evaluate(labels, results, options)


def test_saving_keeps_all_that_is_scored() -> None:
    result = checked(hand("peace", 0.91234, 91.3, (1.25, 2.0, 3.0, 4.0)))
    kept = as_saved(result)
    assert as_saved(kept).hands[0].box_xyxy.tolist() == kept.hands[0].box_xyxy.tolist()
    assert kept.hands[0].probability == pytest.approx(0.91234, abs=1e-4)
    assert (kept.level, kept.risk, kept.models) == (result.level, 91.3, result.models)
    assert as_saved(unreadable()).status is Status.UNREADABLE


def test_results_from_another_place_are_found_by_folder_and_name() -> None:
    labels = Labels((crop("1.jpg", "peace"),), (group("1.jpg", True),))
    results = [
        checked(path=r"C:\other\groups\1.jpg", risk=9.0),
        checked(path="/mnt/crops/1.jpg", risk=1.0),
        checked(path="/mnt/crops/11.jpg", risk=5.0),
    ]
    found = results_for(labels, results, Path("r.jsonl"))
    assert [r.risk for r in found] == [1.0, 9.0]


def test_a_picture_without_a_result_is_unread() -> None:
    labels = Labels((crop("1.jpg", "peace"), crop("2.jpg", "peace")))
    found = results_for(labels, [checked(path="crops/2.jpg")], Path("r.jsonl"))
    assert [r.status for r in found] == [Status.ERROR, Status.CHECKED]
    assert "r.jsonl" in found[0].reason


def test_results_of_other_pictures_are_refused() -> None:
    with pytest.raises(LabelError, match="none of the 1 labelled"):
        results_for(Labels((crop("1.jpg", "peace"),)), [checked(path="2.jpg")], Path("r.jsonl"))


def test_several_results_that_could_be_meant_are_refused() -> None:
    results = [checked(path="/a/crops/1.jpg"), checked(path="/b/crops/1.jpg")]
    with pytest.raises(LabelError, match="2 results could be"):
        results_for(Labels((crop("1.jpg", "peace"),)), results, Path("r.jsonl"))


def test_a_damaged_line_is_named(tmp_path: Path) -> None:
    file = tmp_path / "r.jsonl"
    save_results(file, [checked()])
    for bad in ("{", '{"schema": "posecheck/9"}', "[]"):
        file.write_text(file.read_text("utf-8").splitlines()[0] + f"\n\n{bad}\n", "utf-8")
        with pytest.raises(RecordError) as caught:
            load_results(file)
        assert caught.value.message.startswith(f"{file}:3: ")
        assert caught.value.remedy
