"""The networks are as large as the benchmarks say."""

from __future__ import annotations

import pytest

from benchmarks.multiply_adds import MULTIPLY_ADDS, PLAIN, SHAPES, count, units
from benchmarks.pipeline import NETWORKS
from posecheck.runtime.names import DEFAULT, OPENVINO, network


@pytest.mark.parametrize("name", MULTIPLY_ADDS)
def test_the_constants_are_what_the_model_files_hold(name: str) -> None:
    pytest.importorskip("onnx")
    assert count(name) == pytest.approx(MULTIPLY_ADDS[name], rel=1e-3)


def test_a_run_is_counted_by_pixels_or_by_crops() -> None:
    assert units(PLAIN, (1, 64, 128, 3)) == 64 * 128
    assert units("hand_landmark", (4, 224, 224, 3)) == 4
    assert units("gesture", (3, 2, 9408)) == 3


def test_every_network_of_every_runtime_has_a_count() -> None:
    used = {network(name, runtime) for name in NETWORKS.values() for runtime in (DEFAULT, OPENVINO)}
    assert used == set(MULTIPLY_ADDS) == set(SHAPES)
