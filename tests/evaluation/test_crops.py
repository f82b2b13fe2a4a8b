"""Pictures of one hand, with every figure worked by hand."""

from __future__ import annotations

import pytest

from posecheck.evaluation.labels import Labels
from posecheck.evaluation.options import ScoreOptions
from posecheck.evaluation.pairing import crop_units, main_hand
from posecheck.evaluation.score import evaluate

from .made import checked, crop, hand, two_sources_of_crops, unreadable

OPTIONS = ScoreOptions(min_examples=2, bins=2, replicates=50)


def test_hands_found() -> None:
    score = evaluate(*two_sources_of_crops(), OPTIONS).scores.crops
    assert score is not None
    assert (score.pictures, score.unit, score.units) == (7, "source", 2)
    assert (score.finding.found.hits, score.finding.found.n) == (6, 7)
    assert {s: (e.hits, e.n) for s, e in score.finding.by_source.items()} == {
        "a": (3, 4),
        "b": (3, 3),
    }
    assert score.finding.by_gesture["peace"].value == pytest.approx(2 / 3)


def test_gestures_read() -> None:
    score = evaluate(*two_sources_of_crops(), OPTIONS).scores.crops
    assert score is not None
    gestures = score.gestures
    # `unclear` is left out, and so is the missed hand: five found, three right.
    assert gestures.labelled == 6
    assert (gestures.accuracy.hits, gestures.accuracy.n) == (3, 5)
    rows = {row.gesture: row for row in gestures.gestures}
    peace = rows["peace"]
    assert (peace.labelled, peace.found, peace.read, peace.right) == (3, 2, 2, 1)
    assert (peace.precision, peace.recall, peace.f1.value) == (0.5, 0.5, 0.5)
    assert peace.recall_of_all == pytest.approx(1 / 3)
    assert peace.f1_of_all == pytest.approx(0.4)
    # xsign counts as other: two labelled, one read as peace.
    other = rows["other"]
    assert (other.precision, other.recall) == (1.0, 0.5)
    assert other.f1.value == pytest.approx(2 / 3)
    # Never labelled, read once.
    assert (rows["one"].precision, rows["one"].recall) == (0.0, None)
    assert not rows["thumb_up"].in_macro
    assert gestures.macro_f1.value == pytest.approx((1 / 2 + 2 / 3) / 2)
    assert gestures.macro_f1_gestures.value == pytest.approx(1 / 2)
    assert gestures.macro_f1_of_all.value == pytest.approx((2 / 5 + 2 / 3) / 2)


def test_confusion_adds_up() -> None:
    score = evaluate(*two_sources_of_crops(), OPTIONS).scores.crops
    assert score is not None
    gestures = score.gestures
    cells = {
        (truth, read): n
        for truth, row in zip(gestures.classes, gestures.confusion, strict=True)
        for read, n in zip(gestures.readings, row, strict=True)
        if n
    }
    assert cells == {
        ("peace", "peace"): 1,
        ("peace", "one"): 1,
        ("peace", "(missed)"): 1,
        ("thumb_up", "thumb_up"): 1,
        ("other", "other"): 1,
        ("other", "peace"): 1,
    }


def test_calibration() -> None:
    score = evaluate(*two_sources_of_crops(), OPTIONS).scores.crops
    assert score is not None
    found = score.gestures.calibration
    assert found.ece.value == pytest.approx(0.1)
    assert found.bias == pytest.approx(3.5 / 5 - 3 / 5)
    assert [(b.n, b.accuracy) for b in found.bins] == [(1, 0.0), (4, 0.75)]
    assert sum(b.n for b in found.bins_equal_mass) == 5


def test_ordinary_crops_that_raise_an_alarm() -> None:
    score = evaluate(*two_sources_of_crops(), OPTIONS).scores.crops
    assert score is not None
    everything = score.ordinary[0]
    assert (everything.name, everything.labelled) == ("all", 2)
    assert (everything.alarms.hits, everything.read_as_sign.hits) == (1, 1)


