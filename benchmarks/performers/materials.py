"""What surfaces are made of, as Cycles shaders: colours painted on the vertices, broken up by noise in rest space."""

from __future__ import annotations

from dataclasses import dataclass

import bpy


@dataclass(frozen=True)
class Surface:
    """How a painted mesh takes the light."""

    roughness: float
    specular: float = 0.4
    sheen: float = 0.0
    subsurface: float = 0.0
    mottle: float = 0.0
    """How far noise changes the painted colour, 0..1."""
    grain: float = 200.0
    """Features of that noise in a metre."""
    coat: float = 0.0


SURFACES = {
    "skin": Surface(0.52, 0.42, subsurface=0.35, mottle=0.10, grain=90.0),
    "eye": Surface(0.08, 0.5, coat=1.0),
    "teeth": Surface(0.25, 0.5),
    "knit": Surface(0.95, 0.15, sheen=0.35, mottle=0.22, grain=260.0),
    "cotton": Surface(0.9, 0.2, sheen=0.2, mottle=0.10, grain=320.0),
    "denim": Surface(0.92, 0.2, sheen=0.1, mottle=0.30, grain=400.0),
    "leather": Surface(0.42, 0.45, mottle=0.12, grain=150.0),
    "rubber": Surface(0.6, 0.35),
    "brow": Surface(0.8, 0.2),
}


def surface(name: str) -> bpy.types.Material:
    """The material of that name out of `SURFACES`, with the vertex colour `paint` and the rest place `rest`."""
    made = bpy.data.materials.new(name)
    made.use_nodes = True
    nodes, links, facts = made.node_tree.nodes, made.node_tree.links, SURFACES[name]
    shader = nodes["Principled BSDF"]
    shader.inputs["Roughness"].default_value = facts.roughness
    shader.inputs["Specular IOR Level"].default_value = facts.specular
    shader.inputs["Sheen Weight"].default_value = facts.sheen
    shader.inputs["Coat Weight"].default_value = facts.coat
    shader.inputs["Coat Roughness"].default_value = 0.03
    if facts.subsurface:
        shader.inputs["Subsurface Weight"].default_value = facts.subsurface
        shader.inputs["Subsurface Radius"].default_value = (0.012, 0.004, 0.002)
        shader.inputs["Subsurface Scale"].default_value = 1.0
    paint = nodes.new("ShaderNodeAttribute")
    paint.attribute_name = "paint"
    colour = paint.outputs["Color"]
    if facts.mottle:
        colour = _mottled(nodes, links, colour, facts)
    links.new(colour, shader.inputs["Base Color"])
    return made


def _mottled(nodes, links, colour, facts: Surface):
    rest = nodes.new("ShaderNodeAttribute")
    rest.attribute_name = "rest"
    spots = nodes.new("ShaderNodeTexNoise")
    spots.inputs["Scale"].default_value = facts.grain
    spots.inputs["Detail"].default_value = 3.0
    links.new(rest.outputs["Vector"], spots.inputs["Vector"])
    level = nodes.new("ShaderNodeMapRange")
    level.inputs["From Min"].default_value, level.inputs["From Max"].default_value = 0.3, 0.7
    level.inputs["To Min"].default_value, level.inputs["To Max"].default_value = 1 - facts.mottle, 1 + facts.mottle
    links.new(spots.outputs["Fac"], level.inputs["Value"])
    scaled = nodes.new("ShaderNodeVectorMath")
    scaled.operation = "SCALE"
    links.new(colour, scaled.inputs[0])
    links.new(level.outputs["Result"], scaled.inputs["Scale"])
    return scaled.outputs["Vector"]


def plain(name: str, colour: tuple[float, float, float], roughness: float = 0.7, glow: float = 0.0):
    """One colour, for the room."""
    made = bpy.data.materials.new(name)
    made.use_nodes = True
    shader = made.node_tree.nodes["Principled BSDF"]
    shader.inputs["Base Color"].default_value = (*colour, 1.0)
    shader.inputs["Roughness"].default_value = roughness
    if glow:
        shader.inputs["Emission Color"].default_value = (*colour, 1.0)
        shader.inputs["Emission Strength"].default_value = glow
    return made


