"""The whole pipeline, on the pictures that ship with the repository."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFilter

import posecheck
from posecheck.checker import Checker, status_of
from posecheck.errors import (
    BackendError,
    PhotoTooLargeError,
    UnreadablePhotoError,
    UnsupportedPhotoError,
)
from posecheck.gesture.classifier import CLASSES
from posecheck.gesture.legible import LEGIBLE
from posecheck.hands.nms import landmark_distance
from posecheck.opening import Limits
from posecheck.results import Level, PhotoResult, Status
from posecheck.risk.contest import load_contest
from posecheck.risk.formula import UNCLEAR_BELOW
from posecheck.risk.rules import load_rules
from tests.runtime.made import needs_openvino

SAMPLES = Path(__file__).parent.parent / "samples"
PHOTOS = sorted(SAMPLES.glob("*.jpg"))
SINGLE = SAMPLES / "peace.jpg"
THUMB = SAMPLES / "thumb_up.jpg"
GROUP = SAMPLES / "group.jpg"


@pytest.fixture(scope="module")
def checker() -> Checker:
    return Checker(threads=1)


def seen(result: PhotoResult) -> list[tuple[str, str]]:
    """What a person reads: gestures that matter, and the level."""
    return sorted((h.gesture, h.rule.value) for h in result.hands if h.risk >= 20)


def as_file(image: Image.Image, form: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()


@pytest.mark.parametrize("photo", [SINGLE, GROUP], ids=lambda p: p.stem)
def test_the_same_photo_gives_the_same_answer_twice(checker: Checker, photo: Path) -> None:
    first, second = checker.check(photo), checker.check(photo)
    assert first.risk == second.risk
    assert len(first.hands) == len(second.hands)
    for a, b in zip(first.hands, second.hands, strict=True):
        assert (a.gesture, a.probability) == (b.gesture, b.probability)
        np.testing.assert_array_equal(a.box_xyxy, b.box_xyxy)


@pytest.mark.parametrize("photo", PHOTOS, ids=lambda p: p.stem)
def test_a_mirrored_photo_says_the_same(checker: Checker, photo: Path) -> None:
    image = Image.open(photo)
    plain = checker.check(image)
    mirrored = checker.check(image.transpose(Image.Transpose.FLIP_LEFT_RIGHT))
    assert mirrored.level == plain.level
    assert seen(mirrored) == seen(plain)


@pytest.mark.parametrize("photo", [SINGLE, THUMB], ids=lambda p: p.stem)
def test_lossless_formats_and_orientations_say_the_same(checker: Checker, photo: Path) -> None:
    image = Image.open(photo).convert("RGB")
    plain = checker.check(np.asarray(image))
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright: rotate by 90 degrees clockwise to show
    sideways = image.transpose(Image.Transpose.ROTATE_90)
    for content in (
        as_file(image, "PNG"),
        as_file(image, "BMP"),
        as_file(image, "WEBP", lossless=True),
        as_file(sideways, "PNG", exif=exif),
    ):
        result = checker.check(content)
        assert (result.risk, result.level) == (plain.risk, plain.level)
        assert (result.width, result.height) == image.size
        assert [h.gesture for h in result.hands] == [h.gesture for h in plain.hands]


def test_a_hand_has_as_many_pixels_as_can_be_seen(checker: Checker) -> None:
    half = Image.open(SINGLE).convert("RGB").reduce(2)
    sharp = checker.check(half).hands[0]
    assert LEGIBLE < sharp.effective_size <= sharp.size
    enlarged = checker.check(half.resize((800, 800), Image.Resampling.BICUBIC)).hands[0]
    assert enlarged.size > 1.8 * sharp.size
    assert enlarged.effective_size == pytest.approx(sharp.effective_size, rel=0.25)
    blurred = checker.check(half.filter(ImageFilter.GaussianBlur(4)))
    assert blurred.hands
    for hand in blurred.hands:
        assert hand.effective_size < LEGIBLE < hand.size
        # What is read for certain all the same can be told.
        if hand.probability >= UNCLEAR_BELOW:
            assert not hand.unclear


def test_an_unlikely_reading_of_a_blurred_hand_is_unclear(
    checker: Checker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The network is made to waver, and the rest of the pipeline is as it is."""
    classes = np.zeros((1, len(CLASSES)), np.float32)
    classes[0, [CLASSES.index("none"), CLASSES.index("peace")]] = 0.65, 0.35
    reader = checker._reader
    monkeypatch.setattr(reader, "_classifier", lambda hands, *_: classes.repeat(len(hands), 0))
    half = Image.open(SINGLE).convert("RGB").reduce(2)
    hand = checker.check(half).hands[0]
    assert (hand.unclear, hand.risk) == (False, 35.0)
    result = checker.check(half.filter(ImageFilter.GaussianBlur(4)))
    hand = result.hands[0]
    assert (hand.unclear, hand.gesture, hand.risk) == (True, "none", 45.5)
    assert (result.risk, result.level) == (45.5, Level.LOW)


def test_every_way_to_give_a_photo_says_the_same(checker: Checker) -> None:
    content = SINGLE.read_bytes()
    results = [
        checker.check(SINGLE),
        checker.check(str(SINGLE)),
        checker.check(content),
        checker.check(io.BytesIO(content)),
        checker.check(Image.open(SINGLE)),
    ]
    assert {r.risk for r in results} == {results[0].risk}
    assert {r.sha256 for r in results[:4]} == {results[0].sha256}


