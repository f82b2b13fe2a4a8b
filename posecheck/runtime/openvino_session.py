"""Networks run by OpenVINO, set up so that its answers are onnxruntime's to rounding."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib.util import find_spec
from typing import Any

import numpy as np

from posecheck.errors import DependencyError
from posecheck.runtime.session import Float

REMEDY = "Install it with: pip install posecheck[openvino], or leave out --runtime openvino."

SETUP: dict[str, str | bool | int] = {
    # Left to itself it computes in bfloat16 where the processor can, and in float16 on ARM: faster
    # still, and other hands (docs/backends.md).
    "INFERENCE_PRECISION_HINT": "f32",
    # One photo at a time.
    "PERFORMANCE_HINT": "LATENCY",
    # Pinned to cores, the processes of a scan would all wait for the first one.
    "ENABLE_CPU_PINNING": False,
}
"""https://docs.openvino.ai/2026/openvino-workflow/running-inference/inference-devices-and-modes/cpu-device.html"""


def require() -> None:
    """See that OpenVINO is installed, without importing it.

    Raises:
        DependencyError: It is not.
    """
    # None in sys.modules stands for a package that may not be imported; find_spec raises on it.
    hidden = "openvino" in sys.modules and sys.modules["openvino"] is None
    if hidden or find_spec("openvino") is None:
        raise DependencyError("The openvino package is not installed.", REMEDY)


@contextmanager
def _without_telemetry() -> Iterator[None]:
    """Hide `openvino_telemetry` while OpenVINO is imported.

    Importing `openvino` sends an event to a web analytics service, and writes the user a number
    to be known by into their home folder.  The package that does so is a dependency of it, but it
    does without where that cannot be imported.
    """
    name = "openvino_telemetry"
    kept = sys.modules.pop(name, None)
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[name]
        if kept is not None:
            sys.modules[name] = kept


@lru_cache(maxsize=1)
def _core() -> Any:
    """OpenVINO itself, imported with the first network.

    Raises:
        DependencyError: It is not installed, or does not load.
    """
    require()
    try:
        with _without_telemetry():
            import openvino

        return openvino.Core()
    except (ImportError, OSError, RuntimeError) as error:
        raise DependencyError(
            f"OpenVINO is installed but does not load: {error}",
            "Install it again (pip install --force-reinstall openvino), or leave out "
            "--runtime openvino.",
        ) from error


class OpenvinoSession:
    """A network that OpenVINO runs on the CPU, at whatever shapes it is fed.

    A network that takes any number of things of one size is compiled for one of them and run once
    for each: that is a tenth faster than runs of many, whose code is made anew, and kept, for
    every number there is.

    Args:
        content: An ONNX file.
        threads: Threads of one run; None leaves their number to OpenVINO.
        at_once: Runs that threads of ours ask for at a time.

    Raises:
        DependencyError: OpenVINO is not installed, or does not load.
        RuntimeError: It cannot load this network.
    """

    def __init__(self, content: bytes, threads: int | None = None, at_once: int = 1) -> None:
        core = _core()
        setup = {**SETUP, "NUM_STREAMS": at_once}
        if threads is not None:
            setup["INFERENCE_NUM_THREADS"] = threads * at_once
        model = core.read_model(content)
        shapes = [port.partial_shape for port in model.inputs]
        self._singly = all(
            shape[0].is_dynamic and not any(side.is_dynamic for side in list(shape)[1:])
            for shape in shapes
        )
        if self._singly:
            single = [[1, *(side.get_length() for side in list(shape)[1:])] for shape in shapes]
            model.reshape(dict(zip(model.inputs, single, strict=True)))
        self._network = core.compile_model(model, "CPU", setup)
        self._local = threading.local()

    def _request(self) -> Any:
        """What holds the tensors of a run: one for each thread, or they would share them."""
        if not hasattr(self._local, "request"):
            self._local.request = self._network.create_infer_request()
        return self._local.request

    def run(self, names: list[str], feeds: dict[str, Float], /) -> list[Float]:
        """See `posecheck.runtime.session.Session`."""
        if not self._singly:
            return self._run(names, feeds)
        count = len(next(iter(feeds.values())))
        rows = [
            self._run(names, {name: value[i : i + 1] for name, value in feeds.items()})
            for i in range(count)
        ]
        if not rows:
            shapes = [list(self._network.output(name).shape)[1:] for name in names]
            return [np.zeros((0, *shape), np.float32) for shape in shapes]
        return [np.concatenate(column) for column in zip(*rows, strict=True)]

    def _run(self, names: list[str], feeds: dict[str, Float]) -> list[Float]:
        request = self._request()
        # Shared with our arrays instead of copied; the request lets go of them at its next run.
        request.infer(
            {name: np.ascontiguousarray(value) for name, value in feeds.items()},
            share_inputs=True,
        )
        # Copied, since the next run overwrites what they lie in.
        return [np.array(request.get_tensor(name).data, np.float32) for name in names]
