"""The small pictures: there where something is told, with faces blurred and hands sharp."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from posecheck.checker import Checker
from posecheck.faces.detector import SETTINGS, FaceFinder, Faces
from posecheck.hands.nms import iou_matrix
from posecheck.hands.types import Rgb
from posecheck.opening import open_photo
from posecheck.results import HandResult, PhotoResult
from posecheck.scan.pictures import HAND_SIDE, PREVIEW_SIDE, close_up, make_pictures
from tests.hands.made import placed
from tests.report import photos


class FakeFinder(FaceFinder):
    """Finds what a test wants it to, and notes the shapes that it was shown."""

    def __init__(self, *boxes: tuple[float, float, float, float], score: float = 0.7) -> None:
        self.settings = SETTINGS
        self.shapes: list[tuple[int, ...]] = []
        self._boxes = np.array(boxes, np.float32).reshape(-1, 4)
        self._score = score

    def search(self, rgb: Rgb) -> Faces:
        self.shapes.append(rgb.shape)
        return Faces(self._boxes, np.full(len(self._boxes), self._score, np.float32))


def noise(height: int = 1200, width: int = 1600) -> Rgb:
    small = np.random.default_rng(0).integers(0, 256, (height // 8, width // 8, 3), np.uint8)
    return small.repeat(8, 0).repeat(8, 1)


def decoded(jpeg: bytes) -> Rgb:
    return np.asarray(Image.open(io.BytesIO(jpeg)).convert("RGB"))


def peace_at(x: float, y: float, size: float = 100) -> HandResult:
    (landmarks,) = placed((x, y), size)
    half = size / 2
    hand = photos.peace((x - half, y - half, x + half, y + half))
    return replace(hand, landmarks_xy=landmarks)


def flagged(*hands: HandResult) -> PhotoResult:
    return replace(photos.group(), hands=hands)


@pytest.mark.parametrize(
    "result", [photos.clean(), photos.faint(), photos.unread(), photos.unchecked()]
)
def test_what_resembles_nothing_has_no_pictures(result: PhotoResult) -> None:
    finder = FakeFinder()
    assert make_pictures(noise(), result, finder) == ()
    assert finder.shapes == []


@pytest.mark.parametrize(
    ("result", "kinds"),
    [
        (photos.group(), ["hand-0", "hand-1"]),
        (photos.heart(), ["hand-0", "hand-1"]),
        (photos.doubtful(), ["hand-0"]),
        (photos.stage(), [f"hand-{i}" for i in range(12)]),
    ],
)
def test_there_is_a_preview_and_a_close_up_of_each_hand_told(
    result: PhotoResult, kinds: list[str]
) -> None:
    pictures = make_pictures(noise(), result, FakeFinder())
    assert [picture.kind for picture in pictures] == ["preview", *kinds]


@pytest.mark.parametrize(
    ("shape", "size"),
    [((1200, 1600), (1280, 960)), ((400, 300), (300, 400)), ((3000, 20), (9, 1280))],
)
def test_a_preview_is_at_most_1280_pixels_long(
    shape: tuple[int, int], size: tuple[int, int]
) -> None:
    rgb = np.zeros((*shape, 3), np.uint8)
    preview, *_ = make_pictures(rgb, flagged(peace_at(5, 5, 8)), FakeFinder())
    assert Image.open(io.BytesIO(preview.jpeg)).size == size
    assert max(size) <= PREVIEW_SIDE


def test_pictures_are_plain_jpeg_files_and_always_the_same() -> None:
    rgb, result = noise(), photos.group()
    finder = FakeFinder((300, 300, 400, 400))
    pictures = make_pictures(rgb, result, finder)
    assert pictures == make_pictures(rgb, result, finder)
    for picture in pictures:
        image = Image.open(io.BytesIO(picture.jpeg))
        assert image.format == "JPEG"
        assert set(image.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert not image.getexif()


def test_faces_are_blurred_in_both_and_the_hand_before_one_is_not() -> None:
    rgb = noise()
    hand = peace_at(800, 640, 200)
    result = flagged(hand)
    sharp = make_pictures(rgb, result, FakeFinder())
    blurred = make_pictures(rgb, result, FakeFinder((700, 450, 900, 650)))
    x, y = hand.landmarks_xy.T
    for plain, changed, zoom, corner in (
        (sharp[0], blurred[0], 0.8, (0, 0)),
        (sharp[1], blurred[1], HAND_SIDE / 360, (620, 460)),
    ):
        difference = np.abs(decoded(plain.jpeg).astype(int) - decoded(changed.jpeg)).mean(axis=2)
        row, column = int((500 - corner[1]) * zoom), int((730 - corner[0]) * zoom)
        assert difference[row - 5 : row + 5, column - 5 : column + 5].mean() > 25
        at = ((y - corner[1]) * zoom).astype(int), ((x - corner[0]) * zoom).astype(int)
        # JPEG smears a little over the edge of a finger.
        assert np.median(difference[at]) < 10


def test_a_part_of_a_hand_that_looks_like_a_face_is_not_blurred() -> None:
    rgb, hand = noise(), peace_at(800, 640, 200)
    x, y = hand.landmarks_xy[[0, 5, 9, 13, 17]].mean(axis=0)
    palm = (x - 30, y - 30, x + 30, y + 30)
    result = flagged(hand)
    assert make_pictures(rgb, result, FakeFinder(palm, score=0.5)) == make_pictures(
        rgb, result, FakeFinder()
    )


def test_a_hand_that_lies_on_a_certain_face_does_not_show_it() -> None:
    rgb, hand = noise(), peace_at(800, 640, 200)
    x, y = hand.landmarks_xy[[0, 5, 9, 13, 17]].mean(axis=0)
    face = (x - 40, y - 40, x + 40, y + 40)
    result = flagged(hand)
    sharp = decoded(make_pictures(rgb, result, FakeFinder())[0].jpeg).astype(int)
    blurred = decoded(make_pictures(rgb, result, FakeFinder(face, score=0.9))[0].jpeg)
    row, column = int(y * 0.8), int(x * 0.8)
    part = np.s_[row - 12 : row + 12, column - 12 : column + 12]
    assert np.abs(sharp - blurred)[part].mean() > 25


def test_small_hands_of_a_large_photo_are_searched_around_once_more() -> None:
    hands = (peace_at(500, 500, 40), peace_at(2000, 1000, 400))
    finder = FakeFinder()
    make_pictures(noise(2000, 3000), flagged(*hands), finder)
    assert finder.shapes == [(2000, 3000, 3), (120, 120, 3)]


@pytest.mark.parametrize(
    ("box", "side"),
    [
        ((100, 100, 200, 150), 320),  # shown at 1.8 times 100 pixels, enlarged
        ((0, 0, 10, 10), 72),  # enlarged no more than four times
        ((100, 50, 900, 700), 320),
    ],
)
def test_close_ups_are_square(box: tuple[float, ...], side: int) -> None:
    assert close_up(noise(800, 1000), np.array(box, np.float32)).shape == (side, side, 3)


def test_a_close_up_at_the_edge_is_moved_inside() -> None:
    rgb = np.full((400, 600, 3), 200, np.uint8)
    corner = close_up(rgb, np.array([560, 360, 600, 400], np.float32))
    assert (corner == 200).all()
    beyond = close_up(rgb, np.array([100, 0, 500, 400], np.float32))
    assert (beyond == 0).any()
    assert (beyond[160] == 200).mean() > 0.8


def test_nobody_can_be_told_in_the_pictures_of_a_group(repository: Path) -> None:
    photo = repository / "samples" / "group.jpg"
    finder = FaceFinder(threads=1)
    rgb = np.asarray(open_photo(photo).rgb, np.uint8)
    result = Checker(threads=1).check(photo)
    before = finder.search(rgb)
    pictures = make_pictures(rgb, result, finder)
    assert len(pictures) >= 3
    after = finder.search(decoded(pictures[0].jpeg))
    faces = before.boxes_xyxy[before.scores > 0.75] * np.float32(1280 / 1600)
    assert len(faces) == 7
    still = after.boxes_xyxy[after.scores > 0.6]
    assert not (iou_matrix(faces, still) > 0.3).any()
