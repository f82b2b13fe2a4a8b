"""What is stored of a photo is what is read back, to the last digit and the oddest name."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import count
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posecheck.casefile.case import CaseFile
from posecheck.casefile.queue import FileEntry
from posecheck.casefile.types import Verdict
from posecheck.errors import RecordError
from posecheck.gesture.vocabulary import GESTURE_IDS
from posecheck.opening.refs import PhotoRef
from posecheck.report.record import to_record
from posecheck.results import (
    HandResult,
    Level,
    PhotoResult,
    RuleStatus,
    Status,
    TwoHandReading,
)
from tests.casefile.made import JPEG, RECIPE, begin, crowd, of, quick_case, record_of, scan, sha
from tests.report.photos import everything

_numbers = count()

_pixels = st.floats(-20000, 20000, width=32)
_probabilities = st.floats(0, 1)
_risks = st.floats(0, 100)
# What a file system gives: any bytes, decoded as Python decodes names.
_names = st.one_of(
    st.text(min_size=1),
    st.binary(min_size=1).map(lambda name: name.decode("utf-8", "surrogateescape")),
    st.sampled_from(["a\nb.jpg", "=cmd|' /C calc'!A0.jpg", "\u202egpj.exe", "🕶️/foto 👍.jpg"]),
)


@st.composite
def _hands(draw: st.DrawFn) -> HandResult:
    box = draw(st.tuples(_pixels, _pixels, _pixels, _pixels))
    landmarks = np.random.default_rng(draw(st.integers(0, 99))).uniform(-9999, 9999, (21, 2))
    return HandResult(
        box_xyxy=np.array([*np.minimum(box[:2], box[2:]), *np.maximum(box[:2], box[2:])], "f4"),
        landmarks_xy=landmarks.astype(np.float32),
        presence=draw(_probabilities),
        gesture=draw(st.sampled_from(GESTURE_IDS)),
        probability=draw(_probabilities),
        alternatives=tuple(
            draw(st.lists(st.tuples(st.sampled_from(GESTURE_IDS), _probabilities), max_size=3))
        ),
        numbers=tuple(draw(st.lists(st.integers(1, 99), max_size=3))),
        rule=draw(st.sampled_from(RuleStatus)),
        risk=draw(_risks),
        partner=draw(st.none() | st.integers(0, 3)),
        unclear=draw(st.booleans()),
        effective_size=draw(st.floats(0, 64)),
    )


_readings = st.builds(
    TwoHandReading,
    hands=st.tuples(st.integers(0, 3), st.integers(0, 3)),
    number=st.integers(1, 99),
    kind=st.sampled_from(["sum", "digits"]),
    probability=_probabilities,
)


@st.composite
def _results(draw: st.DrawFn) -> PhotoResult:
    status = draw(st.sampled_from(Status))
    checked = status is Status.CHECKED
    return PhotoResult(
        path="",
        sha256=sha(next(_numbers)),
        status=status,
        reason="" if checked else draw(_names),
        width=draw(st.integers(0, 100_000)),
        height=draw(st.integers(0, 100_000)),
        captured_at=draw(st.none() | st.datetimes(min_value=datetime(1900, 1, 1))),
        risk=draw(_risks) if checked else None,
        level=draw(st.sampled_from(Level)) if checked else None,
        hands=tuple(draw(st.lists(_hands(), max_size=3))) if checked else (),
        readings=tuple(draw(st.lists(_readings, max_size=2))) if checked else (),
        smallest_hand=draw(st.floats(0, 500)),
        contest=RECIPE.contest,
        rules=RECIPE.rules,
        models=(("palm_detection", "0123456789ab"), ("gesture", "ba9876543210")),
        elapsed_ms=draw(st.floats(0, 1e6)),
    )


@pytest.fixture(scope="module")
def case() -> Iterator[CaseFile]:
    with (
        tempfile.TemporaryDirectory() as folder,
        quick_case(Path(folder) / "a.posecheck") as case,
    ):
        yield case


@settings(max_examples=40)
@given(result=_results(), name=_names, member=st.just("") | _names)
def test_a_record_comes_back_as_it_was(
    case: CaseFile, result: PhotoResult, name: str, member: str
) -> None:
    ref = PhotoRef(f"/{next(_numbers)}/{name}", member)
    queue = begin(case)
    queue.enlist([FileEntry(ref, 7, "1")])
    (file,) = queue.pending()
    assert file.ref == ref
    record = record_of(file, result)
    queue.store(file, record)
    photo = case.photo(result.sha256)
    assert photo is not None
    back = to_record(photo.result)
    assert back == record
    assert list(back) == list(record) and list(back["models"]) == list(record["models"])
    assert photo.names == (ref,)
    assert photo.bytes == 7


@settings(max_examples=40)
@given(reviewer=st.text(), note=_names)
def test_what_people_write_comes_back_as_they_wrote_it(
    case: CaseFile, reviewer: str, note: str
) -> None:
    result = crowd("decided")
    scan(case, {"decided.jpg": result})
    kept = case.decide(result.sha256, Verdict.UNCLEAR, reviewer=reviewer, note=note)
    assert (kept.reviewer, kept.note) == (reviewer, note)
    assert case.decisions(result.sha256)[-1] == kept


def test_half_a_character_in_a_note_does_not_lose_the_decision(case: CaseFile) -> None:
    result = crowd("surrogate")
    scan(case, {"surrogate.jpg": result})
    kept = case.decide(result.sha256, Verdict.RESEMBLES, reviewer="\ud83d", note="a \udc00 b")
    assert (kept.reviewer, kept.note) == ("?", "a ? b")
    assert case.photo("\ud83d") is None
    assert case.picture("\ud83d", "\ud83d") is None


@pytest.mark.parametrize("index", range(len(everything())))
def test_every_kind_of_result_comes_back(tmp_path: Path, index: int) -> None:
    result = of(everything()[index], index)
    with quick_case(tmp_path / "a.posecheck") as case:
        scan(case, {"/foto/a b.jpg": result})
        photo = case.photo(result.sha256)
    assert photo is not None
    assert to_record(photo.result) == to_record(replace(result, path="/foto/a b.jpg"))


def test_pictures_are_those_of_the_latest_check(tmp_path: Path) -> None:
    result = crowd(1)
    first = [("preview", JPEG), ("hand-0", JPEG + b"0"), ("hand-1", JPEG + b"1")]
    with quick_case(tmp_path / "a.posecheck") as case:
        scan(case, {"a.jpg": result}, pictures={"a.jpg": first})
        photo = case.photo(result.sha256)
        assert photo is not None and photo.pictures == ("hand-0", "hand-1", "preview")
        assert case.picture(result.sha256, "hand-1") == JPEG + b"1"
        queue = begin(case)
        queue.enlist([FileEntry(PhotoRef("b.jpg"), 1, "1")])
        (file,) = queue.pending()
        queue.store(file, record_of(file, result), [("preview", b"new")])
        assert case.picture(result.sha256, "preview") == b"new"
        assert case.picture(result.sha256, "hand-0") is None
        again = case.photo(result.sha256)
    assert again is not None and again.pictures == ("preview",)


def test_a_damaged_record_leaves_nothing_behind(tmp_path: Path) -> None:
    result = crowd(1)
    with quick_case(tmp_path / "a.posecheck") as case:
        queue = begin(case)
        queue.enlist([FileEntry(PhotoRef("a.jpg"), 1, "1")])
        (file,) = queue.pending()
        record = record_of(file, result)
        record["hands"][1]["landmarks"] = [[0, 0]]
        with pytest.raises(RecordError):
            queue.store(file, record)
        assert case.photo(result.sha256) is None
        assert [each.ref.path for each in queue.pending()] == ["a.jpg"]
