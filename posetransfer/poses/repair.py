"""Two ways in which estimators fail for a moment: a joint jumps away and back, left and right trade places."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from posetransfer.poses.angles import person_sizes
from posetransfer.poses.skeleton import MIRRORED
from posetransfer.types import PoseSequence

JUMP: Final = 0.35  # torso lengths from both neighbours in time, where these stand much closer together
SWAP_SECONDS: Final = 0.5  # left and right traded for longer than this is a turn of the person
CLEARLY: Final = 0.4  # a trade must bring the limbs to this share of their distance to the frame before

# Estimators trade whole groups: the arms, the legs, or the eyes and ears.
GROUPS: Final = ((2, 3, 4, 5, 6, 7), (8, 9, 10, 11, 12, 13), (14, 15, 16, 17))


def drop_jumps(seq: PoseSequence) -> PoseSequence:
    """Joints that jump away for a single frame become unseen, for `fill_missing` to fill."""
    if len(seq) < 3:
        return seq
    joints = seq.joints.copy()
    places = joints[..., :2]
    steps = np.linalg.norm(np.diff(places, axis=0), axis=-1)
    across = np.linalg.norm(places[2:] - places[:-2], axis=-1)
    least = np.fmin(steps[:-1], steps[1:])
    jumped = (least > JUMP * _sizes(seq)[1:-1, None]) & (across < 0.5 * least)
    joints[1:-1][jumped] = (np.nan, np.nan, 0)
    return seq.with_joints(joints)


def repair_swaps(seq: PoseSequence) -> PoseSequence:
    """Put back arms, legs or eyes and ears that trade left and right for at most `SWAP_SECONDS`.

    A trade is a step between two frames after which the group lies clearly nearer to where its mirror
    joints were. Two trades within the time enclose a mistake; a single one is the person turning, and stays.
    """
    joints = seq.joints.copy()
    sizes = _sizes(seq)
    longest = round(SWAP_SECONDS * float(seq.fps))
    for group in GROUPS:
        here = np.array(group)
        there = np.array([MIRRORED[joint] for joint in group])
        trades = _trades(seq.joints, here, there, sizes)
        open_since: int | None = None
        for t in np.flatnonzero(trades) + 1:
            if open_since is not None and t - open_since <= longest:
                joints[open_since:t, here] = seq.joints[open_since:t, there]
                open_since = None
            else:
                open_since = int(t)
    return seq.with_joints(joints)


def _trades(
    joints: NDArray[np.float32], here: NDArray[np.int64], there: NDArray[np.int64], sizes: NDArray[np.float32]
) -> NDArray[np.bool_]:
    """[T-1] bool: whether the group traded sides between frame t and t+1."""
    before, after = joints[:-1, :, :2], joints[1:, :, :2]
    stayed = np.linalg.norm(after[:, here] - before[:, here], axis=-1)
    traded = np.linalg.norm(after[:, there] - before[:, here], axis=-1)
    both = ~np.isnan(stayed) & ~np.isnan(traded)
    stayed, traded = np.where(both, stayed, 0).sum(axis=1), np.where(both, traded, 0).sum(axis=1)
    # A group seen edge-on has its sides on top of each other: nothing to tell apart, nothing to repair.
    apart = stayed > 0.1 * sizes[1:] * both.sum(axis=1)
    return np.asarray(apart & (both.sum(axis=1) >= 2) & (traded < CLEARLY * stayed))


def _sizes(seq: PoseSequence) -> NDArray[np.float32]:
    """[T] px: the person's size in each frame, the clip's median where it cannot be told."""
    sizes = person_sizes(seq.joints)
    known = sizes[~np.isnan(sizes)]
    return np.where(np.isnan(sizes), np.median(known) if len(known) else 1.0, sizes)
