"""How well a person found again stands in the pose that was asked for, beside what the estimator itself misses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posetransfer.errors import ShapeError
from posetransfer.evaluate.metrics import torso_length
from posetransfer.poses.skeleton import JOINT_NAMES
from posetransfer.types import JOINTS, check_shape

Joints = NDArray[np.float32]  # [T, 18, 3] as `Pose`
NOTHING = float("nan")


@dataclass(frozen=True)
class KeypointScore:
    """Means over the joints that were asked for. Lower is better, but for pck.

    akd_px, akd_torso: average keypoint distance (Siarohin et al. 2019) of the joints found, in px and in torso
    lengths; pck10, pck20: share of correct keypoints 0..1 (Yang and Ramanan 2013), those found within 0.1 and
    0.2 torso lengths, of all asked for; mkr: missing keypoint rate 0..1; asked: how many joints were.
    """

    akd_px: float
    akd_torso: float
    pck10: float
    pck20: float
    mkr: float
    asked: int


@dataclass(frozen=True)
class KeypointErrors:
    """Distances of found joints from wanted ones.

    distances: [T, 18] px, nan where a joint was not found or not asked for; asked: [T, 18]; torso: px, one torso
    length of the clip (nan where it is never seen: then the figures in torso lengths are nan too).
    """

    distances: NDArray[np.float64]
    asked: NDArray[np.bool_]
    torso: float

    def score(self) -> KeypointScore:
        """Over all joints of all frames."""
        return _score(self.distances, self.asked, self.torso)

    def by_joint(self) -> dict[str, KeypointScore]:
        """Over all frames, by the joints' names."""
        return {name: _score(self.distances[:, i], self.asked[:, i], self.torso) for i, name in enumerate(JOINT_NAMES)}

    def akd_by_frame(self) -> NDArray[np.float64]:
        """[T] torso lengths: the mean distance in each frame, nan where no joint was found. For intervals."""
        return _means(self.distances, np.isfinite(self.distances)) / self.torso

    def pck_by_frame(self, within: float = 0.1) -> NDArray[np.float64]:
        """[T] share of the joints within `within` torso lengths, nan where none was asked for. For intervals."""
        right = (self.distances <= within * self.torso).astype(np.float64)
        return _means(right, self.asked) if np.isfinite(self.torso) else np.full(len(right), NOTHING)

    def over(self, floor: KeypointErrors) -> float:
        """How many times the floor's distance this one's is, over the joints found in both; 1 is the best there is.

        floor: what the same estimator misses on true frames of the same poses; no method can be told to be
        better than that. nan where nothing was found in both. Raises ShapeError if the clips' lengths differ.
        """
        check_shape("The floor's distances", floor.distances, self.distances.shape)
        both = np.isfinite(self.distances) & np.isfinite(floor.distances)
        least = float(floor.distances[both].sum())
        return float(self.distances[both].sum()) / least if least else NOTHING


def keypoint_errors(found: Joints, wanted: Joints, torso: float | None = None) -> KeypointErrors:
    """Compare joints found on frames with those wanted, true ones or those that drove; [T, 18, 3] each, px.

    A joint that is unseen in `wanted` is not asked for. torso: px, where it is known better than from `wanted`.
    Raises ShapeError. (Poses are data: 216 bytes a frame.)
    """
    check_shape("found", found, wanted.shape)
    if wanted.ndim != 3 or wanted.shape[1:] != (JOINTS, 3):
        raise ShapeError(f"wanted should have shape [T, {JOINTS}, 3], but it has {list(wanted.shape)}.")
    asked = wanted[..., 2] > 0
    away = np.linalg.norm(found[..., :2].astype(np.float64) - wanted[..., :2], axis=-1)
    distances = np.where(asked & (found[..., 2] > 0), away, np.nan)
    return KeypointErrors(distances, asked, torso_length(wanted) if torso is None else torso)


def _score(distances: NDArray[np.float64], asked: NDArray[np.bool_], torso: float) -> KeypointScore:
    count = int(asked.sum())
    off = distances[np.isfinite(distances)]
    if not count:
        return KeypointScore(NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, 0)
    akd = float(off.mean()) if len(off) else NOTHING
    pck10, pck20 = (
        float((off <= within * torso).sum()) / count if np.isfinite(torso) else NOTHING for within in (0.1, 0.2)
    )
    return KeypointScore(akd, akd / torso, pck10, pck20, 1 - len(off) / count, count)


def _means(values: NDArray[np.float64], counted: NDArray[np.bool_]) -> NDArray[np.float64]:
    """[T]: means over the counted values of each row of [T, 18]; nan where none is."""
    counts = counted.sum(axis=1)
    sums = np.where(counted, values, 0.0).sum(axis=1)
    return np.asarray(np.where(counts > 0, sums / np.maximum(counts, 1), np.nan), np.float64)
