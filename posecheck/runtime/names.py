"""Names of the runtimes; commands that only read settings need no more."""

from __future__ import annotations

DEFAULT = "onnxruntime"
OPENVINO = "openvino"
AUTO = "auto"

RUNTIMES = (DEFAULT, OPENVINO, AUTO)
"""The first is the default; the second needs `pip install posecheck[openvino]`; the third is the
fastest installed one that passes a self-check."""

_NETWORKS = {OPENVINO: {"palm_detection": "palm_detection_prelu"}}
"""Models of the manifest that stand in for others in a runtime: the same weights, written as
operators that it is fast at."""


def network(name: str, runtime: str) -> str:
    """The model of the manifest that a runtime runs as the network `name`."""
    return _NETWORKS.get(runtime, {}).get(name, name)
