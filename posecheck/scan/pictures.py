"""Small pictures of photos that resemble something: the photo and its hands, faces blurred.

They are all that is kept of a photo in the case file, and all that leaves it.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

import cv2
import numpy as np
from PIL import Image

from posecheck.faces.blur import blur_faces
from posecheck.faces.detector import FaceFinder, Faces
from posecheck.faces.outline import coverage, hand_outline
from posecheck.hands.types import Float, Rgb
from posecheck.report.findings import findings_of
from posecheck.results import HandResult, Level, PhotoResult, Status
from posecheck.scan.engine import Picture

PREVIEW_SIDE = 1280
"""Longest side of a preview in pixels."""

HAND_SIDE = 320
"""Longest side of a close-up in pixels."""

LARGEST_ZOOM = 4.0
"""A close-up is never enlarged more: a small hand does not become clearer."""

MARGIN = 1.8
"""Side of a close-up over the hand's: the arm and what is behind it help to judge."""

MOST_HANDS = 12
"""Close-ups of one photo."""

QUALITY = 80

NEAR, SMALL_HAND = 3.0, 100.0
"""Side of the square around a hand that is searched for faces once more, over the hand's; and the
size in pixels of hands where the faces near them are large enough to be found without."""

CERTAIN_FACE, HIDDEN = 0.75, 0.5
"""What the detector takes for a face with this score, though a hand would hide this share of it,
is one: then there is no hand."""

DOUBTFUL_FACE, ON_HAND, PART_OF_HAND = 0.6, 0.6, 0.7
"""What has a smaller score than this, lies on a hand with this share of its area and is smaller
than this share of the hand is a part of the hand: a palm or a fist looks a little like a face."""


def make_pictures(rgb: Rgb, result: PhotoResult, finder: FaceFinder) -> tuple[Picture, ...]:
    """The pictures of one photo.

    The same photo gives the same bytes.

    Args:
        rgb: uint8 (H, W, 3), the oriented photo.
        result: What the check said of it.
        finder: Finds the faces to blur.

    Returns:
        "preview" and a "hand-N" for each hand told and its partner, N being its index in
        `result.hands`, riskiest first, at most 12; nothing of a photo that was not checked or
        that resembles nothing.
    """
    if result.status is not Status.CHECKED or result.level in (None, Level.NONE):
        return ()
    shown = hands_shown(result)
    hands = [result.hands[i] for i in shown]
    faces = find_faces(rgb, hands[:MOST_HANDS], finder)
    kept, boxes = kept_sharp(hands, faces)
    blurred = blur_faces(rgb, boxes, kept)
    return (
        Picture("preview", to_jpeg(fit(blurred, PREVIEW_SIDE, largest_zoom=1.0))),
        *(
            Picture(f"hand-{i}", to_jpeg(close_up(blurred, hand.box_xyxy)))
            for i, hand in zip(shown[:MOST_HANDS], hands, strict=False)
        ),
    )


def hands_shown(result: PhotoResult) -> list[int]:
    """Indices of the hands told and of their partners, in the order they are told."""
    shown: dict[int, None] = {}
    for i in findings_of(result).told:
        partner = result.hands[i].partner
        shown.update(dict.fromkeys([i] if partner is None else [i, partner]))
    return list(shown)


def find_faces(rgb: Rgb, hands: Sequence[HandResult], finder: FaceFinder) -> Faces:
    """Faces of the whole photo, and small ones near hands that are shown enlarged.

    A large photo is shrunk for the search; the faces lost by that are too small to be recognised
    in the preview, but not in a close-up.
    """
    found = [finder.search(rgb)]
    if max(rgb.shape[:2]) > finder.settings.largest_side:
        for hand in hands:
            if hand.size > SMALL_HAND:
                continue
            x0, y0, x1, y1 = square_around(hand.box_xyxy, NEAR)
            x0, y0 = max(0, x0), max(0, y0)
            near = rgb[y0 : max(y0, y1), x0 : max(x0, x1)]
            if near.size:
                some = finder.search(near)
                offset = np.array([x0, y0, x0, y0], np.float32)
                found.append(Faces(some.boxes_xyxy + offset, some.scores))
    return Faces(
        np.concatenate([faces.boxes_xyxy for faces in found]),
        np.concatenate([faces.scores for faces in found]),
    )


def kept_sharp(hands: Sequence[HandResult], faces: Faces) -> tuple[list[Float], Float]:
    """Tell hands from faces where both were found in one place.

    Returns:
        Outlines of the hands that stay sharp before a blurred face.  A hand that lies on a face
        which is plain to see through it is none, and keeping it would show the face.
        Boxes (N, 4) of what is blurred: all but parts of hands.
    """
    kept: list[Float] = []
    is_face = np.ones(len(faces), bool)
    for hand in hands:
        outline = hand_outline(hand.landmarks_xy)
        covered = np.array([coverage(box, outline) for box in faces.boxes_xyxy])
        if (covered[faces.scores >= CERTAIN_FACE] >= HIDDEN).any():
            continue
        kept.extend(outline)
        sides = (faces.boxes_xyxy[:, 2:] - faces.boxes_xyxy[:, :2]).max(axis=1, initial=0)
        small = sides < PART_OF_HAND * hand.size
        is_face &= ~((covered >= ON_HAND) & small & (faces.scores < DOUBTFUL_FACE))
    return kept, faces.boxes_xyxy[is_face]


def close_up(rgb: Rgb, box_xyxy: Float) -> Rgb:
    """A square around a hand's box (4,) with a margin; black beyond the photo's edges.

    Near an edge the square is moved before anything black is shown.
    """
    height, width = rgb.shape[:2]
    x0, y0, x1, _ = square_around(box_xyxy, MARGIN)
    side = x1 - x0
    x0 = _moved_inside(x0, side, width)
    y0 = _moved_inside(y0, side, height)
    square = np.zeros((side, side, 3), np.uint8)
    top, left = max(0, y0), max(0, x0)
    part = rgb[top : max(top, y0 + side), left : max(left, x0 + side)]
    square[top - y0 : top - y0 + part.shape[0], left - x0 : left - x0 + part.shape[1]] = part
    return fit(square, HAND_SIDE, LARGEST_ZOOM)


def square_around(box_xyxy: Float, scale: float) -> tuple[int, int, int, int]:
    """The square of whole pixels around a box (4,), its side `scale` times the longer side."""
    x0, y0, x1, y1 = (float(v) for v in box_xyxy)
    side = max(1, round(scale * max(x1 - x0, y1 - y0)))
    left, top = round((x0 + x1 - side) / 2), round((y0 + y1 - side) / 2)
    return left, top, left + side, top + side


def fit(rgb: Rgb, side: int, largest_zoom: float) -> Rgb:
    """`rgb` resized so that its longer side is `side`, but not enlarged by more than allowed."""
    zoom = min(side / max(rgb.shape[:2]), largest_zoom)
    if zoom == 1:
        return rgb
    size = (max(1, round(rgb.shape[1] * zoom)), max(1, round(rgb.shape[0] * zoom)))
    method = cv2.INTER_AREA if zoom < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(rgb, size, interpolation=method), np.uint8)


def to_jpeg(rgb: Rgb) -> bytes:
    """A JPEG file without metadata."""
    file = io.BytesIO()
    Image.fromarray(rgb).save(file, "JPEG", quality=QUALITY)
    return file.getvalue()


def _moved_inside(start: int, length: int, limit: int) -> int:
    """Where a stretch must start to lie between 0 and `limit`; centred where it is longer."""
    if length >= limit:
        return (limit - length) // 2
    return min(max(start, 0), limit - length)
