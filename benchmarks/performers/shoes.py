"""Shoes lofted around the bare foot: a sole slab of its outline, an upper that rises to a collar, laces."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sparse
from scipy.spatial import ConvexHull, cKDTree

from .bodies import BODY_END, Figure
from .pieces import Array, Piece, ramp

AROUND, UP = 44, 14


@dataclass(frozen=True)
class Shoe:
    """Colours are linear RGB."""

    upper: tuple[float, float, float]
    sole: tuple[float, float, float]
    laces: tuple[float, float, float]
    toe_cap: tuple[float, float, float]
    thickness: float
    """Of the sole, m: by this much the performer grows."""
    collar: float
    """Height of the collar over the bare sole, as a share of the foot's length."""
    material: str = "cotton"


def shoes(figure: Figure, shoe: Shoe) -> list[Piece]:
    """Both."""
    return [_made(figure, shoe, side) for side in ("L", "R")]


def _made(figure: Figure, shoe: Shoe, side: str) -> Piece:
    foot = figure.share(f"foot.{side}", "toe")[:BODY_END] > 0.6
    foot &= (figure.rest[:BODY_END, 0] > 0) == (side == "L")
    points = figure.rest[:BODY_END][foot]
    ankle = figure.head(f"foot.{side}")
    low = points[points[:, 2] < figure.floor + 0.05]
    forward = _forward(low)
    across = np.array([-forward[1], forward[0]])
    flat = np.stack([(low[:, :2] - ankle[:2]) @ across, (low[:, :2] - ankle[:2]) @ forward], axis=1)
    outline = _outline(flat)
    length = np.ptp(flat[:, 1])
    middle = np.array([0.0, 0.02 * length])
    rings, colours = _rings(outline, middle, length, shoe)
    strings, string_faces = _laces(outline, middle, length, shoe)
    local = np.concatenate([rings, strings])
    rest = np.empty_like(local)
    rest[:, :2] = ankle[:2] + local[:, :1] * across + local[:, 1:2] * forward
    rest[:, 2] = figure.floor + local[:, 2]
    levels = len(rings) // AROUND
    first = np.arange(levels - 1)[:, None] * AROUND
    here, after = np.arange(AROUND), (np.arange(AROUND) + 1) % AROUND
    faces = np.stack([first + here, first + after, first + AROUND + after, first + AROUND + here], -1).reshape(-1, 4)
    faces = np.concatenate([faces, string_faces + len(rings)])
    colours = np.concatenate([colours, np.tile(shoe.laces, (len(strings), 1))])
    return Piece(
        f"shoe.{side}", rest, faces, _weights(figure, rest, foot, side, local, length), shoe.material, colours
    )


def _forward(low: Array) -> Array:
    """The foot's direction on the floor [2], towards the toes."""
    centred = low[:, :2] - low[:, :2].mean(axis=0)
    axis = np.linalg.svd(centred, full_matrices=False)[2][0]
    return axis * (1 if axis[1] < 0 else -1)


