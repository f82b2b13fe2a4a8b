"""How many hands cannot be told, with every figure worked by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from posecheck.evaluation.figures import Evaluation
from posecheck.evaluation.labels import Labels
from posecheck.evaluation.options import ScoreOptions
from posecheck.evaluation.report_json import to_json
from posecheck.evaluation.report_text import to_text
from posecheck.evaluation.saved import load_results, results_for, save_results
from posecheck.evaluation.score import evaluate
from posecheck.evaluation.unclear_score import UnclearScore
from posecheck.results import HandResult, PhotoResult

from .made import Box, checked, crop, group, hand, label, square, unreadable
from .test_reports import setup

OPTIONS = ScoreOptions(min_examples=1, replicates=40)


def dim(gesture: str, box: Box, risk: float = 20.0) -> HandResult:
    return replace(hand(gesture, 0.5, risk, box), unclear=True, effective_size=15.0)


def two_groups() -> tuple[Labels, list[PhotoResult]]:
    signs = group(
        "signs.jpg",
        True,
        label("peace", square(0, 0)),  # lost without the answer
        label("one", square(100, 0)),  # likeliest reading right
        label("ok", square(200, 0)),  # read for certain
        label("peace", square(300, 0)),  # read as ordinary for certain
        label("palm", square(400, 0)),  # missed
        label("thumb_up", square(500, 0), uncertain=True),
        label("none", square(600, 0)),
        label("fist", square(700, 0)),
        label("not_hand", square(800, 0)),
    )
    of_signs = checked(
        dim("none", square(0, 0)),
        dim("one", square(100, 0)),
        hand("ok", 0.9, 90.0, square(200, 0)),
        hand("none", 0.9, 5.0, square(300, 0)),
        dim("none", square(500, 0)),
        dim("none", square(600, 0)),
        hand("fist", 0.9, 0.0, square(700, 0)),
        hand("none", 0.9, 0.0, square(800, 0)),
        dim("none", square(900, 0)),
    )
    empty = group("empty.jpg", False, label("none", square(0, 0)))
    of_empty = checked(hand("none", 0.9, 0.0, square(0, 0)), dim("none", square(300, 0)))
    quiet = group("quiet.jpg", False)
    doubted = group("doubted.jpg", False, unsure=True)
    return Labels(groups=(signs, empty, quiet, doubted)), [
        of_signs,
        of_empty,
        checked(hand()),
        checked(dim("none", square(0, 0))),
    ]


def three_crops() -> tuple[Labels, list[PhotoResult]]:
    crops = [
        ("peace", checked(dim("peace", square(0, 0)), dim("none", square(0, 0, 9)))),
        ("other", checked(hand("other"))),
        ("peace", checked()),
    ]
    labels = Labels(tuple(crop(f"{i}.jpg", name, "s") for i, (name, _) in enumerate(crops)))
    return labels, [result for _, result in crops]


def figures(score: UnclearScore) -> dict[str, tuple[float | None, int]]:
    named = {
        "detections": score.detections,
        "signs": score.signs,
        "lost": score.signs_read_ordinary,
        "ordinary": score.ordinary,
        "right": score.right,
    }
    if score.empty_photos is not None:
        named["empty"] = score.empty_photos
    return {name: (estimate.hits, estimate.n) for name, estimate in named.items()}


def both() -> tuple[Labels, list[PhotoResult]]:
    groups, of_groups = two_groups()
    crops, of_crops = three_crops()
    return Labels(crops.crops, groups.groups), [*of_crops, *of_groups]


def of_groups(found: Evaluation) -> UnclearScore:
    assert found.scores.groups is not None
    return found.scores.groups.unclear


def test_hands_of_group_photos() -> None:
    score = of_groups(evaluate(*two_groups(), OPTIONS))
    assert figures(score) == {
        "detections": (7, 13),
        "signs": (2, 4),
        "lost": (1, 2),
        "ordinary": (1, 3),
        # peace as none is wrong, one is right, none is right.
        "right": (2, 3),
        "empty": (1, 2),
    }
    assert score.signs.low is not None and score.signs.high is not None


def test_of_a_picture_of_one_hand_only_the_main_hand_counts() -> None:
    found = evaluate(*three_crops(), OPTIONS).scores.crops
    assert found is not None
    assert figures(found.unclear) == {
        "detections": (1, 2),
        "signs": (1, 1),
        "lost": (0, 0),
        "ordinary": (0, 1),
        "right": (1, 1),
    }


def test_text_and_json_say_it() -> None:
    found = evaluate(*both(), OPTIONS)
    lines = [" ".join(line.split()) for line in to_text(found, setup()).splitlines()]
    assert any(line.startswith("CANNOT TELL") for line in lines)
    assert any(line.startswith("groups: signs 2/4 50.0 ") for line in lines)
    assert any(line.startswith("groups: signs read as ordinary 1/2 50.0 ") for line in lines)
    assert any(line.startswith("crops: ordinary hands 0/1 0.0 ") for line in lines)
    assert any(line.startswith("photos without a gesture with one 50.0 % [") for line in lines)
    scores = json.loads(to_json(found, setup()))["scores"]
    assert scores["groups"]["unclear"]["signs"]["hits"] == 2.0
    assert scores["crops"]["unclear"]["empty_photos"] is None


def test_nothing_read_says_nothing_of_it() -> None:
    found = evaluate(Labels((crop("0.jpg", "peace", "a"),)), [unreadable()], OPTIONS)
    assert "CANNOT TELL" not in to_text(found, setup())


def test_saved_results_give_the_same_figures(tmp_path: Path) -> None:
    labels, results = both()
    named = [replace(r, path=str(path)) for r, path in zip(results, labels.paths, strict=True)]
    file = tmp_path / "kept.jsonl"
    save_results(file, named)
    again = evaluate(labels, results_for(labels, load_results(file), file), OPTIONS)
    assert figures(of_groups(again)) == figures(of_groups(evaluate(labels, results, OPTIONS)))
