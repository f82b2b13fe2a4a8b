"""Whatever is decided, taken back, checked again and renamed: columns and log agree with it."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
)

from posecheck.casefile.baseline import finding_of, standing
from posecheck.casefile.selection import ALL, Selection
from posecheck.casefile.types import Decision, Verdict
from posecheck.results import HandResult, Level, PhotoResult
from tests.casefile.made import flagged, moved, plain, quick_case, recipe, scan, sha
from tests.report.photos import hand, heart, peace, thumb

CONTENTS = (0, 1)

_hand = st.builds(
    lambda make, dx: moved(make(), float(dx)),
    st.sampled_from([peace, thumb, hand, lambda: peace((600, 90, 700, 210))]),
    st.sampled_from([0, 10, 30, 300]),
)
_hands = st.one_of(st.lists(_hand, max_size=3), st.just(list(heart().hands)))


class Review(RuleBasedStateMachine):
    """One reviewer, two photos, and scans with ever new models in between."""

    kept = Bundle("kept")

    def __init__(self) -> None:
        super().__init__()
        self.stack = ExitStack()
        folder = self.stack.enter_context(tempfile.TemporaryDirectory())
        self.case = self.stack.enter_context(quick_case(Path(folder) / "a.posecheck"))
        self.results: dict[int, PhotoResult] = {}
        self.decided: dict[int, list[Decision]] = {content: [] for content in CONTENTS}
        self.scans = 0

    def teardown(self) -> None:
        self.stack.close()

    @initialize(first=_hands, second=_hands)
    def check(self, first: list[HandResult], second: list[HandResult]) -> None:
        self.check_again(0, first, Level.HIGH)
        self.check_again(1, second, Level.HIGH)

    @rule(content=st.sampled_from(CONTENTS), hands=_hands, level=st.sampled_from(Level))
    def check_again(self, content: int, hands: list[HandResult], level: Level) -> None:
        self.scans += 1
        name = f"{content}.jpg"
        result = flagged(content, *hands, level=level) if hands else plain(content)
        scanned = scan(self.case, {name: result}, with_recipe=recipe(models=self.scans))
        assert scanned == [name]
        self.results[content] = result

    @rule(target=kept, content=st.sampled_from(CONTENTS), verdict=st.sampled_from([*Verdict, None]))
    def decide(self, content: int, verdict: Verdict | None) -> tuple[int, Decision]:
        decision = self.case.decide(sha(content), verdict, reviewer="Sari")
        self.decided[content].append(decision)
        return content, decision

    @rule(
        target=kept,
        content=st.sampled_from(CONTENTS),
        place=st.integers(0, 2),
        verdict=st.sampled_from(Verdict),
    )
    def decide_one_hand(self, content: int, place: int, verdict: Verdict) -> object:
        hands = self.results[content].hands
        if place >= len(hands):
            return multiple()
        decision = self.case.decide(
            sha(content), verdict, reviewer="Budi", findings=[finding_of(hands[place])]
        )
        self.decided[content].append(decision)
        return content, decision

    @rule(which=consumes(kept))
    def undo(self, which: tuple[int, Decision]) -> None:
        content, decision = which
        self.decided[content].append(self.case.undo(decision.id, reviewer="Sari"))

    @invariant()
    @precondition(lambda self: bool(self.results))
    def the_case_file_agrees(self) -> None:
        raised, verdicts = set(), {}
        for content, result in self.results.items():
            assert self.case.decisions(sha(content)) == self.decided[content]
            holds = standing(result, self.decided[content])
            photo = self.case.photo(sha(content))
            assert photo is not None
            assert (photo.decision, photo.verdicts) == (holds.decision, holds.verdicts)
            assert photo.raised is holds.raised
            if holds.raised:
                raised.add(sha(content))
            verdicts[sha(content)] = None if holds.decision is None else holds.decision.verdict
        assert set(self.case.hashes(Selection(level=None, raised=True))) == raised
        for verdict in (*Verdict, None):
            wanted = Selection(level=None, verdicts=frozenset({verdict}))
            assert set(self.case.hashes(wanted)) == {
                each for each, said in verdicts.items() if said is verdict
            }
        assert self.case.count(ALL) == len(self.results)

    @invariant()
    def the_log_is_whole(self) -> None:
        entries = list(self.case.audit())
        assert all(entry.intact for entry in entries)
        told = [entry.event for entry in entries if entry.event in ("decided", "undone")]
        assert len(told) == sum(len(each) for each in self.decided.values())


Review.TestCase.settings = settings(max_examples=20, stateful_step_count=15, deadline=None)
TestReview = Review.TestCase
