"""Which photos are wanted, and in which order they come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posecheck.casefile.case import CaseFile, Selection
from posecheck.casefile.selection import ALL
from posecheck.casefile.types import CasePhoto, Verdict
from posecheck.report.findings import findings_of
from posecheck.results import Level, PhotoResult, Status
from tests.casefile.made import broken, flagged, plain, quick_case, scan, sha
from tests.report.photos import peace, thumb

RESULTS: dict[str, PhotoResult] = {
    "e.jpg": flagged("e", peace(), level=Level.HIGH),
    "d.jpg": flagged("d", thumb(), level=Level.HIGH),
    "c.jpg": flagged("c", peace(), thumb(), level=Level.MEDIUM),
    "b.jpg": flagged("b", peace(), level=Level.LOW),
    "a.jpg": plain("a"),
    "0.jpg": broken("0"),
    "z.jpg": broken("z", Status.TIMED_OUT),
    "A.jpg": replace(flagged("A", thumb()), risk=99.0),
}
SAID = {"e": Verdict.DIFFERENT, "c": Verdict.RESEMBLES, "b": Verdict.UNCLEAR, "0": Verdict.UNCLEAR}


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CaseFile]:
    with quick_case(tmp_path_factory.mktemp("selection") / "a.posecheck") as case:
        scan(case, RESULTS)
        for content, verdict in SAID.items():
            case.decide(sha(content), verdict, reviewer="Sari")
        yield case


def names(case: CaseFile, selection: Selection) -> str:
    """First letters of the photos, in order."""
    found = "".join(photo.names[0].path[0] for photo in case.photos(selection))
    assert len(found) == case.count(selection)
    return found


@pytest.mark.parametrize(
    ("selection", "wanted"),
    [
        (Selection(), "Adec"),
        (Selection(level=Level.HIGH), "Ade"),
        (Selection(level=Level.LOW), "Adecb"),
        (Selection(level=Level.NONE), "Adecba"),
        (Selection(level=None), "Adecba0z"),
        (ALL, "0Aabcdez"),
        (Selection(order="name"), "Acde"),
        (Selection(gestures=frozenset({"peace"})), "ec"),
        (Selection(gestures=frozenset({"peace", "thumb_up"})), "Adec"),
        (Selection(gestures=frozenset({"none"}), level=None), ""),
        (Selection(verdicts=frozenset({None})), "Ad"),
        (Selection(verdicts=frozenset({None, Verdict.RESEMBLES})), "Adc"),
        (Selection(verdicts=frozenset(Verdict)), "ec"),
        (Selection(raised=True), "Adc"),
        (Selection(level=None, unchecked=True, order="name"), "0z"),
        (Selection(level=None, unchecked=True, verdicts=frozenset({None})), "z"),
    ],
)
def test_photos_that_are_wanted(case: CaseFile, selection: Selection, wanted: str) -> None:
    assert names(case, selection) == wanted


def wants(selection: Selection, photo: CasePhoto) -> bool:
    """What a selection says of itself, in Python."""
    result = photo.result
    told = {result.hands[i].gesture for i in findings_of(result).told}
    verdict = None if photo.decision is None else photo.decision.verdict
    return (
        (
            selection.level is None
            or (result.level is not None and result.level.rank >= selection.level.rank)
        )
        and (not selection.gestures or bool(told & selection.gestures))
        and (not selection.verdicts or verdict in selection.verdicts)
        and (not selection.unchecked or result.status is not Status.CHECKED)
        and (not selection.raised or photo.raised)
    )


@settings(max_examples=40)
@given(
    st.builds(
        Selection,
        level=st.none() | st.sampled_from(Level),
        gestures=st.frozensets(st.sampled_from(["peace", "thumb_up", "fist"])),
        verdicts=st.frozensets(st.none() | st.sampled_from(Verdict)),
        raised=st.booleans(),
        order=st.sampled_from(["risk", "name"]),
    )
)
def test_a_selection_is_what_it_says(case: CaseFile, selection: Selection) -> None:
    every = list(case.photos(replace(ALL, order=selection.order)))
    wanted = [photo.result.sha256 for photo in every if wants(selection, photo)]
    assert case.hashes(selection) == wanted
    assert case.count(selection) == len(wanted)


def test_the_order_is_the_same_whatever_order_photos_came_in(tmp_path: Path) -> None:
    orders = []
    for number, files in enumerate((RESULTS, dict(reversed(list(RESULTS.items()))))):
        with quick_case(tmp_path / f"{number}.posecheck") as case:
            scan(case, files)
            orders.append((case.hashes(), case.hashes(ALL)))
    assert orders[0] == orders[1]
