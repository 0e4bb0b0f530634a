"""The room, the light and the camera. The room never changes, so that it is rendered once for each performer."""

from __future__ import annotations

import math
from dataclasses import dataclass

import bpy
import numpy as np
from numpy.typing import NDArray

from . import materials

WALL = 1.35
"""How far behind the standing place the wall is, m."""
DISTANCE = 3.5
"""How far before it the camera is, m."""
SHARE = 0.70
"""The standing person's part of the picture's height: hands over the head are still inside."""
BELOW = 0.17
"""What the picture shows below the standing place, m: a step towards the camera."""

Colour = tuple[float, float, float]


@dataclass(frozen=True)
class Room:
    """What differs from one room to another."""

    wall: Colour
    floor: str
    """`planks` or `carpet`."""
    floor_colours: tuple[Colour, Colour]
    picture: Colour
    plant: float | None
    """Where it stands, m to the picture's right."""
    window: float
    """-1: the light comes from the picture's left, 1: from the right."""


ROOMS = {
    "ines": Room((0.62, 0.58, 0.50), "planks", ((0.42, 0.25, 0.13), (0.30, 0.17, 0.08)), (0.10, 0.22, 0.30), 0.98, -1),
    "kofi": Room((0.34, 0.42, 0.42), "planks", ((0.55, 0.42, 0.28), (0.46, 0.33, 0.20)), (0.60, 0.25, 0.10), None, 1),
    "lars": Room((0.66, 0.66, 0.66), "carpet", ((0.20, 0.22, 0.26), (0.2, 0.2, 0.2)), (0.30, 0.32, 0.12), -1.12, -1),
}


