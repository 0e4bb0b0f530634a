"""How long a training step takes on this machine, tried out before anybody is told to wait."""

from __future__ import annotations

import time
from statistics import median

import numpy as np

from posetransfer.methods.pix2pix.config import Pix2PixConfig
from posetransfer.methods.pix2pix.data import Batch
from posetransfer.methods.pix2pix.trainer import Trainer
from posetransfer.runtime.torch import best_device

TRIES = 3  # after one that does not count: it allocates


def seconds_a_step(config: Pix2PixConfig) -> float:
    """Median time of a step on noise, seconds. Takes four steps."""
    random = np.random.default_rng(0)
    shape = (config.batch, config.size, config.size)
    frames = random.integers(0, 256, (*shape, 3), dtype=np.uint8)
    batch = Batch(frames, frames, np.ones(shape, np.float32))
    trainer = Trainer(config, 0, best_device())
    times = []
    for step in range(TRIES + 1):
        begun = time.perf_counter()
        trainer.update(step, batch, config.lr)
        times.append(time.perf_counter() - begun)
    return median(times[1:])
