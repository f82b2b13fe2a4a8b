"""The mediapipe finder without mediapipe: versions, frames and silence, with a stand-in for it."""

from __future__ import annotations

import importlib
import os
import sys
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from posecheck.errors import BackendError, ModelError
from posecheck.hands import mediapipe_backend
from posecheck.hands.landmarks import LandmarkNetwork
from posecheck.hands.mediapipe_backend import (
    DETECTION,
    MOST_HANDS,
    PRESENCE,
    MediapipeFinder,
    check_version,
)
from posecheck.hands.types import FEATURES, Float, boxes_around
from posecheck.models import ModelFile, manifest, verified_bytes
from tests.hands.made import placed


def install(monkeypatch: pytest.MonkeyPatch, installed: str) -> None:
    monkeypatch.setattr(mediapipe_backend, "version", lambda name: installed)


@pytest.mark.parametrize("installed", ["0.10.31", "0.10.32", "0.10.33", "0.10.34", "0.10.33.post1"])
def test_versions_that_stay_offline_may_be_used(
    monkeypatch: pytest.MonkeyPatch, installed: str
) -> None:
    install(monkeypatch, installed)
    check_version()


@pytest.mark.parametrize(
    "installed", ["0.10.35", "0.10.35rc1", "0.10.40", "0.11.0", "1.0.1", "1.2", "2"]
)
def test_versions_that_contact_a_server_are_refused_before_they_are_imported(
    monkeypatch: pytest.MonkeyPatch, installed: str, landmark_network: LandmarkNetwork
) -> None:
    install(monkeypatch, installed)
    monkeypatch.setattr(importlib, "import_module", lambda name: pytest.fail(f"imported {name}"))
    with pytest.raises(BackendError, match=r"contacts a server") as caught:
        MediapipeFinder(landmark_network)
    assert installed in caught.value.message
    assert "pip install posecheck[mediapipe]" in caught.value.remedy


@pytest.mark.parametrize("installed", ["0.10.30", "0.10.21", "0.9.3.0", "0.10", "unknown"])
def test_versions_with_another_interface_are_refused(
    monkeypatch: pytest.MonkeyPatch, installed: str
) -> None:
    install(monkeypatch, installed)
    with pytest.raises(BackendError, match="too old") as caught:
        check_version()
    assert "pip install posecheck[mediapipe]" in caught.value.remedy


def test_without_mediapipe_the_remedy_is_the_line_that_installs_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(mediapipe_backend, "version", missing)
    with pytest.raises(BackendError, match="not installed") as caught:
        check_version()
    assert "pip install posecheck[mediapipe]" in caught.value.remedy


@dataclass
class StandIn:
    """What is used of mediapipe, answering with the hands that a test puts into `hands`."""

    hands: list[Float] = field(default_factory=list)
    size: tuple[int, int] = (1, 1)
    labels: list[tuple[str, float]] = field(default_factory=list)
    options: Any = None
    images: list[Any] = field(default_factory=list)
    audio: object = "not imported"
    fails_with: Exception | None = None
    closed: bool = False

    def module(self, name: str) -> Any:
        assert name == "mediapipe"
        self.audio = sys.modules.get("sounddevice", "may be imported")
        vision = SimpleNamespace(
            HandLandmarker=SimpleNamespace(create_from_options=self.create),
            HandLandmarkerOptions=lambda **options: SimpleNamespace(**options),
        )
        return SimpleNamespace(
            tasks=SimpleNamespace(
                vision=vision, BaseOptions=lambda **options: SimpleNamespace(**options)
            ),
            Image=lambda image_format, data: SimpleNamespace(format=image_format, data=data),
            ImageFormat=SimpleNamespace(SRGB="SRGB"),
        )

    def create(self, options: Any) -> StandIn:
        self.options = options
        os.write(2, b"native noise of loading\n")
        if self.fails_with:
            raise self.fails_with
        return self

    def detect(self, image: Any) -> Any:
        self.images.append(image)
        os.write(2, b"native noise of detecting\n")
        if self.fails_with:
            raise self.fails_with
        width, height = self.size

        def points(hand: Float, scale: tuple[float, float]) -> list[Any]:
            return [SimpleNamespace(x=x / scale[0], y=y / scale[1], z=0.5) for x, y in hand]

        return SimpleNamespace(
            hand_landmarks=[points(hand, (width, height)) for hand in self.hands],
            hand_world_landmarks=[points(hand, (1000, 1000)) for hand in self.hands],
            handedness=[
                [SimpleNamespace(category_name=name, score=score)] for name, score in self.labels
            ],
        )

    def close(self) -> None:
        self.closed = True

    __hash__ = object.__hash__


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> StandIn:
    package = StandIn()
    install(monkeypatch, "0.10.33")
    monkeypatch.setattr(importlib, "import_module", package.module)
    return package


PHOTO = np.full((300, 400, 3), 90, np.uint8)


def test_it_gets_our_verified_models(stand_in: StandIn, landmark_network: LandmarkNetwork) -> None:
    MediapipeFinder(landmark_network)
    bundle = stand_in.options.base_options.model_asset_buffer
    assert bundle == verified_bytes(manifest()["hand_landmarker"])
    assert stand_in.options.num_hands == MOST_HANDS
    assert stand_in.options.min_hand_detection_confidence == DETECTION
    assert stand_in.options.min_hand_presence_confidence == PRESENCE


