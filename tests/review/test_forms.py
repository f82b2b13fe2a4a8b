"""What people type is kept as they see it, and nothing that misleads a reader is."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posecheck.review.forms import MAX_NAME, MAX_NOTE, name_of, note_of


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  jari kelingking\r\nbaris dua \n", "jari kelingking\nbaris dua"),
        ("a\x00b\x1b[31mc", "ab[31mc"),
        ("evil\u202egpj.exe", "evilgpj.exe"),
        ("👨\u200d👩\u200d👧 é", "👨\u200d👩\u200d👧 é"),
        ("<b>&amp;</b>", "<b>&amp;</b>"),
        ("\ud800x", "x"),
    ],
)
def test_notes(typed: str, kept: str) -> None:
    assert note_of(typed) == kept


def test_a_name_is_one_line() -> None:
    assert name_of("  Sari \n Wulandari\t") == "Sari Wulandari"
    assert name_of(" \u200b \u200d\n") == ""


@given(st.text())
def test_whatever_is_typed_can_be_stored(text: str) -> None:
    note, name = note_of(text), name_of(text)
    assert len(note) <= MAX_NOTE
    assert len(name) <= MAX_NAME
    assert note_of(note) == note
    for kept in (note, name):
        kept.encode()
        assert not [c for c in kept if unicodedata.category(c) == "Cc" and c != "\n"]
