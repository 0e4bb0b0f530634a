"""Where a pose says the face is."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from posetransfer.conditioning.window import Window
from posetransfer.faces.contours import LEFT_EYE, NOSE_TIP, RIGHT_EYE
from posetransfer.poses.angles import SHOULDERS_TO_TORSO, torso_lengths
from posetransfer.poses.skeleton import L_EYE, L_SHOULDER, NOSE, R_EYE, R_SHOULDER
from posetransfer.types import Box, Face, Pose

FACE_TO_TORSO: Final = 0.33  # a detector's face box against the torso, on the development clips
FACE_TO_EYE: Final = 3.5  # and against the distance from the nose to an eye
CROP: Final = 2.2  # side of the square around the head, in face boxes
CROP_SIDE: Final = 208  # px it is brought to: a face of 95, and the detectors want 80
# Contours and pose must agree: on the places of nose and eyes within this many face boxes on the mean, and
# on the line from eye to eye. (The predictor draws a frontal face onto any profile: there the second fails.)
PLACES_AGREE: Final = 0.3
EYES_AGREE: Final = 0.2
EYES_APART: Final = 0.2  # less, in face boxes, is a profile; seen from the front they are 0.4 apart


class Head(NamedTuple):
    """The face as the pose tells it, in px. centre: [2], the mean of nose and eyes that are seen; side: of its box."""

    centre: NDArray[np.float32]
    side: float
    roll: float  # radians, clockwise in the picture
    frontal: bool  # nose and both eyes are seen, the eyes beside each other

    @property
    def window(self) -> Window:
        """The square around the head, as it is brought to the detectors."""
        side = max(round(self.side * CROP), 2)
        left, top = (round(float(place) - side / 2) for place in self.centre)
        return Window(left, top, side, CROP_SIDE)

    def agrees(self, face: Face, pose: Pose) -> bool:
        """Whether contours [68, 2] have nose and eyes where the pose has them."""
        places = np.array([face[NOSE_TIP], face[RIGHT_EYE].mean(axis=0), face[LEFT_EYE].mean(axis=0)])
        off = places - pose[[NOSE, R_EYE, L_EYE], :2]
        if np.nanmean(np.linalg.norm(off, axis=1)) > PLACES_AGREE * self.side:
            return False
        return not np.hypot(*(off[2] - off[1])) > EYES_AGREE * self.side


def find_head(pose: Pose) -> Head | None:
    """The head of a pose, or None where neither nose nor eyes are seen."""
    features = pose[[NOSE, R_EYE, L_EYE], :2]
    seen = ~np.isnan(features[:, 0])
    if not seen.any():
        return None
    shoulders = SHOULDERS_TO_TORSO * float(np.linalg.norm(pose[R_SHOULDER, :2] - pose[L_SHOULDER, :2]))
    eyes = np.linalg.norm(features[1:] - features[0], axis=1)
    body = FACE_TO_TORSO * np.fmax(float(torso_lengths(pose)), shoulders)
    side = float(np.fmax(body, FACE_TO_EYE * float(np.fmax.reduce(eyes))))
    if not side > 1:
        return None
    across = pose[L_EYE, :2] - pose[R_EYE, :2]
    frontal = bool(seen.all() and np.hypot(*across) > EYES_APART * side)
    roll = float(np.arctan2(across[1], across[0])) if frontal else 0.0
    return Head(features[seen].mean(axis=0), side, roll, frontal)


def box_around(centre: NDArray[np.float32], side: float) -> Box:
    """The square box of `side` px around a place."""
    x, y = float(centre[0]), float(centre[1])
    return Box(x - side / 2, y - side / 2, x + side / 2, y + side / 2)
