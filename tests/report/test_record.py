"""The JSON contract: names and order of fields, and results that survive the way there and back."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posecheck.errors import RecordError
from posecheck.report.record import from_record, to_json, to_record
from posecheck.results import HandResult, Level, PhotoResult, RuleStatus, Status
from tests.report.photos import clean, everything, group, hand, photo, small, unchecked

PHOTO_FIELDS = [
    "schema",
    "path",
    "sha256",
    "status",
    "reason",
    "width",
    "height",
    "captured_at",
    "risk",
    "level",
    "hands",
    "readings",
    "smallest_hand",
    "contest",
    "rules",
    "models",
    "elapsed_ms",
]
HAND_FIELDS = [
    "box",
    "landmarks",
    "size",
    "presence",
    "gesture",
    "probability",
    "alternatives",
    "numbers",
    "rule",
    "risk",
    "partner",
    "unclear",
    "effective_size",
]


def test_fields_keep_their_names_and_order() -> None:
    record = to_record(group())
    assert list(record) == PHOTO_FIELDS
    assert list(record["hands"][0]) == HAND_FIELDS
    assert list(record["readings"][0]) == ["hands", "number", "kind", "probability"]


def test_no_field_of_a_result_is_forgotten() -> None:
    names = {f.name for f in fields(PhotoResult)}
    assert names <= set(PHOTO_FIELDS)
    renamed = {"box_xyxy": "box", "landmarks_xy": "landmarks"}
    assert {renamed.get(f.name, f.name) for f in fields(HandResult)} <= set(HAND_FIELDS)


def test_values_are_those_of_the_result() -> None:
    record = to_record(group())
    assert record["schema"] == "posecheck/1"
    assert record["status"] == "checked"
    assert record["level"] == "high"
    assert record["risk"] == 98.2
    assert record["captured_at"] == "2024-01-20T09:30:05"
    assert record["models"] == {"palm_detection": "0123456789ab", "gesture": "ba9876543210"}
    assert record["elapsed_ms"] == 812.3
    first = record["hands"][0]
    assert first["box"] == [120.0, 90.0, 200.0, 210.0]
    assert len(first["landmarks"]) == 21
    assert first["size"] == 120.0
    assert first["alternatives"] == [["two_up", 0.04]]
    assert first["numbers"] == [2]
    assert first["rule"] == "forbidden"
    assert record["readings"] == [
        {"hands": [0, 1], "number": 3, "kind": "sum", "probability": 0.667}
    ]


def test_a_hand_that_cannot_be_told_is_marked() -> None:
    first, second = to_record(photo(small(), hand()))["hands"]
    assert (first["unclear"], first["effective_size"]) == (True, 14.3)
    assert (second["unclear"], second["effective_size"]) == (False, 0.0)


def test_a_record_from_before_hands_could_be_unclear_is_read() -> None:
    record = to_record(photo(small()))
    del record["hands"][0]["unclear"], record["hands"][0]["effective_size"]
    (back,) = from_record(record).hands
    assert (back.unclear, back.effective_size) == (False, 0.0)


@pytest.mark.parametrize(
    "change", [{"unclear": "yes"}, {"unclear": None}, {"effective_size": "many"}]
)
def test_a_hand_that_is_neither_clear_nor_unclear_is_refused(change: dict[str, Any]) -> None:
    record = to_record(photo(small()))
    record["hands"][0].update(change)
    with pytest.raises(RecordError):
        from_record(record)


def test_an_unchecked_photo_has_no_verdict_at_all() -> None:
    record = to_record(unchecked())
    assert record["status"] == "unreadable"
    assert record["risk"] is None
    assert record["level"] is None
    assert record["hands"] == []
    assert record["reason"]


def test_records_are_plain_json() -> None:
    for result in everything():
        assert json.loads(to_json(to_record(result))) == to_record(result)


def test_records_come_back_as_the_same_results() -> None:
    for result in everything():
        back = from_record(json.loads(to_json(to_record(result))))
        assert to_record(back) == to_record(result)
        assert back.status is result.status
        assert back.level is result.level
        assert [h.rule for h in back.hands] == [h.rule for h in result.hands]
        assert [h.unclear for h in back.hands] == [h.unclear for h in result.hands]


@settings(deadline=None, max_examples=60)
@given(
    probability=st.floats(0, 1),
    risk=st.floats(0, 100),
    box=st.tuples(*[st.floats(-50, 5000, width=32)] * 4),
    name=st.text(max_size=30),
    level=st.sampled_from(Level),
)
def test_any_result_survives_up_to_rounding(
    probability: float, risk: float, box: tuple[float, float, float, float], name: str, level: Level
) -> None:
    one = hand("peace", probability, box, risk, (2,), RuleStatus.FORBIDDEN)
    result = photo(one, risk=risk, level=level, path=name)
    back = from_record(json.loads(to_json(to_record(result))))
    assert back.path == name
    assert back.risk == pytest.approx(risk, abs=0.051)
    assert back.hands[0].probability == pytest.approx(probability, abs=0.000051)
    assert np.abs(back.hands[0].box_xyxy - one.box_xyxy).max() <= 0.051
    # A second trip changes nothing more.
    assert to_record(from_record(to_record(back))) == to_record(back)


def test_a_file_name_that_is_no_unicode_can_be_written_and_restored() -> None:
    name = b"foto-\xff.jpg".decode("utf-8", "surrogateescape")
    text = to_json(to_record(photo(path=name)))
    text.encode("utf-8")
    assert from_record(json.loads(text)).path == name


def test_other_names_stay_readable() -> None:
    name = "apel Kulon Progo é 手.jpg"
    assert name in to_json(to_record(photo(path=name)))


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_is_not_finite_is_never_written(value: float) -> None:
    for result in (
        photo(risk=value),
        photo(hand(probability=value)),
        photo(replace(hand(), box_xyxy=np.array([0, 0, value, 9], np.float32))),
        replace(clean(1), smallest_hand=value),
    ):
        with pytest.raises(ValueError, match="finite"):
            to_record(result)


def test_unknown_fields_are_ignored() -> None:
    record = {**to_record(group()), "more": 1}
    assert from_record(record).risk == 98.2


@pytest.mark.parametrize(
    "change",
    [
        {"schema": "posecheck/2"},
        {"schema": None},
        {"status": "fine"},
        {"risk": None},
        {"level": None},
        {"risk": float("nan")},
        {"risk": -1},
        {"risk": 100.1},
        {"width": float("inf")},
        {"elapsed_ms": 10**400},
        {"hands": [{**to_record(group())["hands"][0], "risk": -1}]},
        {"status": "unreadable"},
        {"hands": [{"box": [1, 2, 3]}]},
        {"hands": 3},
        {"models": []},
        {"captured_at": "yesterday"},
        {"readings": [{"hands": [1], "number": 2, "kind": "sum", "probability": 1}]},
    ],
)
def test_damaged_records_are_refused(change: dict[str, Any]) -> None:
    with pytest.raises(RecordError) as caught:
        from_record({**to_record(group()), **change})
    assert caught.value.remedy


def test_a_record_without_a_field_is_refused() -> None:
    record = to_record(group())
    for name in PHOTO_FIELDS:
        with pytest.raises(RecordError):
            from_record({k: v for k, v in record.items() if k != name})


def test_what_is_no_object_is_refused() -> None:
    with pytest.raises(RecordError):
        from_record([1])  # type: ignore[arg-type]


def test_a_hand_with_coordinates_missing_is_refused() -> None:
    record = to_record(group())
    record["hands"][0]["landmarks"] = record["hands"][0]["landmarks"][:20]
    with pytest.raises(RecordError, match="shape"):
        from_record(record)


def test_every_status_can_be_stored() -> None:
    for status in Status:
        result = clean(1) if status is Status.CHECKED else unchecked(status)
        assert from_record(to_record(result)).status is status
