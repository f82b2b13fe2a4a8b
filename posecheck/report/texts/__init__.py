"""Words for people, in Indonesian and English; loaded when the first one is needed."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

LANGUAGES = ("id", "en")
DEFAULT_LANGUAGE = "id"
"""Most users are Indonesian civil servants; also the answer to an unknown locale."""


class Texts:
    """The words of one language.

    Calling it with a dotted key returns that text with its `{fields}` filled in.
    """

    def __init__(self, lang: str, table: Mapping[str, str]) -> None:
        """Take the words of `lang`: dotted key to text."""
        self.lang = lang
        self._table = dict(table)

    def __call__(self, key: str, **fields: object) -> str:
        """The text of `key`, its fields filled in.

        Raises:
            KeyError: There is no such text, or a field is missing.
        """
        return self._table[key].format(**fields)

    def count(self, key: str, n: int, **fields: object) -> str:
        """The text of `key` for `n` things: `key_one` or `key_many`."""
        return self(f"{key}_one" if n == 1 else f"{key}_many", n=n, **fields)

    def gesture(self, gesture_id: str) -> str:
        """Name of a gesture; the id itself where a newer record names one we do not know."""
        return self._table.get(f"gesture.{gesture_id}", gesture_id)

    def short(self, gesture_id: str) -> str:
        """Short ASCII name of a gesture, for labels inside a photo."""
        return self._table.get(f"short.{gesture_id}", gesture_id)

    def join(self, items: list[str], word: str = "and") -> str:
        """Items as a spoken list: "1", "1 and 2", "1, 2 and 3"; `word` is "and" or "or"."""
        if len(items) < 2:
            return "".join(items)
        comma = "," if self.lang == "id" and len(items) > 2 else ""
        return f"{', '.join(items[:-1])}{comma} {self('word.' + word)} {items[-1]}"

    def keys(self) -> frozenset[str]:
        """Every key there is."""
        return frozenset(self._table)


def _flatten(table: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in table.items():
        if isinstance(value, Mapping):
            flat.update(_flatten(value, f"{prefix}{key}."))
        else:
            flat[prefix + key] = str(value)
    return flat


@lru_cache(maxsize=32)
def load(lang: str, part: str = "") -> Texts:
    """The words of `lang`, one of `LANGUAGES`; read once.

    Args:
        lang: The language.
        part: Words that only one part of posecheck needs, added to those of all: "export" reads
            `LANG.export.toml` besides `LANG.toml`, and so on.

    Raises:
        ValueError: There are no words in that language.
    """
    if lang not in LANGUAGES:
        raise ValueError(f"no texts in {lang!r}, only in {', '.join(LANGUAGES)}")
    flat: dict[str, str] = {}
    for name in (f"{lang}.toml", f"{lang}.{part}.toml")[: 2 if part else 1]:
        with (Path(__file__).parent / name).open("rb") as file:
            flat.update(_flatten(tomllib.load(file)))
    return Texts(lang, flat)
