"""Hands of many shapes, cut out of bodies, and their place in a picture."""

from __future__ import annotations

from dataclasses import dataclass

import materials
import numpy as np
import scene
from body import HAND_BONES, Array, Ints, forward, make_body, skin
from complexion import SkinMap, nail_colour, skin_map
from hand_rig import Hand, rotation
from hand_shots import Look, Random, View

# The camera stands at -y and looks along +y, z is up.
TOWARD, UP = np.array([0.0, -1.0, 0.0]), np.array([0.0, 0.0, 1.0])


@dataclass(frozen=True)
class HandModel:
    """A right hand with its arm and the sleeve that may cover it."""

    hand: Hand
    skin: SkinMap
    faces: Ints
    uv: Array
    sleeve: Ints
    rows: Ints
    own: Ints
    elbow: int


def hand_model(rng: Random) -> HandModel:
    """A random person's right hand."""
    race = rng.dirichlet((0.8, 1.6, 0.8))
    phenotype = {
        "african": race[0], "asian": race[1], "caucasian": race[2],
        "gender": rng.choice((0.0, 1.0)), "age": rng.uniform(0.5, 0.95),
        "muscle": rng.uniform(0.25, 0.8), "weight": rng.uniform(0.2, 0.9),
    }  # fmt: skip
    local = {
        "r-hand-fingers-length-incr": rng.uniform(-0.3, 1.0),
        "r-hand-fingers-diameter-incr": rng.uniform(-0.6, 0.6),
        "r-hand-fingers-distance-incr": rng.uniform(-0.4, 0.4),
        "r-hand-scale-incr": rng.uniform(-0.4, 0.4),
    }
    body = make_body({k: float(v) for k, v in phenotype.items()}, local)
    arm = body.weight_of((*HAND_BONES, "lowerarm", "upperarm"), "R")
    faces = body.groups["body"]
    kept = arm[faces].min(axis=1) > 0.5
    tights = body.groups["helper-tights"]
    sleeve = tights[body.weight_of(("lowerarm", "upperarm"), "R")[tights].min(axis=1) > 0.5]
    rows = np.unique(np.concatenate([faces[kept].ravel(), sleeve.ravel()]))
    skin_end = int(faces.max()) + 1
    own = np.flatnonzero(body.weight_of(HAND_BONES, "R")[:skin_end] > 0.8)
    uv = body.uv[body.group_uv["body"][kept]]
    elbow = int(np.argmax(body.weight_of(("lowerarm01",), "R")[:skin_end]))
    return HandModel(Hand(body, "R"), skin_map(body), faces[kept], uv, sleeve, rows, own, elbow)


def placed(model: HandModel, angles: Array, wrist: tuple[float, float]) -> Array:
    """Posed vertices with the wrist at the origin: x thumb, y back, z finger ends."""
    hand = model.hand
    turns = hand.turns(angles, wrist)
    turn, shift = forward(hand.body, turns)
    bone = hand.body.index("wrist.R")
    axes = turn[bone] @ hand.frame[:, [0, 2, 1]]
    points = np.zeros_like(hand.body.vertices)
    points[model.rows] = skin(hand.body, turns, model.rows)
    points[model.rows] -= turn[bone] @ hand.wrist + shift[bone]
    moved: Array = points @ axes
    return moved


def turned(points: Array, view: View) -> Array:
    """Turn so that the camera direction and up of the view become those of the picture."""
    toward, up = view.toward / np.linalg.norm(view.toward), view.up / np.linalg.norm(view.up)
    side = np.cross(-toward, up)
    moved: Array = points @ np.stack([side, -toward, up], axis=1)
    return moved


def other_hand(
    rng: Random, kind: str, model: HandModel, first: Array, second: Array
) -> tuple[Array, Array]:
    """Both hands of a two-handed pose; the second comes as a right hand and leaves as a left."""
    if kind == "folded":
        across = second * np.array([-1, 1, 1])
        turn = rotation(
            np.array([0.0, 1.0, 0.0]), float(rng.uniform(60, 110) * rng.choice((-1, 1)))
        )
        hold = np.array([0.0, 0.0, 0.07])
        lift = np.array([rng.normal(0, 0.012), rng.uniform(0.026, 0.04), rng.normal(0, 0.015)])
        return first, (across - hold) @ turn.T + hold + lift
    pair = []
    for points in (first, second):
        moved = (
            _heart(rng, model, points) if kind == "two_hand_heart" else _prayer(rng, model, points)
        )
        pair.append(moved)
    return pair[0], pair[1] * np.array([-1, 1, 1])


def _heart(rng: Random, model: HandModel, points: Array) -> Array:
    """Thumb end and index end on the middle line, the wrist beside it."""
    thumb, index = (points[model.hand.digits[i].tip] for i in (0, 1))
    up = (index - thumb) / np.linalg.norm(index - thumb)
    middle = (thumb + index) / 2
    side = -middle - up * (-middle @ up)
    side /= np.linalg.norm(side)
    moved = (points - middle) @ np.stack([side, np.cross(up, side), up], axis=1)
    moved = moved @ rotation(UP, float(rng.normal(0, 8))).T
    shifted: Array = moved + np.array([rng.uniform(-0.001, 0.006), 0, 0])
    return shifted


def _prayer(rng: Random, model: HandModel, points: Array) -> Array:
    """The palm against the middle plane."""
    moved = points[:, [1, 0, 2]] * np.array([1, -1, 1])
    moved = moved @ rotation(np.array([0.0, 1.0, 0.0]), float(rng.uniform(-9, 1))).T
    palm = np.percentile(moved[model.own, 0], 2)
    shifted: Array = moved - np.array([palm - rng.uniform(-0.001, 0.004), 0, 0])
    return shifted


def put(model: HandModel, points: Array, look: Look, mirrored: bool) -> None:
    """Add the hand's meshes to the scene."""
    order = [3, 2, 1, 0] if mirrored else [0, 1, 2, 3]
    paint = materials.skin_material(nail_colour(look.tone), shine=look.shine, scatter=0.0)
    tint = model.skin.colours(look.tone)
    scene.mesh("hand", points, model.faces[:, order], paint, uv=model.uv[:, order], colours=tint)
    if look.sleeve is not None:
        cloth = materials.cloth_material(look.sleeve)
        # A short sleeve ends further up the arm: drop the faces near the wrist.
        wrist = points[model.own].mean(axis=0)
        far = np.linalg.norm(points[model.sleeve].mean(axis=1) - wrist, axis=1) > look.bare
        item = scene.mesh("sleeve", points, model.sleeve[far][:, order], cloth)
        shell = item.modifiers.new("thick", "SOLIDIFY")
        shell.thickness, shell.offset = look.thick, -1.0 if mirrored else 1.0
