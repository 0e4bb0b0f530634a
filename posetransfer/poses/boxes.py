"""The box around a person, from their joints and face: the same for every estimator."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posetransfer.poses.skeleton import NOSE
from posetransfer.types import Box, PoseSequence


def boxes_of(sequence: PoseSequence) -> list[Box]:
    """The person's box in each frame where they are seen, px: joints and face, with room for head, hands and feet.

    Joints lie inside the body: the crown is about half a torso above the nose, fingers and toes a fifth of a
    torso beyond wrists and ankles. A box that stands out for a single frame is an error, and is left out.
    """
    seen = (sequence.joints[..., 2] > 0).sum(axis=1) >= 4
    if not seen.any():
        return []
    joints, faces = sequence.joints[..., :2], sequence.faces
    low = _steady(np.fmin(np.fmin.reduce(joints, axis=1), np.fmin.reduce(faces, axis=1))[seen])
    high = _steady(np.fmax(np.fmax.reduce(joints, axis=1), np.fmax.reduce(faces, axis=1))[seen])
    room = 0.08 * np.median((high - low).max(axis=1))
    nose = sequence.joints[seen, NOSE, 1]
    top = np.fmin(low[:, 1] - room / 2, nose - 1.5 * room)
    return [
        Box(*map(float, box)) for box in zip(low[:, 0] - room, top, high[:, 0] + room, high[:, 1] + room, strict=True)
    ]


def _steady(corners: NDArray[np.float32]) -> NDArray[np.float32]:
    """The median of three neighbours in time of [T, 2]."""
    if len(corners) < 3:
        return corners
    padded = np.concatenate([corners[:1], corners, corners[-1:]])
    return np.asarray(np.median([padded[:-2], padded[1:-1], padded[2:]], axis=0))