def hair(name: str, melanin: float, redness: float, roughness: float):
    """Strands by Chiang's model."""
    made = bpy.data.materials.new(name)
    made.use_nodes = True
    nodes, links = made.node_tree.nodes, made.node_tree.links
    nodes.remove(nodes["Principled BSDF"])
    shader = nodes.new("ShaderNodeBsdfHairPrincipled")
    shader.parametrization = "MELANIN"
    shader.inputs["Melanin"].default_value = melanin
    shader.inputs["Melanin Redness"].default_value = redness
    shader.inputs["Roughness"].default_value = roughness
    shader.inputs["Radial Roughness"].default_value = roughness + 0.1
    shader.inputs["Random Color"].default_value = 0.25
    links.new(shader.outputs[0], nodes["Material Output"].inputs["Surface"])
    return made


def planks(name: str, light: tuple[float, float, float], dark: tuple[float, float, float]):
    """A wooden floor: staggered boards that differ, with grain along them."""
    made = bpy.data.materials.new(name)
    made.use_nodes = True
    nodes, links = made.node_tree.nodes, made.node_tree.links
    shader = nodes["Principled BSDF"]
    shader.inputs["Roughness"].default_value = 0.38
    place = nodes.new("ShaderNodeTexCoord")
    boards = nodes.new("ShaderNodeTexBrick")
    boards.offset = 0.37
    for socket, value in (
        ("Color1", (*light, 1)),
        ("Color2", (*dark, 1)),
        ("Mortar", (0.02, 0.012, 0.008, 1)),
        ("Scale", 1.0),
        ("Mortar Size", 0.0025),
        ("Brick Width", 1.3),
        ("Row Height", 0.14),
    ):
        boards.inputs[socket].default_value = value
    links.new(place.outputs["Object"], boards.inputs["Vector"])
    stretch = nodes.new("ShaderNodeMapping")
    stretch.inputs["Scale"].default_value = (2.0, 45.0, 1.0)
    links.new(place.outputs["Object"], stretch.inputs["Vector"])
    grain = nodes.new("ShaderNodeTexNoise")
    grain.inputs["Scale"].default_value = 1.0
    grain.inputs["Detail"].default_value = 6.0
    links.new(stretch.outputs["Vector"], grain.inputs["Vector"])
    mix = nodes.new("ShaderNodeMix")
    mix.data_type, mix.blend_type = "RGBA", "OVERLAY"
    mix.inputs["Factor"].default_value = 0.55
    links.new(boards.outputs["Color"], mix.inputs["A"])
    links.new(grain.outputs["Fac"], mix.inputs["B"])
    links.new(mix.outputs["Result"], shader.inputs["Base Color"])
    return made


def carpet(name: str, colour: tuple[float, float, float]):
    """Short pile: rough, with flecks."""
    made = plain(name, colour, 1.0)
    nodes, links = made.node_tree.nodes, made.node_tree.links
    place = nodes.new("ShaderNodeTexCoord")
    flecks = nodes.new("ShaderNodeTexNoise")
    flecks.inputs["Scale"].default_value = 130.0
    flecks.inputs["Detail"].default_value = 4.0
    links.new(place.outputs["Object"], flecks.inputs["Vector"])
    mix = nodes.new("ShaderNodeMix")
    mix.data_type, mix.blend_type = "RGBA", "OVERLAY"
    mix.inputs["Factor"].default_value = 0.6
    mix.inputs["A"].default_value = (*colour, 1.0)
    links.new(flecks.outputs["Fac"], mix.inputs["B"])
    links.new(mix.outputs["Result"], nodes["Principled BSDF"].inputs["Base Color"])
    return made
