"""Every face is found, at every size and in a crowd; which other things are matters less."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from posecheck.faces.detector import FaceFinder, Faces, least_scores
from posecheck.hands.nms import iou_matrix
from posecheck.hands.types import Float, Rgb

DRAWN_FACES: Float = np.array(
    [
        [255, 83, 323, 151],
        [379, 257, 450, 327],
        [601, 101, 673, 173],
        [765, 252, 836, 324],
        [943, 114, 1004, 175],
        [1152, 239, 1218, 305],
        [1285, 63, 1356, 134],
    ],
    np.float32,
)
"""Where the faces of samples/group.jpg are."""


def missed(faces: Float, found: Float) -> int:
    return int((~(iou_matrix(faces, found) > 0.3).any(axis=1)).sum())


def shrunk(rgb: Rgb, zoom: float) -> Rgb:
    small = cv2.resize(rgb, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)


def test_the_faces_of_a_group_are_found_and_are_the_surest(
    finder: FaceFinder, drawn_group: Rgb
) -> None:
    faces = finder.search(drawn_group)
    assert faces.boxes_xyxy.dtype == np.float32
    assert (np.diff(faces.scores) <= 0).all()
    assert missed(DRAWN_FACES, faces.boxes_xyxy[: len(DRAWN_FACES)]) == 0
    np.testing.assert_array_equal(finder.find(drawn_group), faces.boxes_xyxy)


@pytest.mark.parametrize("pixels", [16, 24, 40])
def test_small_faces_are_found(finder: FaceFinder, drawn_group: Rgb, pixels: int) -> None:
    zoom = pixels / 70
    assert missed(DRAWN_FACES * zoom, finder.find(shrunk(drawn_group, zoom))) == 0


def test_a_face_as_large_as_the_picture_is_found(finder: FaceFinder, drawn_group: Rgb) -> None:
    face = cv2.resize(drawn_group[215:370, 725:880], (900, 900), interpolation=cv2.INTER_CUBIC)
    box = np.array([[232, 215, 644, 633]], np.float32)
    assert missed(box, finder.find(np.asarray(face, np.uint8))) == 0


def test_a_crowd_is_found_whole(finder: FaceFinder, drawn_group: Rgb) -> None:
    """The network falls silent when it is shown many faces at once."""
    heads = [
        drawn_group[round(y0) - 30 : round(y0) + 110, round(x0) - 35 : round(x0) + 105]
        for x0, y0, _, _ in DRAWN_FACES
    ]
    tiles = [shrunk(head, 36 / 140) for head in heads]
    rows = [np.concatenate([tiles[(i + j) % 7] for i in range(14)], axis=1) for j in range(10)]
    crowd = np.concatenate(rows)
    corners = np.array([(36 * i, 36 * j) for j in range(10) for i in range(14)], np.float32)
    faces = np.concatenate([corners + 9, corners + 26.5], axis=1).astype(np.float32)
    assert missed(faces, finder.find(crowd)) <= 7  # of 140


@pytest.mark.parametrize("shape", [(1, 1), (7, 300), (129, 65)])
def test_pictures_of_any_shape_are_searched(finder: FaceFinder, shape: tuple[int, int]) -> None:
    faces = finder.search(np.full((*shape, 3), 128, np.uint8))
    assert isinstance(faces, Faces)
    assert faces.boxes_xyxy.shape == (0, 4)
    assert len(faces) == 0


def test_large_faces_must_be_surer() -> None:
    sides = np.array([5, 32, 50, 96, 900], np.float32)
    boxes = np.stack([0 * sides, 0 * sides, sides, sides], axis=1)
    least = least_scores(boxes)
    np.testing.assert_allclose(least[[0, 1, 3, 4]], [0.35, 0.35, 0.5, 0.5], atol=1e-6)
    assert 0.35 < least[2] < 0.5
