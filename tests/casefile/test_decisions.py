"""Decisions in a case file: kept at once, taken back by another one, a baseline for later scans."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import pytest

from posecheck import __version__
from posecheck.casefile.baseline import finding_of
from posecheck.casefile.case import CaseFile, open_case
from posecheck.casefile.selection import Selection
from posecheck.casefile.tally import tally
from posecheck.casefile.types import CasePhoto, Verdict
from posecheck.errors import CaseError
from posecheck.results import Level
from tests.casefile.made import (
    OTHER_RECIPE,
    RECIPE,
    at,
    begin,
    crowd,
    entry,
    flagged,
    moved,
    plain,
    quick_case,
    record_of,
    scan,
    sha,
)
from tests.report.photos import peace, thumb

RESEMBLES, UNCLEAR, DIFFERENT = Verdict.RESEMBLES, Verdict.UNCLEAR, Verdict.DIFFERENT
RAISED = Selection(raised=True)


@pytest.fixture
def case(tmp_path: Path) -> Iterator[CaseFile]:
    with quick_case(tmp_path / "a.posecheck") as case:
        yield case


def photo_of(case: CaseFile, content: object = 1) -> CasePhoto:
    photo = case.photo(sha(content))
    assert photo is not None
    return photo


def verdict_of(case: CaseFile, content: object = 1) -> Verdict | None:
    decision = photo_of(case, content).decision
    return None if decision is None else decision.verdict


def test_a_decision_says_who_when_and_of_what(case: CaseFile) -> None:
    scan(case, {"a.jpg": crowd(1)})
    moment = datetime(2024, 2, 14, 3, 4, 5, 678000, tzinfo=timezone.utc)
    with at(moment):
        kept = case.decide(sha(1), RESEMBLES, reviewer="Sari", note="jelas\nsekali")
    photo = photo_of(case)
    assert photo.decision == kept
    assert (kept.reviewer, kept.note, kept.decided_at) == ("Sari", "jelas\nsekali", moment)
    assert (kept.version, kept.fingerprint) == (__version__, RECIPE.fingerprint)
    assert kept.findings == tuple(finding_of(hand) for hand in photo.result.hands[:2])
    assert photo.verdicts[:3] == (RESEMBLES, RESEMBLES, None)


def test_a_decision_is_there_when_the_file_is_opened_again(case: CaseFile) -> None:
    scan(case, {"a.jpg": crowd(1)})
    kept = case.decide(sha(1), UNCLEAR, reviewer="Sari")
    with open_case(case.path) as other:
        assert photo_of(other).decision == kept
        assert other.decisions(sha(1)) == [kept]


def test_what_does_not_resemble_is_left_out_of_what_is_raised(case: CaseFile) -> None:
    scan(case, {"a.jpg": crowd(1), "b.jpg": crowd(2)})
    case.decide(sha(1), DIFFERENT, reviewer="Sari")
    assert case.hashes(RAISED) == [sha(2)]
    assert case.count() == 2, "it is still there to be looked at"
    assert case.hashes(Selection(verdicts=frozenset({None}))) == [sha(2)]
    assert case.hashes(Selection(verdicts=frozenset({DIFFERENT, None}))) == [sha(1), sha(2)]
    counts = tally(case, 1)
    assert (counts.found(Level.MEDIUM), counts.settled(Level.MEDIUM)) == (1, 1)


def test_one_hand_after_the_other(case: CaseFile) -> None:
    scan(case, {"a.jpg": flagged(1, peace(), thumb())})
    left, right = (finding_of(hand) for hand in photo_of(case).result.hands)
    case.decide(sha(1), DIFFERENT, reviewer="Sari", findings=[left])
    assert verdict_of(case) is None and photo_of(case).raised
    case.decide(sha(1), DIFFERENT, reviewer="Budi", findings=[right])
    assert verdict_of(case) is DIFFERENT and not photo_of(case).raised
    case.decide(sha(1), UNCLEAR, reviewer="Budi", findings=[left])
    assert verdict_of(case) is UNCLEAR and photo_of(case).raised
    assert photo_of(case).verdicts == (UNCLEAR, DIFFERENT)


def test_undo_is_as_if_it_had_never_been(case: CaseFile) -> None:
    scan(case, {"a.jpg": crowd(1)})
    first = case.decide(sha(1), DIFFERENT, reviewer="Sari", note="bukan")
    second = case.decide(sha(1), RESEMBLES, reviewer="Budi")
    case.undo(second.id, reviewer="Budi")
    assert photo_of(case).decision == first
    case.undo(first.id, reviewer="Budi")
    assert verdict_of(case) is None and case.count(RAISED) == 1
    log = case.decisions(sha(1))
    assert [d.undoes for d in log] == [None, None, second.id, first.id]
    assert log[0] == first, "what was said is never changed"


def test_an_undoing_is_not_undone_and_nothing_is_undone_twice(case: CaseFile) -> None:
    scan(case, {"a.jpg": crowd(1)})
    kept = case.decide(sha(1), DIFFERENT, reviewer="Sari")
    undoing = case.undo(kept.id, reviewer="Sari")
    for number in (kept.id, undoing.id, 99):
        with pytest.raises(CaseError) as error:
            case.undo(number, reviewer="Sari")
        assert error.value.remedy
    assert len(case.decisions(sha(1))) == 2
    assert [json.loads(e.details).get("undoes") for e in case.audit()][-2:] == [None, kept.id]


def test_a_photo_that_is_not_there_cannot_be_decided(case: CaseFile) -> None:
    with pytest.raises(CaseError, match="no photo"):
        case.decide(sha(1), DIFFERENT, reviewer="Sari")
    assert list(case.audit()) == []


def test_the_baseline_outlives_a_check_with_other_models(case: CaseFile) -> None:
    scan(case, {"a.jpg": flagged(1, peace()), "b.jpg": flagged(2, peace())})
    for content in (1, 2):
        case.decide(sha(content), DIFFERENT, reviewer="Sari")
    again = {
        "a.jpg": flagged(1, moved(peace(), 9, 14)),
        "b.jpg": flagged(2, thumb(), moved(peace(), 5)),
    }
    assert scan(case, again, with_recipe=OTHER_RECIPE) == ["a.jpg", "b.jpg"]
    assert case.hashes(RAISED) == [sha(2)], "a new hand raises a photo again"
    assert verdict_of(case, 1) is DIFFERENT
    assert photo_of(case, 2).verdicts == (None, DIFFERENT)
    assert tally(case, 2).settled(Level.MEDIUM) == 1
    decision = photo_of(case, 1).decision
    assert decision is not None and decision.fingerprint == RECIPE.fingerprint


def test_the_baseline_is_of_the_picture_not_of_its_name(case: CaseFile) -> None:
    scan(case, {"a.jpg": crowd(1)})
    case.decide(sha(1), DIFFERENT, reviewer="Sari")
    scan(case, {"new folder/b.jpg": crowd(1), "a.jpg": crowd(2)}, stamps={"a.jpg": "2"})
    assert case.hashes(RAISED) == [sha(2)]
    assert [str(name) for name in photo_of(case, 1).names] == ["new folder/b.jpg"]


def test_a_photo_without_findings_can_be_decided(case: CaseFile) -> None:
    scan(case, {"a.jpg": plain(1)})
    kept = case.decide(sha(1), UNCLEAR, reviewer="Sari")
    assert kept.findings == () and photo_of(case).decision == kept
    case.decide(sha(1), None, reviewer="Sari")
    assert verdict_of(case) is None
    assert case.hashes(Selection(level=None, verdicts=frozenset({None}))) == [sha(1)]


def test_a_decision_made_while_the_photo_is_checked_again_holds(case: CaseFile) -> None:
    scan(case, {"a.jpg": flagged(1, peace())})
    queue = begin(case, with_recipe=OTHER_RECIPE)
    queue.enlist([entry("a.jpg")])
    (file,) = queue.pending()
    case.decide(sha(1), DIFFERENT, reviewer="Sari")
    queue.store(file, record_of(file, replace(flagged(1, moved(peace(), 3)), risk=91.0)))
    assert verdict_of(case) is DIFFERENT and case.count(RAISED) == 0


def test_the_log_tells_of_decisions_without_names_or_words(case: CaseFile) -> None:
    scan(case, {"/foto/rahasia.jpg": crowd(1)})
    kept = case.decide(sha(1), RESEMBLES, reviewer="Sari", note="catatan")
    entry_ = list(case.audit())[-1]
    assert entry_.event == "decided" and entry_.intact
    assert json.loads(entry_.details) == {
        "decision": kept.id,
        "photo": sha(1),
        "verdict": "resembles",
    }
