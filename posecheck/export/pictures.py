"""The stored small pictures, with the hands that are told boxed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from io import BytesIO
from typing import TYPE_CHECKING

from posecheck.casefile.types import CasePhoto
from posecheck.errors import CaseError
from posecheck.export.types import PictureOf
from posecheck.report.findings import findings_of
from posecheck.report.texts import Texts
from posecheck.results import HandResult, Level, PhotoResult
from posecheck.risk.formula import level_of

if TYPE_CHECKING:
    from PIL.Image import Image

PREVIEW = "preview"

LINE = 3
"""Width of a box in a thumbnail, in pixels."""

SMALLEST_BOX = 18.0
"""Side in pixels that a box in a thumbnail has at least: a distant hand is two or three."""

QUALITY = 82


@dataclass(frozen=True)
class Made:
    """A picture for an export.

    Attributes:
        jpeg: The file, without metadata.
        width: Pixels.
        height: Pixels.
    """

    jpeg: bytes
    width: int
    height: int


@dataclass(frozen=True)
class Sizes:
    """Pixels of a thumbnail.

    Attributes:
        photo: Longest side of the whole photo.
        hand: Longest side of the close-up beside it.
        gap: Between the two.
    """

    photo: int
    hand: int
    gap: int


def has_picture(photo: CasePhoto, kind: str = PREVIEW) -> bool:
    """Whether such a picture is stored."""
    return kind in photo.pictures


def close_up(index: int) -> str:
    """The kind of a hand's close-up."""
    return f"hand-{index}"


def told_hands(result: PhotoResult) -> list[int]:
    """Hands that are told, and the other hand of those that make a gesture together."""
    told: dict[int, None] = {}
    for i in findings_of(result).told:
        told[i] = None
        partner = result.hands[i].partner
        if partner is not None:
            told[partner] = None
    return list(told)


def thumbnail(photo: CasePhoto, picture_of: PictureOf, sizes: Sizes) -> Made | None:
    """The photo with boxes, beside it the riskiest told hand: None without a preview.

    Raises:
        CaseError: A stored picture is damaged.
    """
    from PIL import Image

    whole = _stored(photo, picture_of, PREVIEW, sizes.photo)
    if whole is None:
        return None
    whole.thumbnail((sizes.photo, sizes.photo))
    _box_hands(whole, photo.result)
    hand = None
    for index in findings_of(photo.result).told[:1]:
        hand = _stored(photo, picture_of, close_up(index), sizes.hand)
    if hand is not None:
        hand.thumbnail((sizes.hand, sizes.hand))
        size = (whole.width + sizes.gap + hand.width, max(whole.height, hand.height))
        both = Image.new("RGB", size, (255, 255, 255))
        both.paste(whole, (0, 0))
        both.paste(hand, (whole.width + sizes.gap, 0))
        whole = both
    return _made(whole)


def labelled(photo: CasePhoto, picture_of: PictureOf, say: Texts) -> Made | None:
    """The preview with boxes and labels; None without a preview.

    Raises:
        CaseError: The stored picture is damaged.
    """
    import numpy as np

    from posecheck.report.drawing import draw

    whole = _stored(photo, picture_of, PREVIEW)
    if whole is None:
        return None
    return _made(draw(np.asarray(whole), scaled(photo.result, *whole.size), say))


def hand_picture(photo: CasePhoto, picture_of: PictureOf, index: int) -> Made | None:
    """The stored close-up of a hand; None without one.

    Raises:
        CaseError: The stored picture is damaged.
    """
    picture = _stored(photo, picture_of, close_up(index))
    return None if picture is None else _made(picture)


def scaled(result: PhotoResult, width: int, height: int) -> PhotoResult:
    """The result with its hands where they are in a copy of the photo of that size."""
    import numpy as np

    if not (result.width and result.height):
        return result
    x, y = width / result.width, height / result.height
    box, point = np.array([x, y, x, y], np.float32), np.array([x, y], np.float32)
    hands = [
        replace(hand, box_xyxy=hand.box_xyxy * box, landmarks_xy=hand.landmarks_xy * point)
        for hand in result.hands
    ]
    return replace(result, width=width, height=height, hands=tuple(hands))


def colour_of(hand: HandResult) -> tuple[int, int, int]:
    """The colour that pictures give the hand's box."""
    from posecheck.report.drawing import COLOURS, UNCLEAR

    level = level_of(hand.risk)
    return UNCLEAR if hand.unclear and level.rank < Level.MEDIUM.rank else COLOURS[level]


def _box_hands(image: Image, result: PhotoResult) -> None:
    """Draw boxes that can be seen in a thumbnail, the riskiest hand's last."""
    from PIL import ImageDraw

    canvas = ImageDraw.Draw(image)
    small = scaled(result, *image.size)
    for i in reversed(told_hands(result)):
        x0, y0, x1, y1 = (float(v) for v in small.hands[i].box_xyxy)
        x_pad = max(0.0, SMALLEST_BOX - abs(x1 - x0)) / 2 + LINE
        y_pad = max(0.0, SMALLEST_BOX - abs(y1 - y0)) / 2 + LINE
        box = (min(x0, x1) - x_pad, min(y0, y1) - y_pad, max(x0, x1) + x_pad, max(y0, y1) + y_pad)
        canvas.rectangle(box, outline=colour_of(result.hands[i]), width=LINE)


def _stored(photo: CasePhoto, picture_of: PictureOf, kind: str, at_least: int = 0) -> Image | None:
    """A stored picture, decoded at a smaller scale where one is enough."""
    from PIL import Image

    data = picture_of(photo.result.sha256, kind) if has_picture(photo, kind) else None
    if data is None:
        return None
    try:
        image = Image.open(BytesIO(data), formats=["JPEG"])
        if at_least:
            image.draft("RGB", (at_least, at_least))
        made = image.convert("RGB")
        # Pillow would carry a comment, which may say anything, over to what is saved.
        made.info.clear()
        return made
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise CaseError(
            f"the stored picture {kind} of {photo.result.sha256[:12]} is damaged: {error}",
            "Check the photo again, so that the picture is made again.",
        ) from error


def _made(image: Image) -> Made:
    file = BytesIO()
    image.save(file, "JPEG", quality=QUALITY)
    return Made(file.getvalue(), image.width, image.height)
