"""Limbs as vectors in the image: directions, lengths and the sizes that make distances free of resolution."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from posetransfer.poses.skeleton import L_HIP, L_SHOULDER, LIMBS, NECK, R_HIP, R_SHOULDER

PARENTS: Final = np.array([parent for parent, _ in LIMBS])
CHILDREN: Final = np.array([child for _, child in LIMBS])

# The shoulders' width times this is a torso length, within a tenth, on the people of the development clips.
SHOULDERS_TO_TORSO: Final = 1.4
# So is the diagonal of the box around a standing person's joints.
SPAN_TO_TORSO: Final = 0.33

Joints = NDArray[np.float32]  # [..., 18, 3], the last two axes as `Pose`


def limb_vectors(joints: Joints) -> NDArray[np.float32]:
    """[..., 17, 2] px from the parent to the child of each of `LIMBS`; nan where an end is unseen."""
    return joints[..., CHILDREN, :2] - joints[..., PARENTS, :2]


def limb_lengths(joints: Joints) -> NDArray[np.float32]:
    """[..., 17] px; nan where an end is unseen."""
    return np.asarray(np.linalg.norm(limb_vectors(joints), axis=-1), np.float32)


def limb_directions(joints: Joints) -> NDArray[np.float32]:
    """[..., 17, 2] unit vectors of the limbs in the image; nan where an end is unseen or the limb is a point."""
    vectors = limb_vectors(joints)
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 1e-6, lengths, np.nan), np.float32)


def mid_hips(joints: Joints) -> NDArray[np.float32]:
    """[..., 2] px halfway between the hips; nan where one is unseen."""
    return (joints[..., R_HIP, :2] + joints[..., L_HIP, :2]) / 2


def torso_lengths(joints: Joints) -> NDArray[np.float32]:
    """[...] px from the neck to halfway between the hips; nan where one of the three is unseen."""
    return np.asarray(np.linalg.norm(joints[..., NECK, :2] - mid_hips(joints), axis=-1), np.float32)


def person_sizes(joints: Joints) -> NDArray[np.float32]:
    """[...] px: how large the person is in each frame, as a torso length; nan where next to nothing is seen.

    The longer of the torso and what the shoulders' width stands for, so that neither bowing nor turning
    aside shrinks the person; where both are hidden, what the extent of the seen joints stands for.
    """
    shoulders = np.linalg.norm(joints[..., R_SHOULDER, :2] - joints[..., L_SHOULDER, :2], axis=-1)
    sizes = np.fmax(torso_lengths(joints), SHOULDERS_TO_TORSO * shoulders)
    places = joints[..., :2]
    low = np.fmin.reduce(places, axis=-2)
    high = np.fmax.reduce(places, axis=-2)
    span = SPAN_TO_TORSO * np.linalg.norm(high - low, axis=-1)
    span = np.where(span > 1e-6, span, np.nan)
    return np.asarray(np.where(np.isnan(sizes), span, sizes), np.float32)