def test_a_wrong_bundle_is_refused(
    stand_in: StandIn, landmark_network: LandmarkNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = manifest()["hand_landmarker"]
    wrong = ModelFile(real.name, real.path, "0" * 64, real.entry)
    monkeypatch.setattr(mediapipe_backend, "manifest", lambda: {"hand_landmarker": wrong})
    with pytest.raises(ModelError, match="not the one"):
        MediapipeFinder(landmark_network)
    assert stand_in.options is None


def test_its_hands_come_back_in_pixels(
    stand_in: StandIn, landmark_network: LandmarkNetwork
) -> None:
    stand_in.size = (400, 300)
    stand_in.hands = [placed((100, 150), 80)[0], placed((300, 140), 90, 0.5)[0]]
    stand_in.labels = [("Right", 0.9), ("Left", 0.7)]
    hands = MediapipeFinder(landmark_network).find(PHOTO)
    assert stand_in.images[0].format == "SRGB"
    assert (stand_in.images[0].data == PHOTO).all()
    np.testing.assert_allclose(hands.landmarks_xy, stand_in.hands, atol=1e-3)
    np.testing.assert_allclose(hands.boxes_xyxy, boxes_around(hands.landmarks_xy))
    expected = np.stack(stand_in.hands) / 1000
    np.testing.assert_allclose(hands.world_xyz[..., :2], expected, atol=1e-6)
    assert (hands.world_xyz[..., 2] == 0.5).all()
    assert hands.handedness.tolist() == pytest.approx([0.9, 0.3])
    # Ours: what gestures are read from, and whether there is a hand at all (here there is none).
    assert hands.features.shape == (2, 2, FEATURES)
    assert np.abs(hands.features).max() > 0
    assert (hands.presence < 0.5).all()
    assert all(array.dtype == np.float32 for array in vars(hands).values())


def test_a_photo_without_hands_has_none(
    stand_in: StandIn, landmark_network: LandmarkNetwork
) -> None:
    hands = MediapipeFinder(landmark_network).find(PHOTO[:, ::-1])
    assert len(hands) == 0
    assert hands.features.shape == (0, 2, FEATURES)
    assert stand_in.images[0].data.flags.c_contiguous


def test_the_smallest_hand_grows_with_the_photo(
    stand_in: StandIn, landmark_network: LandmarkNetwork
) -> None:
    finder = MediapipeFinder(landmark_network)
    assert finder.smallest_hand(192, 100) == pytest.approx(28)
    assert finder.smallest_hand(3000, 4000) == pytest.approx(28 * 4000 / 192)


def test_native_noise_stays_off_stderr_until_the_first_hand(
    stand_in: StandIn, landmark_network: LandmarkNetwork, capfd: pytest.CaptureFixture[str]
) -> None:
    finder = MediapipeFinder(landmark_network)
    finder.find(PHOTO)
    stand_in.size, stand_in.hands = (400, 300), [placed((100, 150), 80)[0]]
    stand_in.labels = [("Right", 0.9)]
    finder.find(PHOTO)
    assert capfd.readouterr().err == ""
    # It has said all it says; from here on other writers to stderr are left alone.
    finder.find(PHOTO)
    assert capfd.readouterr().err == "native noise of detecting\n"


def test_stderr_works_again_after_a_failure(
    stand_in: StandIn, landmark_network: LandmarkNetwork, capfd: pytest.CaptureFixture[str]
) -> None:
    stand_in.fails_with = RuntimeError("no such calculator")
    with pytest.raises(BackendError, match="no such calculator"):
        MediapipeFinder(landmark_network)
    os.write(2, b"heard")
    assert capfd.readouterr().err == "heard"


def test_no_sound_system_is_opened(
    stand_in: StandIn, landmark_network: LandmarkNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    MediapipeFinder(landmark_network)
    assert stand_in.audio is None  # what makes Python say that there is no such module
    assert "sounddevice" not in sys.modules


def test_a_missing_system_library_is_named_with_its_package(
    stand_in: StandIn, landmark_network: LandmarkNetwork
) -> None:
    stand_in.fails_with = OSError("libGLESv2.so.2: cannot open shared object file")
    with pytest.raises(BackendError, match=r"libGLESv2\.so\.2") as caught:
        MediapipeFinder(landmark_network)
    assert "libgles2" in caught.value.remedy


def test_a_photo_that_it_cannot_take_is_an_error(
    stand_in: StandIn, landmark_network: LandmarkNetwork
) -> None:
    finder = MediapipeFinder(landmark_network)
    stand_in.fails_with = ValueError("bad image")
    with pytest.raises(BackendError, match="bad image"):
        finder.find(PHOTO)


def test_landmarkers_are_closed_when_python_ends(
    stand_in: StandIn, landmark_network: LandmarkNetwork
) -> None:
    finder = MediapipeFinder(landmark_network)
    mediapipe_backend._close_landmarkers()
    assert stand_in.closed
    assert finder.smallest_hand(192, 192) > 0
