"""A model file that is not the one the manifest names is refused, whichever it is."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from posecheck import models
from posecheck.cli.main import main
from posecheck.errors import ModelError
from posecheck.models import manifest, models_folder, open_session, verified_bytes

NAMES = sorted(manifest())

DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "cut to nothing": lambda content: b"",
    "cut in half": lambda content: content[: len(content) // 2],
    "last byte missing": lambda content: content[:-1],
    "one bit flipped": lambda content: content[:-5] + bytes([content[-5] ^ 1]) + content[-4:],
    "a byte longer": lambda content: content + b"\0",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the models, which is where they are looked for."""
    copy = tmp_path / "models"
    copy.mkdir()
    for model in manifest().values():
        shutil.copy(model.path, copy)
    shutil.copy(models_folder() / "manifest.json", copy)
    monkeypatch.setattr(models, "models_folder", lambda: copy)
    manifest.cache_clear()
    # What a command that ended early had begun to read belongs to the files as they were.
    monkeypatch.setattr(models, "_ahead", {})
    yield copy
    manifest.cache_clear()


@pytest.mark.parametrize("name", NAMES)
def test_no_damaged_or_swapped_file_is_taken(folder: Path, name: str) -> None:
    model = manifest()[name]
    whole = verified_bytes(model)
    others = (other.path.read_bytes() for other in manifest().values() if other.name != name)
    for content in (*(damage(whole) for damage in DAMAGE.values()), *others):
        model.path.write_bytes(content)
        with pytest.raises(ModelError, match="not the one that belongs"):
            verified_bytes(model)
        with pytest.raises(ModelError, match="not the one that belongs"):
            open_session(name, 1)
    model.path.write_bytes(whole)
    assert verified_bytes(model) == whole


@pytest.mark.parametrize("name", ["palm_detection", "hand_landmark", "gesture"])
def test_nothing_is_checked_with_a_swapped_model(
    folder: Path, repository: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """The networks for faces lie beside these and would load, and see something else."""
    shutil.copy(manifest()["face_detection"].path, manifest()[name].path)
    code = main(["check", str(repository / "samples" / "fist.jpg"), "--lang", "en"])
    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    assert "not the one that belongs to this version" in err
    assert "Reinstall posecheck" in err


def test_no_face_is_left_sharp_where_its_network_was_swapped(folder: Path) -> None:
    """Pictures leave a case file only with faces blurred, so without the network there are none."""
    from posecheck.faces.detector import FaceFinder

    shutil.copy(manifest()["gesture"].path, manifest()["face_detection"].path)
    with pytest.raises(ModelError):
        FaceFinder()


def test_the_wheel_ships_only_what_the_manifest_names(repository: Path) -> None:
    """`palm_head.npz`, which the palm network is built with, is read by nothing in the package."""
    text = json.loads((repository / "models" / "manifest.json").read_text("utf-8"))
    assert {entry["file"] for entry in text["models"].values()} == {
        path.name for path in (repository / "models").iterdir() if path.suffix in (".onnx", ".task")
    }
    for path in (repository / "posecheck").rglob("*.py"):
        assert ".npz" not in path.read_text("utf-8"), path
