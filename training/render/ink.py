"""Ink lines round what is drawn and along its folds, as a draughtsman would put them."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import bpy
import numpy as np
from body import Array
from PIL import Image, ImageFilter
from scene import render

PAPER, INK = np.array([1.0, 1.0, 1.0]), np.array([0.17, 0.12, 0.10])
OUTLINE = 0.0065
"""Width of the line round a shape, as a share of the picture's side."""

FOLD = 0.004
"""Metres from the skin to what lies right beside it in the picture, where a full line begins."""

NEAR, FAR = 0.9, 1.6
"""Metres from the camera, between which depth is told."""


def depth_of(size: int) -> Array:
    """Metres from the camera to every pixel (size, size) of the scene as it is; `FAR` beside it.

    Changes the scene's materials and settings, so it comes after its picture.
    """
    state = bpy.context.scene
    state.view_layers[0].material_override = _depth_material()
    state.cycles.samples, state.cycles.use_denoising = 4, False
    state.view_settings.view_transform, state.view_settings.exposure = "Raw", 0.0
    state.render.film_transparent = False
    state.world.node_tree.nodes["Background"].inputs["Color"].default_value = (1, 1, 1, 1)
    state.world.node_tree.nodes["Background"].inputs["Strength"].default_value = 1.0
    state.render.image_settings.color_mode = "BW"
    state.render.image_settings.color_depth = "16"
    with tempfile.TemporaryDirectory() as folder:
        png = Path(folder) / "depth.png"
        render(png)
        share = np.asarray(Image.open(png), dtype=np.float64).reshape(size, size) / 65535
    metres: Array = NEAR + (FAR - NEAR) * share
    return metres


def _depth_material() -> Any:
    material = bpy.data.materials.new("depth")
    material.use_nodes = True
    tree = material.node_tree
    tree.nodes.clear()
    camera = tree.nodes.new("ShaderNodeCameraData")
    scale = tree.nodes.new("ShaderNodeMapRange")
    scale.inputs["From Min"].default_value, scale.inputs["From Max"].default_value = NEAR, FAR
    glow = tree.nodes.new("ShaderNodeEmission")
    out = tree.nodes.new("ShaderNodeOutputMaterial")
    tree.links.new(camera.outputs["View Z Depth"], scale.inputs["Value"])
    tree.links.new(scale.outputs["Result"], glow.inputs["Color"])
    tree.links.new(glow.outputs["Emission"], out.inputs["Surface"])
    return material


def folds(depth: Array) -> Array:
    """How dark the line along a fold is, 0..1, from depth (rows, columns) in metres.

    Only the far side of a step is marked, and only by how much it is a step and no slope.
    """
    rows, columns = depth.shape
    reach = max(2, round(0.004 * rows))
    padded = np.pad(depth, 2 * reach, mode="edge")

    def seen(k: int, dy: int, dx: int) -> Array:
        y, x = 2 * reach + k * dy, 2 * reach + k * dx
        return padded[y : y + rows, x : x + columns]

    dark = np.zeros_like(depth)
    for dy, dx in ((0, 1), (1, 0), (0, -1), (-1, 0), (1, 1), (1, -1), (-1, 1), (-1, -1)):
        slope = seen(-reach, dy, dx) - seen(-2 * reach, dy, dx)
        step = depth - seen(reach, dy, dx) - np.abs(slope) - np.abs(depth - seen(-reach, dy, dx))
        dark = np.maximum(dark, np.clip((step - 0.5 * FOLD) / (0.5 * FOLD), 0, 1))
    return dark


def on_paper(drawn: Array, depth: Array, size: int) -> Image.Image:
    """A cut-out drawing on paper, with its lines.

    Args:
        drawn: (rows, columns, RGBA), 0..1, square.
        depth: (rows, columns) in metres, of the same size.
        size: Side of the picture that comes back.
    """
    side = drawn.shape[0]
    cover = drawn[..., 3:]
    mask = Image.fromarray((drawn[..., 3] * 255).astype(np.uint8))
    reach = 2 * round(OUTLINE * side) + 1
    around = mask.filter(ImageFilter.MaxFilter(reach)).filter(ImageFilter.GaussianBlur(1.0))
    line = np.asarray(around, dtype=np.float64)[..., None] / 255
    pixels = drawn[..., :3] * cover + (PAPER * (1 - line) + INK * line) * (1 - cover)
    fold = Image.fromarray((folds(depth) * 255).astype(np.uint8))
    soft = np.asarray(fold.filter(ImageFilter.GaussianBlur(1.0)), dtype=np.float64)[..., None]
    soft = soft / 255 * cover
    pixels = pixels * (1 - soft) + INK * soft
    whole = Image.fromarray((np.clip(pixels, 0, 1) * 255).astype(np.uint8))
    return whole.resize((size, size), Image.Resampling.LANCZOS)
