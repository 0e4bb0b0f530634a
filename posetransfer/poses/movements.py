"""What a person does in a clip, in the words one would use to ask them for it, and what they never do.

Only what footage has can be answered: a target who never raised an arm has no picture of it. Left and right are the
person's own. Everything is measured in the image, in torso lengths.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posetransfer.poses.angles import Joints, limb_directions, mid_hips, torso_lengths
from posetransfer.poses.skeleton import (
    L_ANKLE,
    L_ELBOW,
    L_HIP,
    L_KNEE,
    L_SHOULDER,
    L_WRIST,
    LIMBS,
    NECK,
    NOSE,
    R_ANKLE,
    R_ELBOW,
    R_HIP,
    R_KNEE,
    R_SHOULDER,
    R_WRIST,
)

ENOUGH: Final = 0.01  # share of the frames with the person in which a movement is seen
SECTORS: Final = 12  # of a limb's circle: 30 degrees each
LIMBS_SHOWN: Final = tuple(
    LIMBS.index(limb)
    for limb in (
        (R_SHOULDER, R_ELBOW), (R_ELBOW, R_WRIST), (L_SHOULDER, L_ELBOW), (L_ELBOW, L_WRIST),
        (R_HIP, R_KNEE), (R_KNEE, R_ANKLE), (L_HIP, L_KNEE), (L_KNEE, L_ANKLE),
    )
)  # fmt: skip


@dataclass(frozen=True)
class Movement:
    """One kind of movement. name: for machines; share: of the frames with the person, 0..1; ask: what to do, if it is
    wanted and was never seen."""

    name: str
    share: float
    ask: str

    @property
    def seen(self) -> bool:
        return self.share >= ENOUGH


def movements(joints: Joints) -> list[Movement]:
    """Which movements [T, 18, 3] px shows, and how much of the time. Empty where nobody is seen."""
    joints = joints[(joints[..., 2] > 0).sum(axis=-1) >= 6]
    if not len(joints):
        return []
    clip = _Clip(joints)
    return [Movement(name, float(np.mean(rule(clip))), ask) for name, rule, ask in _RULES]


def sectors_seen(joints: Joints) -> NDArray[np.float32]:
    """[8, SECTORS]: in what share of the frames each limb of `LIMBS_SHOWN` points into each sector.

    Sector 0 is around the image's right, then downwards and on; frames where the limb is unseen count for none.
    """
    directions = limb_directions(joints)[..., LIMBS_SHOWN, :]
    angles = np.arctan2(directions[..., 1], directions[..., 0])
    shares = np.zeros((len(LIMBS_SHOWN), SECTORS), np.float32)
    for limb in range(len(LIMBS_SHOWN)):
        known = angles[np.isfinite(angles[:, limb]), limb]
        numbers = np.round(known / (2 * np.pi / SECTORS)).astype(int) % SECTORS
        shares[limb] = np.bincount(numbers, minlength=SECTORS) / max(len(joints), 1)
    return shares


class _Clip:
    """A clip's measures, [T] each; nan where they can't be told, which counts as not seen."""

    def __init__(self, joints: Joints) -> None:
        self.joints = joints
        self.torso = float(np.nanmedian(torso_lengths(joints)))
        self.hips = mid_hips(joints)

    def above(self, one: int, other: int) -> NDArray[np.float32]:
        """By how many torso lengths joint `one` is above joint `other`."""
        return np.asarray((self.joints[:, other, 1] - self.joints[:, one, 1]) / self.torso, np.float32)

    def aside(self, one: int, other: int) -> NDArray[np.float32]:
        """How many torso lengths joint `one` is beside joint `other`, to either side."""
        return np.asarray(np.abs(self.joints[:, one, 0] - self.joints[:, other, 0]) / self.torso, np.float32)

    @property
    def lean(self) -> NDArray[np.float32]:
        """Degrees between the torso and upright."""
        up = self.joints[:, NECK, :2] - self.hips
        return np.asarray(np.degrees(np.arctan2(np.abs(up[:, 0]), -up[:, 1])), np.float32)

    @property
    def shoulders(self) -> NDArray[np.float32]:
        """Width in torso lengths, positive when the person's left is on the image's right, as in who faces us."""
        return np.asarray((self.joints[:, L_SHOULDER, 0] - self.joints[:, R_SHOULDER, 0]) / self.torso, np.float32)

    def from_usual(self, axis: int) -> NDArray[np.float32]:
        """How far the hips are from their usual place, in torso lengths; axis 0: to the right, 1: downwards."""
        return np.asarray((self.hips[:, axis] - np.nanmedian(self.hips[:, axis])) / self.torso, np.float32)


Rule = Callable[[_Clip], NDArray[np.bool_]]
_RULES: Final[tuple[tuple[str, Rule, str], ...]] = (
    ("right arm up", lambda c: c.above(R_WRIST, NOSE) > 0, "Raise your right arm above your head."),
    ("left arm up", lambda c: c.above(L_WRIST, NOSE) > 0, "Raise your left arm above your head."),
    ("right arm out", lambda c: c.aside(R_WRIST, NECK) > 0.9, "Stretch your right arm out to the side."),
    ("left arm out", lambda c: c.aside(L_WRIST, NECK) > 0.9, "Stretch your left arm out to the side."),
    ("arms before the body", lambda c: _crossing(c), "Bring your hands together before your chest."),
    ("bent", lambda c: c.lean > 15, "Bend to the side, left and right."),
    ("low", lambda c: c.from_usual(1) > 0.3, "Bend your knees and go down."),
    ("step to the left", lambda c: c.from_usual(0) > 0.35, "Take a step to your left."),
    ("step to the right", lambda c: c.from_usual(0) < -0.35, "Take a step to your right."),
    ("knee up", lambda c: np.fmax(_lifted(c, R_KNEE), _lifted(c, L_KNEE)) > 0, "Lift a knee to your hip."),
    ("side view", lambda c: np.abs(c.shoulders) < 0.25, "Turn to the side, once to each."),
    ("from behind", lambda c: c.shoulders < -0.25, "Turn your back to the camera, once around."),
)


def _crossing(clip: _Clip) -> NDArray[np.bool_]:
    """Both wrists between hips and neck and near the middle."""
    near = (clip.aside(R_WRIST, NECK) < 0.4) & (clip.aside(L_WRIST, NECK) < 0.4)
    return np.asarray(near & (clip.above(R_WRIST, R_HIP) > 0.2) & (clip.above(L_WRIST, L_HIP) > 0.2))


def _lifted(clip: _Clip, knee: int) -> NDArray[np.float32]:
    """How far a knee is above 0.45 torso lengths below its hip, in torso lengths."""
    hip = R_HIP if knee == R_KNEE else L_HIP
    return np.asarray(clip.above(knee, hip) + 0.45, np.float32)
