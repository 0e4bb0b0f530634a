"""Which poses of a bank are nearest to a pose: exact k-NN under three metrics that know of unseen joints.

A metric turns a pose into M points of the plane, nan where one is not seen. The distance of two poses is
the root of (sum of squared differences over the points seen in both) * whole / (number of those points).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posetransfer.errors import UnknownName
from posetransfer.poses.angles import SHOULDERS_TO_TORSO, limb_directions, torso_lengths
from posetransfer.poses.fill import FILLED_CONFIDENCE
from posetransfer.poses.skeleton import L_SHOULDER, NECK, R_SHOULDER
from posetransfer.types import JOINTS, check_shape

Poses = NDArray[np.float32]  # [T, 18, 3] as `Pose`
Points = NDArray[np.float64]  # [T, M, 2], nan where unseen
NOWHERE: Final = -1  # the index that stands with distance inf where no pose of the bank can be compared

GUESSED: Final = 2 * FILLED_CONFIDENCE  # confidence below which a joint is a guess across a long gap, not seen
_BLOCK = 64  # columns whose smallest value is looked at first; a query block's row is a multiple of it
_SPARE = 8  # candidates beyond k that are measured again in double precision
_CELLS = 1 << 22  # query x bank cells held at a time: 16 MB a matrix in float32, so that passes stay near the cache


@dataclass(frozen=True)
class Metric:
    """points: poses [T, 18, 3] and their clip's torso length in px -> [T, M, 2]; whole and least: see above;
    fewer than `least` points seen in both make the distance inf."""

    points: Callable[[Poses, float], Points]
    whole: int
    least: int


def median_torso(poses: Poses) -> float:
    """The clip's median torso length, neck to mid-hips in px; nan where it is never seen.

    The median of the clip and not each frame's own: a crouch must stay a crouch.
    """
    torso = torso_lengths(poses)
    if np.isnan(torso).all():
        shoulders = poses[:, R_SHOULDER, :2] - poses[:, L_SHOULDER, :2]
        torso = np.linalg.norm(shoulders, axis=1) * SHOULDERS_TO_TORSO
    seen = torso[torso > 0]
    return float(np.median(seen)) if len(seen) else float("nan")


def _pixels(poses: Poses, torso: float) -> Points:
    return poses[..., :2].astype(np.float64)


def _joints(poses: Poses, torso: float) -> Points:
    xy = _without_guesses(poses)[..., :2].astype(np.float64)
    return (xy - xy[:, NECK : NECK + 1]) / torso


def _angles(poses: Poses, torso: float) -> Points:
    return limb_directions(_without_guesses(poses)).astype(np.float64)


def _without_guesses(poses: Poses) -> Poses:
    """Joints that were filled in far from where they were last seen, unseen again: they say nothing of the pose."""
    return np.where(poses[..., 2:] < GUESSED, np.float32(np.nan), poses)


# `pixels` is scikit-learn's nan_euclidean over the 36 coordinates, plain L2 where all are seen or, as in the paper,
# filled in
METRICS: Final[Mapping[str, Metric]] = MappingProxyType(
    {
        "joints": Metric(_joints, whole=1, least=8),
        "pixels": Metric(_pixels, whole=JOINTS, least=1),
        "angles": Metric(_angles, whole=1, least=6),
    }
)


class Matcher:
    """A bank of poses [N, 18, 3], made ready to be searched many times. Raises UnknownName for the metric.

    torso: the bank's median torso length in px, which queries of the same body and pixel grid share.
    """

    def __init__(self, bank: Poses, metric: str = "joints") -> None:
        if metric not in METRICS:
            raise UnknownName(f"There is no metric called {metric!r}. Choose one of: {', '.join(METRICS)}.")
        check_shape("bank", bank, (len(bank), JOINTS, 3))
        self.metric = METRICS[metric]
        self.torso = median_torso(bank)
        self._points = self.metric.points(bank, self.torso)
        seen = ~np.isnan(self._points[..., 0])
        # single precision loses digits with the distance from the origin: the bank's middle is the origin
        self._middle = np.nan_to_num(self._points).sum(axis=(0, 1)) / max(int(seen.sum()), 1)
        squares, flat, seen32 = self._terms(self._points)
        self._right = _padded(np.concatenate([squares, seen32, flat], axis=1).T)
        self._seen = _padded(seen32.T)
        self._furthest = float(squares.sum(axis=1).max(initial=0))
        self._fewest = int(seen.sum(axis=1).min(initial=0))

    def nearest(
        self, queries: Poses, k: int = 1, *, torso: float | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Indices [T, k] of the nearest poses of the bank, nearest first, and their distances [T, k].

        Ties go to the lower index. `torso` is the queries' scale in px; their own median where it is None. Where
        fewer than k can be compared (an unseen pose: none) the rest is index `NOWHERE` and distance inf.
        """
        points = self._query_points(queries, torso)
        indices = np.full((len(points), k), NOWHERE, np.int64)
        distances = np.full((len(points), k), np.inf)
        if not len(self._points):
            return indices, distances
        rows = max(_CELLS // self._right.shape[1], 1)
        for start in range(0, len(points), rows):
            part = slice(start, start + rows)
            indices[part], distances[part] = self._search(points[part], k)
        return indices, distances

    def distances(
        self, queries: Poses, indices: NDArray[np.int64], *, torso: float | None = None
    ) -> NDArray[np.float64]:
        """Exact distances [T, K] of each query to the poses of the bank in its row of `indices` [T, K]."""
        return np.sqrt(self._squared(self._query_points(queries, torso), indices))

    def _query_points(self, queries: Poses, torso: float | None) -> Points:
        check_shape("queries", queries, (len(queries), JOINTS, 3))
        return self.metric.points(queries, median_torso(queries) if torso is None else torso)

    def _terms(self, points: Points) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
        """Of points [T, M, 2] about the bank's middle, unseen ones 0: squares [T, M], flat [T, 2M], seen [T, M]."""
        about = np.nan_to_num(points - self._middle).astype(np.float32)
        seen = (~np.isnan(points[..., 0])).astype(np.float32)
        return (about**2).sum(axis=-1), about.reshape(len(about), 2 * about.shape[1]), seen

    def _squared(self, points: Points, indices: NDArray[np.int64]) -> NDArray[np.float64]:
        """Squared distances [T, K] in double precision; inf at `NOWHERE` and where too little is seen in both."""
        between = points[:, None] - self._points[indices]
        shared = (~np.isnan(between[..., 0])).sum(axis=-1)
        squared = np.nansum(between**2, axis=(-2, -1)) * self.metric.whole / np.maximum(shared, 1)
        squared[(shared < self.metric.least) | (indices == NOWHERE)] = np.inf
        return np.asarray(squared)

    def _search(self, points: Points, k: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Search in single precision for candidates, then measure those exactly and prove that none is missing."""
        squares, flat, seen = self._terms(points)
        rough = self._rough(squares, flat, seen)
        candidates, worst = _smallest(rough, k + _SPARE)
        candidates[candidates >= len(self._points)] = NOWHERE
        found = self._best(points, candidates, k)
        # products of 4M terms in single precision err by a few units in the last place of |a|^2 + |b|^2, seen in tests
        spread = (squares.sum(axis=1) + self._furthest) * 8 * np.finfo(np.float32).eps
        shared = np.maximum(seen.sum(axis=1) + self._fewest - seen.shape[1], self.metric.least)
        reach = found[1][:, -1] ** 2 + spread * self.metric.whole / shared
        for row in np.flatnonzero(reach > worst):
            within = np.flatnonzero(rough[row, : len(self._points)] <= reach[row])
            found[0][row], found[1][row] = (part[0] for part in self._best(points[[row]], within[None], k))
        return found

    def _rough(
        self, squares: NDArray[np.float32], flat: NDArray[np.float32], seen: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Squared distances [T, padded N] by matrix products: |a|^2 and |b|^2 over what the other sees, minus 2ab."""
        rough = _product(np.concatenate([seen, squares, -2 * flat], axis=1), self._right)
        shared = _product(seen, self._seen)
        np.copyto(shared, 0, where=shared < self.metric.least)
        with np.errstate(divide="ignore"):
            np.divide(self.metric.whole, shared, out=shared)
        np.maximum(rough, np.finfo(np.float32).tiny, out=rough)  # so that nothing shared gives inf, not nan
        return np.multiply(rough, shared, out=rough)

    def _best(
        self, points: Points, candidates: NDArray[np.int64], k: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The k nearest of each row's candidates [T, C], exactly; ties go to the lower index."""
        candidates = np.sort(candidates, axis=1)
        squared = self._squared(points, candidates)
        order = np.argsort(squared, axis=1, kind="stable")[:, :k]
        indices = np.full((len(points), k), NOWHERE, np.int64)
        distances = np.full((len(points), k), np.inf)
        distances[:, : order.shape[1]] = np.sqrt(np.take_along_axis(squared, order, axis=1))
        indices[:, : order.shape[1]] = np.take_along_axis(candidates, order, axis=1)
        indices[np.isinf(distances)] = NOWHERE
        return indices, distances


def _product(one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float32]:
    """The matrix product. Of a single row it is not worth BLAS's threads, which spin for longer than they work."""
    return np.einsum("ij,jk->ik", one, other) if len(one) == 1 else one @ other


def nearest(
    queries: Poses, bank: Poses, *, metric: str = "joints", k: int = 1
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The k nearest poses of `bank` [N, 18, 3] for each of `queries` [T, 18, 3]; as `Matcher.nearest`."""
    return Matcher(bank, metric).nearest(queries, k)


def _padded(columns: NDArray[np.float32]) -> NDArray[np.float32]:
    """[C, N] with columns of unseen poses added until whole blocks are full."""
    return np.ascontiguousarray(np.pad(columns, ((0, 0), (0, -columns.shape[1] % _BLOCK))))


def _smallest(values: NDArray[np.float32], count: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Places [T, count] of the smallest of each row and the largest value among them (inf if all are taken).

    The `count` smallest of a row lie in the `count` blocks with the smallest minima: one pass instead of a
    partition of the whole row.
    """
    blocks = values.reshape(len(values), -1, _BLOCK)
    if blocks.shape[1] > count:
        kept = np.argpartition(blocks.min(axis=2), count - 1, axis=1)[:, :count]
    else:
        kept = np.broadcast_to(np.arange(blocks.shape[1]), (len(values), blocks.shape[1]))
    inside = np.take_along_axis(blocks, kept[..., None], axis=1).reshape(len(values), -1)
    count = min(count, inside.shape[1])
    places = np.argpartition(inside, count - 1, axis=1)[:, :count]
    worst = np.take_along_axis(inside, places, axis=1).max(axis=1)
    block = np.take_along_axis(np.asarray(kept), places // _BLOCK, axis=1)
    return block * _BLOCK + places % _BLOCK, worst
