"""What is not seen for a moment stays: the causal form of filling gaps in time."""

from __future__ import annotations

from typing import Final

import numpy as np

from posetransfer.poses.fill import FILLED_CONFIDENCE, HALF_LIFE
from posetransfer.poses.skeleton import NOSE
from posetransfer.types import JOINTS, Face, Pose, unseen_face, unseen_pose

HELD_JOINT: Final = 0.5  # seconds
HELD_FACE: Final = 0.2  # seconds: what `bridge_gaps` bridges in a file


class HoldFilter:
    """Joints and contours of one person that are lost for a moment keep their place.

    A joint's confidence falls meanwhile as it does in `fill_missing`; contours go along with the nose.
    """

    def __init__(self) -> None:
        self._pose = unseen_pose()
        self._joint_lost = np.zeros(JOINTS)
        self._face = unseen_face()  # from the nose
        self._face_lost = 0.0

    def step(self, pose: Pose, face: Face, seconds: float) -> tuple[Pose, Face]:
        """Pose and contours [68, 2] with what is held. seconds: time since the last step."""
        return self._joints(pose, seconds), self._contours(face, pose, seconds)

    def _joints(self, pose: Pose, seconds: float) -> Pose:
        seen = pose[:, 2] > 0
        self._joint_lost = np.where(seen, 0.0, self._joint_lost + seconds)
        self._pose = np.where(seen[:, None], pose, self._pose)
        held = ~seen & (self._joint_lost <= HELD_JOINT) & (self._pose[:, 2] > 0)
        faded = self._pose[held, 2] * 0.5 ** (self._joint_lost[held] / HALF_LIFE)
        result = pose.copy()
        result[held, :2] = self._pose[held, :2]
        result[held, 2] = np.maximum(faded, FILLED_CONFIDENCE)
        return result

    def _contours(self, face: Face, pose: Pose, seconds: float) -> Face:
        nose = pose[NOSE, :2]
        if not np.isnan(face).any():
            self._face_lost = 0.0
            self._face = face - nose
            return face
        self._face_lost += seconds
        return face if self._face_lost > HELD_FACE else self._face + nose
