"""Smoothing: the causal filters by name, and their form for whole clips.

The steps are `OneEuroFilter` and `KalmanFilter`; `fill_missing`, `drop_jumps` and `repair_swaps` look at
the whole clip and stand beside them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from posetransfer.plugins import Registry
from posetransfer.poses.fill import fill_missing
from posetransfer.poses.kalman import KalmanFilter, smooth_both_ways
from posetransfer.poses.one_euro import FaceFilter, OneEuroFilter
from posetransfer.poses.repair import drop_jumps, repair_swaps
from posetransfer.types import Pose, PoseSequence

Array = NDArray[np.float32]

__all__ = [
    "FILTERS",
    "FaceFilter",
    "KalmanFilter",
    "OneEuroFilter",
    "PoseFilter",
    "drop_jumps",
    "fill_missing",
    "repair_swaps",
    "smooth",
]


class PoseFilter(Protocol):
    """A causal filter with the state of one person."""

    def step(self, pose: Pose, seconds: float) -> Pose:
        """The filtered pose. seconds: time since the last step."""
        ...


FILTERS: Final = Registry(
    "filter",
    {"one-euro": "posetransfer.poses.one_euro:OneEuroFilter", "kalman": "posetransfer.poses.kalman:KalmanFilter"},
)

# Forwards and backwards there is no lag to pay for smoothness with.
SOFT_POSES: Final = {"min_cutoff": 0.6, "beta": 3.0}
SOFT_FACES: Final = {"min_cutoff": 0.6, "beta": 1.5}


def smooth(
    seq: PoseSequence, by: Literal["one-euro", "kalman", "off"] = "one-euro", *, backward: bool = True
) -> PoseSequence:
    """The clip with joints and faces smoothed; `world` is left as it is.

    With `backward` the clip is known to its end: one-euro runs a second time, backwards over its own
    result, which cancels the lag, so that it may be softer; kalman is the Rauch-Tung-Striebel smoother.
    Without, it is the causal filter, as live. Faces are always smoothed by the 1-euro filter. Raises
    UnknownName.
    """
    if by == "off":
        return seq
    seconds = float(1 / seq.fps)
    if by == "kalman" and backward:
        joints = smooth_both_ways(seq.joints, seconds)
    elif by == "one-euro" and backward:
        joints = _run(OneEuroFilter(**SOFT_POSES).step, seq.joints, seconds)
        _run(OneEuroFilter(**SOFT_POSES).step, joints[::-1], seconds, into=joints[::-1])
    else:
        joints = _run(FILTERS.resolve(by)().step, seq.joints, seconds)
    if backward:
        faces = _run(FaceFilter(**SOFT_FACES).step, seq.faces, seconds)
        _run(FaceFilter(**SOFT_FACES).step, faces[::-1], seconds, into=faces[::-1])
    else:
        faces = _run(FaceFilter().step, seq.faces, seconds)
    return replace(seq, joints=joints, faces=faces)


def _run(
    step: Callable[[Array, float], Array], track: Array, seconds: float, into: Array | None = None
) -> NDArray[np.float32]:
    """Filter a track [T, ...] frame by frame; `into` may be the track itself, so that a long clip is held once."""
    filtered = np.empty(track.shape, np.float32) if into is None else into
    for t in range(len(track)):
        filtered[t] = step(track[t], seconds)
    return filtered
