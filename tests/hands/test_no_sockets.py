"""No library that finds hands opens a network socket, native code included."""

from __future__ import annotations

import os
import platform
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from posecheck.hands.mediapipe_backend import MediapipeFinder
from tests.reliability.bans import SYSTEMS
from tests.runtime.made import needs_openvino

SECONDS = 15
"""onnxruntime 1.31 reports to its maker after 9 seconds, mediapipe 0.10.35 after about 5."""

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in SYSTEMS,
    reason="the kernel's filter is set up for Linux on x86-64 and ARM64",
)


def run(
    backend: str, home: Path, repository: Path, runtime: str = "onnxruntime"
) -> subprocess.CompletedProcess[str]:
    """Run a finder without what would tell libraries that they are only being tested."""
    environment = {
        key: value
        for key, value in os.environ.items()
        if key not in ("CI", "GITHUB_ACTIONS", "TF_BUILD") and not key.startswith("ORT_")
    }
    return subprocess.run(
        [sys.executable, "-m", "tests.hands.no_sockets", backend, str(SECONDS), runtime],
        env=environment | {"HOME": str(home), "XDG_CACHE_HOME": str(home)},
        cwd=repository,
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope="module", autouse=True)
def _guarded(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> None:
    """The guard itself works: a process that opens a socket, or starts another, is ended."""
    for deed in ("socket", "process", "fork"):
        done = run(deed, tmp_path_factory.mktemp("home"), repository)
        if "prctl" in done.stderr:
            pytest.skip("this kernel does not let a process filter its own system calls")
        assert done.returncode == -signal.SIGSYS, (deed, done.stderr)


def test_the_default_finder(tmp_path: Path, repository: Path) -> None:
    done = run("onnx", tmp_path, repository)
    assert (done.returncode, done.stdout) == (0, "no sockets\n"), done.stderr


@needs_openvino
def test_the_default_finder_with_openvino(tmp_path: Path, repository: Path) -> None:
    """Imported plainly, it starts a process that tells a web service so, and leaves files."""
    done = run("onnx", tmp_path, repository, "openvino")
    assert (done.returncode, done.stdout) == (0, "no sockets\n"), done.stderr
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_the_mediapipe_finder(
    mediapipe_finder: MediapipeFinder, tmp_path: Path, repository: Path
) -> None:
    done = run("mediapipe", tmp_path, repository)
    assert (done.returncode, done.stdout) == (0, "no sockets\n"), done.stderr
