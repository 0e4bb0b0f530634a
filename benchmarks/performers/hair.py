"""Hair as strands that are grown from the scalp once and ride on the head's bone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from .bodies import BODY_END, Figure
from .face import Landmarks, landmarks, scalp
from .pieces import Array, noise, normals, ramp


@dataclass(frozen=True)
class Strands:
    """[n, k, 3] m in rest space, and a radius at the root, m."""

    points: Array
    radius: float
    melanin: float
    redness: float
    roughness: float


def _roots(figure: Figure, count: int, seed: int) -> tuple[Array, Array]:
    """Places on the scalp [count, 3], evenly by area, and the way out there."""
    random, share, faces = np.random.default_rng(seed), scalp(figure), figure.groups["body"]
    faces = faces[share[faces].mean(axis=1) > 0.5]
    corners = figure.rest[faces]
    area = np.linalg.norm(np.cross(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1]), axis=1)
    chosen = random.choice(len(faces), count, p=area / area.sum())
    u, v = random.random((2, count, 1))
    blend = np.concatenate([(1 - u) * (1 - v), u * (1 - v), u * v, (1 - u) * v], axis=1)
    out = normals(figure.rest[:BODY_END], figure.groups["body"])[faces[chosen]]
    out = np.einsum("nk,nki->ni", blend, out)
    return np.einsum("nk,nki->ni", blend, corners[chosen]), out / np.linalg.norm(out, axis=1, keepdims=True)


def _grow(
    figure: Figure,
    roots: Array,
    out: Array,
    length: Array,
    steps: int,
    comb: Callable[[Array, Array, float], Array],
    clearance: Callable[[float], float],
) -> Array:
    """Steps along `comb`, each pushed out of the head to its clearance: [n, steps + 1, 3]."""
    head = figure.rest[:BODY_END][figure.share("head", "neck", "jaw", "oris", "levator")[:BODY_END] > 0.05]
    way = normals(figure.rest[:BODY_END], figure.groups["body"])
    way = way[figure.share("head", "neck", "jaw", "oris", "levator")[:BODY_END] > 0.05]
    tree = cKDTree(head)
    points, direction = [roots], out
    for step in range(steps):
        t = (step + 1) / steps
        direction = 0.45 * direction + 0.55 * comb(points[-1], out, t)
        direction /= np.maximum(np.linalg.norm(direction, axis=1, keepdims=True), 1e-9)
        after = points[-1] + direction * (length / steps)[:, None]
        near = tree.query(after)[1]
        out = way[near]
        gap = np.einsum("ni,ni->n", after - head[near], way[near])
        points.append(after + np.maximum(clearance(t) - gap, 0)[:, None] * way[near])
    return np.stack(points, axis=1)


def bob(figure: Figure) -> Strands:
    """To the chin, parted at the side, away from the face."""
    at = landmarks(figure)
    roots, out = _roots(figure, 5500, 21)
    random = np.random.default_rng(22)
    parting = 0.35 * at.unit
    side = np.where(roots[:, 0] > parting, 1.0, -1.0)
    back = ramp(roots[:, 1], at.ear[1] - 0.03, at.ear[1] + 0.05)
    wave = noise(23, 22.0)
    layer = random.uniform(0.0, 1.0, len(roots))

    def comb(points: Array, out: Array, t: float) -> Array:
        away = np.stack([side * (1 - back), 0.45 * (1 - back) + 0.6 * back, 0 * side], axis=1) * (1 - t) ** 2
        front = ramp(points[:, 1], at.ear[1] - 0.02, at.ear[1] - 0.06)
        inside = front * ramp(np.abs(points[:, 0]), 1.12 * at.unit, 0.85 * at.unit)
        clear = np.stack([side * inside, 0.3 * inside, 0 * side], axis=1)
        inwards = (
            np.stack([-side * (1 - back), -back, 0 * side], axis=1)
            * 1.1
            * ramp(points[:, 2], at.nose[2], at.chin[2])[:, None]
        )
        sway = 0.10 * np.stack([wave(points + k) for k in range(3)], axis=1)
        wish = away + np.array([0.0, 0.0, -0.45 - 1.2 * t]) + clear + sway + inwards
        rising = np.maximum(np.einsum("ni,ni->n", wish, out) - 0.1, 0)
        return wish - (rising * (1 - t))[:, None] * out

    grown = _grow(figure, roots, out, np.full(len(roots), 0.34), 22, comb, lambda t: 0.004 + 0.010 * min(1, 3 * t))
    grown += (out * layer[:, None] * 0.007)[:, None, :] * np.linspace(0, 1, 23)[None, :, None] ** 0.5
    end = at.chin[2] + 0.1 * at.unit + random.normal(0, 0.004, len(roots))
    return Strands(_shortened(grown, end), 0.0015, 0.88, 0.35, 0.28)


def _shortened(grown: Array, end: Array) -> Array:
    """Cut where a strand falls below `end` [n], and spread over the same number of points."""
    count = grown.shape[1]
    below = grown[:, :, 2] < end[:, None]
    last = np.where(below.any(axis=1), below.argmax(axis=1), count - 1).clip(3)
    at = np.linspace(0, 1, count)[None] * last[:, None]
    low = np.floor(at).astype(int).clip(0, count - 2)
    rows = np.arange(len(grown))[:, None]
    share = (at - low)[:, :, None]
    return grown[rows, low] * (1 - share) + grown[rows, low + 1] * share


def afro(figure: Figure) -> Strands:
    """Tight curls: long on top, short at the sides and nape."""
    at = landmarks(figure)
    roots, out = _roots(figure, 7000, 31)
    random = np.random.default_rng(32)
    high = ramp(roots[:, 2], at.ear[2] + 0.1 * at.unit, at.eye[2] + 1.3 * at.unit)
    length = (0.010 + 0.034 * high) * random.uniform(0.75, 1.1, len(roots)) * (1 + 0.12 * noise(33, 20.0)(roots))
    steps = 20
    t = np.linspace(0, 1, steps + 1)
    up = out + np.array([0, 0, 0.25]) + random.normal(0, 0.15, out.shape)
    up /= np.linalg.norm(up, axis=1, keepdims=True)
    one = np.cross(up, random.normal(size=up.shape))
    one /= np.linalg.norm(one, axis=1, keepdims=True)
    two = np.cross(up, one)
    turn = 2 * np.pi * (t[None] * (length / 0.011)[:, None]) + random.uniform(0, 6.28, (len(roots), 1))
    coil = 0.0032 * np.minimum(1, 4 * t)[None, :, None]
    spiral = coil * (np.cos(turn)[:, :, None] * one[:, None] + np.sin(turn)[:, :, None] * two[:, None])
    return Strands(
        roots[:, None] + up[:, None] * (t[None] * length[:, None])[:, :, None] + spiral, 0.0007, 0.97, 0.2, 0.4
    )


def short(figure: Figure) -> Strands:
    """Combed to the side and back on top, short at the sides."""
    at: Landmarks = landmarks(figure)
    roots, out = _roots(figure, 9000, 41)
    random = np.random.default_rng(42)
    high = ramp(roots[:, 2], at.eye[2] + 0.35 * at.unit, at.eye[2] + 1.2 * at.unit)
    front = ramp(roots[:, 1], at.ear[1], at.ear[1] - 0.09)
    length = (0.016 + high * (0.03 + 0.024 * front)) * random.uniform(0.8, 1.15, len(roots))
    wave = noise(43, 28.0)

    def comb(points: Array, out: Array, t: float) -> Array:
        to_side = np.array([-0.75, 0.55, 0.05]) * high[:, None]
        lift = out * (0.9 * (1 - t) * high + 0.22)[:, None]
        down = np.array([0.0, 0.25, -0.8]) * (1 - high)[:, None] + np.array([0, 0, -0.35]) * t
        sway = 0.3 * np.stack([wave(points + k) for k in range(3)], axis=1)
        return to_side + lift + down + sway + random.normal(0, 0.05, points.shape)

    grown = _grow(figure, roots, out, length, 9, comb, lambda t: 0.003 + 0.006 * t)
    return Strands(grown, 0.0009, 0.42, 0.55, 0.35)


STYLES: dict[str, Callable[[Figure], Strands]] = {"ines": bob, "kofi": afro, "lars": short}
