"""The model files: complete, right, refused when they are not, and of the shapes they claim."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import cv2
import numpy as np
import pytest

from posecheck import models
from posecheck.errors import ModelError
from posecheck.gesture.classifier import CLASSES
from posecheck.hands.types import FEATURES
from posecheck.models import manifest, models_folder, open_session, verified_bytes

NETWORKS = (
    "palm_detection",
    "palm_detection_prelu",
    "glance",
    "hand_landmark",
    "face_detection",
    "gesture",
)
ALL = (*NETWORKS, "hand_landmarker")


def test_the_manifest_lists_every_model_and_nothing_else() -> None:
    assert set(manifest()) == set(ALL)
    weights = {p for p in models_folder().iterdir() if p.suffix in (".onnx", ".task", ".tflite")}
    assert {model.path for model in manifest().values()} == weights


@pytest.mark.parametrize("name", ALL)
def test_an_entry_says_where_the_model_is_from_and_what_it_takes(name: str) -> None:
    entry = manifest()[name].entry
    for key in ("file", "version", "source", "licence", "inputs", "outputs", "sha256"):
        assert entry[key], key
    assert entry["licence"] == "Apache-2.0"
    assert re.fullmatch(r"[0-9a-f]{64}", entry["sha256"])


@pytest.mark.parametrize("name", ALL)
def test_the_file_is_the_one_that_the_manifest_names(name: str) -> None:
    model = manifest()[name]
    assert hashlib.sha256(model.path.read_bytes()).hexdigest() == model.sha256
    assert model.sha256.startswith(model.short)
    assert len(model.short) == 12
    assert verified_bytes(model) == model.path.read_bytes()


def shape_of(text: str) -> tuple[str, list[int | str]]:
    """("float32", [1, "height", 3]) of "float32 (1, height, 3), RGB"."""
    match = re.match(r"(\w+) \(([^)]*)\)", text)
    assert match, text
    sides = [side.strip() for side in match[2].split(",") if side.strip()]
    return match[1], [int(side) if side.isdigit() else side for side in sides]


@pytest.mark.parametrize("name", NETWORKS)
def test_shapes_are_as_the_manifest_says(name: str) -> None:
    session: Any = open_session(name, 1)
    entry = manifest()[name].entry
    for kind, tensors in (("inputs", session.get_inputs()), ("outputs", session.get_outputs())):
        found = {t.name: (t.type, list(t.shape)) for t in tensors}
        said = {key: shape_of(text) for key, text in entry[kind].items()}
        assert set(found) == set(said)
        for key, (kind_of_number, sides) in said.items():
            assert kind_of_number == "float32"
            assert found[key] == ("tensor(float)", sides)


def test_the_bundle_holds_what_the_onnx_models_are_made_from() -> None:
    model = manifest()["hand_landmarker"]
    sources = {manifest()[n].entry["source_sha256"] for n in ("palm_detection", "hand_landmark")}
    with zipfile.ZipFile(model.path) as bundle:
        assert bundle.testzip() is None
        assert all(info.compress_type == zipfile.ZIP_STORED for info in bundle.infolist())
        digests = {n: hashlib.sha256(bundle.read(n)).hexdigest() for n in bundle.namelist()}
    assert digests == model.entry["members"]
    assert set(digests.values()) == sources
    assert set(digests) == set(model.entry["inputs"]) == set(model.entry["outputs"])


@pytest.mark.parametrize(("height", "width"), [(64, 64), (64, 320), (192, 192), (448, 128)])
def test_the_palm_detector_takes_any_multiple_of_64(height: int, width: int) -> None:
    image = np.random.default_rng(0).random((1, height, width, 3), np.float32)
    names = ["boxes", "logits", "hand_logits"]
    boxes, *scores = open_session("palm_detection", 1).run(names, {"image": image})
    anchors = 2 * (height // 8) * (width // 8) + 6 * (height // 16) * (width // 16)
    assert boxes.shape == (1, anchors, 18)
    assert all(logits.shape == (1, anchors, 1) for logits in scores)
    assert all(np.isfinite(output).all() for output in (boxes, *scores))


@pytest.mark.parametrize(("height", "width"), [(64, 64), (192, 256), (576, 448)])
def test_the_palm_detector_says_what_its_plain_form_says(
    repository: Path, height: int, width: int
) -> None:
    photo = cv2.imdecode(np.fromfile(repository / "samples" / "group.jpg", np.uint8), 1)
    assert photo is not None
    picture = cv2.resize(photo, (width, height), interpolation=cv2.INTER_AREA)[None] / 255
    noise = np.random.default_rng(4).random((1, height, width, 3))
    names = ["boxes", "logits", "hand_logits"]
    sessions = [open_session(name, 1) for name in ("palm_detection", "palm_detection_prelu")]
    for image in (picture, noise):
        answers = [s.run(names, {"image": image.astype(np.float32)}) for s in sessions]
        for name, rewritten, plain in zip(names, *answers, strict=True):
            np.testing.assert_allclose(rewritten, plain, rtol=0, atol=1e-3, err_msg=name)


def operators_run(name: str, image: np.ndarray, folder: Path) -> Counter[str]:
    """How often onnxruntime ran each operator of a network, those that it added included."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.enable_profiling, options.profile_file_prefix = True, str(folder / name)
    session = onnxruntime.InferenceSession(
        verified_bytes(manifest()[name]), options, providers=["CPUExecutionProvider"]
    )
    session.run(None, {"image": image})
    events = json.loads(Path(session.end_profiling()).read_text("utf-8"))
    return Counter(e["args"]["op_name"] for e in events if e["name"].endswith("_kernel_time"))


