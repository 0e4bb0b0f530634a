"""Where hands may be: palms that meet, and wrists that stay outside the trunk."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from scipy.spatial.transform import Rotation

from benchmarks.performers.motions.limbs import Arms, Turns
from benchmarks.performers.motions.posture import SIDES, SPINE, Body
from benchmarks.performers.motions.rotations import HANGING, Array, about, unit

PALM = 0.031
"""From a wrist's middle to the palm's surface, m, when hands meet."""
TRUNK = (0.195, 0.165)
"""How far a wrist stays from the middle of the average trunk, to the side and to the front, m."""


def placed(body: Body, turns: Turns, arms: Arms) -> Arms:
    """The arms changed so that wrists are outside the trunk, and palms that meet are a hand apart."""
    chest = turns[SPINE[-1]]
    shoulders = [_shoulder(body, chest, turns, name) for name in SIDES]
    wrists = [shoulders[side] + _reach(body, chest, turns, name) for side, name in enumerate(SIDES)]
    bottom = _bottom(body, turns)
    goals = [_outside(body, wrist, bottom) for wrist in wrists]
    middle = (goals[0] + goals[1]) / 2 * (0.0, 1.0, 1.0)
    swings, bends = [], []
    for side, name in enumerate(SIDES):
        wanted = middle + (PALM if side == 0 else -PALM) * np.array([1.0, 0.0, 0.0])
        goal = goals[side] + arms.met[:, None] * (wanted - goals[side]) - shoulders[side]
        swing, bend = _reached(body, arms, side, name, goal)
        swings.append(swing)
        bends.append(bend)
    return Arms(np.stack(swings), np.stack(bends, axis=1), arms.turn, arms.wrist, arms.met)


def _shoulder(body: Body, chest: Array, turns: Turns, name: str) -> Array:
    """A shoulder [n, 3], in the chest's frame from its bone's head."""
    collar, shoulder = (body.heads[f"{bone}.{name}"] for bone in ("clavicle", "upperarm01"))
    turned = np.swapaxes(chest, 1, 2) @ turns[f"clavicle.{name}"]
    return np.asarray(collar - body.heads[SPINE[-1]] + turned @ (shoulder - collar))


def _reach(body: Body, chest: Array, turns: Turns, name: str) -> Array:
    """From shoulder to wrist [n, 3], in the chest's frame."""
    upper, lower, wrist = (body.heads[f"{bone}.{name}"] for bone in ("upperarm01", "lowerarm01", "wrist"))
    vector = turns[f"upperarm01.{name}"] @ (lower - upper) + turns[f"lowerarm01.{name}"] @ (wrist - lower)
    return np.asarray(np.einsum("nji,nj->ni", chest, vector))


def _bottom(body: Body, turns: Turns) -> Array:
    """The lower end of the spine [n, 3], in the chest's frame from the head of the chest's bone."""
    links = [turns[below] @ (body.heads[above] - body.heads[below]) for below, above in pairwise(SPINE)]
    up = np.sum(links, axis=0)
    return np.asarray(-np.einsum("nji,nj->ni", turns[SPINE[-1]], up))


def _outside(body: Body, wrist: Array, bottom: Array) -> Array:
    """The wrist [n, 3], pushed out gently where it comes nearer to the spine's line than `TRUNK`."""
    along = np.sum(wrist * bottom, axis=1) / np.sum(bottom * bottom, axis=1)
    middle = np.clip(along, 0, 1)[:, None] * bottom + (0.0, -0.02, 0.0)
    stout = np.sin(np.radians(body.girth)) * 0.45
    radii = np.array([TRUNK[0] + stout, TRUNK[1] + stout, np.inf])
    away = wrist - middle
    share = np.maximum(np.linalg.norm(away / radii, axis=1), 0.05)
    wanted = 1 + np.logaddexp(0, (share - 1) * 14) / 14
    beside = np.clip((along + 0.25) / 0.3, 0, 1) * np.clip((1.45 - along) / 0.3, 0, 1)
    factor = 1 + beside * (wanted / share - 1)
    return np.asarray(wrist + away * (1.0, 1.0, 0.0) * (factor - 1)[:, None])


def _reached(body: Body, arms: Arms, side: int, name: str, goal: Array) -> tuple[Array, Array]:
    """Swing and bend that bring the wrist to `goal` [n, 3] from the shoulder, the elbow turned as little as can be."""
    joints = [body.heads[f"{bone}.{name}"] for bone in ("upperarm01", "lowerarm01", "wrist")]
    a, b = (float(np.linalg.norm(joints[i + 1] - joints[i])) for i in (0, 1))
    distance = np.clip(np.linalg.norm(goal, axis=1), 0.3 * (a + b), 0.9995 * (a + b))
    bend = np.pi - np.arccos(np.clip((a**2 + b**2 - distance**2) / (2 * a * b), -1, 1))
    hinge = np.tile(HANGING[1], (len(bend), 1))
    swing = Rotation.from_quat(arms.swing[side])
    now = unit(swing.apply(a * HANGING[0] + b * (about(hinge, bend) @ HANGING[0])))
    axis = np.cross(now, unit(goal))
    sine = np.linalg.norm(axis, axis=1)
    angle = np.arctan2(sine, np.sum(now * unit(goal), axis=1))
    turn = Rotation.from_rotvec(axis / np.maximum(sine, 1e-12)[:, None] * angle[:, None])
    return np.asarray((turn * swing).as_quat()), bend
