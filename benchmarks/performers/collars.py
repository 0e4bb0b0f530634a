"""A shirt's collar."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.spatial import cKDTree

from .bodies import Figure
from .pieces import Array, Piece, open_edges, ramp
from .wardrobe import Paint, places


def collar(figure: Figure, shirt: Piece, paint: Paint) -> Piece:
    """A shirt's collar: a band that stands on the neckline and falls outwards to two points at the front."""
    hem = np.unique(open_edges(shirt.faces))
    neck = figure.head("neck01")
    line = shirt.rest[hem][np.linalg.norm(shirt.rest[hem] - neck, axis=1) < 0.14]
    middle = line.mean(axis=0)
    angles = np.arctan2(line[:, 0] - middle[0], line[:, 1] - middle[1])
    order = np.argsort(angles)
    around = np.linspace(-np.pi + 0.06, np.pi - 0.06, 56)
    ring = np.stack(
        [np.interp(around, angles[order], smoothed_ring(line[order, axis]), period=2 * np.pi) for axis in range(3)],
        axis=1,
    )
    out = ring - middle
    out[:, 2] = 0
    out /= np.linalg.norm(out, axis=1, keepdims=True)
    front = ramp(np.abs(around), 1.7, np.pi)[:, None]
    up = np.array([0.0, 0.0, 1.0])
    side = np.sign(around)[:, None] * np.array([1.0, 0.0, 0.0])
    rows = [
        ring - 0.006 * out - 0.004 * up,
        ring - 0.006 * out + 0.012 * up,
        ring - 0.004 * out + (0.030 - 0.010 * front) * up,
        ring + 0.004 * out + (0.034 - 0.010 * front) * up,
        ring + 0.012 * out + (0.024 - 0.010 * front) * up,
        ring + (0.021 + 0.004 * front) * out + (-0.002 - 0.022 * front) * up + 0.018 * front * side,
    ]
    rest = np.concatenate(rows)
    count = len(around)
    first = np.arange(len(rows) - 1)[:, None] * count
    step = np.arange(count - 1)
    faces = np.stack([first + step, first + step + 1, first + count + step + 1, first + count + step], -1).reshape(
        -1, 4
    )
    nearest = cKDTree(shirt.rest).query(rest)[1]
    weights = shirt.weights[nearest]
    made = Piece("collar", rest, faces, weights, shirt.material, np.ones((len(rest), 3)))
    return replace(made, colour=paint(figure, places(figure, rest, weights)))


def smoothed_ring(values: Array) -> Array:
    """A closed line without its corners [n]."""
    for _ in range(12):
        values = 0.5 * values + 0.25 * (np.roll(values, 1) + np.roll(values, -1))
    return values