@dataclass(frozen=True)
class Camera:
    """A level pinhole at (0, -DISTANCE, z) that looks along +y."""

    z: float
    field: float
    """Height of what it sees at the standing place, m."""
    size: int
    """Width and height of the picture, px."""

    def project(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """[..., 3] m to [..., 2] px, pixel centres at .5."""
        scale = DISTANCE * self.size / self.field / (points[..., 1] + DISTANCE)
        half = self.size / 2
        return np.stack([half + points[..., 0] * scale, half - (points[..., 2] - self.z) * scale], axis=-1)


def begin(threads: int, samples: int, size: int) -> bpy.types.Scene:
    """An empty scene with Cycles set for a face of forty pixels: few samples, tight bounces, denoised."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    scene.render.resolution_x = scene.render.resolution_y = size
    scene.render.threads_mode, scene.render.threads = "FIXED", threads
    # Kept data saves nothing here (a figure syncs in 0.1 s), and a change of `samples` then leaves other noise behind:
    # a frame would depend on what was rendered before it.
    scene.render.use_persistent_data = False
    scene.render.film_transparent = False
    scene.render.image_settings.file_format = "PNG"
    scene.render.image_settings.color_mode = "RGB"
    scene.render.image_settings.compression = 15
    scene.view_settings.view_transform = "AgX"
    scene.view_settings.look = "AgX - Medium High Contrast"
    cycles = scene.cycles
    cycles.device = "CPU"
    cycles.samples, cycles.use_adaptive_sampling = samples, False
    cycles.use_denoising, cycles.denoiser = True, "OPENIMAGEDENOISE"
    cycles.denoising_prefilter = "FAST"
    cycles.max_bounces, cycles.diffuse_bounces, cycles.glossy_bounces = 3, 2, 1
    cycles.transmission_bounces = cycles.transparent_max_bounces = 1
    cycles.caustics_reflective = cycles.caustics_refractive = False
    cycles.sample_clamp_indirect = 4.0
    cycles.use_light_tree = False
    cycles.seed = 1
    return scene


def camera(scene: bpy.types.Scene, height: float, size: int) -> Camera:
    """The camera for a person of this height."""
    facts = Camera(z=height / SHARE / 2 - BELOW, field=height / SHARE, size=size)
    lens = bpy.data.cameras.new("camera")
    lens.angle = 2 * math.atan(facts.field / 2 / DISTANCE)
    seen = bpy.data.objects.new("camera", lens)
    seen.location, seen.rotation_euler = (0, -DISTANCE, facts.z), (math.pi / 2, 0, 0)
    scene.collection.objects.link(seen)
    scene.camera = seen
    return facts


def furnish(scene: bpy.types.Scene, room: Room) -> None:
    """Wall, floor, skirting board, picture, plant and light."""
    floor = materials.planks("floor", *room.floor_colours)
    if room.floor == "carpet":
        floor = materials.carpet("floor", room.floor_colours[0])
    wall, white = materials.plain("wall", room.wall, 0.9), materials.plain("white", (0.75, 0.74, 0.71), 0.4)
    _box(scene, floor, (0, 0, -0.05), (6, 2 * WALL + 4, 0.1))
    _box(scene, wall, (0, WALL + 0.05, 1.7), (6, 0.1, 3.4))
    _box(scene, white, (0, WALL - 0.008, 0.055), (6, 0.016, 0.11))
    _box(scene, white, (0, WALL - 0.013, 0.006), (6, 0.026, 0.012))
    side = -room.window * 0.92
    _picture(scene, room.picture, side)
    if room.plant is not None:
        _plant(scene, room.plant)
    _light(scene, (room.window * 2.3, -1.9, 2.1), (0, 0.2, 0.95), 1.5, 105, (1.0, 0.94, 0.85))
    _light(scene, (-room.window * 2.2, -2.6, 1.9), (0, 0, 1.0), 2.2, 26, (0.82, 0.9, 1.0))
    _light(scene, (0.4, -0.2, 2.75), (0.2, 0.3, 0), 1.8, 22, (1.0, 0.97, 0.92))
    world = bpy.data.worlds.new("world")
    world.use_nodes = True
    world.node_tree.nodes["Background"].inputs["Color"].default_value = (0.55, 0.6, 0.7, 1)
    world.node_tree.nodes["Background"].inputs["Strength"].default_value = 0.12
    scene.world = world


def _light(scene, place, aim, size: float, watts: float, colour: Colour) -> None:
    lamp = bpy.data.lights.new("light", "AREA")
    lamp.shape, lamp.size, lamp.energy, lamp.color = "SQUARE", size, watts, colour
    held = bpy.data.objects.new("light", lamp)
    held.location = place
    direction = held.location.copy()
    direction.xyz = [b - a for a, b in zip(place, aim, strict=True)]
    held.rotation_euler = direction.to_track_quat("-Z", "Y").to_euler()
    scene.collection.objects.link(held)


def solid(scene, name: str, points, faces, material, soft: bool = False) -> bpy.types.Object:
    """A still mesh in the room."""
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata([tuple(point) for point in points], [], [tuple(face) for face in faces])
    mesh.materials.append(material)
    if soft:
        mesh.shade_smooth()
    thing = bpy.data.objects.new(name, mesh)
    scene.collection.objects.link(thing)
    return thing


def _box(scene, material, centre, sides) -> None:
    corners = [
        [c + s / 2 * sign for c, s, sign in zip(centre, sides, signs, strict=True)]
        for signs in ((a, b, c) for a in (-1, 1) for b in (-1, 1) for c in (-1, 1))
    ]
    faces = [(0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3)]
    solid(scene, "box", corners, faces, material)


def _picture(scene, colour: Colour, x: float) -> None:
    wood, paper = materials.plain("frame", (0.08, 0.05, 0.03), 0.4), materials.plain("paper", (0.8, 0.78, 0.72))
    y, z = WALL - 0.015, 1.62
    _box(scene, wood, (x, y, z), (0.5, 0.03, 0.66))
    _box(scene, paper, (x, y - 0.014, z), (0.45, 0.01, 0.61))
    random = np.random.default_rng(7)
    for step in range(5):
        shade = tuple(float(c) for c in np.clip(np.array(colour) * random.uniform(0.5, 1.9), 0, 0.9))
        height = 0.2 - 0.035 * step
        block = (x + random.uniform(-0.04, 0.04), y - 0.02 - 0.001 * step, z - 0.2 + height / 2 + 0.02)
        _box(scene, materials.plain(f"shape{step}", shade), block, (0.3 - 0.05 * (step % 3), 0.002, height * 1.6))


def _plant(scene, x: float) -> None:
    pot, leaf = materials.plain("pot", (0.5, 0.42, 0.36), 0.6), materials.plain("leaf", (0.05, 0.16, 0.045), 0.45)
    base = (x, WALL - 0.3, 0.0)
    turn = np.linspace(0, 2 * math.pi, 24, endpoint=False)
    rings = [(0.0, 0.11), (0.26, 0.15), (0.27, 0.14), (0.23, 0.13), (0.23, 0.0)]
    points = [(base[0] + r * math.cos(t), base[1] + r * math.sin(t), z) for z, r in rings for t in turn]
    faces = [
        (24 * k + i, 24 * k + (i + 1) % 24, 24 * k + 24 + (i + 1) % 24, 24 * k + 24 + i)
        for k in range(4)
        for i in range(24)
    ]
    solid(scene, "pot", points, faces, pot, soft=True)
    random = np.random.default_rng(3)
    points, faces = [], []
    for _ in range(34):
        _leaf(points, faces, base, random)
    solid(scene, "leaves", points, faces, leaf, soft=True)


def _leaf(points: list, faces: list, base, random: np.random.Generator) -> None:
    angle, length, rise = random.uniform(0, 2 * math.pi), random.uniform(0.35, 0.85), random.uniform(0.9, 1.45)
    out, side = np.array([math.cos(angle), math.sin(angle), 0]), np.array([-math.sin(angle), math.cos(angle), 0])
    start = len(points)
    for step in range(8):
        t = step / 7
        middle = (
            np.array(base)
            + (0, 0, 0.22)
            + out * length * 0.62 * t**1.4
            + np.array((0, 0, 1)) * length * (rise * t - 0.75 * t**2.2)
        )
        middle[1] = min(middle[1], WALL - 0.02)
        width = 0.045 * math.sin(math.pi * min(0.98, 0.06 + t)) ** 0.8
        points += [middle - side * width, np.add(middle, (0, 0, -0.3 * width)), middle + side * width]
    for step in range(7):
        for edge in range(2):
            a = start + 3 * step + edge
            faces.append((a, a + 1, a + 4, a + 3))
