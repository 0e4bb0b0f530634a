"""The words for a pose: arms, feet, trunk and face, in degrees and leg lengths, the same for every body.

A rotation of the trunk is a rotation vector (forwards, to the performer's left, turned to the left) in degrees: of
the hips relative to the heading, of the chest relative to the hips, of the head relative to the chest.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from scipy.spatial.transform import Rotation

from benchmarks.performers.motions.average import average_body
from benchmarks.performers.motions.rotations import HANGING, Array, about, frame, mirrored, quaternion, towards, unit

Degrees3 = tuple[float, float, float]


@dataclass(frozen=True)
class Arm:
    """One arm, as a left one; `mirror` makes a right one of it."""

    swing: Array
    """Quaternion [4] in the chest's frame, from an arm that hangs with its elbow bending forwards."""
    bend: float
    """Degrees at the elbow, 0 is straight."""
    turn: float = 0.0
    """Degrees of the forearm: 0 is the palm to the thigh when hanging, positive turns it backwards (pronation)."""
    flex: float = 0.0
    """Degrees of the wrist towards the palm."""
    tilt: float = 0.0
    """Degrees of the wrist towards the thumb."""
    grip: float = 0.22
    """0 is a flat hand, 1 a fist."""
    shrug: float = 0.0
    """Degrees that the shoulder is lifted above what the arm's height asks for."""


def arm(lift: float, plane: float, bend: float, twist: float = 0.0, **hand: float) -> Arm:
    """An arm lifted by `lift` degrees from hanging, in a plane: 0 forwards, 90 sideways, negative across the body.

    `twist` turns the upper arm about itself: positive takes a bent forearm outwards (or up, if the arm is out).
    """
    outwards, forwards = np.sin(np.radians(plane)), np.cos(np.radians(plane))
    swing = np.radians(lift) * np.array([-forwards, -outwards, 0.0])
    turns = about(np.array([[0.0, 0.0, 1.0]]), np.radians([twist]))[0]
    length = float(np.linalg.norm(swing))
    swung = about(unit(swing)[None], np.array([length]))[0] if length else np.eye(3)
    return Arm(_quaternion(swung @ turns), bend, **hand)


def hand_at(left: float, forward: float, up: float, elbow: float = 20.0, **hand: float) -> Arm:
    """An arm whose wrist is there: m from the middle between the average body's shoulders, in the chest's frame.

    `elbow`: degrees by which it points sideways, 0 is straight down as far as the hand's place allows.
    """
    heads = average_body().heads
    shoulder, joint, wrist = (heads[f"{bone}.L"] for bone in ("upperarm01", "lowerarm01", "wrist"))
    upper, lower = float(np.linalg.norm(joint - shoulder)), float(np.linalg.norm(wrist - joint))
    reach = np.array([left - shoulder[0], -forward, up])
    distance = float(np.clip(np.linalg.norm(reach), abs(upper - lower) + 0.02, 0.999 * (upper + lower)))
    direction = unit(reach)
    hint = np.array([np.sin(np.radians(elbow)), 0.25, -np.cos(np.radians(elbow))])
    bulge = unit(hint - (hint @ direction) * direction)
    inner = np.arccos(np.clip((upper**2 + distance**2 - lower**2) / (2 * upper * distance), -1, 1))
    bend = np.pi - np.arccos(np.clip((upper**2 + lower**2 - distance**2) / (2 * upper * lower), -1, 1))
    upwards = direction * np.cos(inner) + bulge * np.sin(inner)
    swing = frame(upwards, np.cross(upwards, direction)) @ frame(*HANGING).T
    return Arm(_quaternion(swing), float(np.degrees(bend)), **hand)


def _quaternion(rotation: Array) -> Array:
    return np.asarray(Rotation.from_matrix(rotation).as_quat())


HANG = arm(9, 75, 14, twist=-8, turn=18)


@dataclass(frozen=True)
class Foot:
    """Where a foot stands, relative to the place and the heading, in leg lengths."""

    out: float = 0.125
    forward: float = 0.0
    toes: float = 6.0
    """Degrees outwards."""
    heel: float = 0.0
    """Degrees that the heel is lifted about the ball of the foot."""
    up: float = 0.0
    """Leg lengths above the floor."""


@dataclass(frozen=True)
class Pose:
    """A key pose."""

    left: Arm = HANG
    right: Arm = HANG
    """Written as a left arm."""
    hips: Degrees3 = (0.0, 0.0, 0.0)
    chest: Degrees3 = (1.0, 0.0, 0.0)
    head: Degrees3 = (0.0, 0.0, 0.0)
    place: tuple[float, float] = (0.0, 0.0)
    """Leg lengths from the standing place: to the picture's right, towards the camera."""
    heading: float = 0.0
    """Degrees to the performer's left; 0 faces the camera."""
    weight: float = 0.0
    """-1 is all on the right foot, 1 on the left."""
    sit: float = 0.0
    """Leg lengths that the hips go back."""
    drop: float = 0.002
    """Leg lengths that the hips are lower than the legs allow."""
    left_foot: Foot = field(default_factory=Foot)
    right_foot: Foot = field(default_factory=Foot)
    meet: float = 0.0
    """1: the palms touch."""
    smile: float = 0.1
    brows: float = 0.0
    talk: float = 0.0
    gaze: tuple[float, float] = (0.0, 0.0)
    """Degrees to the performer's left, and up, relative to the head."""

    def but(self, **changes: object) -> Pose:
        """This pose with some parts changed; `arms` and `feet` set both sides."""
        for both, (left, right) in {"arms": ("left", "right"), "feet": ("left_foot", "right_foot")}.items():
            if both in changes:
                changes[left] = changes[right] = changes.pop(both)
        return replace(self, **changes)  # type: ignore[arg-type]

    def mirror(self) -> Pose:
        """This pose with left and right exchanged."""

        def other(turn: Degrees3) -> Degrees3:
            return turn[0], -turn[1], -turn[2]

        return replace(
            self, left=self.right, right=self.left, hips=other(self.hips), chest=other(self.chest),
            head=other(self.head), place=(-self.place[0], self.place[1]), heading=-self.heading,
            weight=-self.weight, left_foot=self.right_foot, right_foot=self.left_foot,
            gaze=(-self.gaze[0], self.gaze[1]),
        )  # fmt: skip

    def scaled(self, amount: float) -> Pose:
        """This pose with gestures larger or smaller; where it stands and whether palms touch stay."""

        def less(turn: Degrees3) -> Degrees3:
            return turn[0] * amount, turn[1] * amount, turn[2] * amount

        def limb(side: Arm) -> Arm:
            return replace(side, swing=towards(HANG.swing, side.swing, amount))

        share = 1.0 if self.meet else amount
        changed = self if share == 1.0 else replace(self, left=limb(self.left), right=limb(self.right))
        return replace(changed, hips=less(self.hips), chest=less(self.chest), head=less(self.head))


def swings(pose: Pose) -> dict[str, Array]:
    """The rotations of a pose as quaternions [4], the right arm mirrored."""
    trunk = {part: quaternion(getattr(pose, part)) for part in ("hips", "chest", "head")}
    return {**trunk, "left": pose.left.swing, "right": mirrored(pose.right.swing)}
