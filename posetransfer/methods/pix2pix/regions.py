"""Where in the picture the person is, from the pose: errors there weigh more than errors on the wall."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from posetransfer.poses.skeleton import HEAD, L_HIP, LIMBS, NECK, R_HIP
from posetransfer.types import Face, Pose

LIMB_WIDTH = 0.45  # of the torso's length: sleeves and skirts are wider than bones
HEAD_RADIUS = 0.4  # of the torso's length
GRID = 4  # px: the map is drawn this much smaller; its edges are soft anyhow


def person_weights(pose: Pose, face: Face, size: int, person: float, head: float) -> NDArray[np.float32]:
    """Weights [size, size]: 1 away from the person, 1 + `person` on the limbs, `head` more on the head."""
    small = size // GRID
    bodies, heads = np.zeros((small, small), np.float32), np.zeros((small, small), np.float32)
    seen = pose[:, 2] > 0
    torso = _torso(pose, size) / GRID
    points = np.nan_to_num(pose[:, :2] / GRID).round().astype(int)
    for start, end in LIMBS:
        if seen[start] and seen[end]:
            width = max(round(torso * LIMB_WIDTH), 1)
            cv2.line(bodies, points[start].tolist(), points[end].tolist(), (1.0,), width)
    middle = _head_centre(pose, face)
    if middle is not None:
        x, y = (middle / GRID).round().astype(int).tolist()
        cv2.circle(heads, (x, y), max(round(torso * HEAD_RADIUS), 1), (1.0,), cv2.FILLED)
    weights = 1 + person * np.maximum(bodies, heads) + head * heads
    weights = cv2.blur(weights.astype(np.float32), (3, 3))
    return np.asarray(cv2.resize(weights, (size, size), interpolation=cv2.INTER_LINEAR), np.float32)


def _torso(pose: Pose, size: int) -> float:
    """Length in px from the neck to the middle of the hips; a quarter of the picture where they are unseen."""
    hips = np.array([pose[joint, :2] for joint in (R_HIP, L_HIP) if pose[joint, 2] > 0])
    if not len(hips) or not pose[NECK, 2] > 0:
        return size / 4
    return max(float(np.linalg.norm(hips.mean(axis=0) - pose[NECK, :2])), size / 16)


def _head_centre(pose: Pose, face: Face) -> NDArray[np.float32] | None:
    points = np.concatenate([pose[list(HEAD), :2], face])
    points = points[~np.isnan(points).any(axis=1)]
    return points.mean(axis=0) if len(points) else None
