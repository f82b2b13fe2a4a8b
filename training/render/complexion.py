"""The colours of skin and nails."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from body import HAND_BONES, Array, Body
from hand_rig import Hand
from materials import Colour


@dataclass(frozen=True)
class SkinMap:
    """Where a body's skin differs from its tone: palms, flushed joints, brows."""

    palm: Array
    flush: Array
    brow: npt.NDArray[np.bool_]

    def colours(self, tone: Colour) -> Array:
        """Linear colour per vertex for a skin tone."""
        base = np.array(tone)
        palm = np.clip(base * 1.25 + 0.06, 0, 0.85) * np.array([1.06, 0.95, 0.92])
        colours = (base + self.palm[:, None] * (palm - base)) * self.flush
        colours[self.brow] = base * 0.25
        painted: Array = np.clip(colours, 0.003, 0.95)
        return painted


def skin_map(body: Body) -> SkinMap:
    """Lighter palms, redder knuckles and finger ends, darker brows."""
    faces, points = body.groups["body"], body.vertices
    normal = np.zeros_like(points)
    flat = np.cross(
        points[faces[:, 2]] - points[faces[:, 0]], points[faces[:, 3]] - points[faces[:, 1]]
    )
    for corner in range(4):
        np.add.at(normal, faces[:, corner], flat)
    normal /= np.linalg.norm(normal, axis=1)[:, None] + 1e-12
    inside, flush = np.zeros(len(points)), np.ones((len(points), 3))
    # What a little more blood does to the three colours.
    rosy = np.array([1.08, 0.82, 0.78]) - 1
    for side in "LR":
        hand = Hand(body, side)
        palmar = np.clip(-(normal @ hand.frame[:, 2]) * 2.0, 0, 1) * body.weight_of(
            HAND_BONES, side
        )
        thumb = body.weight_of(("finger1-2", "finger1-3"), side)
        digit = hand.digits[0]
        toward = np.cross(digit.axis, digit.along[2])
        inside += palmar * (1 - thumb) + thumb * np.clip((normal @ toward) * 2, 0, 1)
        for number in range(1, 6):
            bone = [body.weight_of((f"finger{number}-{k}",), side)[:, None] for k in (1, 2, 3)]
            # Joints show where two bones share the skin.
            for shared in (bone[0] * bone[1], bone[1] * bone[2]):
                flush *= 1 + 0.55 * np.clip(4 * shared, 0, 1) * rosy
            flush *= 1 + 0.35 * bone[2] * rosy
    eye = body.joint("l-eye")
    across, back, up = (points - np.array([0.0, eye[1], eye[2]])).T
    arch = 0.021 - 4.0 * (np.abs(across) - 0.035) ** 2
    brow = (np.abs(up - arch) < 0.0045) & (np.abs(np.abs(across) - 0.033) < 0.022) & (back < 0.01)
    return SkinMap(inside, flush, brow)


def nail_colour(tone: Colour) -> Colour:
    """Nails, between the skin and pink."""
    r, g, b = (0.55 * c + 0.3 * m for c, m in zip(tone, (0.85, 0.6, 0.55), strict=True))
    return (r, g, b)
