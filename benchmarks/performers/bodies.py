"""Three people who don't exist: their measures, their rest meshes out of anny, and how a posture moves them.

anny is used once (`figures.py`), for the rest mesh, the skeleton and the face's blend shapes. Skinning is done
here, because clothes, shoes and brows are meshes of our own that carry blended weights, and because numpy skins all
of it in 20 ms.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from .motions.posture import BONES, Body, Posture

BODY_END = 13380
"""Vertices before this one are skin; behind it are the base mesh's helpers and joint cubes."""
ACTIONS = (
    "jawOpen",
    "mouthSmileLeft",
    "mouthSmileRight",
    "eyeBlinkLeft",
    "eyeBlinkRight",
    "browInnerUp",
    "browOuterUpLeft",
    "browOuterUpRight",
    "browDownLeft",
    "browDownRight",
    "cheekSquintLeft",
    "cheekSquintRight",
)


@dataclass(frozen=True)
class Performer:
    """The measures of one person; `height` in metres is met by bisection over anny's own height parameter."""

    name: str
    height: float
    phenotype: dict[str, float]
    changes: dict[str, float] = field(default_factory=dict)
    girth: float = 0.0


PERFORMERS = {
    performer.name: performer
    for performer in (
        Performer(
            "ines",
            1.58,
            {"gender": 0.97, "age": 0.62, "muscle": 0.45, "weight": 0.48, "proportions": 0.55, "cupsize": 0.4}
            | {"firmness": 0.7, "african": 0.0, "asian": 0.65, "caucasian": 0.35},
            {"mouth-lowerlip-volume-incr": 0.3, "mouth-upperlip-volume-incr": 0.3, "head-age-incr": -0.3},
        ),
        Performer(
            "kofi",
            1.74,
            {"gender": 0.03, "age": 0.6, "muscle": 0.62, "weight": 0.42, "proportions": 0.8}
            | {"african": 1.0, "asian": 0.0, "caucasian": 0.0},
            {"measure-upperarm-length-incr": 0.3, "measure-lowerleg-height-incr": 0.4, "head-age-incr": -0.4},
        ),
        Performer(
            "lars",
            1.90,
            {"gender": 0.0, "age": 0.72, "muscle": 0.55, "weight": 0.66, "proportions": 0.35}
            | {"african": 0.0, "asian": 0.0, "caucasian": 1.0},
            {"measure-upperleg-height-incr": -0.2, "chin-width-incr": 0.3, "chin-prominent-incr": 0.2},
            girth=3.0,
        ),
    )
}


@dataclass(frozen=True)
class Figure:
    """One performer's rest mesh and skeleton."""

    performer: Performer
    rest: NDArray[np.float64]
    """[19158, 3] m, anny's own space: z up, facing -y, helpers included."""
    heads: NDArray[np.float64]
    """[bones, 3] m."""
    parents: tuple[int, ...]
    bones: tuple[str, ...]
    weights: sparse.csr_matrix
    """[19158, bones], rows sum to one."""
    actions: dict[str, NDArray[np.float64]]
    """What each facial action adds to `rest`."""
    groups: dict[str, NDArray[np.int64]]
    """Group of base.obj -> its quads [n, 4]."""
    masks: dict[str, NDArray[np.float64]]
    """`lips`, `eyelids`, `ears`, `inside-mouth`, `fingernails`: 0..1 for each vertex of the skin."""
    keypoints: dict[str, NDArray[np.float64]]
    """COCO name -> weights over the vertices."""

    @cached_property
    def number(self) -> dict[str, int]:
        return {bone: index for index, bone in enumerate(self.bones)}

    @cached_property
    def floor(self) -> float:
        return float(self.rest[:BODY_END, 2].min())

    def head(self, bone: str) -> NDArray[np.float64]:
        """The rest place of a bone's head [3]."""
        return self.heads[self.number[bone]]

    def body(self) -> Body:
        """What a motion has to know."""
        return Body({bone: self.head(bone) for bone in BONES}, self.floor, self.performer.girth)

    def share(self, *prefixes: str) -> NDArray[np.float64]:
        """How much of each vertex follows the bones whose names start like this [19158]."""
        chosen = [index for index, bone in enumerate(self.bones) if bone.startswith(prefixes)]
        return np.asarray(self.weights[:, chosen].sum(axis=1)).ravel()


def transforms(figure: Figure, posture: Posture, lift: float) -> NDArray[np.float64]:
    """[bones, 3, 4]: rest space to the room, the soles on z = `lift` (what the shoes add)."""
    turns = np.tile(np.eye(3), (len(figure.bones), 1, 1))
    for bone, vector in posture.rotations.items():
        turns[figure.number[bone]] = Rotation.from_rotvec(vector).as_matrix()
    places = figure.heads.copy()
    for index, parent in enumerate(figure.parents):
        if parent >= 0:
            places[index] = places[parent] + turns[parent] @ (figure.heads[index] - figure.heads[parent])
            turns[index] = turns[parent] @ turns[index]
    offset = places - np.einsum("bij,bj->bi", turns, figure.heads)
    offset += posture.root - (0.0, 0.0, figure.floor - lift)
    return np.concatenate([turns, offset[:, :, None]], axis=2)


def skin(rest: NDArray[np.float64], weights: sparse.csr_matrix, moves: NDArray[np.float64]) -> NDArray[np.float64]:
    """Linear blend skinning of [n, 3]."""
    blended = np.asarray(weights @ moves.reshape(len(moves), 12)).reshape(-1, 3, 4)
    return np.einsum("nij,nj->ni", blended[:, :, :3], rest) + blended[:, :, 3]


def facial(posture: Posture) -> dict[str, float]:
    """The strength of each of `ACTIONS`."""
    face = posture.face
    sides = ("Left", "Right")
    strengths = {"jawOpen": 0.75 * face.mouth, "browInnerUp": max(face.brows, 0.0)}
    for side in sides:
        strengths |= {
            f"mouthSmile{side}": 0.8 * face.smile,
            f"cheekSquint{side}": 0.6 * face.smile,
            f"eyeBlink{side}": min(1.0, face.blink + 0.1 * face.smile),
            f"browOuterUp{side}": max(face.brows, 0.0),
            f"browDown{side}": max(-face.brows, 0.0),
        }
    return strengths
