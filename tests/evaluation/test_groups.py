"""Group photos, with every figure worked by hand."""

from __future__ import annotations

import pytest

from posecheck.evaluation.figures import GroupScore
from posecheck.evaluation.labels import Labels
from posecheck.evaluation.options import ScoreOptions, size_bin
from posecheck.evaluation.pairing import is_alarm, pair_group
from posecheck.evaluation.score import evaluate
from posecheck.results import PhotoResult

from .made import checked, four_group_photos, group, hand, label, reading, square

OPTIONS = ScoreOptions(min_examples=1, replicates=50)


def scores(labels: Labels | None = None, results: list[PhotoResult] | None = None) -> GroupScore:
    made = four_group_photos()
    found = evaluate(labels or made[0], results or made[1], OPTIONS).scores.groups
    assert found is not None
    return found


def test_signs_found() -> None:
    finding = scores().finding
    rows = {row.name: row for row in finding.sure.rows}
    # peace is found, one is not; the uncertain thumb_up is apart; fist and none are no signs.
    assert (rows["all"].found.hits, rows["all"].found.n) == (1, 2)
    assert (rows["20-40"].found.hits, rows["20-40"].found.n) == (0, 1)
    assert (rows["40-80"].found.hits, rows["40-80"].found.n) == (1, 1)
    assert rows["all"].read.value == 0.5
    assert {k: (e.hits, e.n) for k, e in rows["all"].by_finder.items()} == {
        "detector": (1, 1),
        "eye": (0, 1),
    }
    assert (finding.uncertain.found.hits, finding.uncertain.found.n) == (0, 1)
    assert {row.name: row.found.hits for row in finding.by_gesture} == {"one": 0, "peace": 1}
    # In the one photo with every hand labelled: none and half_heart, both found.
    assert (finding.ordinary.hits, finding.ordinary.n) == (2, 2)


def test_gestures_read_on_group_hands() -> None:
    gestures = scores().gestures
    # Sure labels of hands found: peace right, none read as one, half_heart as two_hand_heart
    # (accepted), fist right, other right; not_hand is no reading.
    assert (gestures.accuracy.hits, gestures.accuracy.n) == (4, 5)
    assert gestures.labelled == 6
    rows = {row.gesture: row for row in gestures.gestures}
    assert (rows["one"].labelled, rows["one"].found, rows["one"].read) == (1, 0, 1)
    assert rows["two_hand_heart"].right == 1


def test_false_alarms_over_ordinary_hands() -> None:
    rows = {row.name: row for row in scores().alarms.ordinary}
    everything = rows["all"]
    assert (everything.labelled, everything.alarms.hits, everything.alarms.n) == (4, 1, 4)
    assert everything.read_as_sign.hits == 1
    assert rows["none"].alarms.value == 1.0
    assert (rows["half_heart"].alarms.hits, rows["fist"].alarms.hits) == (0, 0)


def test_photos_without_a_gesture() -> None:
    empty = scores().alarms.empty_photos
    # empty.jpg: pistol at 55 and peace at 70, neither labelled; calm.jpg: none.
    assert (empty.alarms.value, empty.alarms.n) == (1.0, 2)
    assert empty.alarms_per_hundred.value == 100.0
    assert (empty.flagged.value, empty.with_alarm.value) == (0.5, 0.5)


def test_what_the_detections_are() -> None:
    alarms = scores().alarms
    found = alarms.detections_complete
    # stage.jpg: peace, none, half_heart; the false detection; the second box on peace; one alone.
    assert (found.photos, found.total) == (1, 6)
    assert (found.hands, found.no_hands, found.repeats, found.unlabelled) == (3, 1, 1, 1)
    assert found.no_hand.value == 1 / 4
    assert found.no_hand_at_most.value == 2 / 6
    assert found.repeated.value == 1 / 6
    assert found.no_hand_alarms == 1
    assert alarms.detections.total == 10


