"""Rule sets: what ships agrees with the lists, and what a clerk may write."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from posecheck.errors import ConfigError
from posecheck.gesture.vocabulary import BY_ID, GESTURE_IDS
from posecheck.results import RuleStatus
from posecheck.risk.rules import RuleSet, load_rules, rule_ids

LISTED = {
    "thumb_up",
    "one",
    "peace",
    "pistol",
    "finger_heart",
    "call",
    "horns_thumb",
    "horns",
    "three",
    "ok",
}
INFERRED = {"two_up", "three_thumb"}
SEVERITY = [RuleStatus.ALLOWED, RuleStatus.UNLISTED, RuleStatus.DISPUTED, RuleStatus.FORBIDDEN]

GOOD = """\
id = "kantor"
name = "Kantor"
sources = ["Surat edaran"]
inferred = ["two_up"]
[gestures]
peace = "forbidden"
two_up = "forbidden"
fist = "allowed"
none = "allowed"
"""


def load(folder: Path, text: str) -> RuleSet:
    file = folder / "kantor.toml"
    file.write_text(text, encoding="utf-8")
    return load_rules(file)


def with_status(rules: RuleSet, status: RuleStatus) -> set[str]:
    return {gesture for gesture in GESTURE_IDS if rules.status(gesture) is status}


def test_what_ships() -> None:
    assert rule_ids() == ("bkn", "jateng", "strict")
    assert load_rules().id == "strict"
    for name in rule_ids():
        rules = load_rules(name)
        assert rules.id == name
        assert rules.sources
        assert set(rules.inferred) == INFERRED
        assert with_status(rules, RuleStatus.FORBIDDEN) == LISTED | INFERRED
        assert with_status(rules, RuleStatus.ALLOWED) == {
            "fist",
            "two_hand_heart",
            "holy",
            "none",
            "other",
        }


def test_open_palm_and_four_are_where_the_lists_differ() -> None:
    assert load_rules("bkn").status("palm") is RuleStatus.UNLISTED
    assert load_rules("jateng").status("palm") is RuleStatus.DISPUTED
    assert with_status(load_rules("strict"), RuleStatus.DISPUTED) == {"four", "palm"}


def test_strict_is_the_union_of_the_others() -> None:
    others = [load_rules(name) for name in rule_ids() if name != "strict"]
    for gesture in GESTURE_IDS:
        heaviest = max((r.status(gesture) for r in others), key=SEVERITY.index)
        assert load_rules("strict").status(gesture) is heaviest, gesture


def test_what_is_inferred_raises_as_many_fingers_as_what_it_follows() -> None:
    for gesture, like in (("two_up", "peace"), ("three_thumb", "three")):
        assert len(BY_ID[gesture].fingers) == len(BY_ID[like].fingers)
        assert load_rules("strict").status(gesture) is load_rules("strict").status(like)


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    rules = load(tmp_path, GOOD)
    assert rules.status("peace") is RuleStatus.FORBIDDEN
    assert rules.status("one") is RuleStatus.UNLISTED
    assert rules.status("fist") is RuleStatus.ALLOWED
    assert rules.status("none") is rules.status("other") is RuleStatus.ALLOWED
    assert rules.sources == ("Surat edaran",)
    assert pickle.loads(pickle.dumps(rules)) == rules
    assert hash(rules) == hash(load(tmp_path, GOOD))


def test_sources_and_inferred_may_be_missing(tmp_path: Path) -> None:
    rules = load(tmp_path, 'id = "a"\nname = "A"\n[gestures]\n')
    assert rules.sources == rules.inferred == ()
    assert rules.status("peace") is RuleStatus.UNLISTED


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("sources", "source", 3, ("unknown key 'source'; did you mean 'sources'",)),
        ("peace =", "peac =", 6, ("unknown gesture 'peac'; did you mean 'peace'",)),
        ('fist = "allowed"', 'fist = "alowed"', 8, ("did you mean 'allowed'",)),
        ('fist = "allowed"', "fist = true", 8, ("status True",)),
        ('fist = "allowed"', 'fist = ["allowed"]', 8, ("status ['allowed']",)),
        ('none = "allowed"', 'none = "forbidden"', 9, ("always allowed",)),
        ('none = "allowed"', 'other = "unlisted"', 9, ("always allowed",)),
        ('inferred = ["two_up"]', 'inferred = [\n"three"]', 5, ("'three', which has no status",)),
        ('inferred = ["two_up"]', 'inferred = "two_up"', 4, ("must be a list",)),
        ("fist =", "peace =", 8, ("is not TOML",)),
        ('id = "kantor"', 'id = "strict"', 1, ("ships with posecheck",)),
        ('name = "Kantor"\n', "", 1, ("'name' is missing",)),
        ("[gestures]", "[gesture]", 5, ("unknown key 'gesture'; did you mean 'gestures'",)),
    ],
)
def test_what_is_wrong_is_named_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, words: tuple[str, ...]
) -> None:
    assert old in GOOD
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, GOOD.replace(old, new, 1))
    assert caught.value.message.startswith(f"{tmp_path / 'kantor.toml'}, line {line}: ")
    for word in words:
        assert word in caught.value.message
    assert caught.value.remedy


def test_a_missing_table_of_gestures_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="'gestures' is missing"):
        load(tmp_path, 'id = "a"\nname = "A"\n')
    with pytest.raises(ConfigError, match="line 3: 'gestures' must be a table"):
        load(tmp_path, 'id = "a"\nname = "A"\ngestures = 1\n')


def test_contradictions_are_refused_on_construction_too() -> None:
    with pytest.raises(ConfigError, match="did you mean 'peace'"):
        RuleSet("x", "X", {"peac": RuleStatus.FORBIDDEN})
    with pytest.raises(ConfigError, match="always allowed"):
        RuleSet("x", "X", {"none": RuleStatus.DISPUTED})
