"""Pairs that look alike, put together: a person can judge some dozens of pictures, not a thousand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.vq import kmeans, vq

from posetransfer.pairs.build import Pairs
from posetransfer.pairs.match import METRICS, Poses, median_torso

MOST_GROUPS: Final = 36


@dataclass(frozen=True)
class Group:
    """Pairs in which both people stand alike.

    source: [n] frame indices into A, in order; example: the pair that stands for them, as an index into A and one
    into B; distance: the median of theirs, in torso lengths.
    """

    source: NDArray[np.int64]
    example: tuple[int, int]
    distance: float


def group_pairs(pairs: Pairs, source: Poses, target: Poses, most: int = MOST_GROUPS) -> list[Group]:
    """`pairs` in at most `most` groups by the poses of both, [T, 18, 3] each, the least alike pairs first.

    k-means (`scipy.cluster.vq.kmeans`) from pairs spread over the clip: both poses about their necks in torso lengths,
    so that a pose of A that was seen wrongly does not hide among right ones that found the same frame of B.
    """
    both = np.concatenate([_points(source)[pairs.source], _points(target)[pairs.target]], axis=1)
    begin = both[np.unique(np.linspace(0, len(both) - 1, min(most, len(both))).round().astype(int))]
    centres, _ = kmeans(both, begin)
    label, off = vq(both, centres)
    groups = []
    for number in np.unique(label):
        members = np.flatnonzero(label == number)
        nearest = members[off[members].argmin()]
        example = int(pairs.source[nearest]), int(pairs.target[nearest])
        groups.append(Group(pairs.source[members], example, float(np.median(pairs.distance[members]))))
    return sorted(groups, key=lambda group: -group.distance)


def _points(poses: Poses) -> NDArray[np.float64]:
    """[T, 36]: places in torso lengths from the neck; an unseen joint is where the neck is."""
    points = METRICS["joints"].points(poses, median_torso(poses))
    return np.nan_to_num(points).reshape(len(poses), -1)
