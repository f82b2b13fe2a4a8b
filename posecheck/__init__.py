"""posecheck: does a photo resemble a candidate's number symbol?

    import posecheck

    result = posecheck.check("foto.jpg")
    print(result.level, [hand.gesture for hand in result.hands])

For many photos, keep a `Checker`: it loads its models once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

__all__ = ["Checker", "Level", "PhotoResult", "PosecheckError", "Status", "__version__", "check"]

if TYPE_CHECKING:
    from posecheck.checker import Checker, check
    from posecheck.errors import PosecheckError
    from posecheck.results import Level, PhotoResult, Status

_HOMES = {
    "Checker": "posecheck.checker",
    "check": "posecheck.checker",
    "PosecheckError": "posecheck.errors",
    "Level": "posecheck.results",
    "PhotoResult": "posecheck.results",
    "Status": "posecheck.results",
}


def __getattr__(name: str) -> Any:
    """Import on first use: `posecheck --help` must not wait for NumPy and onnxruntime."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
