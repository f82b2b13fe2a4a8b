"""The words: same keys in both languages, and words that may not be used."""

from __future__ import annotations

import re
import string
import sys
from pathlib import Path

import pytest

from posecheck.gesture.vocabulary import GESTURE_IDS
from posecheck.report import texts
from posecheck.report.texts import LANGUAGES, load
from posecheck.results import Level, RuleStatus, Status

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FOLDER = Path(texts.__file__).parent

ACCUSING = re.compile(
    r"pelanggar|melanggar|langgar|pelaku|bersalah|tersangka|curang|violat|breach|offend|guilt|illegal",
    re.I,
)
PROMISING = re.compile(r"\baman\b|\bsafe\b|\bsecure\b", re.I)
CLEAN = re.compile(r"\bbersih\b|\bclean\b", re.I)


PARTS = sorted({path.name.split(".")[1] for path in FOLDER.glob("*.*.toml")})


def raw(lang: str) -> dict[str, str]:
    """Every text of a language, those of every part included."""
    found: dict[str, str] = {}
    for path in sorted(FOLDER.glob(f"{lang}*.toml")):
        for a, table in tomllib.loads(path.read_text("utf-8")).items():
            new = {f"{a}.{b}": text for b, text in table.items()}
            assert not found.keys() & new.keys(), f"{path.name} says again what is said already"
            found.update(new)
    return found


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("part", ["", *PARTS])
def test_both_languages_have_the_same_keys(part: str) -> None:
    assert load("id", part).keys() == load("en", part).keys()


def test_both_languages_use_the_same_fields() -> None:
    indonesian, english = raw("id"), raw("en")
    differing = {
        key
        for key in indonesian
        # "1 tangan" names its number itself, so `n` may be left out of a text for one thing.
        if fields(indonesian[key]) - {"n"} != fields(english[key]) - {"n"}
    }
    assert differing == set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_everything_that_can_be_named_has_a_name(lang: str) -> None:
    wanted = {f"{table}.{gesture}" for table in ("gesture", "short") for gesture in GESTURE_IDS}
    wanted |= {f"level.{level.value}" for level in Level}
    wanted |= {f"rule.{rule.value}" for rule in RuleStatus}
    wanted |= {f"poses.{rule.value}" for rule in RuleStatus}
    for table in ("unchecked", "unchecked_remedy"):
        wanted |= {f"{table}.{s.value}" for s in Status if s is not Status.CHECKED}
    assert wanted <= load(lang).keys()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_one_and_many_come_in_pairs(lang: str) -> None:
    keys = load(lang).keys()
    ones = {key.removesuffix("_one") for key in keys if key.endswith("_one")}
    assert ones
    assert {key for key in ones if not {f"{key}_many", f"{key}_all"} & keys} == set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_text_accuses_or_promises(lang: str) -> None:
    for key, text in raw(lang).items():
        assert not ACCUSING.search(text), key
        assert not PROMISING.search(text), key
        # Only ever to say what a photo must not be taken for.
        assert not CLEAN.search(text) or re.search(r"jangan|do not", text), key


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_text_is_used(lang: str) -> None:
    package = Path(texts.__file__).parents[2]
    files = [path for kind in ("*.py", "*.html", "*.js") for path in package.rglob(kind)]
    code = "\n".join(path.read_text("utf-8") for path in files)
    tables = set(re.findall(r'f?"(?:help\.|error\.)?([a-z_.]+)', code))
    unused = {
        key
        for key in raw(lang)
        if not (
            key in code
            or re.sub("_(one|many|all)$", "", key) in code
            or f"{key.split('.')[0]}.{{" in code
            or f'"{key.split(".")[0]}."' in code
            or key.split(".")[1] in tables
            or key.startswith("help.eval_")
        )
    }
    assert unused == set()


def test_short_names_fit_the_font_of_the_pictures() -> None:
    for lang in LANGUAGES:
        for key, text in raw(lang).items():
            if key.startswith("short.") or key == "word.short_number":
                assert text.isascii() and len(text) <= 16, key


def test_lists_are_spoken() -> None:
    indonesian, english = load("id"), load("en")
    assert indonesian.join([]) == ""
    assert indonesian.join(["1"]) == "1"
    assert indonesian.join(["1", "2"]) == "1 dan 2"
    assert indonesian.join(["1", "2", "3"], "or") == "1, 2, atau 3"
    assert english.join(["1", "2", "3"]) == "1, 2 and 3"


def test_counts_choose_between_one_and_many() -> None:
    say = load("en")
    assert say.count("progress.annotated", 1, folder="x") == "1 copy with boxes saved in x"
    assert say.count("progress.annotated", 2, folder="x") == "2 copies with boxes saved in x"


def test_a_gesture_of_a_newer_version_is_called_by_its_id() -> None:
    assert load("id").gesture("six") == "six"
    assert load("id").short("six") == "six"


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="fr"):
        load("fr")


def test_a_missing_field_is_an_error() -> None:
    with pytest.raises(KeyError):
        load("id")("note.smallest")
