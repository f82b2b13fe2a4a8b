"""Runs the command line in this process, with a checker that knows its answers."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from posecheck.cli import check_run
from posecheck.cli.main import main
from posecheck.opening import Limits, Photo
from posecheck.results import PhotoResult
from posecheck.risk.contest import Contest, load_contest
from posecheck.risk.rules import RuleSet, load_rules
from tests.report import photos


@dataclass
class Outcome:
    """What a run printed and returned."""

    code: int
    out: str
    err: str


Cli = Callable[..., Outcome]


@pytest.fixture(autouse=True)
def quiet_surroundings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An empty folder, no settings, an Indonesian locale."""
    for name in ("CONTEST", "RULES", "LANG", "FAIL_ON", "BACKEND", "RUNTIME"):
        monkeypatch.delenv(f"POSECHECK_{name}", raising=False)
    for name in ("LC_ALL", "LC_MESSAGES", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "id_ID.UTF-8")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    work = tmp_path / "kerja"
    work.mkdir()
    monkeypatch.chdir(work)


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    """`cli("check", "foto.jpg")` runs the command and returns its outcome."""

    def run(*arguments: str | Path) -> Outcome:
        code = main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return Outcome(code, out, err)

    return run


@dataclass
class FakeChecker:
    """Answers by the name of the file; without an answer the photo holds nothing."""

    answers: dict[str, PhotoResult | BaseException] = field(default_factory=dict)
    seen: list[object] = field(default_factory=list)
    contest: Contest = field(default_factory=load_contest)
    rules: RuleSet = field(default_factory=load_rules)
    backend: str = ""
    runtime: str = ""
    limits: Limits = field(default_factory=Limits)
    models: tuple[tuple[str, str], ...] = ()

    def check(self, photo: object) -> PhotoResult:
        if isinstance(photo, Photo):  # opened ahead
            photo = Path(photo.path)
        self.seen.append(photo)
        name = photo.name if isinstance(photo, Path) else "-"
        answer = self.answers.get(name, photos.clean(3))
        if isinstance(answer, BaseException):
            raise answer
        return replace(answer, path=str(photo))


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeChecker]:
    """The checker that `posecheck check` gets in place of the real one."""
    checker = FakeChecker()

    def make(
        *, contest: Contest, rules: RuleSet, backend: str, runtime: str, limits: Limits
    ) -> FakeChecker:
        checker.contest, checker.rules = contest, rules
        checker.backend, checker.runtime, checker.limits = backend, runtime, limits
        return checker

    monkeypatch.setattr(check_run, "Checker", make)
    yield checker


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`terminal("stdout")` makes a stream look like a terminal."""

    def pretend(*names: str) -> None:
        for name in names:
            monkeypatch.setattr(getattr(sys, name), "isatty", lambda: True)

    return pretend


@pytest.fixture
def files() -> Callable[..., None]:
    """`files("a.jpg", "b.jpg")` makes files with those names."""

    def make(*names: str) -> None:
        for name in names:
            path = Path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"\xff\xd8\xff not looked at by the fake checker")

    return make
