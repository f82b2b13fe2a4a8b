"""The limits that flags set: of a file, of a picture, of a process."""

from __future__ import annotations

import pytest

from posecheck.cli import scan_run
from posecheck.cli.options import limits_of
from posecheck.errors import PosecheckError
from posecheck.opening import Limits
from posecheck.scan.engine import Engine
from posecheck.scan.memory import CAN_LIMIT, DEFAULT_BYTES

from .conftest import Cli, FakeChecker
from .test_check import Files


def test_limits_are_the_usual_ones_unless_typed() -> None:
    usual = Limits()
    assert limits_of(None, None) == usual
    assert limits_of(1.5, None) == Limits(1_500_000, usual.max_pixels)
    assert limits_of(None, 0.25) == Limits(usual.max_bytes, 250_000)


def test_check_hands_them_on(cli: Cli, fake: FakeChecker, files: Files) -> None:
    files("a.jpg")
    assert cli("check", "a.jpg", "--max-file", "3", "--max-pixels", "12.5").code == 0
    assert fake.limits == Limits(3_000_000, 12_500_000)


@pytest.mark.parametrize("flag", ["--max-file", "--max-pixels", "--max-memory", "--timeout"])
@pytest.mark.parametrize("value", ["0", "-1", "viel"])
def test_none_can_be_zero(cli: Cli, flag: str, value: str) -> None:
    outcome = cli("scan", ".", "--case", "a.posecheck", flag, value)
    assert outcome.code == 2 and flag in outcome.err


@pytest.mark.parametrize(
    ("typed", "memory"),
    [
        ((), DEFAULT_BYTES),
        pytest.param(
            ("--max-memory", "750"),
            750_000_000,
            marks=pytest.mark.skipif(not CAN_LIMIT, reason="this system limits no memory"),
        ),
    ],
)
def test_scan_hands_them_on(
    cli: Cli, monkeypatch: pytest.MonkeyPatch, typed: tuple[str, ...], memory: int
) -> None:
    seen: list[object] = []

    def make(name: str, jobs: int, timeout: float, memory: int) -> Engine:
        seen.extend((timeout, memory))
        raise PosecheckError("that is enough")

    def recipe(*given: object) -> None:
        seen.append(given[3])

    monkeypatch.setattr(scan_run, "make_engine", make)
    monkeypatch.setattr(scan_run, "make_recipe", recipe)
    limits = ("--max-file", "3", "--max-pixels", "2", "--timeout", "9")
    outcome = cli("scan", ".", "--case", "a.posecheck", *limits, *typed)
    assert "that is enough" in outcome.err
    assert seen == [Limits(3_000_000, 2_000_000), 9.0, memory]


def test_a_limit_that_the_system_cannot_keep_is_not_promised(
    cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan_run, "CAN_LIMIT", False)
    outcome = cli("scan", ".", "--case", "a.posecheck", "--max-memory", "100")
    assert outcome.code == 2
    assert "--max-memory" in outcome.err
