"""Contests: what ships, and what a clerk may write."""

from __future__ import annotations

import pickle
from datetime import date
from pathlib import Path

import pytest

from posecheck.errors import ConfigError
from posecheck.gesture.vocabulary import BY_ID, GESTURES
from posecheck.risk.contest import Contest, Phase, contest_ids, load_contest

GOOD = """\
id = "desa"
name = "Desa"
numbers = [2, 1]
[symbols]
1 = ["one"]
2 = ["peace", "four"]
[[phases]]
name = "kampanye"
start = 2029-09-25
end = 2029-11-23
[[phases]]
name = "pemungutan suara"
start = 2029-11-27
end = 2029-11-27
"""


def load(folder: Path, text: str) -> Contest:
    file = folder / "desa.toml"
    file.write_text(text, encoding="utf-8")
    return load_contest(file)


def test_what_ships() -> None:
    assert contest_ids() == ("generic", "pemilu-2024", "pilkada")
    for name in contest_ids():
        assert load_contest(name).id == name
    assert load_contest().id == "generic"


def test_every_finger_sign_signals_its_count_in_the_generic_contest() -> None:
    generic = load_contest("generic")
    assert generic.numbers == (1, 2, 3, 4, 5)
    for gesture in GESTURES:
        said = (len(gesture.fingers),) if gesture.fingers else ()
        if gesture.id == "horns":
            said = (3,)  # Drawn in the lists as the sign for three, with the thumb or without.
        assert generic.numbers_for(gesture.id) == said, gesture.id
    assert load_contest("pilkada").symbols == generic.symbols


def test_pemilu_2024() -> None:
    contest = load_contest("pemilu-2024")
    assert contest.numbers == (1, 2, 3)
    assert contest.numbers_for("finger_heart") == (2,)
    assert contest.numbers_for("horns_thumb") == (3,)
    assert contest.numbers_for("four") == (1, 3)
    assert contest.numbers_for("palm") == ()
    days = {
        date(2023, 11, 27): None,
        date(2023, 11, 28): "kampanye",
        date(2024, 2, 10): "kampanye",
        date(2024, 2, 11): "masa tenang",
        date(2024, 2, 14): "pemungutan suara",
        date(2024, 2, 15): None,
    }
    for day, name in days.items():
        phase = contest.phase_on(day)
        assert (phase and phase.name) == name


def test_the_quiet_days_of_pilkada_end_before_the_vote() -> None:
    phases = load_contest("pilkada").phases
    assert [(p.start, p.end) for p in phases] == [
        (date(2024, 9, 25), date(2024, 11, 23)),
        (date(2024, 11, 24), date(2024, 11, 26)),
        (date(2024, 11, 27), date(2024, 11, 27)),
    ]


def test_a_file_of_ones_own(tmp_path: Path) -> None:
    contest = load(tmp_path, GOOD)
    assert contest == Contest(
        "desa",
        "Desa",
        (1, 2),
        {"one": (1,), "peace": (2,), "four": (2,)},
        (
            Phase("kampanye", date(2029, 9, 25), date(2029, 11, 23)),
            Phase("pemungutan suara", date(2029, 11, 27), date(2029, 11, 27)),
        ),
    )
    assert contest.numbers_for("palm") == ()


def test_without_symbols_the_usual_ones_apply_as_far_as_on_the_ballot(tmp_path: Path) -> None:
    contest = load(tmp_path, 'id = "dua"\nname = "Dua"\nnumbers = [1, 2]\n')
    assert contest.numbers_for("peace") == (2,)
    assert contest.numbers_for("three") == ()
    assert all(len(BY_ID[gesture].fingers) <= 2 for gesture in contest.symbols)


