"""Networks run by onnxruntime, set up to leave memory, cores and the network to others."""

from __future__ import annotations

import logging
import os
from functools import lru_cache
from typing import Any

from posecheck.runtime.session import Session

logger = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def _onnxruntime() -> Any:
    """Onnxruntime itself, imported with the first network."""
    # 1.29 and later report to their maker unless this is set before the import.  Ours is pinned
    # below that; whoever overrides the pin still makes no connection.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    _share_memory(onnxruntime)
    return onnxruntime


def _share_memory(onnxruntime: Any) -> None:
    """Give the process one block of memory for the tensors of all networks.

    A network keeps what its largest run took, for the next run.  They run one after the other, so
    one block does for all: checking photos of 78 and 45 hands peaks at 500 MB instead of 680, and
    takes as long.  Giving memory back after each run ("memory.enable_memory_arena_shrinkage")
    takes a fifth to two fifths more time, since the system clears every page again, and the peak
    stays.
    """
    memory = onnxruntime.OrtMemoryInfo(
        "Cpu",
        onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR,
        0,
        onnxruntime.OrtMemType.DEFAULT,
    )
    try:
        onnxruntime.create_and_register_allocator(memory, None)
    except RuntimeError as error:
        # The program that we are a library of has one already, which does as well.
        logger.debug("onnxruntime's memory is not ours to share: %s", error)


def onnxruntime_session(content: bytes, threads: int | None = None) -> Session:
    """Load a network that onnxruntime runs on the CPU, at whatever shapes it is fed.

    Args:
        content: An ONNX file.
        threads: Threads of one run; None lets onnxruntime take every core.

    Raises:
        Exception: It cannot load this network; its exceptions have no common public base.
    """
    onnxruntime = _onnxruntime()
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # native warnings would land on the user's stderr
    options.intra_op_num_threads = threads or 0
    options.inter_op_num_threads = 1
    # Else a size that comes again gets a block of its own for all its tensors: half as much memory
    # again on an album of photos of one size (380 MB grow to 570), and no time is won.
    options.enable_mem_pattern = False
    # Waiting threads would burn the core that another worker, or the person, needs.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.use_env_allocators", "1")  # see _share_memory
    session: Session = onnxruntime.InferenceSession(
        content, sess_options=options, providers=["CPUExecutionProvider"]
    )
    return session
