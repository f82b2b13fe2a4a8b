"""Settings: where they come from, which one counts, and what is refused."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

import posecheck.hands.backends as hands
import posecheck.risk.choices as choices
from posecheck.errors import ConfigError
from posecheck.results import Level
from posecheck.risk.contest import load_contest
from posecheck.risk.settings import FILE_NAME, SETTING_KEYS, Settings, load_settings

CONTEST = 'id = "desa"\nname = "Desa"\nnumbers = [1]\n'


class Place:
    """A project with a folder inside it, and a user."""

    def __init__(self, root: Path) -> None:
        self.project = root / "proyek"
        self.inner = self.project / "foto" / "2024"
        self.user = root / "pengguna"
        self.inner.mkdir(parents=True)
        self.user.mkdir()

    def load(
        self,
        flags: Mapping[str, str | None] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> Settings:
        return load_settings(
            flags, environment=environment or {}, folder=self.inner, user_folder=self.user
        )


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def write(folder: Path, text: str) -> Path:
    file = folder / FILE_NAME
    file.write_text(text, encoding="utf-8")
    return file


def test_the_defaults(place: Place) -> None:
    assert place.load() == Settings(
        "generic", "strict", None, Level.MEDIUM, "onnx", "onnxruntime", ()
    )


CASES = [
    ("contest", "pilkada", "pemilu-2024", "generic", "pilkada"),
    ("rules", "bkn", "jateng", "strict", "bkn"),
    ("lang", "id", "en", "id", "en"),
    ("fail_on", "low", "medium", "high", "low"),
    ("backend", "mediapipe", "onnx", "mediapipe", "onnx"),
    ("runtime", "openvino", "onnxruntime", "auto", "openvino"),
]


def test_the_backends_are_those_that_there_are() -> None:
    assert choices.BACKENDS == hands.BACKENDS
    assert Settings().backend == hands.BACKENDS[0]


def test_commands_that_read_rules_and_settings_do_not_wait_for_numpy() -> None:
    code = (
        "import sys, posecheck.risk.settings, posecheck.risk.contest, posecheck.risk.rules;"
        "sys.exit('numpy' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_setting_has_a_case() -> None:
    assert tuple(case[0] for case in CASES) == SETTING_KEYS


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_flag_before_environment_before_project_before_user(
    place: Place, case: tuple[str, str, str, str, str]
) -> None:
    key, user, project, variable, flag = case
    write(place.user, f'{key} = "{user}"')
    assert getattr(place.load(), key) == user
    write(place.project, f'{key} = "{project}"')
    assert getattr(place.load(), key) == project
    environment = {f"POSECHECK_{key.upper()}": variable}
    assert getattr(place.load(environment=environment), key) == variable
    assert getattr(place.load({key: flag}, environment), key) == flag
    assert getattr(place.load({key: None}, environment), key) == variable


def test_an_empty_variable_says_nothing(place: Place) -> None:
    write(place.project, 'rules = "bkn"')
    assert place.load(environment={"POSECHECK_RULES": ""}).rules == "bkn"


def test_keys_are_taken_from_both_files(place: Place) -> None:
    user = write(place.user, 'rules = "bkn"\nlang = "en"')
    project = write(place.project, 'rules = "jateng"')
    settings = place.load()
    assert (settings.rules, settings.lang) == ("jateng", "en")
    assert settings.files == (project, user)


def test_the_nearest_file_upward_counts(place: Place) -> None:
    write(place.project, 'rules = "bkn"\nlang = "en"')
    nearest = write(place.inner.parent, 'rules = "jateng"')
    settings = place.load()
    assert (settings.rules, settings.lang) == ("jateng", None)
    assert settings.files == (nearest,)


def test_one_file_is_not_read_twice(place: Place) -> None:
    write(place.user, 'lang = "en"')
    settings = load_settings(environment={}, folder=place.user, user_folder=place.user)
    assert len(settings.files) == 1


def test_a_path_starts_from_the_folder_of_its_file(place: Place) -> None:
    (place.project / "aturan").mkdir()
    file = place.project / "aturan" / "desa.toml"
    file.write_text(CONTEST, encoding="utf-8")
    write(place.project, 'contest = "aturan/desa.toml"')
    settings = place.load()
    assert settings.contest == file
    assert load_contest(settings.contest).id == "desa"


def test_a_path_of_a_flag_starts_from_the_working_directory(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place.inner / "desa.toml").write_text(CONTEST, encoding="utf-8")
    monkeypatch.chdir(place.inner)
    settings = load_settings({"contest": "desa.toml"}, environment={}, user_folder=place.user)
    assert load_contest(settings.contest).id == "desa"


def test_the_process_is_asked_where_nothing_is_given(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(place.project, 'rules = "bkn"')
    monkeypatch.chdir(place.inner)
    monkeypatch.setenv("POSECHECK_LANG", "en")
    settings = load_settings(user_folder=place.user)
    assert (settings.rules, settings.lang) == ("bkn", "en")


def test_the_users_folder_is_the_systems(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posecheck.risk.settings.user_config_path", lambda *_, **__: place.user)
    write(place.user, 'rules = "jateng"')
    assert load_settings(environment={}, folder=place.inner).rules == "jateng"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('lang = "en"\nkontes = "x"', 2, ("unknown key 'kontes'",)),
        ('fail-on = "low"', 1, ("unknown key 'fail-on'; did you mean 'fail_on'",)),
        ('\n\nlang = "jv"', 3, ("'lang'", "'jv' is not possible")),
        ('fail_on = "none"', 1, ("'fail_on'", "'none' is not possible")),
        ('fail_on = "hihg"', 1, ("did you mean 'high'",)),
        ("backend = 1", 1, ("'backend' must be a text",)),
        ('lang = "id"\ncontest = "pemilu"', 2, ("no contest is called 'pemilu'",)),
        ('rules = "tidak-ada.toml"', 1, ("no rule set file", "tidak-ada.toml")),
        ("rules = bkn", 1, ("is not TOML",)),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(
    place: Place, text: str, line: int, words: tuple[str, ...]
) -> None:
    file = write(place.project, text)
    with pytest.raises(ConfigError) as caught:
        # A file is refused for a wrong value even where a flag takes its place.
        place.load({"lang": "en", "fail_on": "high", "contest": "generic", "rules": "strict"})
    assert caught.value.message.startswith(f"{file}, line {line}: ")
    for word in words:
        assert word in caught.value.message
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("flags", "environment", "source"),
    [
        ({"fail_on": "hihg"}, {}, "--fail-on: "),
        ({"contest": "x"}, {}, "--contest: "),
        ({}, {"POSECHECK_RULES": "bkm"}, "POSECHECK_RULES: "),
        ({}, {"POSECHECK_LANG": "ID"}, "POSECHECK_LANG: "),
    ],
)
def test_a_wrong_flag_or_variable_is_named(
    place: Place, flags: dict[str, str], environment: dict[str, str], source: str
) -> None:
    with pytest.raises(ConfigError) as caught:
        place.load(flags, environment)
    assert caught.value.message.startswith(source)
    assert caught.value.remedy


def test_a_closed_folder_above_does_not_matter(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = write(place.project, 'lang = "en"')
    closed = (place.inner.parent / FILE_NAME).resolve()
    really = Path.is_file

    def is_file(path: Path) -> bool:
        if path == closed:
            raise PermissionError(13, "Permission denied", str(path))
        return really(path)

    monkeypatch.setattr(Path, "is_file", is_file)
    assert place.load().files == (project,)
