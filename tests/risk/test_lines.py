"""The line of a value is found whatever stands around it."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecheck.risk.document import Document
from posecheck.risk.lines import KeyPath

# Each looks like a key where none is: the name `fake` must never be found.
VALUES = (
    "1",
    '"fake = 1  # x"',
    "[1, 2]",
    '[\n  "fake",  # fake = 2\n\n  "b",\n]',
    '"""\nfake = 3\n[fake]\n"""',
    "'''\n[[fake]]\n'''",
    "{ a = 1, b = [2] }",
    "2024-02-14",
)
FILLERS = ("", "# fake = 1", "   ", "# [fake]")
NAMES = ("alpha", "beta", '"gamma delta"', "7")


@dataclass
class Draft:
    """A document under construction, with the line of every path."""

    lines: list[str] = field(default_factory=list)
    expected: dict[KeyPath, int] = field(default_factory=dict)

    def add(self, text: str, path: KeyPath | None = None) -> None:
        if path is not None:
            self.expected[path] = len(self.lines) + 1
        self.lines.extend(text.split("\n"))


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    draft = Draft()

    def keys(table: KeyPath) -> None:
        for name in draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=3)):
            for filler in draw(st.lists(st.sampled_from(FILLERS), max_size=2)):
                draft.add(filler)
            value = draw(st.sampled_from(VALUES))
            path = (*table, name.strip('"'))
            draft.add(f"{name} = {value}", path)
            if value.startswith("{"):
                inner: KeyPath = (*path, "a")
                draft.expected[inner] = draft.expected[path]

    keys(())
    for name in draw(st.lists(st.sampled_from(("one", "two")), unique=True)):
        draft.add(f"[{name}]", (name,))
        keys((name,))
    for index in range(draw(st.integers(0, 3))):
        draft.add("  [[many]]  # fake", ("many", index))
        keys(("many", index))
        if draw(st.booleans()):
            draft.add("[many.sub]", ("many", index, "sub"))
            keys(("many", index, "sub"))
    return draft


@given(drafts(), st.sampled_from(("\n", "\r\n")))
def test_every_value_is_found_on_its_line(draft: Draft, line_end: str) -> None:
    document = Document.parse(line_end.join(draft.lines).encode(), "x.toml")
    assert {path: document.line(path) for path in draft.expected} == draft.expected


def test_an_entry_of_a_list_is_found_on_its_own_line() -> None:
    text = '1 = [  # 1\n  1,\n  "a", # "b"\n  12, "b",\n  "b", "1"\n]\n'
    document = Document.parse(text.encode(), "x.toml")
    assert document.line(("1",), 1) == 2
    assert document.line(("1",), 12) == 4
    assert document.line(("1",), "a") == 3
    assert document.line(("1",), "b") == 4
    assert document.line(("1",), "b", nth=1) == 5
    assert document.line(("1",), "1") == 5
    assert document.line(("1",), "not there") == 1
    assert Document.parse(b"a = [\n12,\n2]", "x.toml").line(("a",), 2) == 3


@pytest.mark.parametrize(("path", "line"), [(("t", "missing"), 3), (("missing",), 1), ((), 1)])
def test_what_is_missing_is_placed_at_its_table(path: KeyPath, line: int) -> None:
    assert Document.parse(b"a = 1\n\n[t]\nb = 2\n", "x.toml").line(path) == line