def test_a_source_apart_enters_nothing_else() -> None:
    labels, results = two_sources_of_crops()
    found = evaluate(labels, results, OPTIONS, apart=["b"])
    assert found.scores.crops is not None
    assert found.scores.crops.pictures == 4
    assert list(found.scores.crops.finding.by_source) == ["a"]
    # One source is left, people are not told apart: pictures are drawn.
    assert found.scores.crops.unit == "picture"
    apart = found.apart["b"].crops
    assert apart is not None
    assert (apart.pictures, apart.gestures.accuracy.hits) == (3, 1)


def test_the_main_hand_is_the_largest_then_the_most_present() -> None:
    small = hand("peace", box=(0, 0, 20, 20), presence=0.99)
    large = hand("palm", box=(0, 0, 40, 80), presence=0.6)
    equal = hand("fist", box=(100, 0, 180, 10), presence=0.7)
    assert main_hand(checked(small, large)) is large
    assert main_hand(checked(small, large, equal)) is equal
    assert main_hand(checked()) is None


def test_right_on_another_hand_is_reported_beside() -> None:
    labels = Labels((crop("0.jpg", "peace"),))
    result = checked(hand("palm", box=(0, 0, 90, 90)), hand("peace", box=(100, 0, 120, 20)))
    score = evaluate(labels, [result], OPTIONS).scores.crops
    assert score is not None
    assert score.gestures.accuracy.value == 0.0
    assert score.finding.any_right.value == 1.0
    assert score.finding.more_than_one.value == 1.0


def test_a_reading_outside_the_vocabulary_is_wrong_and_has_its_column() -> None:
    labels = Labels((crop("0.jpg", "peace"), crop("1.jpg", "peace")))
    results = [checked(hand("cannot_tell")), checked(hand("peace"))]
    score = evaluate(labels, results, OPTIONS).scores.crops
    assert score is not None
    assert score.gestures.readings == ("peace", "cannot_tell", "(missed)")
    assert score.gestures.confusion == ((1, 1, 0),)
    assert score.gestures.gestures[0].recall == 0.5


def test_pictures_that_were_not_read_are_named_and_in_no_figure() -> None:
    labels, results = two_sources_of_crops()
    found = evaluate(labels, [unreadable(), *results[1:]], OPTIONS)
    assert [(u.file, u.status, u.reason) for u in found.unread] == [
        ("0.jpg", "unreadable", "The file is cut short.")
    ]
    assert found.scores.crops is not None
    assert found.scores.crops.finding.found.n == 6


@pytest.mark.parametrize(
    ("people", "unit"),
    [(["p", "q"], "person"), (["p", "p"], "picture"), (["", "q"], "picture")],
)
def test_what_is_drawn_where_there_is_one_source(people: list[str], unit: str) -> None:
    labels = [crop(f"{i}.jpg", "peace", "s", person) for i, person in enumerate(people)]
    assert crop_units(labels)[0] == unit


def test_results_must_be_as_many_as_labels() -> None:
    labels, results = two_sources_of_crops()
    with pytest.raises(ValueError, match="6 results for 7"):
        evaluate(labels, results[1:], OPTIONS)


def test_a_source_that_is_not_drawn_costs_its_gesture_nothing() -> None:
    # peace is in source a only and fist in b only, each 19 of 20 read right.
    cases = [("a", "peace", "fist"), *[("a", "peace", "peace")] * 19]
    cases += [("b", "fist", "peace"), *[("b", "fist", "fist")] * 19]
    labels = Labels(tuple(crop(f"{i}.jpg", g, s) for i, (s, g, _) in enumerate(cases)))
    results = [checked(hand(read)) for _, _, read in cases]
    score = evaluate(labels, results, ScoreOptions(replicates=200)).scores.crops
    assert score is not None
    macro = score.gestures.macro_f1
    assert macro.value == pytest.approx(0.95)
    # Drawn (a, a): peace has F1 2*38/(40+38), fist no label.
    assert macro.low == pytest.approx(0.95)
    assert macro.high == pytest.approx(76 / 78)
