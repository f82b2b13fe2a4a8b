"""Whole persons: skin colours, clothes from MakeHuman's helper meshes, arms that can be posed."""

from __future__ import annotations

from dataclasses import dataclass, field

import materials
import numpy as np
import scene
from body import Array, Body, Ints, skin
from complexion import nail_colour, skin_map
from hand_rig import Hand, between, rotation
from materials import Colour
from numpy.typing import NDArray

Mask = NDArray[np.bool_]

ARM = ("clavicle", "shoulder", "upperarm", "lowerarm")


@dataclass
class Arm:
    """Where one arm goes, in the person's own axes (x to their left, y back, z up)."""

    upper: Array
    lower: Array
    frame: Array
    angles: Array
    lift: float = 0.0


@dataclass
class Look:
    """Colours of one person."""

    tone: Colour
    shirt: Colour
    trousers: Colour
    hair: Colour = (0.012, 0.009, 0.008)
    long_sleeves: bool = True
    scarf: Colour | None = None
    extra: dict[str, Array] = field(default_factory=dict)


def frame_of(distal: Array, palm: Array, side: str) -> Array:
    """Hand axes (radial, distal, dorsal) from where fingers point and where the palm looks."""
    distal = distal / np.linalg.norm(distal)
    dorsal = -(palm - distal * (palm @ distal))
    dorsal /= np.linalg.norm(dorsal)
    radial = np.cross(dorsal, distal) * (1.0 if side == "R" else -1.0)
    return np.stack([radial, distal, dorsal], axis=1)


def arm_turns(hand: Hand, arm: Arm) -> dict[str, Array]:
    """Bone rotations of an arm and its hand."""
    body, side = hand.body, hand.side
    joint = {
        b: body.heads[body.index(f"{b}.{side}")] for b in ("upperarm01", "lowerarm01", "wrist")
    }
    upper = joint["lowerarm01"] - joint["upperarm01"]
    lower = joint["wrist"] - joint["lowerarm01"]
    front = np.array([0.0, 1.0, 0.0])
    sign = 1.0 if side == "R" else -1.0
    turns = hand.turns(arm.angles)
    clavicle = rotation(front, sign * arm.lift)
    turns[f"clavicle.{side}"] = clavicle
    shoulder = between(upper, clavicle.T @ arm.upper)
    turns[f"upperarm01.{side}"] = shoulder
    world = clavicle @ shoulder
    elbow = between(lower, world.T @ arm.lower)
    turns[f"lowerarm01.{side}"] = elbow
    world = world @ elbow
    whole = world.T @ arm.frame @ hand.frame.T
    # Most of the forearm's twist happens along its lower half, not in the wrist.
    axis = lower / np.linalg.norm(lower)
    twist = _twist(whole, axis)
    turns[f"lowerarm01.{side}"] = elbow @ rotation(axis, 0.35 * twist)
    turns[f"lowerarm02.{side}"] = rotation(axis, 0.4 * twist)
    turns[f"wrist.{side}"] = rotation(axis, -0.75 * twist) @ whole
    return turns


def _twist(turn: Array, axis: Array) -> float:
    from scipy.spatial.transform import Rotation

    x, y, z, w = Rotation.from_matrix(turn).as_quat()
    angle = float(np.degrees(2 * np.arctan2(np.array([x, y, z]) @ axis, w)))
    return (angle + 180) % 360 - 180


def _only(faces: Ints, weight: Array, least: float) -> Mask:
    kept: Mask = weight[faces].min(axis=1) > least
    return kept


def _any_side(body: Body, words: tuple[str, ...]) -> Array:
    picked = np.array([b.startswith(words) for b in body.bones])
    total: Array = (body.weight * picked[body.weight_index]).sum(axis=1)
    return total


def add_person(body: Body, arms: dict[str, Arm], look: Look, place: Array, facing: float) -> Array:
    """Put a dressed person into the scene.

    Args:
        body: The person in the rest pose.
        arms: Arm per side.
        look: Colours.
        place: Where the feet stand.
        facing: Turn about the vertical in degrees.

    Returns:
        The posed vertices in the scene, for boxes around hands.
    """
    turns: dict[str, Array] = dict(look.extra)
    for side, arm in arms.items():
        turns |= arm_turns(Hand(body, side), arm)
    posed = skin(body, turns)
    floor = posed[np.unique(body.groups["body"]), 2].min()
    posed = (posed - np.array([0, 0, floor])) @ rotation(np.array([0, 0, 1.0]), facing).T + place
    _dress(body, posed, look)
    _head(body, posed, look)
    return np.asarray(posed, np.float64)


