"""What tests of runtimes share."""

from __future__ import annotations

from importlib.util import find_spec

import pytest

needs_openvino = pytest.mark.skipif(
    # Looked for and not imported: importing it plainly reports to its maker.
    find_spec("openvino") is None,
    reason="openvino is not installed (pip install posecheck[openvino])",
)