def test_the_palm_detector_stays_in_onnxruntimes_blocked_layout(tmp_path: Path) -> None:
    """What makes it fast: leaving the layout and coming back takes longer than the operators."""
    image = np.zeros((1, 64, 64, 3), np.float32)
    plain = operators_run("palm_detection_prelu", image, tmp_path)
    if not plain["ReorderInput"]:
        pytest.skip("onnxruntime has no blocked layout on this processor")
    rewritten = operators_run("palm_detection", image, tmp_path)
    assert rewritten["ReorderInput"] == 0
    assert rewritten["ReorderOutput"] == 2  # one a scale, at the end
    # As many fused sums as there are blocks; two are of an enlargement, and fused with nothing.
    assert rewritten["Add"] == 2


@pytest.mark.parametrize(("height", "width"), [(64, 64), (64, 320), (448, 128)])
def test_the_face_detector_takes_any_multiple_of_64(height: int, width: int) -> None:
    windows = np.random.default_rng(0).random((3, height, width, 3), np.float32)
    session = open_session("face_detection", 1)
    boxes, logits = session.run(["boxes", "logits"], {"windows": windows})
    anchors = (height // 4) * (width // 4)
    assert boxes.shape == (3, anchors, 16)
    assert logits.shape == (3, anchors, 1)
    assert np.isfinite(boxes).all()
    assert np.isfinite(logits).all()


def test_the_palm_detector_says_the_same_wherever_a_picture_lies() -> None:
    """Moved by a whole cell of the coarsest layer, far from every edge, its answers move along."""
    session = open_session("palm_detection", 1)
    patch = np.random.default_rng(1).random((16, 16, 3), np.float32).repeat(8, 0).repeat(8, 1)
    answers = []
    for left in (576, 640):
        image = np.full((1, 1280, 1280, 3), 0.5, np.float32)
        image[0, 576 : 576 + 128, left : left + 128] = patch
        _, logits = session.run(["boxes", "logits"], {"image": image})
        fine = logits[0, : 2 * 160 * 160, 0].reshape(160, 160, 2)
        answers.append(fine[72:88, left // 8 : left // 8 + 16])
    np.testing.assert_allclose(answers[1], answers[0], atol=0.01)
    assert np.ptp(answers[0]) > 1


def test_a_batch_of_crops_says_what_each_crop_says_alone() -> None:
    session: Any = open_session("hand_landmark", 1)
    crops = np.random.default_rng(2).random((5, 28, 28, 3), np.float32).repeat(8, 1).repeat(8, 2)
    names = [output.name for output in session.get_outputs()]
    together = session.run(names, {"crops": crops})
    for i in range(len(crops)):
        alone = session.run(names, {"crops": crops[i : i + 1]})
        for name, many, one in zip(names, together, alone, strict=True):
            tolerance = 1e-2 if name == "landmarks" else 1e-4  # pixels of 224
            np.testing.assert_allclose(many[i], one[0], atol=tolerance, err_msg=name)
    none = session.run(names, {"crops": crops[:0]})
    assert all(len(output) == 0 for output in none)


def test_the_gesture_networks_classes_are_in_the_order_of_the_code() -> None:
    assert tuple(manifest()["gesture"].entry["classes"]) == CLASSES


def test_the_gesture_network_answers_in_probabilities() -> None:
    session = open_session("gesture", 1)
    rng = np.random.default_rng(3)
    feed = {
        "features": rng.random((3, 2, FEATURES), np.float32),
        "shape": rng.random((3, 2, 92), np.float32),
    }
    (found,) = session.run(["probabilities"], feed)
    assert found.shape == (3, len(CLASSES))
    np.testing.assert_allclose(found.sum(axis=1), 1, atol=1e-4)
    mirrored = {key: np.ascontiguousarray(value[:, ::-1]) for key, value in feed.items()}
    np.testing.assert_allclose(session.run(["probabilities"], mirrored)[0], found, atol=1e-5)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with one small stand-in for a model, which is where models are looked for."""
    content = b"not really a network"
    entry: dict[str, Any] = {"file": "m.onnx", "sha256": hashlib.sha256(content).hexdigest()}
    (tmp_path / "m.onnx").write_bytes(content)
    (tmp_path / "manifest.json").write_text(json.dumps({"models": {"m": entry}}), "utf-8")
    monkeypatch.setattr(models, "models_folder", lambda: tmp_path)
    manifest.cache_clear()
    yield tmp_path
    manifest.cache_clear()


def refused(folder: Path) -> ModelError:
    with pytest.raises(ModelError) as caught:
        open_session("m")
    assert str(folder) in caught.value.message
    assert "pip install --force-reinstall posecheck" in caught.value.remedy
    return caught.value


def test_a_missing_file_is_refused(folder: Path) -> None:
    (folder / "m.onnx").unlink()
    assert "m.onnx cannot be read" in refused(folder).message


def test_a_folder_in_its_place_is_refused(folder: Path) -> None:
    (folder / "m.onnx").unlink()
    (folder / "m.onnx").mkdir()
    assert "m.onnx cannot be read" in refused(folder).message


@pytest.mark.parametrize("damage", [lambda b: b[:-1], lambda b: b"", lambda b: b"x" + b[1:]])
def test_a_wrong_or_truncated_file_is_refused(folder: Path, damage: Any) -> None:
    path = folder / "m.onnx"
    path.write_bytes(damage(path.read_bytes()))
    error = refused(folder)
    assert "not the one that belongs" in error.message
    assert manifest()["m"].short in error.message


def test_a_file_that_is_no_network_is_refused_too(folder: Path) -> None:
    """The right digest, as after a botched rebuild, but nothing that onnxruntime can load."""
    with pytest.raises(ModelError, match="cannot load the model m") as caught:
        open_session("m")
    assert caught.value.remedy


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "{",
        "[]",
        '{"models": 1}',
        '{"models": {"m": {}}}',
        '{"models": {"m": {"file": 1}}}',
    ],
)
def test_a_missing_or_damaged_manifest_is_refused(folder: Path, text: str | None) -> None:
    path = folder / "manifest.json"
    path.unlink() if text is None else path.write_text(text, "utf-8")
    assert "manifest.json cannot be read" in refused(folder).message


@pytest.fixture(scope="module")
def build() -> ModuleType:
    """The module that rebuilds the models; it is no part of the package."""
    path = Path(__file__).resolve().parents[1] / "models" / "build.py"
    spec = importlib.util.spec_from_file_location("models_build", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_rebuilding_the_bundle_gives_the_same_bytes(build: ModuleType, tmp_path: Path) -> None:
    model = manifest()["hand_landmarker"]
    tflites = {}
    with zipfile.ZipFile(model.path) as bundle:
        for member, name in build.BUNDLE_MEMBERS.items():
            tflites[name] = tmp_path / f"{name}.tflite"
            tflites[name].write_bytes(bundle.read(member))
            os.utime(tflites[name], (1e9, 1e9))
    build.build_task_bundle(tflites, tmp_path / "again.task")
    again = (tmp_path / "again.task").read_bytes()
    assert hashlib.sha256(again).hexdigest() == model.sha256
    starts = [again.index(path.read_bytes()) for path in tflites.values()]
    assert all(start % build.ALIGNMENT == 0 for start in starts)


def test_running_a_model_reports_to_nobody(tmp_path: Path, repository: Path) -> None:
    """Onnxruntime 1.29 and later keeps a file of usage events to upload, unless it is told not to.

    The file is written at once, the upload comes seconds later; without the file there is none.
    """
    # It stays quiet by itself where it thinks that it is tested.
    environment = {
        key: value
        for key, value in os.environ.items()
        if key not in ("CI", "GITHUB_ACTIONS", "TF_BUILD") and not key.startswith("ORT_")
    }
    for key in ("HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "LOCALAPPDATA", "USERPROFILE"):
        environment[key] = str(tmp_path)
    environment["PYTHONPATH"] = str(repository)
    code = "from posecheck.models import open_session; open_session('hand_landmark', 1)"
    subprocess.run([sys.executable, "-c", code], env=environment, cwd=repository, check=True)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_models_that_are_read_ahead_are_verified_all_the_same(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    real = models.verified_bytes

    def noting(model: models.ModelFile) -> bytes:
        read.append(model.name)
        return real(model)

    monkeypatch.setattr(models, "verified_bytes", noting)
    (folder / "m.onnx").write_bytes(b"another network")
    models.read_ahead(["m"])
    assert "not the one that belongs" in refused(folder).message
    assert read == ["m"]
    assert "not the one that belongs" in refused(folder).message  # now without it
    assert read == ["m", "m"]


def test_what_is_no_network_is_not_read_ahead(monkeypatch: pytest.MonkeyPatch) -> None:
    models.read_ahead(["hand_landmarker", "nobody's"])
    assert not models._ahead
