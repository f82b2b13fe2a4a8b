"""Model files: where they are, that they are the right ones, and sessions that run them.

The files ship with the package; nothing is ever fetched.  A file that is not the one the
manifest names is refused before it is parsed.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posecheck.errors import DependencyError, ModelError
from posecheck.runtime.names import DEFAULT, OPENVINO, network

if TYPE_CHECKING:
    from collections.abc import Iterable
    from concurrent.futures import Future

    from posecheck.runtime.session import Session

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


_ahead: dict[str, Future[bytes]] = {}
"""Models that are being read and verified, by name."""


def read_ahead(names: Iterable[str]) -> None:
    """Begin to read and verify models in the background.

    Python can load modules meanwhile: reading and hashing need no interpreter.  Whoever loads such
    a model first waits for it, and gets whatever error there was.

    Args:
        names: Keys in the manifest.

    Raises:
        ModelError: The manifest cannot be read.
    """
    from concurrent.futures import ThreadPoolExecutor

    # Networks only: the bundle for the mediapipe package is read by its backend.
    models = [m for m in map(manifest().get, names) if m and m.path.suffix == ".onnx"]
    background = ThreadPoolExecutor(1)
    for model in models:
        _ahead[model.name] = background.submit(verified_bytes, model)
    background.shutdown(wait=False)


def open_session(
    name: str, threads: int | None = None, runtime: str = DEFAULT, *, at_once: int = 1
) -> Session:
    """Load a network, on the CPU.

    Args:
        name: Key in the manifest.
        threads: Threads of one run; None lets the runtime take every core.
        runtime: What runs it, "onnxruntime" or "openvino".
        at_once: Runs that threads of ours will ask for at a time.

    Raises:
        ModelError: The manifest does not know it, its file is missing or another one, or the
            runtime cannot load it.
        DependencyError: The runtime is not installed.
    """
    file = network(name, runtime)
    begun = _ahead.pop(file, None)
    if file not in manifest():
        raise ModelError(f"There is no model called {file}.", REMEDY)
    content = begun.result() if begun else verified_bytes(manifest()[file])
    try:
        if runtime == OPENVINO:
            from posecheck.runtime.openvino_session import OpenvinoSession

            return OpenvinoSession(content, threads, at_once)
        from posecheck.runtime.onnxruntime_session import onnxruntime_session

        return onnxruntime_session(content, threads)
    except DependencyError:
        raise
    except Exception as error:  # neither runtime's exceptions have a common public base
        raise ModelError(f"{runtime} cannot load the model {name}: {error}", REMEDY) from error
