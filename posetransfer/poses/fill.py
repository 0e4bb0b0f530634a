"""Joints that were missed, filled in from the rest of the clip."""

from __future__ import annotations

from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator

from posetransfer.errors import UnknownName
from posetransfer.types import JOINTS, PoseSequence

# A filled joint counts as seen, but whatever weighs joints by confidence hardly listens to it.
FILLED_CONFIDENCE: Final = 0.05
# The confidence of a joint filled in time halves with each of this many seconds from where it was last seen.
HALF_LIFE: Final = 0.2


def fill_missing(seq: PoseSequence, how: Literal["median", "time"] = "time") -> PoseSequence:
    """Give every joint that is seen at least once in the clip a place in every frame of it.

    `median` is the paper's: the joint's median place over the frames where it is seen, at
    `FILLED_CONFIDENCE`. `time` goes from the frame before the gap to the frame after it by a monotone
    cubic (Fritsch and Carlson 1980), and holds at the ends of the clip; its confidence falls from that of
    the nearest seen frame towards `FILLED_CONFIDENCE`. A joint never seen stays unseen; faces are left as
    they are. Raises UnknownName for another `how`.
    """
    if how not in ("median", "time"):
        raise UnknownName(f"There is no way to fill missing joints called {how!r}. Choose one of: median, time.")
    joints = seq.joints.copy()
    for joint in range(JOINTS):
        seen = joints[:, joint, 2] > 0
        if not seen.any() or seen.all():
            continue
        if how == "median":
            joints[~seen, joint, :2] = np.median(joints[seen, joint, :2], axis=0)
            joints[~seen, joint, 2] = FILLED_CONFIDENCE
        else:
            joints[:, joint] = _fill_in_time(joints[:, joint], seen, float(seq.fps))
    return seq.with_joints(joints)


def _fill_in_time(track: NDArray[np.float32], seen: NDArray[np.bool_], fps: float) -> NDArray[np.float32]:
    """One joint over the clip, [T, 3], with places and confidences in its gaps."""
    times, filled = np.flatnonzero(seen), track.copy()
    gaps = np.flatnonzero(~seen)
    if len(times) == 1:
        filled[gaps, :2] = track[times[0], :2]
    else:
        inside = np.clip(gaps, times[0], times[-1])
        filled[gaps, :2] = PchipInterpolator(times, track[times, :2])(inside)
    after = np.searchsorted(times, gaps).clip(max=len(times) - 1)
    before = (np.searchsorted(times, gaps) - 1).clip(min=0)
    nearer = np.where(np.abs(times[after] - gaps) < np.abs(times[before] - gaps), times[after], times[before])
    faded = track[nearer, 2] * 0.5 ** (np.abs(nearer - gaps) / (fps * HALF_LIFE))
    filled[gaps, 2] = np.maximum(faded, FILLED_CONFIDENCE)
    return filled
