"""OpenVINO gives onnxruntime's answers, and is only asked where it is wanted."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from posecheck.errors import DependencyError, ModelError
from posecheck.models import open_session
from posecheck.runtime import openvino_session
from posecheck.runtime.names import DEFAULT, OPENVINO
from posecheck.runtime.session import Float
from tests.runtime.made import needs_openvino

PALM = ["boxes", "logits", "hand_logits"]


def rough(*shape: int) -> Float:
    """Noise with structure, so that networks have something to see."""
    side = np.random.default_rng(5).random((*shape[:-3], shape[-3] // 8, shape[-2] // 8, 3))
    return np.asarray(side.repeat(8, -3).repeat(8, -2), np.float32)


@needs_openvino
@pytest.mark.parametrize("shape", [(192, 192), (64, 320), (448, 128)])
def test_palms_at_any_shape(shape: tuple[int, int]) -> None:
    """Of another file than onnxruntime's, with the same weights."""
    answers = [
        open_session("palm_detection", 1, runtime).run(PALM, {"image": rough(1, *shape, 3)})
        for runtime in (DEFAULT, OPENVINO)
    ]
    for name, ours, theirs in zip(PALM, *answers, strict=True):
        assert theirs.dtype == np.float32
        np.testing.assert_allclose(theirs, ours, atol=1e-3, err_msg=name)


@needs_openvino
def test_hands_and_gestures_in_batches() -> None:
    outputs = ["presence", "landmarks", "features"]
    for runs in (3, 1, 0):
        crops = rough(runs, 224, 224, 3)
        one, other = (
            open_session("hand_landmark", 1, runtime).run(outputs, {"crops": crops})
            for runtime in (DEFAULT, OPENVINO)
        )
        for name, ours, theirs in zip(outputs, one, other, strict=True):
            assert theirs.shape == ours.shape
            np.testing.assert_allclose(theirs, ours, atol=1e-3, err_msg=name)


@needs_openvino
def test_an_answer_is_not_overwritten_by_the_next_run() -> None:
    session = open_session("palm_detection", 1, OPENVINO)
    first = session.run(PALM, {"image": rough(1, 64, 64, 3)})
    kept = [output.copy() for output in first]
    session.run(PALM, {"image": np.zeros((1, 64, 64, 3), np.float32)})
    for now, before in zip(first, kept, strict=True):
        np.testing.assert_array_equal(now, before)


@needs_openvino
def test_pictures_that_lie_oddly_in_memory() -> None:
    session = open_session("palm_detection", 1, OPENVINO)
    picture = rough(1, 64, 128, 3)
    sealed = picture.copy()
    sealed.flags.writeable = False
    mirrored = np.ascontiguousarray(picture[:, :, ::-1])
    for odd, plain in ((sealed, picture), (picture[:, :, ::-1], mirrored)):
        np.testing.assert_array_equal(
            session.run(PALM, {"image": odd})[1], session.run(PALM, {"image": plain})[1]
        )


@needs_openvino
def test_threads_do_not_mix_their_answers() -> None:
    session = open_session("palm_detection", 1, OPENVINO)
    pictures = [rough(1, 64 * n, 128, 3) * np.float32(0.2 * n) for n in range(1, 5)]
    alone = [session.run(PALM, {"image": picture}) for picture in pictures]
    together: dict[int, list[Float]] = {}

    def work(n: int) -> None:
        for _ in range(5):
            together[n] = session.run(PALM, {"image": pictures[n]})

    threads = [threading.Thread(target=work, args=(n,)) for n in range(len(pictures))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for n, expected in enumerate(alone):
        for ours, theirs in zip(expected, together[n], strict=True):
            np.testing.assert_array_equal(theirs, ours)


@needs_openvino
def test_the_setup_is_kept() -> None:
    session: Any = open_session("gesture", 1, OPENVINO)
    keys = ("INFERENCE_PRECISION_HINT", "INFERENCE_NUM_THREADS", "ENABLE_CPU_PINNING")
    kept = [str(session._network.get_property(key)) for key in keys]
    assert kept == ["<Type: 'float32'>", "1", "False"]


@needs_openvino
def test_what_it_cannot_load_is_our_error(monkeypatch: pytest.MonkeyPatch) -> None:
    from posecheck import models

    monkeypatch.setattr(models, "verified_bytes", lambda model: b"no network")
    with pytest.raises(ModelError, match="openvino cannot load the model gesture"):
        open_session("gesture", 1, OPENVINO)


def test_the_file_is_verified_for_it_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from posecheck import models

    entry = models.manifest()["palm_detection_prelu"]
    damaged = tmp_path / "damaged.onnx"
    damaged.write_bytes(entry.path.read_bytes() + b"x")
    wrong = {"palm_detection_prelu": replace(entry, path=damaged)}
    monkeypatch.setattr(models, "manifest", lambda: wrong)
    with pytest.raises(ModelError, match="not the one that belongs"):
        open_session("palm_detection", 1, OPENVINO)


def test_without_it_the_remedy_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "openvino", None)
    openvino_session._core.cache_clear()
    with pytest.raises(DependencyError, match="not installed") as caught:
        open_session("gesture", 1, OPENVINO)
    assert "pip install posecheck[openvino]" in caught.value.remedy
    assert "--runtime" in caught.value.remedy


def test_one_that_does_not_load_is_told(tmp_path: Path) -> None:
    package = tmp_path / "openvino"
    package.mkdir()
    (package / "__init__.py").write_text("raise ImportError('libopenvino.so: no such file')")
    code = (
        "from posecheck.models import open_session\n"
        "from posecheck.errors import DependencyError\n"
        "try: open_session('gesture', 1, 'openvino')\n"
        "except DependencyError as error: print(error.message, error.remedy)\n"
    )
    said = run_python(code, tmp_path)
    assert "does not load: libopenvino.so" in said
    assert "--force-reinstall openvino" in said


@needs_openvino
def test_its_telemetry_is_never_loaded(tmp_path: Path) -> None:
    """A stand-in for the package that would report; a library beside us still finds it after."""
    (tmp_path / "openvino_telemetry.py").write_text("print('telemetry is loaded')")
    code = (
        "import sys\n"
        "from posecheck.models import open_session\n"
        "open_session('gesture', 1, 'openvino')\n"
        "print('openvino_telemetry' in sys.modules)\n"
        "import openvino_telemetry\n"
    )
    assert run_python(code, tmp_path).split("\n")[:2] == ["False", "telemetry is loaded"]


def run_python(code: str, *folders: Path) -> str:
    """What a fresh Python prints, with our repository and `folders` first on its path."""
    root = Path(__file__).resolve().parents[2]
    lines = f"import sys; sys.path[:0] = {[str(f) for f in (*folders, root)]!r}\n{code}"
    done = subprocess.run(
        [sys.executable, "-c", lines], capture_output=True, text=True, check=True, cwd=root
    )
    return done.stdout