def test_photo_level() -> None:
    level = scores().photo_level
    assert (level.with_sign, level.without_sign, level.unsure) == (1, 2, 1)
    assert (level.sensitivity.value, level.specificity.value) == (1.0, 0.5)
    # 90 with, against 70 and 5 without.
    assert level.auroc.value == 1.0
    assert level.unsure_flagged.value == 0.0
    assert level.by_source["t"].specificity.value == 0.5
    assert level.by_source["t"].sensitivity.value is None


def test_crowded_photos_are_also_left_out() -> None:
    labels, results = four_group_photos()
    crowd = group(
        "crowd.jpg", True, label("peace", square(0, 0)), counted=(("peace", 41), ("fist", 9))
    )
    found = scores(Labels(groups=(*labels.groups, crowd)), [*results, checked()]).finding
    assert found.crowded == ("crowd.jpg",)
    assert found.sure.rows[0].found.n == 3
    assert found.sure_uncrowded.rows[0].found.n == 2
    assert (found.sure.photos, found.sure_uncrowded.photos) == (5, 4)


def test_40_signs_are_no_crowd_and_fists_no_signs() -> None:
    photo = group("x.jpg", True, counted=(("peace", 40), ("fist", 90), ("other", 30)))
    assert not pair_group(photo, checked(), OPTIONS).crowded


def test_labels_of_another_frame_are_not_compared() -> None:
    photo = group("x.jpg", True, label("peace", square(0, 0)), size=(200, 100))
    turned = checked(hand("peace", risk=90.0, box=square(0, 0)), size=(100, 200))
    found = scores(Labels(groups=(photo,)), [turned])
    assert found.frames_differ == ("x.jpg",)
    assert found.finding.sure.rows[0].found.n == 0
    # The photo itself still counts.
    assert found.photo_level.sensitivity.value == 1.0


def test_a_detection_goes_to_the_label_it_fits_best_even_a_false_one() -> None:
    photo = group("x.jpg", False, label("none", square(0, 0)), label("not_hand", square(10, 0)))
    pair = pair_group(photo, checked(hand(box=square(9, 0))), OPTIONS)
    assert [r.hand is not None for r in pair.readings] == [False, True]


def test_uncertain_and_unclear_labels_are_not_scored() -> None:
    assert not reading("peace", hand("peace"), uncertain=True).scored
    assert not reading("unclear", hand("peace")).scored
    assert not reading("not_hand", hand("peace")).scored
    assert reading("none", None).scored


@pytest.mark.parametrize(
    ("read", "right"), [("other", True), ("none", True), ("two_hand_heart", True), ("peace", False)]
)
def test_half_a_heart_may_be_read_in_three_ways(read: str, right: bool) -> None:
    found = reading("half_heart", hand(read))
    assert found.right is right
    assert found.truth == (read if right else "other")


def test_an_alarm_is_a_matter_of_risk() -> None:
    assert is_alarm(hand("peace", risk=50.0), 50.0)
    assert not is_alarm(hand("peace", risk=49.9), 50.0)
    assert is_alarm(hand("none", 0.4, risk=55.0), 50.0)


@pytest.mark.parametrize(
    ("size", "name"),
    [(19.9, "<20"), (20, "20-40"), (40, "40-80"), (80, "80-160"), (160, ">160"), (900, ">160")],
)
def test_bins_of_size(size: float, name: str) -> None:
    assert size_bin(size) == name


def test_cases_name_what_went_wrong() -> None:
    found = evaluate(*four_group_photos(), OPTIONS).scores.cases
    assert [(c.file, c.label) for c in found.missed_signs] == [("stage.jpg", "one")]
    assert [(c.file, c.label, c.read) for c in found.misread] == [("stage.jpg", "none", "one")]
    assert [(c.file, c.label, c.read) for c in found.alarms] == [
        ("stage.jpg", "none", "one"),
        ("empty.jpg", "", "pistol"),
        ("empty.jpg", "", "peace"),
    ]
    assert [c.file for c in found.flagged_photos] == ["empty.jpg"]
    assert found.missed_photos == ()
