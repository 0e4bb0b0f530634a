from __future__ import annotations

import numpy as np
import pytest

from posetransfer.errors import PoseTransferError
from posetransfer.evaluate.bootstrap import bootstrap_mean


def alike_neighbours(seed: int, count: int = 600) -> np.ndarray:
    """Frames around 0 that forget where they were within some ten frames (an autoregressive process)."""
    rng = np.random.default_rng(seed)
    values = np.zeros(count)
    for t in range(1, count):
        values[t] = 0.85 * values[t - 1] + rng.normal()
    return values


def test_blocks_cover_the_true_mean_where_single_frames_do_not() -> None:
    clips = [alike_neighbours(seed) for seed in range(150)]
    covered = {
        block: np.mean([i.low <= 0 <= i.high for i in (bootstrap_mean(c, block=block, resamples=300) for c in clips)])
        for block in (1, 30)
    }
    assert 0.85 < covered[30] <= 1
    assert covered[1] < 0.6


def test_for_frames_that_are_not_alike_it_is_the_textbooks_interval() -> None:
    values = np.random.default_rng(1).normal(5, 2, 3000)
    interval = bootstrap_mean(values, resamples=4000)
    assert interval.mean == pytest.approx(values.mean())
    error = 1.96 * values.std() / np.sqrt(len(values))
    assert interval.high - interval.mean == pytest.approx(error, rel=0.25)
    assert interval.mean - interval.low == pytest.approx(error, rel=0.25)


def test_the_same_seed_gives_the_same_interval_and_another_one_another() -> None:
    values = alike_neighbours(3)
    assert bootstrap_mean(values, seed=4) == bootstrap_mean(values, seed=4)
    assert bootstrap_mean(values, seed=4) != bootstrap_mean(values, seed=5)


def test_every_frame_is_drawn_as_often_as_any_other() -> None:
    ends = np.zeros(95)
    ends[[0, -1]] = 1
    interval = bootstrap_mean(ends, resamples=20_000, level=0.0)  # both ends of no width: the median
    assert interval.low == interval.high == pytest.approx(2 / 95, abs=1 / 95)
    middle = np.roll(ends, 40)
    assert bootstrap_mean(middle, resamples=20_000).high == pytest.approx(bootstrap_mean(ends, resamples=20_000).high)


def test_frames_without_a_value_are_left_out() -> None:
    values = np.tile([2.0, np.nan], 60)
    assert bootstrap_mean(values) == bootstrap_mean(np.full(120, 2.0))
    assert np.isnan(bootstrap_mean(np.full(100, np.nan)).mean)


def test_a_clip_without_two_blocks_has_a_mean_but_no_interval() -> None:
    interval = bootstrap_mean(np.arange(59.0))
    assert interval.mean == 29 and np.isnan(interval.low) and np.isnan(interval.high)
    assert np.isfinite(bootstrap_mean(np.arange(60.0)).low)
    assert np.isnan(bootstrap_mean([]).mean)


def test_an_impossible_block_is_refused() -> None:
    with pytest.raises(PoseTransferError, match="at least one frame"):
        bootstrap_mean([1.0], block=0)