def _outline(flat: Array) -> Array:
    """A round hull of the foot at `AROUND` angles [AROUND, 2], a few millimetres out."""
    hull = flat[ConvexHull(flat).vertices]
    hull = np.concatenate([hull, hull[:1]])
    steps = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(hull, axis=0), axis=1))])
    even = np.linspace(0, steps[-1], 400, endpoint=False)
    dense = np.stack([np.interp(even, steps, hull[:, k]) for k in range(2)], axis=1)
    for _ in range(120):
        dense = 0.5 * dense + 0.25 * (np.roll(dense, 1, axis=0) + np.roll(dense, -1, axis=0))
    middle = (dense.max(axis=0) + dense.min(axis=0)) / 2
    dense = middle + (dense - middle) * (1.10, 1.055)
    from_heel = int(np.argmin(dense[:, 1]))
    dense = np.roll(dense, -from_heel, axis=0)
    return dense[:: 400 // AROUND][:AROUND]


def _rings(outline: Array, middle: Array, length: float, shoe: Shoe) -> tuple[Array, Array]:
    """Closed rings from under the sole up the upper and into the collar: [levels * AROUND, 3] and colours."""
    front = (outline[:, 1] - outline[:, 1].min()) / np.ptp(outline[:, 1])
    tip = ramp(front, 0.82, 1.0) * 0.006
    centre = outline.mean(axis=0)

    def ring(scale: float, z) -> Array:
        return np.concatenate([centre + (outline - centre) * scale, np.broadcast_to(z, len(outline))[:, None]], axis=1)

    t = -shoe.thickness
    rings = [ring(0.05, t + 0.002), ring(0.93, t + tip), ring(1.0, t + 0.004 + tip), ring(1.01, -0.002 + tip)]
    rings += [ring(1.01, 0.005 + tip), ring(0.985, 0.008 + tip)]
    colours = [shoe.sole] * 5 + [tuple(0.35 * c for c in shoe.sole)]
    base = ring(0.985, 0.009 + tip)
    for step in range(UP + 1):
        rings.append(_upper(base, middle, length, shoe, step / UP))
        colours.append(shoe.upper)
    inner = rings[-1].copy()
    inner[:, :2] = middle + (inner[:, :2] - middle) * 0.86
    rings += [inner, np.concatenate([middle + (inner[:, :2] - middle) * 0.8, inner[:, 2:] - 0.03], axis=1)]
    colours += [shoe.upper, tuple(0.3 * c for c in shoe.upper)]
    painted = np.repeat(np.array(colours, float), AROUND, axis=0).reshape(len(rings), AROUND, 3)
    cap = ramp(np.array(rings)[:, :, 1], middle[1] + 0.50 * length, middle[1] + 0.52 * length)
    painted[6:] = painted[6:] * (1 - cap[6:, :, None]) + np.array(shoe.toe_cap) * cap[6:, :, None]
    return np.concatenate(rings), painted.reshape(-1, 3)


def _upper(base: Array, middle: Array, length: float, shoe: Shoe, t: float) -> Array:
    """A ring of the upper, t = 0 at the sole and 1 at the collar: a curve for each point of the outline."""
    angle = np.arctan2(base[:, 0], base[:, 1] - middle[1])
    top = np.empty_like(base)
    top[:, 0] = 0.150 * length * np.sin(angle) * 1.12
    top[:, 1] = middle[1] + np.where(np.cos(angle) > 0, 0.23, 0.17) * length * np.cos(angle)
    toward = ramp(np.cos(angle), -1.0, 1.0)
    top[:, 2] = length * (shoe.collar + 0.03 * toward + 0.02 * ramp(np.cos(angle), -0.4, -1.0))
    knee = base.copy()
    knee[:, :2] += (middle - base[:, :2]) * (0.06 + 0.05 * toward)[:, None]
    knee[:, 2] = length * (0.30 - 0.06 * ramp(base[:, 1], 0.2 * length, 0.75 * length))
    return (1 - t) ** 2 * base + 2 * t * (1 - t) * knee + t**2 * top


def _laces(outline: Array, middle: Array, length: float, shoe: Shoe) -> tuple[Array, Array]:
    """Five flat bands across the instep."""
    tip = ramp((outline[:, 1] - outline[:, 1].min()) / np.ptp(outline[:, 1]), 0.82, 1.0) * 0.006
    base = np.concatenate(
        [outline.mean(axis=0) + (outline - outline.mean(axis=0)) * 0.985, 0.009 + tip[:, None]], axis=1
    )
    grid = np.array([_upper(base, middle, length, shoe, t) for t in np.linspace(0.3, 1.0, 60)])
    front = grid[:, np.argsort(-outline[:, 1])[:1][0], :]
    points, faces = [], []
    for height in np.linspace(0.35, 0.92, 5):
        centre = front[int(height * 59)] + (0, 0, 0.004)
        half = 0.075 * length
        start = len(points)
        for step in np.linspace(-1, 1, 7):
            for edge in (-1, 1):
                points.append(
                    np.add(centre, (half * step, edge * 0.004 - 0.004 * step**2, -0.014 * step**2 - edge * 0.003))
                )
        faces += [(start + 2 * k, start + 2 * k + 1, start + 2 * k + 3, start + 2 * k + 2) for k in range(6)]
    return np.array(points), np.array(faces)


def _weights(figure: Figure, rest: Array, foot: Array, side: str, local: Array, length: float) -> sparse.csr_matrix:
    """The foot's bone, and the toes' in front of the ball; the collar gives a little with the shin."""
    tree = cKDTree(figure.rest[:BODY_END][foot])
    nearest = np.flatnonzero(foot)[tree.query(rest, k=8)[1]]
    toes = [index for index, bone in enumerate(figure.bones) if bone.startswith("toe") and bone.endswith(f"-1.{side}")]
    toe_share = ramp(local[:, 1], 0.50 * length, 0.62 * length)
    made = np.zeros((len(rest), len(figure.bones)))
    made[:, figure.number[f"foot.{side}"]] = 1 - toe_share
    near = figure.weights[nearest.ravel()].toarray().reshape(len(rest), 8, -1).mean(axis=1)[:, toes] + 1e-6
    made[:, toes] = near / near.sum(axis=1, keepdims=True) * toe_share[:, None]
    return sparse.csr_matrix(made)