def test_a_photo_turned_upside_down_keeps_everything_but_thumbs(checker: Checker) -> None:
    turned = checker.check(Image.open(SINGLE).transpose(Image.Transpose.ROTATE_180))
    assert turned.hands[0].gesture == "peace"
    thumb = checker.check(Image.open(THUMB).transpose(Image.Transpose.ROTATE_180))
    assert thumb.hands[0].gesture == "thumb_down"


def test_a_result_says_what_it_was_made_with(checker: Checker) -> None:
    result = checker.check(SINGLE)
    assert result.status is Status.CHECKED
    assert {name for name, _ in result.models} >= {"palm_detection", "hand_landmark", "gesture"}
    assert (result.contest, result.rules) == ("generic", "strict")
    assert result.smallest_hand > 0
    assert result.elapsed_ms > 0
    hand = result.hands[0]
    assert hand.numbers == (2,)
    width, height = result.width, result.height
    assert hand.landmarks_xy.shape == (21, 2)
    assert (hand.landmarks_xy > -20).all()
    assert (hand.landmarks_xy < np.array([width + 20, height + 20])).all()
    assert sum(p for _, p in hand.alternatives) + hand.probability <= 1.0001


def test_one_hand_is_reported_once(checker: Checker) -> None:
    hands = checker.check(GROUP).hands
    landmarks = np.stack([hand.landmarks_xy for hand in hands])
    apart = landmark_distance(landmarks) + np.eye(len(hands))
    assert len(hands) >= 8
    assert apart.min() > 0.25  # folded hands overlap, but joint by joint they are elsewhere


def test_the_contest_and_the_rules_decide_what_a_gesture_means() -> None:
    result = Checker(contest=load_contest("pemilu-2024"), rules=load_rules("bkn"), threads=1).check(
        SINGLE
    )
    assert (result.contest, result.rules) == ("pemilu-2024", "bkn")
    assert result.hands[0].numbers == (2,)


def test_a_photo_without_a_hand_is_checked_and_clean(checker: Checker) -> None:
    grey = np.full((300, 400, 3), 128, np.uint8)
    result = checker.check(grey)
    assert (result.status, result.risk, result.hands) == (Status.CHECKED, 0.0, ())


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", Status.UNREADABLE),
        (b"this is no picture", Status.UNSUPPORTED),
        (SINGLE.read_bytes()[:3000] if SINGLE.exists() else b"\xff\xd8", Status.UNREADABLE),
    ],
    ids=["empty", "text", "cut short"],
)
def test_what_cannot_be_read_is_never_clean(
    checker: Checker, content: bytes, status: Status
) -> None:
    result = checker.check(content)
    assert result.status is status
    assert result.risk is None
    assert result.level is None
    assert result.reason


def test_limits_are_kept() -> None:
    result = Checker(limits=Limits(max_pixels=10_000), threads=1).check(SINGLE)
    assert result.status is Status.TOO_LARGE


def test_a_fault_in_the_pipeline_is_told_and_ends_no_batch(
    checker: Checker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: object) -> None:
        raise RuntimeError("no memory left")

    monkeypatch.setattr(checker._finder, "find", broken)
    result = checker.check(SINGLE)
    assert result.status is Status.ERROR
    assert "no memory left" in result.reason
    assert result.level is None


def test_a_wrong_kind_of_argument_is_the_callers_error(checker: Checker) -> None:
    with pytest.raises(TypeError):
        checker.check(3.5)  # type: ignore[arg-type]


def test_an_unknown_backend_is_refused() -> None:
    with pytest.raises(BackendError) as caught:
        Checker(backend="magic")
    assert "onnx" in caught.value.remedy


@needs_openvino
@pytest.mark.parametrize("photo", [SINGLE, GROUP], ids=lambda p: p.stem)
def test_openvino_reads_what_onnxruntime_reads(checker: Checker, photo: Path) -> None:
    other = Checker(threads=1, runtime="openvino")
    assert (checker.runtime, other.runtime) == ("onnxruntime", "openvino")
    assert "palm_detection_prelu" in dict(other.models)
    one, two = checker.check(photo), other.check(photo)
    assert two.risk == pytest.approx(one.risk, abs=0.11)  # told to one decimal
    assert two.level == one.level
    assert [hand.gesture for hand in two.hands] == [hand.gesture for hand in one.hands]
    for ours, theirs in zip(one.hands, two.hands, strict=True):
        np.testing.assert_allclose(theirs.box_xyxy, ours.box_xyxy, atol=0.1)
        assert theirs.probability == pytest.approx(ours.probability, abs=1e-3)


def test_an_unknown_runtime_is_refused() -> None:
    with pytest.raises(BackendError) as caught:
        Checker(runtime="magic")
    assert "openvino" in caught.value.remedy


def test_every_photo_error_has_its_status() -> None:
    assert status_of(UnsupportedPhotoError("")) is Status.UNSUPPORTED
    assert status_of(PhotoTooLargeError("")) is Status.TOO_LARGE
    assert status_of(UnreadablePhotoError("")) is Status.UNREADABLE


def test_check_is_the_short_way(checker: Checker) -> None:
    assert posecheck.check(SINGLE, threads=1).risk == checker.check(SINGLE).risk
