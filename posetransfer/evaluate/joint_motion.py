"""How the joints of a made person move: whether they tremble, and whether they come late."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posetransfer.evaluate.metrics import torso_length
from posetransfer.poses.skeleton import JOINT_NAMES
from posetransfer.types import JOINTS, check_shape

Joints = NDArray[np.float32]  # [T, 18, 3] as `Pose`
MOST_LAG: Final = 10  # frames that are tried to either side
LEAST_MOMENTS: Final = 30  # joints times frames seen moving in both, below which no lag is told
NOTHING: Final = float("nan")


@dataclass(frozen=True)
class Jitter:
    """How much the joints' speed changes from frame to frame, in torso lengths a frame squared; lower is steadier.

    by_frame: [T], the mean over the joints of |p_t+1 - 2 p_t + p_t-1|; ends and frames without a joint seen three
    times running are nan; by_joint: means over the clip, by the joints' names. A person who dances has some: compare
    with the wanted joints' own. The unit grows with the square of the time between frames.
    """

    by_frame: NDArray[np.float64]
    by_joint: dict[str, float]

    @property
    def mean(self) -> float:
        """Of the frames' means."""
        seen = self.by_frame[np.isfinite(self.by_frame)]
        return float(seen.mean()) if len(seen) else NOTHING


def joint_jitter(joints: Joints, torso: float | None = None) -> Jitter:
    """Jitter of joints [T, 18, 3] px that were found frame by frame, without a filter.

    torso: px of a torso length; give the same one for all rows of a table (None: that of these joints).
    Raises ShapeError.
    """
    check_shape("joints", joints, (len(joints), JOINTS, 3))
    unit = torso_length(joints) if torso is None else torso
    bends = np.full((len(joints), JOINTS), np.nan)
    if len(joints) > 2:
        places = joints[..., :2].astype(np.float64)
        bends[1:-1] = np.linalg.norm(places[2:] - 2 * places[1:-1] + places[:-2], axis=-1) / unit
    by_joint = _means(bends.T).tolist()
    return Jitter(_means(bends), dict(zip(JOINT_NAMES, by_joint, strict=True)))


@dataclass(frozen=True)
class Lag:
    """frames: how much later than wanted the joints move, with its fraction; under 0 they come early.

    correlation: of the movements at that lag, -1..1: under 0.5 they hardly follow, and the lag means little.
    Both are nan where there is too little movement in common, or where the best lag is beyond those tried.
    """

    frames: float
    correlation: float


def joint_lag(found: Joints, wanted: Joints, most: int = MOST_LAG) -> Lag:
    """The lag at which the joints' speeds go best together; [T, 18, 3] each, px.

    Cross-correlation of the velocities (with their directions, as noise makes bare speeds alike), each joint about its
    own mean, all joints together: c(k) = sum v(t + k) . w(t) / sqrt(sum |v|^2 sum |w|^2) over moments seen in both;
    a parabola through the best k and its neighbours gives the fraction. Raises ShapeError.
    """
    check_shape("wanted", wanted, (len(wanted), JOINTS, 3))
    check_shape("found", found, wanted.shape)
    moving, asked = _velocities(found), _velocities(wanted)
    most = min(most, len(moving) // 2)
    if most < 1:
        return Lag(NOTHING, NOTHING)
    curve = np.array([_correlation(moving, asked, lag) for lag in range(-most, most + 1)])
    if not np.isfinite(curve).all():
        return Lag(NOTHING, NOTHING)
    best = int(curve.argmax())
    if best in (0, len(curve) - 1):
        return Lag(NOTHING, NOTHING)
    before, peak, after = curve[best - 1 : best + 2]
    bend = before - 2 * peak + after
    fraction = (before - after) / (2 * bend) if bend else 0.0
    return Lag(float(best - most + fraction), float(peak))


def _velocities(joints: Joints) -> NDArray[np.float64]:
    """[T - 1, 18, 2] px a frame, less each joint's mean; nan where the joint was not seen twice running."""
    speeds = np.diff(joints[..., :2].astype(np.float64), axis=0)
    return np.asarray(speeds - _means(speeds.transpose(1, 2, 0)), np.float64)


def _correlation(found: NDArray[np.float64], wanted: NDArray[np.float64], lag: int) -> float:
    """c(lag) of `joint_lag`; nan where too little is seen in both, or nothing moves."""
    later, earlier = (found[lag:], wanted[: len(wanted) - lag]) if lag >= 0 else (found[:lag], wanted[-lag:])
    both = np.isfinite(later) & np.isfinite(earlier)
    if both.sum() < 2 * LEAST_MOMENTS:
        return NOTHING
    a, b = later[both], earlier[both]
    power = float(np.sqrt((a * a).sum() * (b * b).sum()))
    return float((a * b).sum()) / power if power > 0 else NOTHING


def _means(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Means over the last axis of what is not nan; nan where all is."""
    seen = np.isfinite(values)
    sums, counts = np.where(seen, values, 0.0).sum(axis=-1), seen.sum(axis=-1)
    return np.asarray(np.where(counts > 0, sums / np.maximum(counts, 1), np.nan), np.float64)
