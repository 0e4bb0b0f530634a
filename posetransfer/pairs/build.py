"""Training pairs across two people: for each frame of A its nearest frame of B."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from posetransfer.errors import TrainingError
from posetransfer.pairs.match import Matcher
from posetransfer.poses.fill import fill_missing
from posetransfer.types import PoseSequence

KEEP = 0.8  # share of the pairs that are kept, nearest first; the worst fifth teaches poses that B never took
REACH = 0.1  # torso lengths, root-mean-square over the joints: some 5 cm, a pose that looks the same


@dataclass(frozen=True)
class Pairs:
    """Which frame of B stands for which frame of A, many to one.

    source, target: [P] frame indices into A and B, in A's order; distance: [P] in the metric's unit;
    used: share of B's frames that stand in some pair, 0..1; coverage: share of B's poses that A comes
    within `REACH` of by the metric `joints`, whatever metric the pairs were made with.
    """

    source: NDArray[np.int64]
    target: NDArray[np.int64]
    distance: NDArray[np.float64]
    used: float
    coverage: float

    def __len__(self) -> int:
        return len(self.source)

    def without(self, frames: Collection[int]) -> Pairs:
        """The pairs whose frame of A is none of `frames`."""
        kept = ~np.isin(self.source, list(frames))
        target = self.target[kept]
        used = self.used * len(np.unique(target)) / max(len(np.unique(self.target)), 1)
        return replace(self, source=self.source[kept], target=target, distance=self.distance[kept], used=used)


def build_pairs(source: PoseSequence, target: PoseSequence, *, metric: str = "joints", keep: float = KEEP) -> Pairs:
    """Pair each frame of `source` with its nearest of `target`, and keep the share `keep` with the least distance.

    Frames in which too little is seen to compare are left out. Raises TrainingError if none can be compared.
    """
    indices, distances = Matcher(target.joints, metric).nearest(source.joints)
    index, distance = indices[:, 0], distances[:, 0]
    comparable = np.flatnonzero(np.isfinite(distance))
    if not len(comparable):
        raise TrainingError(
            "No frame of the source video shows enough of the person to be matched with the target video. "
            "Use clips that show the same part of the body."
        )
    nearest_first = comparable[np.argsort(distance[comparable], kind="stable")]
    kept = np.sort(nearest_first[: max(round(len(nearest_first) * keep), 1)])
    back = Matcher(source.joints, "joints").nearest(target.joints)[1][:, 0]
    return Pairs(
        source=kept,
        target=index[kept],
        distance=distance[kept],
        used=len(np.unique(index[kept])) / len(target),
        coverage=float((back <= REACH).mean()),
    )


def paper_pairs(source: PoseSequence, target: PoseSequence) -> Pairs:
    """The paper's pairs: unseen joints filled with their video's median, plain L2 over the pixels, all kept."""
    return build_pairs(fill_missing(source, "median"), fill_missing(target, "median"), metric="pixels", keep=1.0)
