"""Which frames of the bank stand for each pose of a stream: nearest, held by a threshold, or the smoothest path."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from posetransfer.errors import PoseTransferError, UnknownName
from posetransfer.pairs.match import METRICS, NOWHERE, Matcher
from posetransfer.streams import closing_source
from posetransfer.types import Pose

Indices = NDArray[np.int64]

# About what a dancer moves between two frames at 25 a second: a frame that is nearer by less is not worth a jump.
# Against 0 it saves a quarter to a half of the jumps and costs 1 to 2 % of distance; twice as much starts to freeze
# small movements. The paper gives no number for pixels.
THRESHOLDS: Final = {"joints": 0.01, "pixels": 0.0, "angles": 0.02}
COMBINE: Final = ("path", "mean")
LAG = 15  # frames that the path looks ahead before it decides
NEIGHBOURS = 2  # frames of the bank this close in time follow one another at no cost
FAR = 1e3  # the cost of a step between frames that share too few joints to compare


@dataclass(frozen=True)
class KnnOptions:
    """metric: one of METRICS; k: frames chosen from; threshold: the rule's λ in the metric's unit, None for the
    metric's own; combine: how k above 1 become one, `path` or `mean`. Raises a PoseTransferError if it can't be."""

    metric: str = "joints"
    k: int = 1
    threshold: float | None = None
    combine: str = "path"

    def __post_init__(self) -> None:
        if self.metric not in METRICS:
            raise UnknownName(f"There is no metric called {self.metric!r}. Choose one of: {', '.join(METRICS)}.")
        if self.combine not in COMBINE:
            raise UnknownName(f"There is no way to combine called {self.combine!r}. Choose one of: path, mean.")
        if self.k < 1 or not self.margin >= 0:
            raise PoseTransferError("k must be 1 or more and the threshold 0 or more.")

    @property
    def margin(self) -> float:
        """λ: how much nearer, in the metric's unit, another frame must be before it replaces the last one."""
        return THRESHOLDS[self.metric] if self.threshold is None else self.threshold


class Chooser:
    """Chooses frames of a bank [N, 18, 3] for poses in the bank's pixels, of a body of the bank's proportions.

    A stream has no median torso yet; it has been retargeted to the bank's body, so the bank's is its own.
    """

    def __init__(self, bank: NDArray[np.float32], options: KnnOptions) -> None:
        self.options = options
        self._bank = bank
        self._matcher = Matcher(bank, options.metric)
        self._rest = self._resting_frame()

    def choose(self, poses: Iterable[Pose]) -> Iterator[Indices]:
        """For each pose the indices that make its frame: one, or k for `mean`. A pose of which nothing is seen
        holds the last; at the start, the frame nearest to the bank's median pose. The lag is `LAG` for `path` with
        k above 1, otherwise none."""
        smooth = self.options.k > 1 and self.options.combine == "path"
        return self._path(poses) if smooth else self._held(poses)

    def _held(self, poses: Iterable[Pose]) -> Iterator[Indices]:
        """The rule: B_t = B̂_t if d(A_t, B̂_t) < d(A_t, B_t-1) − λ, else B_t-1, the frame last given. B_0 = B̂_0."""
        last: Indices | None = None
        with closing_source(poses) as source:
            for pose in source:
                found, distances = self._candidates(pose)
                if last is None:
                    last = found if len(found) else self._rest
                elif len(found) and distances[0] < self._distance(pose, last[0]) - self.options.margin:
                    last = found
                yield last

    def _path(self, poses: Iterable[Pose]) -> Iterator[Indices]:
        """The sequence of least cost, decided `LAG` frames late (Viterbi with a fixed lag).

        Its cost: each frame's distance to its pose, and for each step that is not to a neighbour in time the
        distance between the two frames' poses plus λ.
        """
        path = _Path()
        with closing_source(poses) as source:
            for pose in source:
                found, distances = self._candidates(pose)
                if not len(found):
                    found = path.candidates if len(path) else self._rest
                    distances = np.zeros(len(found))
                steps = self._steps(path.candidates, found) if len(path) else np.zeros((1, len(found)))
                path.extend(found, distances, steps)
                if len(path) > LAG:
                    yield path.settle()
        while len(path):
            yield path.settle()

    def _candidates(self, pose: Pose) -> tuple[Indices, NDArray[np.float64]]:
        """Indices and distances of up to k frames that can be compared with `pose`, nearest first."""
        indices, distances = self._matcher.nearest(pose[None], self.options.k, torso=self._matcher.torso)
        kept = indices[0] != NOWHERE
        return indices[0, kept], distances[0, kept]

    def _distance(self, pose: Pose, index: np.int64) -> float:
        return float(self._matcher.distances(pose[None], np.array([[index]]), torso=self._matcher.torso)[0, 0])

    def _steps(self, before: Indices, after: Indices) -> NDArray[np.float64]:
        """Costs [len(before), len(after)] of showing a frame of `after` behind one of `before`."""
        ends = np.broadcast_to(after, (len(before), len(after)))
        jump = self._matcher.distances(self._bank[before], ends, torso=self._matcher.torso) + self.options.margin
        jump = np.minimum(jump, FAR)
        jump[np.abs(before[:, None] - after) <= NEIGHBOURS] = 0
        return jump

    def _resting_frame(self) -> Indices:
        """The frame whose pose is nearest to the median over the bank of each joint."""
        median = np.zeros_like(self._bank[0])
        seen = ~np.isnan(self._bank[..., 0])
        for joint in range(len(median)):
            where = self._bank[seen[:, joint], joint]
            median[joint] = np.median(where, axis=0) if len(where) else (np.nan, np.nan, 0)
        found, _ = self._candidates(median)
        return found[:1] if len(found) else np.zeros(1, np.int64)


class _Step(NamedTuple):
    candidates: Indices  # [k]
    back: Indices  # [k] which candidate of the step before leads here


class _Path:
    """Viterbi over the steps that are not settled yet."""

    def __init__(self) -> None:
        self._steps: deque[_Step] = deque()
        self._cost: NDArray[np.float64] = np.zeros(1)

    def __len__(self) -> int:
        return len(self._steps)

    @property
    def candidates(self) -> Indices:
        """Those of the newest step."""
        return self._steps[-1].candidates

    def extend(self, candidates: Indices, distances: NDArray[np.float64], steps: NDArray[np.float64]) -> None:
        """Add a step with its candidates, their distances and the costs [before, k] of coming to them."""
        total = self._cost[:, None] + steps
        self._steps.append(_Step(candidates, total.argmin(axis=0)))
        self._cost = total.min(axis=0) + distances
        self._cost -= self._cost.min()

    def settle(self) -> Indices:
        """Decide the oldest step, [1], and drop the paths that do not go through it."""
        origin = np.arange(len(self._cost))
        for step in list(self._steps)[:0:-1]:
            origin = step.back[origin]
        chosen = origin[self._cost.argmin()]
        self._cost[origin != chosen] = np.inf
        return self._steps.popleft().candidates[[chosen]]
