"""From key poses to every moment between them: eased, overlapping, and settling like something with mass.

Between two keys each channel follows a fifth-order curve that has no acceleration at the keys (minimum jerk, if it
rests there); a key without a hold is passed through in the direction of its neighbours. Rotations are eased as
quaternions. What hangs on the trunk comes later than the trunk, and a light spring lets it settle.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.interpolate import pchip_interpolate
from scipy.signal import lfilter

from benchmarks.performers.motions.poses import Pose, swings
from benchmarks.performers.motions.rotations import Array, aligned, unit

RATE = 100
"""Moments a second while easing; the springs need more than a film's."""

DELAYS = {
    "gaze": -0.14, "head": -0.04, "hips": 0.0, "ground": 0.0, "chest": 0.06, "left": 0.10, "right": 0.10,
    "bend": 0.15, "turn": 0.17, "wrist": 0.20, "face": 0.0,
}  # fmt: skip
"""Seconds by which a part comes after its keys."""
SPRINGS = {
    "left": (21.0, 0.85),
    "right": (21.0, 0.85),
    "bend": (22.0, 0.8),
    "wrist": (20.0, 0.65),
    "head": (20.0, 0.9),
}
"""Radians a second, and damping: below 1 overshoots a little."""
OTHERS = (25.0, 1.0)


@dataclass(frozen=True)
class Key:
    """A pose that is reached after `move` seconds and kept for `hold`."""

    pose: Pose
    move: float
    hold: float = 0.0


@dataclass(frozen=True)
class Keyed:
    """Keys on the clock: their poses, and when each is reached and left, s [k]."""

    poses: Sequence[Pose]
    reached: Array
    left: Array


def on_the_clock(keys: Sequence[Key]) -> Keyed:
    """Keys with their times; the first one's move is not waited for."""
    moves = np.array([0.0, *(key.move for key in keys[1:])])
    holds = np.array([key.hold for key in keys])
    reached = np.cumsum(moves) + np.concatenate([[0.0], np.cumsum(holds)[:-1]])
    return Keyed([key.pose for key in keys], reached, reached + holds)


def channels(pose: Pose) -> dict[str, Array]:
    """A pose as arrays; the rotations among them are quaternions [4]."""
    arms = (pose.left, pose.right)
    return {
        **swings(pose),
        "ground": np.array([np.radians(pose.heading), pose.sit, pose.drop]),
        "bend": np.radians([side.bend for side in arms]),
        "turn": np.radians([side.turn for side in arms]),
        "wrist": np.array(
            [[np.radians(a.flex), np.radians(a.tilt), a.grip, np.radians(a.shrug)] for a in arms]
        ).ravel(),
        "meet": np.array([pose.meet]),
        "face": np.array([pose.smile, pose.brows, pose.talk]),
        "gaze": np.radians(pose.gaze),
    }


ROTATIONS = ("hips", "chest", "head", "left", "right")


def eased(keyed: Keyed, seconds: float) -> dict[str, Array]:
    """Each channel [n, d] at `RATE` moments a second."""
    moments = np.arange(round(seconds * RATE)) / RATE
    columns = [channels(pose) for pose in keyed.poses]
    result = {}
    for name in columns[0]:
        values = np.stack([column[name] for column in columns])
        if name in ROTATIONS:
            values = aligned(values)
        curve = _curve(keyed, values, moments - DELAYS.get(name, 0.1))
        curve = _sprung(curve, *SPRINGS.get(name, OTHERS))
        result[name] = unit(curve) if name in ROTATIONS else curve
    return result


def _curve(keyed: Keyed, values: Array, moments: Array) -> Array:
    """Values [n, d] at moments [n] of keys [k, d]."""
    times = np.stack([keyed.reached, keyed.left], axis=1).ravel()
    points = np.repeat(values, 2, axis=0)
    held = np.repeat(keyed.left - keyed.reached > 1e-6, 2)
    middle = (keyed.reached + keyed.left) / 2
    slopes = np.repeat(pchip_interpolate(middle, values, middle, der=1), 2, axis=0) if len(middle) > 1 else 0 * points
    slopes[held] = 0.0
    slopes[:1] = slopes[-1:] = 0.0
    place = np.clip(np.searchsorted(times, moments, side="right") - 1, 0, len(times) - 2)
    length = np.maximum(times[place + 1] - times[place], 1e-9)[:, None]
    s = np.clip((moments - times[place])[:, None] / length, 0.0, 1.0)
    rise = s**3 * (10 - 15 * s + 6 * s**2)
    leaving = s - s**3 * (6 - 8 * s + 3 * s**2)
    arriving = s**3 * (-4 + 7 * s - 3 * s**2)
    start, end = points[place], points[place + 1]
    return np.asarray(start + (end - start) * rise + length * (slopes[place] * leaving + slopes[place + 1] * arriving))


def _sprung(curve: Array, omega: float, damping: float) -> Array:
    """The curve [n, d] followed by a damped spring, at rest where it starts."""
    step = 1.0 / RATE
    top = [omega**2 * step**2]
    bottom = [1 + 2 * damping * omega * step + omega**2 * step**2, -2 - 2 * damping * omega * step, 1.0]
    return np.asarray(lfilter(top, bottom, curve - curve[:1], axis=0) + curve[:1])
