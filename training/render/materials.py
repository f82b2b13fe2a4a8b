"""Materials of the studio: skin, cloth, walls."""

from __future__ import annotations

from typing import Any

import bpy
from body import asset_folder

Colour = tuple[float, float, float]


def linear(red: int, green: int, blue: int) -> Colour:
    """Linear colour of an sRGB value written 0..255."""
    parts = [c / 255 for c in (red, green, blue)]
    r, g, b = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return (r, g, b)


def _material(name: str) -> tuple[Any, Any, Any]:
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    tree = material.node_tree
    return material, tree, tree.nodes["Principled BSDF"]


def _bump(
    tree: Any, shader: Any, scale: float, strength: float, distance: float, detail: float = 6
) -> Any:
    place = tree.nodes.new("ShaderNodeTexCoord")
    noise = tree.nodes.new("ShaderNodeTexNoise")
    noise.inputs["Scale"].default_value = scale
    noise.inputs["Detail"].default_value = detail
    tree.links.new(place.outputs["Object"], noise.inputs["Vector"])
    bump = tree.nodes.new("ShaderNodeBump")
    bump.inputs["Strength"].default_value = strength
    bump.inputs["Distance"].default_value = distance
    tree.links.new(noise.outputs["Fac"], bump.inputs["Height"])
    tree.links.new(bump.outputs["Normal"], shader.inputs["Normal"])
    return noise


def _painted(tree: Any, colour: Any, part: str, paint: Colour) -> Any:
    """Mix a colour in where a MakeHuman mask says so."""
    mask = tree.nodes.new("ShaderNodeTexImage")
    path = asset_folder() / "textures" / f"mpfb_{part}.jpg"
    mask.image = bpy.data.images.load(str(path), check_existing=True)
    mask.image.colorspace_settings.name = "Non-Color"
    mix = tree.nodes.new("ShaderNodeMixRGB")
    mix.inputs["Color2"].default_value = (*paint, 1.0)
    tree.links.new(mask.outputs["Color"], mix.inputs["Fac"])
    tree.links.new(colour, mix.inputs["Color1"])
    return mix.outputs["Color"]


def skin_material(
    nail: Colour, lips: Colour | None = None, shine: float = 0.45, scatter: float = 0.12
) -> bpy.types.Material:
    """Skin whose colour comes from the vertex colours, with painted nails and lips."""
    material, tree, shader = _material("skin")
    tint = tree.nodes.new("ShaderNodeVertexColor")
    tint.layer_name = "tint"
    noise = _bump(tree, shader, 900.0, 0.35, 0.0006)
    blotch = tree.nodes.new("ShaderNodeMixRGB")
    blotch.blend_type = "OVERLAY"
    blotch.inputs["Fac"].default_value = 0.12
    tree.links.new(tint.outputs["Color"], blotch.inputs["Color1"])
    tree.links.new(noise.outputs["Fac"], blotch.inputs["Color2"])
    colour = blotch.outputs["Color"]
    for part, paint in (("fingernails", nail), ("lips", lips)):
        if paint is not None:
            colour = _painted(tree, colour, part, paint)
    tree.links.new(colour, shader.inputs["Base Color"])
    shader.inputs["Roughness"].default_value = shine
    shader.inputs["Subsurface Weight"].default_value = scatter
    shader.inputs["Subsurface Radius"].default_value = (0.008, 0.003, 0.0015)
    shader.inputs["Subsurface Scale"].default_value = 1.0
    return material


def cloth_material(colour: Colour, weave: float = 700.0) -> bpy.types.Material:
    """Matt cloth with a fine weave."""
    material, tree, shader = _material("cloth")
    _bump(tree, shader, weave, 0.5, 0.001, 2)
    shader.inputs["Base Color"].default_value = (*colour, 1.0)
    shader.inputs["Roughness"].default_value = 0.9
    shader.inputs["Sheen Weight"].default_value = 0.2
    return material


def noise_material(dark: Colour, bright: Colour, scale: float, bump: float) -> bpy.types.Material:
    """A wall, floor or backdrop that wanders between two colours."""
    material, tree, shader = _material("wall")
    noise = _bump(tree, shader, scale, bump, 0.01)
    ramp = tree.nodes.new("ShaderNodeValToRGB")
    ramp.color_ramp.elements[0].position, ramp.color_ramp.elements[1].position = 0.35, 0.65
    ramp.color_ramp.elements[0].color = (*dark, 1.0)
    ramp.color_ramp.elements[1].color = (*bright, 1.0)
    tree.links.new(noise.outputs["Fac"], ramp.inputs["Fac"])
    tree.links.new(ramp.outputs["Color"], shader.inputs["Base Color"])
    shader.inputs["Roughness"].default_value = 0.8
    return material


def plain(colour: Colour, rough: float = 0.5) -> bpy.types.Material:
    """A single colour."""
    material, _, shader = _material("plain")
    shader.inputs["Base Color"].default_value = (*colour, 1.0)
    shader.inputs["Roughness"].default_value = rough
    return material


def tinted(rough: float) -> bpy.types.Material:
    """A material that shows the vertex colours as they are."""
    material, tree, shader = _material("tinted")
    tint = tree.nodes.new("ShaderNodeVertexColor")
    tint.layer_name = "tint"
    tree.links.new(tint.outputs["Color"], shader.inputs["Base Color"])
    shader.inputs["Roughness"].default_value = rough
    return material
