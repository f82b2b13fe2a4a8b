"""Hand poses as anatomical angles, turned into bone rotations of a `Body`.

Angles are in degrees and absolute: a finger with all zeros is straight and parallel to the middle
metacarpal. Fingers have (abduction towards the thumb, knuckle, middle joint, end joint), flexion
positive. The thumb has (radial, palmar, twist, knuckle, end joint): the first two say where its
metacarpal points, the twist turns its pad towards the fingers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from body import FINGERS, Array, Body, forward
from scipy.optimize import least_squares
from scipy.spatial.transform import Rotation

SIZES = (5, 4, 4, 4, 4)
STARTS = (0, 5, 9, 13, 17)
COUNT = 21
# Joint limits, so that noise and contact search never bend a finger the wrong way.
LOW = np.array([-5.0, -10, -40, -25, -35] + [-22, -28, -4, -8] * 4)
HIGH = np.array([75.0, 75, 60, 65, 80] + [22, 95, 112, 85] * 4)
# The thumb's flexion axis in the palm frame (radial, distal, dorsal), read off the mesh's nail.
THUMB_AXIS = np.array([0.02, -0.56, -0.83])


def rotation(axis: Array, degrees: float) -> Array:
    """Rotation matrix about an axis."""
    unit = axis / np.linalg.norm(axis)
    matrix: Array = Rotation.from_rotvec(unit * np.radians(degrees)).as_matrix()
    return matrix


def between(a: Array, b: Array) -> Array:
    """Smallest rotation that turns direction a into direction b."""
    a, b = a / np.linalg.norm(a), b / np.linalg.norm(b)
    axis = np.cross(a, b)
    if np.linalg.norm(axis) < 1e-9:
        return np.eye(3)
    return rotation(axis, float(np.degrees(np.arctan2(np.linalg.norm(axis), a @ b))))


@dataclass(frozen=True)
class Digit:
    """Rest geometry of one digit: bone directions, flexion axis, rest angles, four vertices.

    pad and tip are on the last bone, crease is the palmar side of the last joint, back is the
    dorsal side of the bone before it.
    """

    bones: tuple[str, str, str]
    along: Array
    axis: Array
    rest: Array
    pad: int
    tip: int
    crease: int
    back: int


class Hand:
    """The rig of one hand of a body."""

    def __init__(self, body: Body, side: str) -> None:
        """Measure the rest pose of one side, ``"L"`` or ``"R"``."""
        self.body, self.side = body, side
        self.sign = 1.0 if side == "R" else -1.0
        wrist = body.heads[body.index(f"wrist.{side}")]
        knuckle = [body.heads[body.index(f"finger{i}-1.{side}")] for i in range(1, 6)]
        distal = knuckle[2] - wrist
        distal /= np.linalg.norm(distal)
        radial = knuckle[1] - knuckle[4]
        radial -= distal * (radial @ distal)
        radial /= np.linalg.norm(radial)
        dorsal = self.sign * np.cross(distal, radial)
        self.frame = np.stack([radial, distal, dorsal], axis=1)
        self.wrist = wrist
        # Positive turns about these bend towards the palm and towards the thumb.
        self.flex_axis, self.side_axis = self.sign * radial, self.sign * dorsal
        elbow = body.heads[body.index(f"lowerarm01.{side}")]
        self.forearm = wrist - elbow
        self.digits = [self._digit(i) for i in range(1, 6)]

    def _digit(self, number: int) -> Digit:
        body, side = self.body, self.side
        bones = [f"finger{number}-{k}.{side}" for k in (1, 2, 3)]
        points = [body.heads[body.index(b)] for b in bones]
        points.append(body.joint(f"{side.lower()}-finger-{number}-4"))
        along = np.diff(np.array(points), axis=0)
        along /= np.linalg.norm(along, axis=1)[:, None]
        if number == 1:
            axis = self.frame @ (THUMB_AXIS * 1.0) * self.sign
        else:
            axis = np.cross(along[0], along[2])
        axis /= np.linalg.norm(axis)
        bends = [
            float(np.degrees(np.arcsin(np.clip(axis @ np.cross(along[k], along[k + 1]), -1, 1))))
            for k in (0, 1)
        ]
        radial, distal, dorsal = along[0] @ self.frame
        spread = float(np.degrees(np.arcsin(radial)))
        flex = float(np.degrees(np.arctan2(-dorsal, distal)))
        palmar = np.cross(axis, along[2])
        marks = (
            self._mark((3,), 0.7, palmar + 0.35 * along[2], number),
            self._mark((3,), 0.7, along[2], number),
            self._mark((3, 2), 0.25, np.cross(axis, along[1] + along[2]) * 3, number),
            self._mark((2,), 0.5, -np.cross(axis, along[1]) + 0.3 * along[1], number),
        )
        rest = np.array([spread, flex, *bends])
        return Digit((bones[0], bones[1], bones[2]), along, axis, rest, *marks)

    def _mark(self, parts: tuple[int, ...], least: float, toward: Array, number: int) -> int:
        """The skin vertex furthest in a direction, among those that move with some bones."""
        skin = self.body.groups["body"].max() + 1
        near = np.ones(skin, dtype=bool)
        for part in parts:
            near &= self.body.weight_of((f"finger{number}-{part}",), self.side)[:skin] > least
        rows = np.flatnonzero(near)
        return int(rows[np.argmax(self.body.vertices[rows] @ toward)])

    def turns(self, angles: Array, wrist: tuple[float, float] | None = None) -> dict[str, Array]:
        """Bone rotations for a pose.

        Args:
            angles: The 21 angles, thumb first.
            wrist: Flexion and radial deviation against the forearm; None keeps the rest wrist.

        Returns:
            Rotation per bone, for `body.forward` and `body.skin`.
        """
        out: dict[str, Array] = {}
        for number, digit in enumerate(self.digits):
            values = angles[STARTS[number] : STARTS[number] + SIZES[number]]
            if number == 0:
                out[digit.bones[0]] = self._thumb_base(digit, *values[:3])
                ends = values[3:]
            else:
                now = self._knuckle(values[0], values[1])
                start = self._knuckle(digit.rest[0], digit.rest[1])
                out[digit.bones[0]] = now @ start.T
                ends = values[2:]
            for bone, end, rest in zip(digit.bones[1:], ends, digit.rest[2:], strict=True):
                out[bone] = rotation(digit.axis, float(end - rest))
        if wrist is not None:
            straight = between(self.frame[:, 1], self.forearm)
            bend = rotation(self.flex_axis, wrist[0]) @ rotation(self.side_axis, wrist[1])
            out[f"wrist.{self.side}"] = straight @ bend
        return out

    def _knuckle(self, spread: float, flex: float) -> Array:
        # Spreading comes first: a bent finger must not spin about itself.
        return rotation(self.flex_axis, flex) @ rotation(self.side_axis, spread)

    def _thumb_base(self, digit: Digit, radial: float, palmar: float, twist: float) -> Array:
        a, b = np.radians(radial), np.radians(palmar)
        aim = self.frame @ np.array([np.sin(a) * np.cos(b), np.cos(a) * np.cos(b), -np.sin(b)])
        return rotation(aim, -self.sign * twist) @ between(digit.along[0], aim)

    def points(self, angles: Array, rows: list[int]) -> Array:
        """Posed positions of single vertices near the finger ends (wrist at rest)."""
        turn, shift = forward(self.body, self.turns(angles))
        where = self.body.weight_index[rows]
        weight = self.body.weight[rows]
        rest = self.body.vertices[rows]
        each = np.einsum("vkij,vj->vki", turn[where], rest) + shift[where]
        posed: Array = (weight[:, :, None] * each).sum(axis=1) / weight.sum(axis=1)[:, None]
        return posed

    def touch(self, angles: Array, pairs: list[tuple[int, int, float]], free: list[int]) -> Array:
        """Bend the free angles a little so that given vertices come to a given distance.

        Args:
            angles: Start pose.
            pairs: Vertex, vertex, wanted distance in metres.
            free: Which of the 21 angles may change.

        Returns:
            The changed pose.
        """
        rows = [v for pair in pairs for v in pair[:2]]
        wanted = np.array([pair[2] for pair in pairs])

        def cost(x: Array) -> Array:
            trial = angles.copy()
            trial[free] = x
            posed = self.points(trial, rows)
            gap = np.linalg.norm(posed[0::2] - posed[1::2], axis=1) - wanted
            values: Array = np.concatenate([gap * 1000, (x - angles[free]) * 0.06])
            return values

        low, high = LOW[free], HIGH[free]
        start = np.clip(angles[free], low + 0.1, high - 0.1)
        result = least_squares(cost, start, bounds=(low, high), max_nfev=40)
        out = angles.copy()
        out[free] = result.x
        return out


def pose(thumb: tuple[float, ...], **fingers: tuple[float, ...]) -> Array:
    """The 21 angles from a thumb and four named fingers."""
    return np.array([*thumb, *(v for name in FINGERS[1:] for v in fingers[name])], dtype=np.float64)
