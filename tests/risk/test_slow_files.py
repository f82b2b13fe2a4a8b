"""Small files that were made to take long are refused or read at once."""

from __future__ import annotations

import time

import pytest

from posecheck.errors import ConfigError
from posecheck.risk.document import MAX_BYTES, Document

SECONDS = 5.0
"""Of computing; some of these took minutes."""

DEEP = {
    "bare": "a." * 32_000 + "a = 1",
    "blanks": "a . " * 16_000 + "a = 1",
    "quoted": '"a"."b c".' * 6_000 + "a = 1",
    "header": "[" + "a." * 32_000 + "a]",
    "array of tables": "[[" + "a." * 32_000 + "a]]",
    "in a table": "x = {" + "a." * 32_000 + "a = 1}",
}

LONG = {
    "array": "a = [\n" + "1,\n" * 20_000 + "]",
    "array with false ends": "a = [\n" + "1, #]\n" * 10_000 + "]",
    "text": 'a = """\n' + "'''\n" * 16_000 + '"""',
    "one word": "x" * (MAX_BYTES - 4) + "= 1",
    "one text": "a = '" + " ." * 32_000 + "'",
    "headers": "".join(f"[b{n}]\n" for n in range(7_000)),
    "not closed": "a = " + "[" * 60_000,
    "quotes": '"' * MAX_BYTES,
    "words": "a " * 32_000,
}


@pytest.mark.parametrize("what", DEEP)
def test_a_key_of_thousands_of_parts_is_refused(what: str) -> None:
    start = time.process_time()
    with pytest.raises(ConfigError, match=r"x\.toml, line 3: a key has too many parts"):
        Document.parse(f"# comment\n\n{DEEP[what]}".encode(), "x.toml")
    assert time.process_time() - start < SECONDS


@pytest.mark.parametrize("what", LONG)
def test_a_line_is_found_or_given_up(what: str) -> None:
    assert len(LONG[what]) <= MAX_BYTES
    start = time.process_time()
    try:
        document = Document.parse(LONG[what].encode(), "x.toml")
    except ConfigError as error:
        assert error.message.startswith("x.toml")
    else:
        assert document.line(("zz",)) == 1
    assert time.process_time() - start < SECONDS


def test_ordinary_dots_are_no_deep_key() -> None:
    text = f'name = "{"..." * 30} a.b.c"\nnote = "{"www.x.id, " * 40}"\n[a.b]\nc.d = 1.5\n'
    assert Document.parse(text.encode(), "x.toml").data["a"]["b"] == {"c": {"d": 1.5}}
