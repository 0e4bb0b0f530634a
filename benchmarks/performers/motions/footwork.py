"""Where the feet are: each stands still until it steps, one after the other, and the weight goes to the other one.

Places are in leg lengths from the standing place, in the picture's axes (right, away from the camera).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d

from benchmarks.performers.motions.poses import Pose
from benchmarks.performers.motions.rotations import Array
from benchmarks.performers.motions.timeline import RATE, Keyed

NEAR, LITTLE_TURN = 0.015, np.radians(4.0)
SETTLE = 0.13
"""Seconds over which the weight moves from foot to foot."""


@dataclass(frozen=True)
class Feet:
    """Both feet, left first, at `RATE` moments a second."""

    place: Array
    """[n, 2, 2] of the ankles, leg lengths."""
    yaw: Array
    """[n, 2] radians to the performer's left from facing the camera, toes and heading together."""
    lift: Array
    """[n, 2] leg lengths above the floor."""
    heel: Array
    """[n, 2] radians that the heel is lifted about the ball of the foot."""
    load: Array
    """[n, 2] share of the weight."""


@dataclass(frozen=True)
class Step:
    """One foot (0 is the left) goes to a place [2] and a yaw between two moments, s."""

    foot: int
    start: float
    end: float
    place: Array
    yaw: float


def standing(pose: Pose) -> tuple[Array, Array]:
    """Where the feet belong in a pose: places [2, 2], yaws [2]."""
    turn = np.radians(pose.heading)
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    feet = (pose.left_foot, pose.right_foot)
    local = np.array([[sign * foot.out, -foot.forward] for sign, foot in zip((1, -1), feet, strict=True)])
    place = np.array([pose.place[0], -pose.place[1]]) + local @ rotation.T
    yaw = turn + np.radians([feet[0].toes, -feet[1].toes])
    return place, yaw


def steps(keyed: Keyed) -> Iterator[Step]:
    """The steps that take the feet from key to key."""
    place, yaw = standing(keyed.poses[0])
    for index, pose in enumerate(keyed.poses[1:], start=1):
        start, end = keyed.left[index - 1], keyed.reached[index]
        wanted, turned = standing(pose)
        moving = (np.linalg.norm(wanted - place, axis=-1) > NEAR) | (np.abs(turned - yaw) > LITTLE_TURN)
        order = _order(wanted - place, turned - yaw, pose.heading)
        order = [foot for foot in order if moving[foot]]
        spans = [(0.05, 0.52), (0.5, 0.97)] if len(order) == 2 else [(0.12, 0.85)]
        for foot, (first, last) in zip(order, spans, strict=False):
            yield Step(foot, start + first * (end - start), start + last * (end - start), wanted[foot], turned[foot])
            place[foot], yaw[foot] = wanted[foot], turned[foot]


def _order(way: Array, turn: Array, heading: float) -> list[int]:
    """The foot on the side that the body goes, or turns, to comes first."""
    angle = np.radians(heading)
    sideways = float(way.mean(axis=0) @ (np.cos(angle), np.sin(angle)))
    leftwards = float(turn.mean()) if abs(turn.mean()) > 0.2 else sideways
    return [0, 1] if leftwards > 0 else [1, 0]


def walked(keyed: Keyed, seconds: float) -> Feet:
    """Both feet from the first key on, with the weight that follows from what stands."""
    count = round(seconds * RATE)
    moments = np.arange(count) / RATE
    places, yaws = standing(keyed.poses[0])
    place, yaw = np.tile(places, (count, 1, 1)), np.tile(yaws, (count, 1))
    lift, heel, swing = (np.zeros((count, 2)) for _ in range(3))
    for step in steps(keyed):
        s = np.clip((moments - step.start) / (step.end - step.start), 0.0, 1.0)
        rise = s**3 * (10 - 15 * s + 6 * s**2)
        before, turned = place[:, step.foot].copy(), yaw[:, step.foot].copy()
        way = float(np.linalg.norm(step.place - before[-1]))
        place[:, step.foot] = before + rise[:, None] * (step.place - before)
        yaw[:, step.foot] = turned + rise * (step.yaw - turned)
        inside = (s > 0) & (s < 1)
        lift[:, step.foot] += (0.025 + 0.08 * min(way, 0.7)) * np.sin(np.pi * s) ** 2
        heel[:, step.foot] += np.radians(14 + 24 * min(way, 0.5)) * np.sin(np.pi * np.sqrt(s)) ** 2
        swing[inside, step.foot] = 1.0
    ups = np.array([[pose.left_foot.up, pose.right_foot.up] for pose in keyed.poses])
    heels = np.radians([[pose.left_foot.heel, pose.right_foot.heel] for pose in keyed.poses])
    raised = lift + _between(keyed, ups, moments)
    return Feet(place, yaw, raised, heel + _between(keyed, heels, moments), _load(keyed, moments, swing))


def _load(keyed: Keyed, moments: Array, swing: Array) -> Array:
    weight = np.array([[0.5 + 0.5 * pose.weight, 0.5 - 0.5 * pose.weight] for pose in keyed.poses])
    base = _between(keyed, weight, moments)
    alone = np.where(swing[:, ::-1] > 0, 0.9, np.where(swing > 0, 0.1, base))
    return np.asarray(gaussian_filter1d(alone, SETTLE * RATE, axis=0, mode="nearest"))


def _between(keyed: Keyed, values: Array, moments: Array) -> Array:
    """Values [n, d] of keys [k, d], eased at both ends of each move."""
    place = np.clip(np.searchsorted(keyed.reached, moments, side="right") - 1, 0, len(values) - 1)
    after = np.minimum(place + 1, len(values) - 1)
    length = np.maximum(keyed.reached[after] - keyed.left[place], 1e-9)
    s = np.clip((moments - keyed.left[place]) / length, 0.0, 1.0)
    rise = s**3 * (10 - 15 * s + 6 * s**2)
    return np.asarray(values[place] + (values[after] - values[place]) * rise[:, None])
