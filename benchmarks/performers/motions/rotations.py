"""Rotations as arrays: quaternions [..., 4] in scipy's order x, y, z, w, and frames of two directions."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

Array = NDArray[np.float64]
HANGING = (np.array([0.0, 0.0, -1.0]), np.array([-1.0, 0.0, 0.0]))
"""An arm that hangs: its direction, and the axis about which its elbow bends forwards."""


def unit(vectors: Array) -> Array:
    """The same directions [..., n] of length 1."""
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True))


def quaternion(degrees: tuple[float, float, float]) -> Array:
    """Quaternion [4] of a rotation vector in degrees."""
    return np.asarray(Rotation.from_rotvec(degrees, degrees=True).as_quat())


def power(quaternions: Array, share: float) -> Array:
    """`share` of each rotation [..., 4], about the same axis."""
    return np.asarray(Rotation.from_rotvec(Rotation.from_quat(quaternions).as_rotvec() * share).as_quat())


def towards(neutral: Array, other: Array, share: float) -> Array:
    """The rotation [4] that lies `share` of the way from `neutral` to `other`; beyond it where share > 1."""
    start = Rotation.from_quat(neutral)
    step = (start.inv() * Rotation.from_quat(other)).as_rotvec()
    return np.asarray((start * Rotation.from_rotvec(step * share)).as_quat())


def mirrored(rotation: Array) -> Array:
    """A rotation [..., 4] as seen in a mirror across x = 0."""
    return rotation * (1.0, -1.0, -1.0, 1.0)


def aligned(quaternions: Array) -> Array:
    """The same rotations [n, 4] with signs such that neighbours lie on one half of the sphere."""
    turns = np.sum(quaternions[1:] * quaternions[:-1], axis=-1) < 0
    signs = np.where(np.cumsum(np.concatenate([[0], turns])) % 2, -1.0, 1.0)
    return np.asarray(quaternions * signs[:, None])


def frame(direction: Array, normal: Array) -> Array:
    """Rotation matrices [..., 3, 3] whose columns are `direction`, `normal` made square to it, and their product."""
    first = unit(direction)
    second = unit(normal - np.sum(normal * first, axis=-1, keepdims=True) * first)
    return np.stack([first, second, np.cross(first, second)], axis=-1)


def about(axes: Array, angles: Array) -> Array:
    """Rotation matrices [n, 3, 3] by `angles` [n] radians about unit `axes` [n, 3]."""
    return np.asarray(Rotation.from_rotvec(axes * angles[:, None]).as_matrix())


def matrices(quaternions: Array) -> Array:
    """Rotation matrices [..., 3, 3] of quaternions."""
    return np.asarray(Rotation.from_quat(quaternions).as_matrix())


def vectors(rotations: Array) -> Array:
    """Rotation vectors [n, 3] of rotation matrices [n, 3, 3]."""
    return np.asarray(Rotation.from_matrix(rotations).as_rotvec())
