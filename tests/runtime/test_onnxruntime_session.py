"""How onnxruntime is set up changes no answer, and keeps memory for one network at a time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from posecheck.models import manifest, open_session, verified_bytes
from posecheck.runtime.session import Float

ROOT = Path(__file__).resolve().parents[2]

NETWORKS: dict[str, tuple[str, list[str], list[tuple[int, ...]]]] = {
    "palm_detection": (
        "image",
        ["boxes", "logits", "hand_logits"],
        [(1, 192, 192, 3), (1, 448, 128, 3), (1, 64, 64, 3), (1, 448, 128, 3)],
    ),
    "hand_landmark": (
        "crops",
        ["landmarks", "presence", "features"],
        [(3, 224, 224, 3), (1, 224, 224, 3), (5, 224, 224, 3)],
    ),
}
"""Input, outputs, and shapes that come one after the other: smaller, larger, again."""


def noise(*shape: int) -> Float:
    return np.random.default_rng(3).random(shape, np.float32)


@pytest.mark.parametrize("name", NETWORKS)
def test_answers_are_those_of_a_session_that_is_not_set_up(name: str) -> None:
    import onnxruntime

    plain = onnxruntime.InferenceSession(
        verified_bytes(manifest()[name]), providers=["CPUExecutionProvider"]
    )
    ours = open_session(name, 1)
    key, outputs, shapes = NETWORKS[name]
    kept = []
    for shape in shapes:
        found = ours.run(outputs, {key: noise(*shape)})
        kept.append((found, [output.copy() for output in found]))
        for mine, its in zip(found, plain.run(outputs, {key: noise(*shape)}), strict=True):
            np.testing.assert_allclose(mine, its, atol=1e-4)
    # Memory that a run took is used again, but not that of answers that somebody holds.
    for found, copies in kept:
        for now, before in zip(found, copies, strict=True):
            np.testing.assert_array_equal(now, before)


GROWTH = """
import numpy as np
from posecheck.models import open_session

def held():
    with open("/proc/self/status") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS")) / 1024

image = np.zeros((1, 1024, 1024, 3), np.float32)
grown, kept = [], []
for _ in range(3):
    session = open_session("palm_detection", 1)
    before = held()
    session.run(["logits"], {"image": image})
    grown.append(held() - before)
    kept.append(session)
print(*grown)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_networks_use_the_same_memory_one_after_the_other() -> None:
    done = subprocess.run(
        [sys.executable, "-c", GROWTH], cwd=ROOT, capture_output=True, text=True, check=True
    )
    first, *others = (float(number) for number in done.stdout.split())
    assert first > 60  # MB
    assert max(others) < first / 3


def test_memory_that_somebody_shares_already_will_do() -> None:
    code = """
import onnxruntime
import numpy as np
memory = onnxruntime.OrtMemoryInfo(
    "Cpu", onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR, 0, onnxruntime.OrtMemType.DEFAULT
)
onnxruntime.create_and_register_allocator(memory, None)
from posecheck.models import open_session
image = np.zeros((1, 64, 64, 3), np.float32)
print(open_session("palm_detection", 1).run(["logits"], {"image": image})[0].shape)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "(1, 224, 1)"
