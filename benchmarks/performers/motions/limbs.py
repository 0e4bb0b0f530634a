"""Arms and legs fitted to a body: from how an arm is held, and where an ankle must be, to the turns of the bones.

Turns are rotation matrices [n, 3, 3] as seen in the world, relative to the rest pose; side 0 is the left.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.performers.motions.posture import SIDES, Body
from benchmarks.performers.motions.rotations import HANGING, Array, about, frame, matrices, power, unit

Turns = dict[str, Array]
STRETCH = 0.9985
"""Of a leg's length: the furthest that an ankle may be, so that no knee locks."""


@dataclass(frozen=True)
class Arms:
    """How both arms are held over time, left first."""

    swing: Array
    """Quaternions [2, n, 4] in the chest's frame, from hanging; the right one is a right arm's."""
    bend: Array
    turn: Array
    wrist: Array
    """bend, turn: [n, 2] rad; wrist: [n, 2, 4] flexion, tilt (rad), grip (0..1), shrug (rad)."""
    met: Array
    """[n] 0..1: by how much the palms lie against each other."""


def held(body: Body, chest: Array, arms: Arms, side: int) -> Turns:
    """The turns of one arm's bones on a chest turned by `chest`."""
    name, sign = SIDES[side], (1.0, -1.0)[side]
    head = {bone: body.heads[f"{bone}.{name}"] for bone in ("upperarm01", "lowerarm01", "wrist", "finger3-1")}
    upper, lower = head["lowerarm01"] - head["upperarm01"], head["wrist"] - head["lowerarm01"]
    hinge = np.cross(upper, lower)
    flex, tilt, _, shrug = np.moveaxis(arms.wrist[:, side], -1, 0)
    shoulder = chest @ matrices(arms.swing[side])
    along, bends = shoulder @ HANGING[0], shoulder @ HANGING[1]
    forearm = np.einsum("nij,nj->ni", about(bends, arms.bend[:, side]), along)
    turned_upper = frame(along, bends) @ frame(upper, hinge).T
    turned_lower = frame(forearm, bends) @ frame(lower, hinge).T
    palm = np.einsum("nij,nj->ni", about(forearm, sign * arms.turn[:, side]), sign * bends)
    inwards = about(np.cross(forearm, palm), flex)
    aside = about(palm, sign * tilt)
    hand, palm = (np.einsum("nij,njk,nk->ni", inwards, aside, vector) for vector in (forearm, palm))
    met, level = arms.met[:, None], forearm - np.sum(forearm * chest[..., 0], axis=1, keepdims=True) * chest[..., 0]
    hand = hand + met * (unit(level) - hand)
    palm = palm + met * (-sign * chest[..., 0] - palm)
    turned_hand = frame(hand, palm) @ frame(head["finger3-1"] - head["wrist"], palm_at_rest(body, side)).T
    clavicle = chest @ _collar(along, chest, shrug, sign)
    twist = _twist(turned_lower, turned_hand, unit(lower))
    names = ("clavicle", "shoulder01", "upperarm01", "upperarm02", "lowerarm01", "lowerarm02", "wrist")
    bones = (clavicle, clavicle, turned_upper, turned_upper, turned_lower, turned_lower @ twist, turned_hand)
    return {f"{bone}.{name}": turn for bone, turn in zip(names, bones, strict=True)}


def _collar(along: Array, chest: Array, shrug: Array, sign: float) -> Array:
    """The collarbone [n, 3, 3] in the chest: it rises and comes forwards with the arm."""
    local = np.einsum("nji,nj->ni", chest, along)
    height = np.degrees(np.arccos(np.clip(-local[:, 2], -1, 1)))
    rise = np.radians(0.17 * np.logaddexp(0, (height - 45) / 12) * 12) + shrug
    reach = np.radians(9) * -local[:, 1] * (1 - 0.5 * np.abs(local[:, 2]))
    axis = np.stack([np.zeros_like(rise), -sign * rise, -sign * reach], axis=1)
    angle = np.linalg.norm(axis, axis=1)
    return about(axis / np.maximum(angle, 1e-12)[:, None], angle)


