"""How many pixels a hand really has, and whether they are enough to read it.

A hand of 60 pixels that is out of focus, or was enlarged, shows no more than a sharp one of 20.
The width of its edges says how much is lost: where an edge is sharp, blurring it once more
changes it a lot; where it is blurred already, hardly (Zhuo & Sim 2011, "Defocus map estimation
from a single image").  Only the strongest edges of the box count, which are mostly the outline:
a glove without any texture is not blurred.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from posecheck.hands.types import Float, Rgb

LEGIBLE = 24.0
"""Effective pixels from which a hand can be read.  Of the sure signs in group photos, read by
networks that had not seen the source, 5 of 19 were read right below 24, 31 of 46 from 24 to 32
and 424 of 478 above (train and dev together; measured before gesture.onnx was last trained)."""

SHARP = 0.65
"""Width in pixels (sigma) of the edges of a sharp hand: what hands shrunk to 24-80 pixels have."""

REBLUR = 1.0
"""Sigma in pixels of the blur that the edges are tested with."""

EDGES = 0.1
"""Share of the pixels in a box that are taken for edges: the strongest after `REBLUR`."""

PLAIN = 0.4
"""Share of the pixels that are taken for plain: what changes there is noise, and is subtracted."""

LEAST_CONTRAST = 1.0
"""Squared grey levels (of 255) a pixel: edges weaker than this say nothing of their width."""

MEASURED = 64.0
"""A longer hand is shrunk to this first; it is measured in the same time as a small one, and how
much more than this it has is of no use."""


def effective_sizes(rgb: Rgb, boxes_xyxy: Float) -> Float:
    """Pixels that each hand really has: its longer side over how much it is blurred or enlarged.

    Tried on 300 hands of photos that were shrunk to 20-80 pixels, so that their true size was
    known.  The median, and where two thirds of the answers are, as shares of the truth:

    * left as they are: 0.96 (0.80 to 1.00), with noise of 8 grey levels or as JPEG of quality
      60 much the same: 0.97 and 0.89;
    * enlarged 1.5 to 4 times: 0.91 to 1.07 (0.73 to 1.26);
    * blurred by a sigma of 1, 2 and 3 pixels: divided by 1.8, 2.9 and 4.2, and read as well as a
      sharp hand of that many pixels, down to about 14;
    * moved by 5 and 9 pixels while the photo was taken: divided by 1.5 and 1.7, since edges
      along the movement stay sharp.

    A box without contrast is taken for sharp.  The same hand mirrored or turned by a quarter has
    the same size, up to rounding.

    Args:
        rgb: uint8 (H, W, 3), the photo.
        boxes_xyxy: (N, 4), boxes around whole hands in its pixels; may reach over its edges.

    Returns:
        float32 (N,), never more than the longer side of the box, nor than `MEASURED`.
    """
    sizes = box_sizes(boxes_xyxy)
    blurs = [_blur(rgb, box) for box in boxes_xyxy]
    return np.asarray(np.minimum(sizes / np.array(blurs, np.float32), MEASURED), np.float32)


def box_sizes(boxes_xyxy: Float) -> Float:
    """Longer sides of boxes (N, 4): float32 (N,)."""
    return np.asarray((boxes_xyxy[:, 2:] - boxes_xyxy[:, :2]).max(axis=1), np.float32)


def _blur(rgb: Rgb, box_xyxy: Float) -> float:
    """How many times the edges in a box are wider than sharp ones, at least 1."""
    height, width = rgb.shape[:2]
    x0, y0 = np.maximum(np.floor(box_xyxy[:2]), 0).astype(int)
    x1, y1 = np.minimum(np.ceil(box_xyxy[2:]), (width, height)).astype(int)
    if min(x1 - x0, y1 - y0) < 4:
        return 1.0
    grey = cv2.cvtColor(rgb[y0:y1, x0:x1], cv2.COLOR_RGB2GRAY).astype(np.float32)
    shrunk = max(1.0, max(grey.shape) / MEASURED)
    if shrunk > 1:
        size = [max(4, round(side / shrunk)) for side in grey.shape[::-1]]
        grey = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.float32)
    again = cv2.GaussianBlur(grey, (0, 0), REBLUR, borderType=cv2.BORDER_REFLECT)
    before, after = _energy(grey), _energy(np.asarray(again, np.float32))
    edges, plain = int(EDGES * len(after)), int(PLAIN * len(after))
    order = np.argpartition(after, (plain, len(after) - edges - 1))
    strong, weak = order[len(after) - edges :], order[:plain]
    sharpness = before[strong].mean() - before[weak].mean()
    contrast = after[strong].mean() - after[weak].mean()
    if contrast < LEAST_CONTRAST:
        return 1.0
    # An edge of width s has the gradient 1/s, and after the blur 1/sqrt(s^2 + REBLUR^2).
    lost = max(sharpness / contrast - 1, 1e-3)
    return float(max(1.0, shrunk * REBLUR / np.sqrt(lost) / SHARP))


def _energy(grey: NDArray[np.float32]) -> NDArray[np.float32]:
    """Squared gradient between every four pixels, inside the ellipse that fills the box: (K,)."""
    a, b, c, d = grey[:-1, :-1], grey[:-1, 1:], grey[1:, :-1], grey[1:, 1:]
    across, down = b + d - a - c, c + d - a - b
    energy = (across * across + down * down) / 4
    y, x = (((np.arange(n) + 0.5) * 2 / n - 1) ** 2 for n in energy.shape)
    # Corners of the box are background; a fingertip reaches a little over the ellipse.
    return np.asarray(energy[y[:, None] + x < 1.1], np.float32)
