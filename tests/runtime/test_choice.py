"""Which runtime is taken, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from posecheck.errors import BackendError, DependencyError, ModelError
from posecheck.runtime import choice, self_check
from posecheck.runtime.choice import check_runtime, chosen, chosen_apart, fastest
from posecheck.runtime.names import AUTO, DEFAULT, OPENVINO, RUNTIMES, network
from tests.runtime.made import needs_openvino


@dataclass
class Machine:
    """What the runtimes do on a made-up machine."""

    installed: bool = True
    loads: bool = True
    right: bool = True
    seconds: tuple[float, float] = (1.0, 0.5)
    loaded: int = 0


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[Machine]:
    machine = Machine()

    def require() -> None:
        if not machine.installed:
            raise DependencyError("not installed", "install it")

    def load(runtime: str) -> str:
        machine.loaded += 1
        if runtime == OPENVINO and not machine.loads:
            raise ModelError("it cannot load the model")
        return runtime

    monkeypatch.setattr("posecheck.runtime.openvino_session.require", require)
    monkeypatch.setattr(self_check.Networks, "load", load)
    monkeypatch.setattr(self_check, "right", lambda networks: machine.right)
    monkeypatch.setattr(
        self_check, "seconds", lambda networks: machine.seconds[networks == OPENVINO]
    )
    fastest.cache_clear()
    yield machine
    fastest.cache_clear()


def test_the_faster_one_is_taken(machine: Machine) -> None:
    assert chosen(AUTO) == OPENVINO


def test_it_is_tried_once_a_process(machine: Machine) -> None:
    assert [chosen(AUTO) for _ in range(3)] == [OPENVINO] * 3
    assert machine.loaded == 2


def test_no_gain_is_no_reason(machine: Machine) -> None:
    machine.seconds = (1.0, 0.97)
    assert chosen(AUTO) == DEFAULT


def test_wrong_numbers_are_not_worth_any_speed(
    machine: Machine, caplog: pytest.LogCaptureFixture
) -> None:
    machine.right = False
    machine.seconds = (1.0, 0.01)
    assert chosen(AUTO) == DEFAULT
    assert "other numbers" in caplog.text


def test_one_that_does_not_run_is_not_taken(
    machine: Machine, caplog: pytest.LogCaptureFixture
) -> None:
    machine.loads = False
    assert chosen(AUTO) == DEFAULT
    assert "it cannot load the model" in caplog.text


def test_where_it_is_not_installed_nothing_is_tried(machine: Machine) -> None:
    machine.installed = False
    assert chosen(AUTO) == chosen_apart(AUTO) == DEFAULT
    with pytest.raises(DependencyError):
        chosen(OPENVINO)
    with pytest.raises(DependencyError):
        chosen_apart(OPENVINO)


def test_what_is_named_is_taken_untried(machine: Machine) -> None:
    machine.right = False
    for runtime in (DEFAULT, OPENVINO):
        assert chosen(runtime) == chosen_apart(runtime) == runtime
    assert machine.loaded == 0


def test_one_that_brings_its_process_down_is_not_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import os

    # Pickled by name, so that the other process has it.
    monkeypatch.setattr(choice, "fastest", os.abort)
    assert chosen_apart(AUTO) == DEFAULT


@needs_openvino
def test_a_real_choice() -> None:
    fastest.cache_clear()
    assert chosen_apart(AUTO) in (DEFAULT, OPENVINO)


def test_names_that_nobody_has_are_refused() -> None:
    with pytest.raises(BackendError, match="tensorrt") as caught:
        check_runtime("tensorrt")
    assert all(runtime in caught.value.remedy for runtime in RUNTIMES)


def test_only_the_palm_network_has_a_stand_in() -> None:
    names = ("palm_detection", "glance", "hand_landmark", "gesture", "face_detection")
    assert [network(name, DEFAULT) for name in names] == list(names)
    assert [network(name, OPENVINO) for name in names] == ["palm_detection_prelu", *names[1:]]
