"""The self-check lets through what gives our numbers, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from posecheck.errors import ModelError
from posecheck.runtime import openvino_session, self_check
from posecheck.runtime.names import DEFAULT, OPENVINO
from posecheck.runtime.self_check import (
    TOLERANCE,
    Networks,
    distance,
    probe,
    right,
    seconds,
    stored,
    waves,
)
from tests.runtime.made import needs_openvino


@pytest.fixture(scope="module")
def networks() -> Networks:
    return Networks.load(DEFAULT)


def test_the_stored_numbers_are_those_of_the_models_that_ship(networks: Networks) -> None:
    """After a network was changed: python -m posecheck.runtime.self_check."""
    assert distance(probe(networks), stored()) < TOLERANCE / 20
    assert right(networks)
    assert seconds(networks) > 0


@needs_openvino
def test_openvino_gives_them_too() -> None:
    assert distance(probe(Networks.load(OPENVINO)), stored()) < TOLERANCE / 20


@needs_openvino
def test_coarser_numbers_are_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(openvino_session.SETUP, "INFERENCE_PRECISION_HINT", "bf16")
    coarse = Networks.load(OPENVINO)
    palm: Any = coarse.palm
    if "bf" not in str(palm._network.get_property("INFERENCE_PRECISION_HINT")):
        pytest.skip("this processor has no bfloat16")
    assert not right(coarse)


def test_every_difference_counts() -> None:
    wanted = {"a": [0.0, 0.5], "b": [100.0, -200.0]}
    assert distance(wanted, wanted) == 0
    assert distance({**wanted, "a": [0.0, 0.6]}, wanted) == pytest.approx(0.1)
    assert distance({**wanted, "b": [100.0, -201.0]}, wanted) == pytest.approx(0.005)
    assert distance({**wanted, "a": [0.0, float("nan")]}, wanted) == float("inf")
    assert distance({"a": [0.0, 0.5]}, wanted) == float("inf")


def test_waves_are_pictures() -> None:
    picture = waves(1, 64, 128, 3)
    assert picture.shape == (1, 64, 128, 3)
    assert picture.dtype == np.float32
    assert 0 <= picture.min() < 0.2
    assert 0.8 < picture.max() <= 1


@pytest.mark.parametrize("text", [None, "{"])
def test_numbers_that_are_not_there_are_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | None
) -> None:
    if text is not None:
        (tmp_path / self_check.STORED).write_text(text, "utf-8")
    monkeypatch.setattr(self_check, "files", lambda package: tmp_path)
    stored.cache_clear()
    with pytest.raises(ModelError, match="stored answers") as caught:
        stored()
    assert caught.value.remedy
    stored.cache_clear()
