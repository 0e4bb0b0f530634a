"""How sure a mean over the frames of a clip is, where neighbouring frames are alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from posetransfer.errors import PoseTransferError

BLOCK: Final = 30  # frames: about a second, after which a dancer is in another pose
RESAMPLES: Final = 1000
LEVEL: Final = 0.95


@dataclass(frozen=True)
class Interval:
    """A mean and where it lies with a probability of `LEVEL`, in the unit of the values; nan where unknown."""

    mean: float
    low: float
    high: float


def bootstrap_mean(
    values: ArrayLike, *, block: int = BLOCK, resamples: int = RESAMPLES, seed: int = 0, level: float = LEVEL
) -> Interval:
    """The mean of `values` [T], one a frame in their order, with its percentile interval.

    Circular blocks of Politis and Romano 1992: clips as long as the true one are put together from blocks of `block`
    frames that begin anywhere, and run on at the start when they pass the end, so that each frame is drawn
    equally often. A nan is a frame without a value: it keeps its place and is left out of the means. For the
    difference of two rows give the differences frame by frame: the interval is then much narrower.

    low and high are nan where there are not two blocks. Raises PoseTransferError for a block or number of
    resamples under 1.
    """
    if block < 1 or resamples < 1:
        raise PoseTransferError("A block needs at least one frame, and there must be one resample or more.")
    series = np.asarray(values, np.float64).ravel()
    seen = np.isfinite(series)
    if not seen.any():
        return Interval(float("nan"), float("nan"), float("nan"))
    mean = float(series[seen].mean())
    count = len(series)
    if count < 2 * block:
        return Interval(mean, float("nan"), float("nan"))
    lengths = np.full(-(-count // block), block)
    lengths[-1] = count - block * (len(lengths) - 1)  # the last block is cut, so that the clip's length is kept
    starts = np.random.default_rng(seed).integers(0, count, (resamples, len(lengths)))
    totals = (_running(part) for part in (np.where(seen, series, 0.0), seen))
    sums, counts = ((total[starts + lengths] - total[starts]).sum(axis=1) for total in totals)
    means = sums[counts > 0] / counts[counts > 0]
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return Interval(mean, float(low), float(high))


def _running(values: ArrayLike) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """[2T + 1]: sums of the first 0, 1, ... values of a clip that is played twice."""
    twice = np.tile(np.asarray(values, np.float64), 2)
    return np.concatenate([[0.0], np.cumsum(twice)])
