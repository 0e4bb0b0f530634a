"""A Kalman filter per joint, constant velocity, and its smoother for files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from posetransfer.poses.one_euro import RunningSize
from posetransfer.types import JOINTS, Pose

Array = NDArray[np.float64]

PREDICTED_FRAMES = 5  # a joint unseen for no longer is predicted
FADE = 0.7  # a predicted joint's confidence is this share of the frame's before


class State(NamedTuple):
    """What is known after a frame. The two coordinates of a joint share their covariance.

    mean: [18, 2 (place, velocity), 2 (x, y)] px and px/s; covariance: [18, 2, 2]; alive: [18] bool.
    """

    mean: Array
    covariance: Array
    alive: NDArray[np.bool_]


class KalmanFilter:
    """Smooths the poses of one person, one frame at a time, and predicts joints through short gaps.

    noise: standard deviation of a fully trusted measurement, in torso lengths (divided by the square root
    of the confidence); agility: how fast velocities change, torso lengths per second^1.5.
    """

    def __init__(self, noise: float = 0.01, agility: float = 0.6) -> None:
        self.noise, self.agility = noise, agility
        self.predicted = State(np.zeros((JOINTS, 2, 2)), np.zeros((JOINTS, 2, 2)), np.zeros(JOINTS, bool))
        self.state = self.predicted
        self.confidence: Array = np.zeros(JOINTS)
        self._size = RunningSize()
        self._gaps = np.zeros(JOINTS, int)

    def step(self, pose: Pose, seconds: float) -> Pose:
        """The filtered pose. seconds: time since the last step."""
        size = self._size.step(pose, seconds)
        seen = pose[:, 2] > 0
        self.predicted = self._predict(size, seconds)
        self.state = self._correct(pose.astype(np.float64), seen, size)
        self._gaps = np.where(seen, 0, self._gaps + 1)
        alive = self.state.alive & (self._gaps <= PREDICTED_FRAMES)
        self.state = self.state._replace(alive=alive)
        self.confidence = np.where(seen, pose[:, 2], np.where(alive, self.confidence * FADE, 0.0))
        return as_pose(self.state.mean[:, 0], self.confidence)

    def _predict(self, size: float, seconds: float) -> State:
        move = transition(seconds)
        # White noise acceleration, integrated over the step (Bar-Shalom, Li and Kirubarajan 2001, 6.2.2).
        drift = np.array([[seconds**3 / 3, seconds**2 / 2], [seconds**2 / 2, seconds]])
        covariance = move @ self.state.covariance @ move.T + drift * (self.agility * size) ** 2
        return State(move @ self.state.mean, covariance, self.state.alive)

    def _correct(self, pose: Array, seen: NDArray[np.bool_], size: float) -> State:
        mean, covariance, alive = self.predicted
        spread = (self.noise * size) ** 2 / np.where(seen, pose[:, 2], 1.0)
        gain = covariance[:, :, 0] / (covariance[:, 0, 0] + spread)[:, None]
        surprise = pose[:, :2] - mean[:, 0]
        known = mean + gain[:, :, None] * surprise[:, None, :]
        tighter = covariance - gain[:, :, None] * covariance[:, None, 0, :]
        start = np.stack([pose[:, :2], np.zeros((JOINTS, 2))], axis=1)
        doubt = np.zeros((JOINTS, 2, 2))
        doubt[:, 0, 0], doubt[:, 1, 1] = spread, size**2  # at first a joint may move a torso length a second
        both, fresh = (seen & alive)[:, None, None], (seen & ~alive)[:, None, None]
        return State(
            np.where(both, known, np.where(fresh, start, mean)),
            np.where(both, tighter, np.where(fresh, doubt, covariance)),
            alive | seen,
        )


def smooth_both_ways(poses: Iterable[Pose], seconds: float) -> NDArray[np.float32]:
    """Kalman-filtered poses [T, 18, 3], each with the frames after it known as well.

    The smoother of Rauch, Tung and Striebel 1965. A short gap that ends is bridged to its end, one that
    does not is predicted as by `KalmanFilter`.
    """
    by = KalmanFilter()
    known: list[State] = []
    predicted: list[State] = []
    confidences: list[Array] = []
    for pose in poses:
        by.step(pose, seconds)
        known.append(by.state)
        predicted.append(by.predicted)
        confidences.append(by.confidence)
    move = transition(seconds)
    smoothed = [state.mean for state in known]
    for t in range(len(known) - 2, -1, -1):
        joined = known[t].alive & known[t + 1].alive
        ahead = np.where(joined[:, None, None], predicted[t + 1].covariance, np.eye(2))
        gain = known[t].covariance @ move.T @ np.linalg.inv(ahead)
        better = known[t].mean + gain @ (smoothed[t + 1] - predicted[t + 1].mean)
        smoothed[t] = np.where(joined[:, None, None], better, known[t].mean)
    rows = [as_pose(mean[:, 0], confidence) for mean, confidence in zip(smoothed, confidences, strict=True)]
    return np.array(rows, np.float32).reshape(-1, JOINTS, 3)


def transition(seconds: float) -> Array:
    """[2, 2]: place and velocity after `seconds` of constant velocity."""
    return np.array([[1.0, seconds], [0.0, 1.0]])


def as_pose(places: Array, confidence: Array) -> Pose:
    """A `Pose` of places [18, 2] and confidences [18]; joints without confidence are unseen."""
    pose = np.column_stack([places, confidence]).astype(np.float32)
    pose[~(confidence > 0), :2] = np.nan
    return pose
