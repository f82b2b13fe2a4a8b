"""Model files: where they are, that they are the right ones, and sessions that run them.

The files ship with the package; nothing is ever fetched.  A file that is not the one the
manifest names is refused before it is parsed.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posecheck.errors import ModelError

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

REMEDY = "Reinstall posecheck (pip install --force-reinstall posecheck)."


@dataclass(frozen=True)
class ModelFile:
    """One entry of the manifest.

    Attributes:
        name: Key in the manifest, such as "palm_detection".
        path: The ONNX file.
        sha256: Digest the file must have.
        entry: The whole entry as it stands in the manifest.
    """

    name: str
    path: Path
    sha256: str
    entry: dict[str, Any]

    @property
    def short(self) -> str:
        """First 12 hex digits of the digest, enough to tell versions apart."""
        return self.sha256[:12]


def models_folder() -> Path:
    """The folder that holds the manifest: inside the package, or beside it in a checkout."""
    package = Path(__file__).resolve().parent
    installed = package / "models"
    return installed if installed.is_dir() else package.parent / "models"


@lru_cache(maxsize=4)
def manifest(folder: Path | None = None) -> dict[str, ModelFile]:
    """Read the manifest.

    Raises:
        ModelError: There is none, or it cannot be understood.
    """
    folder = folder or models_folder()
    path = folder / "manifest.json"
    try:
        entries = json.loads(path.read_text("utf-8"))["models"]
        return {
            name: ModelFile(name, folder / entry["file"], entry["sha256"], entry)
            for name, entry in entries.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(f"The model manifest {path} cannot be read: {error!r}", REMEDY) from error


def verified_bytes(model: ModelFile) -> bytes:
    """The content of a model file.

    Raises:
        ModelError: The file is missing or is not the one that the manifest names.
    """
    try:
        content = model.path.read_bytes()
    except OSError as error:
        raise ModelError(f"The model file {model.path} cannot be read: {error}", REMEDY) from error
    digest = hashlib.sha256(content).hexdigest()
    if digest != model.sha256:
        raise ModelError(
            f"The model file {model.path} is not the one that belongs to this version of posecheck "
            f"(sha256 {digest[:12]}, expected {model.short}).",
            REMEDY,
        )
    return content


def open_session(name: str, threads: int | None = None) -> InferenceSession:
    """Load a model into onnxruntime on the CPU.

    Args:
        name: Key in the manifest.
        threads: Threads of one run; None lets onnxruntime take every core.

    Raises:
        ModelError: The file is missing, is another one, or onnxruntime cannot load it.
    """
    # onnxruntime 1.29 and later report to their maker unless this is set before the import.  Ours
    # is pinned below that; whoever overrides the pin still makes no connection.
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    content = verified_bytes(manifest()[name])
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # native warnings would land on the user's stderr
    options.intra_op_num_threads = threads or 0
    options.inter_op_num_threads = 1
    # Else a size that comes again gets a block of its own for all its tensors: half as much memory
    # again on an album of photos of one size (380 MB grow to 570), and no time is won.
    options.enable_mem_pattern = False
    # Waiting threads would burn the core that another worker, or the person, needs.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(
            content, sess_options=options, providers=["CPUExecutionProvider"]
        )
    except Exception as error:  # onnxruntime's exceptions have no common public base
        raise ModelError(f"onnxruntime cannot load the model {name}: {error}", REMEDY) from error
