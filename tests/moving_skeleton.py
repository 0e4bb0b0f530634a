"""A skeleton with known limbs that dances: truth for tests of filters and retargeting."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from posetransfer.poses.skeleton import L_ANKLE, LIMBS, R_ANKLE
from posetransfer.types import PoseSequence

FPS = Fraction(30)

# Directions at rest in the order of LIMBS: x to the right of the picture, y down, z to the camera.
REST = np.array(
    [
        (-1, 0.1, 0), (-0.4, 1, 0.1), (-0.1, 1, 0.3), (1, 0.1, 0), (0.4, 1, 0.1), (0.1, 1, 0.3),
        (-0.15, 1, 0), (-0.05, 1, 0.05), (0, 1, -0.05), (0.15, 1, 0), (0.05, 1, 0.05), (0, 1, -0.05),
        (0, -1, 0.1), (-0.6, -0.5, -0.1), (-0.8, 0.1, -0.8), (0.6, -0.5, -0.1), (0.8, 0.1, -0.8),
    ]
)  # fmt: skip
SWING = np.array([0.1, 1.4, 1.2, 0.1, 1.4, 1.2, 0.15, 0.5, 0.4, 0.15, 0.5, 0.4, 0.2, 0.1, 0.1, 0.1, 0.1])
ADULT = 100 * np.array([0.33, 0.54, 0.5, 0.33, 0.54, 0.5, 1.02, 0.8, 0.78, 1.02, 0.8, 0.78, 0.4, 0.1, 0.1, 0.1, 0.1])


def dance(
    limbs: np.ndarray = ADULT,
    *,
    frames: int = 240,
    seed: int = 0,
    middle: float = 300.0,
    floor: float = 400.0,
    size: tuple[int, int] = (600, 450),
) -> PoseSequence:
    """The same movements for every set of limb lengths [17] px: arms and legs swing, the body sways and hops."""
    rng = np.random.default_rng(seed)
    times = np.arange(frames) / float(FPS)
    rates, phases = rng.uniform(0.1, 0.7, (17, 3, 2)), rng.uniform(0, 2 * np.pi, (17, 3, 2))
    waves = np.sin(2 * np.pi * rates[..., None] * times + phases[..., None]).mean(axis=2)
    directions = REST[:, :, None] / np.linalg.norm(REST, axis=1)[:, None, None] + SWING[:, None, None] * waves
    directions /= np.linalg.norm(directions, axis=1, keepdims=True)
    places = np.zeros((frames, 18, 2))
    for limb, (parent, child) in enumerate(LIMBS):
        places[:, child] = places[:, parent] + limbs[limb] * directions[limb, :2].T
    height = limbs[[6, 7, 8]].sum()
    sway = 0.3 * height * np.sin(2 * np.pi * 0.13 * times)
    hop = 0.1 * height * np.clip(np.sin(2 * np.pi * 0.3 * times) - 0.5, 0, None)
    places[..., 0] += (middle + sway)[:, None]
    places[..., 1] += (floor - hop - places[:, [R_ANKLE, L_ANKLE], 1].max(axis=1))[:, None]
    joints = np.concatenate([places, np.full((frames, 18, 1), 0.9)], axis=-1).astype(np.float32)
    return PoseSequence(joints, np.full((frames, 68, 2), np.nan, np.float32), size, FPS)


def with_noise(seq: PoseSequence, sigma: float, seed: int = 1) -> PoseSequence:
    """The clip with every coordinate off by a normal error of `sigma` px, anew in every frame."""
    joints = seq.joints.copy()
    joints[..., :2] += np.random.default_rng(seed).normal(0, sigma, joints[..., :2].shape).astype(np.float32)
    return seq.with_joints(joints)


def hide(seq: PoseSequence, joint: int, start: int, stop: int) -> PoseSequence:
    """The clip with one joint unseen in frames start..stop-1."""
    joints = seq.joints.copy()
    joints[start:stop, joint] = (np.nan, np.nan, 0)
    return seq.with_joints(joints)