def _twist(lower: Array, hand: Array, axis: Array) -> Array:
    """Half of the turn of the hand about the forearm's rest `axis` [3], as matrices [n, 3, 3]."""
    relative = np.swapaxes(lower, 1, 2) @ hand
    across = unit(np.cross(axis, (0.0, 0.0, 1.0)))
    image = relative @ across
    angle = np.arctan2(image @ np.cross(axis, across), image @ across)
    return about(np.tile(axis, (len(angle), 1)), angle / 2)


def palm_at_rest(body: Body, side: int) -> Array:
    """The direction [3] into which the palm looks at rest."""
    wrist, first, last = (body.heads[f"{bone}.{SIDES[side]}"] for bone in ("wrist", "finger2-1", "finger5-1"))
    return unit(np.cross(first - wrist, last - wrist)) * (-1.0, 1.0)[side]


def gripped(body: Body, grip: Array, side: int) -> Turns:
    """Rotations of the finger bones [n, 3, 3] RELATIVE to their parents: they curl towards the palm."""
    name, palm = SIDES[side], palm_at_rest(body, side)
    turns: Turns = {}
    for finger in range(1, 6):
        joints = [f"finger{finger}-{joint}.{name}" for joint in range(1, 4)]
        axis = unit(np.cross(body.heads[joints[2]] - body.heads[joints[0]], palm))
        most = (14.0, 26.0, 30.0) if finger == 1 else (62.0, 78.0, 48.0)
        spread = 0.9 + 0.07 * finger
        for joint, angle in zip(joints, most, strict=True):
            amount = np.radians(angle * spread) * (grip - 0.12)
            turns[joint] = about(np.tile(axis, (len(grip), 1)), amount)
    return turns


def leg_length(body: Body) -> float:
    """From hip to ankle along the bones, mean of both legs, m."""
    total = 0.0
    for side in SIDES:
        hip, knee, ankle = (body.heads[f"{bone}.{side}"] for bone in ("upperleg01", "lowerleg01", "foot"))
        total += float(np.linalg.norm(knee - hip) + np.linalg.norm(ankle - knee))
    return total / 2


def stood(body: Body, hip: Array, ankle: Array, foot: Array, ahead: Array, side: int) -> Turns:
    """The turns of one leg's bones from where its hip and ankle are [n, 3].

    `foot` [n, 3, 3] is the foot's own turn, `ahead` [n, 3] the direction into which the knee bends.
    """
    name = SIDES[side]
    rest = [body.heads[f"{bone}.{name}"] for bone in ("upperleg01", "lowerleg01", "foot")]
    thigh, shank = rest[1] - rest[0], rest[2] - rest[1]
    a, b = np.linalg.norm(thigh), np.linalg.norm(shank)
    way = ankle - hip
    distance = np.clip(np.linalg.norm(way, axis=1), 0.35 * (a + b), STRETCH * (a + b))
    direction, hinge = unit(way), unit(np.cross(ahead, way))
    inner = np.arccos(np.clip((a**2 + distance**2 - b**2) / (2 * a * distance), -1, 1))
    outer = np.arccos(np.clip((b**2 + distance**2 - a**2) / (2 * b * distance), -1, 1))
    upper = np.einsum("nij,nj->ni", about(hinge, -inner), direction)
    lower = np.einsum("nij,nj->ni", about(hinge, outer), direction)
    fold = np.cross(thigh, shank)
    bones = (frame(upper, hinge) @ frame(thigh, fold).T, frame(lower, hinge) @ frame(shank, fold).T, foot)
    return {f"{bone}.{name}": turn for bone, turn in zip(("upperleg01", "lowerleg01", "foot"), bones, strict=True)}


def shares(whole: Array, parts: tuple[float, ...]) -> list[Array]:
    """A relative turn, quaternions [n, 4], dealt out along a chain: relative matrices [n, 3, 3], one a part."""
    return [matrices(power(whole, part)) for part in parts]