def test_a_contest_travels_between_processes_and_is_hashable() -> None:
    contest = load_contest("pemilu-2024")
    assert pickle.loads(pickle.dumps(contest)) == contest
    assert hash(contest) == hash(load_contest("pemilu-2024"))


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("numbers =", "number =", 3, ("unknown key 'number'", "did you mean 'numbers'")),
        ('id = "desa"\n', "", 1, ("'id' is missing",)),
        ('id = "desa"', 'id = "Desa Kami"', 1, ("'id' may hold",)),
        ('id = "desa"', 'id = "generic"', 1, ("ships with posecheck",)),
        ('name = "Desa"', "name = 7", 2, ("'name' must be a text",)),
        ('name = "Desa"', 'name = " "', 2, ("'name' must be a text",)),
        ("[2, 1]", '"1-2"', 3, ("'numbers' must be a list",)),
        ("[2, 1]", "[]", 3, ("at least one",)),
        ("[2, 1]", '[2, "1"]', 3, ("whole numbers only",)),
        ("[2, 1]", "[2, true]", 3, ("whole numbers only",)),
        ("[2, 1]", "[\n2,\n1,\n2]", 6, ("2 is there twice",)),
        ("[2, 1]", "[2,\n1, 2029]", 4, ("1 to 99, not 2029",)),
        ("[2, 1]", "[2, 1,\n0]", 4, ("1 to 99, not 0",)),
        ("1 = [", "3 = [", 5, ("number 3 is not on the ballot",)),
        ('1 = ["one"]', "3 = []", 5, ("number 3 is not on the ballot",)),
        ("1 = [", "satu = [", 5, ("'satu' is no number",)),
        ("1 = [", "01 = [", 5, ("'01' is no number",)),
        ('["one"]', '"one"', 5, ("'1' must be a list of texts",)),
        ('["one"]', '["one", 3]', 5, ("texts in quotes only",)),
        ('["one"]', '["one",\n"on"]', 6, ("unknown gesture 'on'; did you mean 'one'",)),
        ('"four"]', '"peace"]', 6, ("'peace' is there twice",)),
        ('"four"]', '"none"]', 6, ("ordinary hand",)),
        ('1 = ["one"]\n2 = ["peace", "four"]', "x = 1", 5, ("'x' is no number",)),
        ("[symbols]", "[simbol]", 4, ("unknown key 'simbol'; did you mean 'symbols'",)),
        ("start = 2029-09-25\n", "", 7, ("'start' is missing",)),
        ("start = 2029-11-27\n", "", 11, ("'start' is missing",)),
        ("start = 2029-09-25", 'start = "2029-09-25"', 9, ("must be a date",)),
        ("start = 2029-09-25", "start = 2029-09-25T08:00:00", 9, ("must be a date",)),
        ("end = 2029-11-23", "end = 2029-09-24", 10, ("before it starts",)),
        ("start = 2029-11-27", "start = 2029-11-23", 13, ("'kampanye'", "2029-11-23")),
        ("end = 2029-11-27", "until = 2029-11-27", 14, ("unknown key 'until'",)),
    ],
)
def test_what_is_wrong_is_named_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, words: tuple[str, ...]
) -> None:
    assert old in GOOD
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, GOOD.replace(old, new, 1))
    assert caught.value.message.startswith(f"{tmp_path / 'desa.toml'}, line {line}: ")
    for word in words:
        assert word in caught.value.message
    assert caught.value.remedy


@pytest.mark.parametrize("phases", ['"kampanye"', '["kampanye"]', "[[]]"])
def test_phases_must_be_tables(tmp_path: Path, phases: str) -> None:
    with pytest.raises(ConfigError, match="line 4: 'phases' must"):
        load(tmp_path, f'id = "a"\nname = "A"\nnumbers = [1]\nphases = {phases}\n')


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("pilkda", ("'pilkda'", "did you mean 'pilkada'")),
        ("desa", ("no contest is called 'desa'",)),
        ("tidak ada.toml", ("no contest file",)),
        ("folder/desa", ("no contest file",)),
        ("~tidakadaorang/desa.toml", ("cannot be looked up",)),
    ],
)
def test_what_there_is_not_is_named(name: str, words: tuple[str, ...]) -> None:
    with pytest.raises(ConfigError) as caught:
        load_contest(name)
    for word in words:
        assert word in caught.value.message
    assert caught.value.remedy


def test_a_path_is_never_taken_for_a_shipped_id(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "generic").write_text(GOOD, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert load_contest(Path("generic")).id == "desa"
    assert load_contest("generic").id == "generic"


@pytest.mark.parametrize(
    ("numbers", "symbols"),
    [((), {}), ((1, 1), {}), ((1,), {"one": (2,)}), ((1,), {"satu": (1,)}), ((1,), {"none": (1,)})],
)
def test_contradictions_are_refused_on_construction_too(
    numbers: tuple[int, ...], symbols: dict[str, tuple[int, ...]]
) -> None:
    with pytest.raises(ConfigError):
        Contest("x", "X", numbers, symbols)
