"""A small Cycles studio: meshes, lights, camera, one still picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bpy
import numpy as np
from body import Array, Ints
from materials import Colour
from mathutils import Vector


def start(width: int, height: int, samples: int, threads: int) -> None:
    """Empty the file and set up Cycles on the CPU."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    scene.cycles.device = "CPU"
    scene.cycles.samples = samples
    scene.cycles.use_adaptive_sampling = True
    scene.cycles.use_denoising = True
    scene.cycles.denoiser = "OPENIMAGEDENOISE"
    scene.cycles.max_bounces = 3
    scene.render.threads_mode = "FIXED"
    scene.render.threads = threads
    scene.render.resolution_x, scene.render.resolution_y = width, height
    scene.render.resolution_percentage = 100
    scene.view_settings.view_transform = "AgX"
    scene.view_settings.look = "AgX - Medium High Contrast"
    scene.world = bpy.data.worlds.new("world")
    scene.world.use_nodes = True


def ambient(colour: Colour, strength: float) -> None:
    """Light from everywhere."""
    node = bpy.context.scene.world.node_tree.nodes["Background"]
    node.inputs["Color"].default_value = (*colour, 1.0)
    node.inputs["Strength"].default_value = strength


def area_light(where: Array, aim: Array, size: float, watts: float, colour: Colour) -> None:
    """A square lamp pointing at a place."""
    data = bpy.data.lights.new("area", "AREA")
    data.size, data.energy, data.color = size, watts, colour
    lamp = bpy.data.objects.new("area", data)
    lamp.location = where
    lamp.rotation_euler = _aim(where, aim)
    bpy.context.scene.collection.objects.link(lamp)


def camera(where: Array, aim: Array, view_degrees: float, roll: float = 0.0) -> None:
    """The camera; the view angle is that of the longer side."""
    data = bpy.data.cameras.new("camera")
    data.angle = float(np.radians(view_degrees))
    data.clip_start = 0.01
    item = bpy.data.objects.new("camera", data)
    item.location = where
    item.rotation_euler = _aim(where, aim, roll)
    bpy.context.scene.collection.objects.link(item)
    bpy.context.scene.camera = item


def _aim(where: Array, aim: Array, roll: float = 0.0) -> Any:
    from mathutils import Matrix

    turn = (Vector(aim) - Vector(where)).to_track_quat("-Z", "Y").to_matrix()
    return (turn @ Matrix.Rotation(float(np.radians(roll)), 3, "Z")).to_euler()


def mesh(
    name: str,
    vertices: Array,
    faces: Ints,
    material: bpy.types.Material,
    uv: Array | None = None,
    colours: Array | None = None,
    smooth_levels: int = 1,
) -> bpy.types.Object:
    """Add a mesh; vertices no face uses are dropped.

    Args:
        name: Object name.
        vertices: All vertices.
        faces: Corner indices, one row per face.
        material: Its material.
        uv: Texture coordinates per face corner (faces, corners, 2).
        colours: Linear colour per vertex, read by the skin material.
        smooth_levels: Subdivision at render time.

    Returns:
        The object.
    """
    used, flat = np.unique(faces, return_inverse=True)
    compact = flat.reshape(faces.shape)
    data = bpy.data.meshes.new(name)
    data.from_pydata(vertices[used].tolist(), [], compact.tolist())
    data.polygons.foreach_set("use_smooth", np.ones(len(faces), dtype=bool))
    if uv is not None:
        layer = data.uv_layers.new(name="uv")
        layer.data.foreach_set("uv", uv.reshape(-1).astype(np.float32))
    if colours is not None:
        tint = data.color_attributes.new("tint", "FLOAT_COLOR", "POINT")
        rgba = np.concatenate([colours[used], np.ones((len(used), 1))], axis=1)
        tint.data.foreach_set("color", rgba.reshape(-1).astype(np.float32))
    data.materials.append(material)
    data.update()
    item = bpy.data.objects.new(name, data)
    bpy.context.scene.collection.objects.link(item)
    if smooth_levels:
        modifier = item.modifiers.new("smooth", "SUBSURF")
        modifier.levels = modifier.render_levels = smooth_levels
    return item


def plane(corners: Array, material: bpy.types.Material) -> None:
    """One flat quad."""
    mesh("plane", corners, np.array([[0, 1, 2, 3]]), material, smooth_levels=0)


def render(path: Path) -> None:
    """Write the picture, PNG by its name."""
    bpy.context.scene.render.image_settings.file_format = "PNG"
    bpy.context.scene.render.filepath = str(path)
    bpy.ops.render.render(write_still=True)


def box(points: Array) -> tuple[int, int, int, int]:
    """Pixel box (x0, y0, x1, y1) of world points in the picture."""
    from bpy_extras.object_utils import world_to_camera_view

    state = bpy.context.scene
    bpy.context.view_layer.update()
    seen = np.array([world_to_camera_view(state, state.camera, Vector(p)) for p in points])
    x = seen[:, 0] * state.render.resolution_x
    y = (1 - seen[:, 1]) * state.render.resolution_y
    return int(x.min()), int(y.min()), int(x.max()), int(y.max())


def cutout() -> None:
    """Draw only what is in the scene, quickly, for pasting onto a background."""
    state = bpy.context.scene
    state.render.film_transparent = True
    state.render.image_settings.color_mode = "RGBA"
    state.cycles.max_bounces = 1
    state.cycles.denoising_quality = "FAST"
    state.cycles.denoising_input_passes = "RGB"


def develop(stops: float, look: str) -> None:
    """Brightness of the picture and how its colours are treated (``AgX`` or ``Standard``)."""
    settings = bpy.context.scene.view_settings
    settings.look = "None"
    settings.view_transform = look
    settings.exposure = stops