def _dress(body: Body, posed: Array, look: Look) -> None:
    sleeve = ("upperarm", "lowerarm") if look.long_sleeves else ("upperarm",)
    torso = _any_side(body, ("spine", "clavicle", "shoulder", "root", "pelvis"))
    arms = _any_side(body, sleeve)
    legs = _any_side(body, ("root", "pelvis", "upperleg", "lowerleg"))
    feet = _any_side(body, ("foot", "toe"))
    faces, uv_index = body.groups["body"], body.group_uv["body"]
    bare = ~_only(faces, np.maximum(torso + arms, legs + feet), 0.75)
    red, green, blue = look.tone
    lips = (red * 0.8, green * 0.5, blue * 0.5)
    paint = materials.skin_material(nail_colour(look.tone), lips, scatter=0.08)
    tint = skin_map(body).colours(look.tone)
    scene.mesh("skin", posed, faces[bare], paint, uv=body.uv[uv_index[bare]], colours=tint)
    tights = body.groups["helper-tights"]
    height = body.vertices[tights, 2].mean(axis=1)
    # A level hem under the hip joints, worn over the trousers.
    hem = body.joint("l-upper-leg")[2] - 0.06
    highest = body.vertices[tights, 2].max(axis=1)
    trunk = _only(tights, torso + arms + legs, 0.5) & (highest > hem)
    trunk |= _only(tights, arms, 0.4)
    _cloth(_level(body, posed, hem, arms < 0.5), tights[trunk], look.shirt, 0.014)
    below = (height < hem + 0.06) & _only(tights, legs + feet + torso, 0.4)
    shoe = _only(tights, feet, 0.45)
    _cloth(posed, tights[below & ~shoe], look.trousers, 0.006)
    _cloth(posed, tights[shoe], (0.02, 0.018, 0.016), 0.008)


def _level(body: Body, posed: Array, hem: float, rows: Mask) -> Array:
    """Pull what hangs below a hem up to it, for a straight edge (the trunk stays upright)."""
    top = int(np.argmax(body.vertices[: body.groups["body"].max() + 1, 2]))
    drop = posed[top, 2] - body.vertices[top, 2]
    flat = posed.copy()
    flat[rows, 2] = np.maximum(flat[rows, 2], hem + drop)
    return flat


def _cloth(posed: Array, faces: Ints, colour: Colour, thick: float) -> None:
    item = scene.mesh("cloth", posed, faces, materials.cloth_material(colour))
    shell = item.modifiers.new("thick", "SOLIDIFY")
    shell.thickness, shell.offset = thick, 1.0


def _head(body: Body, posed: Array, look: Look) -> None:
    faces = body.groups["body"]
    head = _any_side(body, ("head",))
    eye = body.joint("l-eye")
    top = body.vertices[np.unique(faces), 2].max()
    up = (body.vertices[:, 2] - eye[2]) / (top - eye[2])
    back = (body.vertices[:, 1] - eye[1]) / 0.1
    scalp = (head > 0.6) & (up > np.maximum(0.62 - 0.75 * np.clip(back, 0, 9), -0.9))
    cap = faces[scalp[faces].all(axis=1)]
    item = scene.mesh(
        "hair", posed, cap, materials.noise_material(look.hair, look.hair, 300.0, 0.9)
    )
    shell = item.modifiers.new("thick", "SOLIDIFY")
    shell.thickness, shell.offset = 0.012, 1.0
    if look.scarf is not None:
        _scarf(body, posed, look.scarf)
    for side in "lr":
        ball = body.groups[f"helper-{side}-eye"]
        centre = body.joint(f"{side}-eye")
        away = np.linalg.norm((body.vertices - centre)[:, [0, 2]], axis=1)
        white, dark = np.array([0.7, 0.68, 0.65]), np.array([0.02, 0.012, 0.008])
        mix = (away < 0.0062)[:, None] & (body.vertices[:, 1] < centre[1])[:, None]
        scene.mesh("eye", posed, ball, materials.tinted(0.15), colours=np.where(mix, dark, white))


def _scarf(body: Body, posed: Array, colour: Colour) -> None:
    eye, faces = body.joint("l-eye"), body.groups["body"]
    side, back, up = (body.vertices - np.array([0.0, eye[1], eye[2]])).T
    face = ((side / 0.062) ** 2 + ((up + 0.025) / 0.088) ** 2 < 1) & (back < 0.05)
    worn = (_any_side(body, ("head", "neck")) > 0.3) & ~face
    _cloth(posed, faces[worn[faces].all(axis=1)], colour, 0.02)
    tights = body.groups["helper-tights"]
    reach = np.hypot(side, back - 0.06)
    round_neck = (reach < 0.25) & (up > -0.45) & (up < 0.0)
    cape = _level(body, posed, eye[2] - 0.33, round_neck)
    axis = posed[body.cubes["neck"]].mean(axis=0)
    # Drawn in at the shoulders, where the edge then dives under the shirt in a clean line.
    pull = np.minimum(1.0, 0.155 / np.maximum(reach, 1e-6))[:, None]
    cape[:, :2] = axis[:2] + (cape[:, :2] - axis[:2]) * pull
    _cloth(cape, tights[round_neck[tights].all(axis=1)], colour, 0.024)
