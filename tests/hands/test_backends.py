from __future__ import annotations

import pytest

from posecheck.errors import BackendError
from posecheck.hands import mediapipe_backend
from posecheck.hands.backends import BACKENDS, finder_models, make_finder
from posecheck.hands.pyramid import PyramidFinder
from posecheck.hands.team import Team
from posecheck.models import manifest


def test_the_default_is_our_own_pyramid() -> None:
    assert BACKENDS[0] == "onnx"
    assert isinstance(make_finder(BACKENDS[0], Team(1)), PyramidFinder)


def test_an_unknown_finder_is_refused_with_the_known_ones() -> None:
    with pytest.raises(BackendError, match="'openpose'") as caught:
        make_finder("openpose", Team(1))
    assert all(name in caught.value.remedy for name in BACKENDS)


def test_the_mediapipe_finder_is_asked_for_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mediapipe_backend, "version", lambda name: "0.10.99")
    with pytest.raises(BackendError, match=r"0\.10\.99"):
        make_finder("mediapipe", Team(1))


@pytest.mark.parametrize("backend", BACKENDS)
def test_every_finder_names_the_models_that_it_runs(backend: str) -> None:
    assert set(finder_models(backend)) <= set(manifest())
    assert "hand_landmark" in finder_models(backend)


def test_an_unknown_finder_has_no_models() -> None:
    with pytest.raises(BackendError, match="'openpose'"):
        finder_models("openpose")
