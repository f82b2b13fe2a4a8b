"""Accuracy on a sample of the labelled photos, where there are some beside the checkout.

The bounds are below what the whole split gives (docs/accuracy.md) by what a sample of this size
may be off; they are there to catch a change that breaks something, not to measure.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from posecheck.evaluation.figures import Evaluation
from posecheck.evaluation.label_files import read_labels
from posecheck.evaluation.labels import select
from posecheck.evaluation.options import ScoreOptions
from posecheck.evaluation.running import open_check, run
from posecheck.evaluation.score import evaluate
from posecheck.risk.contest import load_contest
from posecheck.risk.rules import load_rules
from posecheck.runtime.names import DEFAULT

SAMPLE = 12
"""Group photos; CI has a quarter of an hour for everything."""

CROPS = 120


@pytest.fixture(scope="module")
def scored(shared_photos: Path) -> Evaluation:
    everything = read_labels(sorted(shared_photos.glob("*.csv")))
    crops = select(everything, split="dev", exclude=["nadalii"], limit=CROPS, seed=7).crops
    groups = select(everything, split="dev", limit=SAMPLE, seed=7).groups
    labels = type(everything)(crops=crops, groups=groups)
    make = partial(open_check, load_contest(), load_rules(), "onnx", DEFAULT)
    return evaluate(labels, run(labels.paths, make, jobs=2), ScoreOptions(replicates=50))


def test_hands_are_found_in_pictures_of_one_hand(scored: Evaluation) -> None:
    assert not scored.unread
    assert scored.scores.crops is not None
    found = scored.scores.crops.finding.found.value
    assert found is not None
    assert found >= 0.95


def test_gestures_are_read_in_pictures_of_one_hand(scored: Evaluation) -> None:
    assert scored.scores.crops is not None
    accuracy = scored.scores.crops.gestures.accuracy.value
    assert accuracy is not None
    assert accuracy >= 0.74


def test_a_photo_with_a_sign_carries_more_risk_than_one_without(scored: Evaluation) -> None:
    assert scored.scores.groups is not None
    auroc = scored.scores.groups.photo_level.auroc.value
    assert auroc is not None
    assert auroc >= 0.8
