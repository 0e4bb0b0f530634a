"""What a living body does besides the keys: it breathes, sways, blinks, glances and moves its mouth as it talks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d
from scipy.spatial.transform import Rotation

from benchmarks.performers.motions.footwork import Feet
from benchmarks.performers.motions.rotations import Array
from benchmarks.performers.motions.timeline import RATE, ROTATIONS

SWAY = {"hips": 0.7, "chest": 1.0, "head": 1.6, "left": 1.5, "right": 1.5}
"""Degrees, standard deviation of the slow wandering of each part."""
BREATH = 3.9
"""Seconds of one breath of somebody who moves about."""
HIP_HIKE = np.radians(4.5)
"""The hip over the standing leg is that much higher, and the chest makes up for it."""


@dataclass(frozen=True)
class Figure:
    """A whole motion at `RATE` moments a second, before it is fitted to a body."""

    channels: dict[str, Array]
    feet: Feet
    blink: Array
    mouth: Array
    wander: Array
    """[n, 2] leg lengths that the hips drift over the feet."""


def wandering(count: int, width: int, rng: np.random.Generator, low: float = 0.07, high: float = 0.6) -> Array:
    """Smooth noise [count, width] of standard deviation 1, made of slow waves."""
    moments = np.arange(count)[:, None, None] / RATE
    rates = rng.uniform(low, high, (1, width, 5))
    waves = np.sin(2 * np.pi * (rates * moments + rng.uniform(0, 1, rates.shape)))
    return np.asarray(waves.sum(axis=-1) * np.sqrt(2 / 5))


def alive(channels: dict[str, Array], feet: Feet, rng: np.random.Generator, sway: float = 1.0) -> Figure:
    """The eased channels with life in them. The same generator state gives the same life."""
    count = len(feet.load)
    living = dict(channels)
    breath = np.sin(2 * np.pi * (np.arange(count) / RATE / BREATH + 0.04 * wandering(count, 1, rng)[:, 0]))
    uneven = feet.load[:, 0] - feet.load[:, 1]
    nothing = np.zeros(count)
    extra = {part: sway * np.radians(SWAY[part]) * wandering(count, 3, rng) for part in ROTATIONS}
    extra["hips"] += np.stack([nothing, -HIP_HIKE * uneven, nothing], axis=1)
    extra["chest"] += np.stack([-0.012 * breath, 0.9 * HIP_HIKE * uneven, nothing], axis=1)
    extra["head"] += np.stack([0.008 * breath, 0.15 * HIP_HIKE * uneven, nothing], axis=1)
    for part in ROTATIONS:
        turned = Rotation.from_rotvec(extra[part]) * Rotation.from_quat(living[part])
        living[part] = np.asarray(turned.as_quat())
    living["bend"] = living["bend"] + sway * np.radians(1.6) * wandering(count, 2, rng)
    living["wrist"] = living["wrist"] + sway * np.radians(2.0) * wandering(count, 8, rng) * ([1, 1, 0.5, 0.3] * 2)
    living["wrist"][:, 3::4] += np.radians(0.9) * breath[:, None]
    living["gaze"] = living["gaze"] + _glances(count, rng)
    blink = _blinks(count, living["head"], rng)
    wander = 0.004 * sway * wandering(count, 2, rng, high=0.4)
    return Figure(living, feet, blink, _mouth(living["face"][:, 2], rng), wander)


def _glances(count: int, rng: np.random.Generator) -> Array:
    """Small jumps of the eyes, [count, 2] radians."""
    gaze = np.zeros((count, 2))
    moment = 0
    while moment < count:
        gaze[moment:] = rng.normal(0, np.radians((2.6, 1.5)))
        moment += int(RATE * rng.uniform(0.5, 2.4))
    return np.asarray(gaussian_filter1d(gaze, 0.018 * RATE, axis=0, mode="nearest"))


def _blinks(count: int, head: Array, rng: np.random.Generator) -> Array:
    """Blinks [count], 0..1: every few seconds, and where the head begins to turn quickly."""
    speed = np.abs(np.gradient(Rotation.from_quat(head).as_rotvec()[:, 2])) * RATE
    quick = (speed > 1.1) & (np.roll(speed, 1) <= 1.1)
    starts = list(np.flatnonzero(quick))
    moment = rng.uniform(0.4, 2.5)
    while moment * RATE < count:
        starts.append(int(moment * RATE))
        moment += 0.9 + rng.gamma(2.0, 1.3)
    blink = np.zeros(count)
    shape = np.concatenate([np.linspace(0, 1, 8), np.ones(5), np.linspace(1, 0, 15) ** 1.5])
    for start in sorted(starts):
        part = blink[start : start + len(shape)]
        np.maximum(part, shape[: len(part)], out=part)
    return blink


def _mouth(talk: Array, rng: np.random.Generator) -> Array:
    """How far the mouth is open [n], 0..1, where somebody talks by `talk` [n]: syllables, words and breaths."""
    count = len(talk)
    syllables = np.maximum(0, 0.35 + 0.75 * wandering(count, 1, rng, 2.2, 5.5)[:, 0])
    words = np.clip(0.9 + 1.1 * wandering(count, 1, rng, 0.35, 1.1)[:, 0], 0, 1)
    opened = gaussian_filter1d(np.clip(0.55 * syllables * words, 0, 1), 0.02 * RATE, mode="nearest")
    return np.asarray(np.clip(opened * talk, 0, 1))
