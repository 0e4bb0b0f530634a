"""The 1-euro filter: little jitter when still, little lag when fast."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from posetransfer.poses.angles import person_sizes
from posetransfer.types import FACE_POINTS, JOINTS, Face, Pose

Array = NDArray[np.float64]

RESTART_SECONDS = 0.3  # a point unseen for longer starts anew where it is seen again
SIZE_SECONDS = 1.0  # time constant of the running person size


class PointFilter:
    """The 1-euro filter of Casiez, Roussel and Vogel 2012 on n points at once, each coordinate by itself.

    A point's cutoff frequency is (min_cutoff + beta * speed) * weight, in Hz. Speeds are in sizes per
    second, so the parameters do not depend on the resolution.

    min_cutoff: Hz at rest; beta: Hz per size/s; speed_cutoff: Hz of the low-pass of the speed itself.
    """

    def __init__(self, points: int, min_cutoff: float, beta: float, speed_cutoff: float) -> None:
        self.min_cutoff, self.beta, self.speed_cutoff = min_cutoff, beta, speed_cutoff
        self._places: Array = np.full((points, 2), np.nan)
        self._speeds: Array = np.zeros((points, 2))
        self._unseen_for: Array = np.zeros(points)

    def step(self, places: Array, weights: Array, size: float, seconds: float) -> Array:
        """The filtered places [n, 2]; nan where `places` is. weights: [n], 0..1; size: px; seconds since last."""
        seen = ~np.isnan(places).any(axis=1)
        elapsed = (self._unseen_for + seconds)[:, None]
        fresh = (seen & (np.isnan(self._places[:, 0]) | (elapsed[:, 0] > RESTART_SECONDS)))[:, None]
        speeds = (places - self._places) / elapsed
        speeds = self._speeds + _share(self.speed_cutoff, elapsed) * (speeds - self._speeds)
        # One cutoff for both coordinates: a fast move sideways must not leave a lagging height behind.
        pace = np.linalg.norm(speeds, axis=1, keepdims=True) / size
        cutoff = (self.min_cutoff + self.beta * pace) * weights[:, None]
        filtered = self._places + _share(cutoff, elapsed) * (places - self._places)
        filtered = np.where(fresh, places, filtered)
        keep = seen[:, None]
        self._places = np.where(keep, filtered, self._places)
        self._speeds = np.where(keep, np.where(fresh, 0.0, speeds), self._speeds)
        self._unseen_for = np.where(seen, 0.0, elapsed[:, 0])
        return np.where(keep, filtered, np.nan)


class OneEuroFilter:
    """Smooths the poses of one person, one frame at a time; unseen joints stay unseen.

    Confidence is the weight of the measurement: a joint the estimator doubts is smoothed more. Units as in
    `PointFilter`, with the person's torso as the size.
    """

    def __init__(self, min_cutoff: float = 1.0, beta: float = 10.0, speed_cutoff: float = 2.0) -> None:
        self._points = PointFilter(JOINTS, min_cutoff, beta, speed_cutoff)
        self._size = RunningSize()

    def step(self, pose: Pose, seconds: float) -> Pose:
        """The filtered pose. seconds: time since the last step."""
        size = self._size.step(pose, seconds)
        places = self._points.step(pose[:, :2].astype(np.float64), pose[:, 2].astype(np.float64), size, seconds)
        return np.column_stack([places, pose[:, 2]]).astype(np.float32)


class FaceFilter:
    """Smooths face contours, one frame at a time, with the face's own height as the size."""

    def __init__(self, min_cutoff: float = 1.0, beta: float = 4.0, speed_cutoff: float = 2.0) -> None:
        self._points = PointFilter(FACE_POINTS, min_cutoff, beta, speed_cutoff)

    def step(self, face: Face, seconds: float) -> Face:
        """The filtered contours [68, 2]; nan where `face` is. seconds: time since the last step."""
        heights = face[:, 1][~np.isnan(face[:, 1])]
        size = float(np.ptp(heights)) if len(heights) else 1.0
        weights = np.ones(FACE_POINTS)
        return self._points.step(face.astype(np.float64), weights, max(size, 1.0), seconds).astype(np.float32)


class RunningSize:
    """A person's size in px, followed slowly, so that one odd frame does not change what counts as fast."""

    def __init__(self) -> None:
        self._size = np.nan

    def step(self, pose: Pose, seconds: float) -> float:
        """The size after this pose, at least 1 px. seconds: time since the last step."""
        size = float(person_sizes(pose))
        if np.isnan(self._size):
            self._size = size
        elif not np.isnan(size):
            self._size += (size - self._size) * seconds / (SIZE_SECONDS + seconds)
        return max(self._size, 1.0) if not np.isnan(self._size) else 1.0


def _share(cutoff: float | Array, seconds: float | Array) -> Array:
    """How much of the new measurement a low-pass of `cutoff` Hz takes after `seconds`."""
    turns = 2 * np.pi * np.asarray(cutoff) * seconds
    return np.asarray(turns / (1 + turns))
