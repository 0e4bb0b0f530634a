"""Garments out of the base mesh's tights: cut at rest-pose planes, hung, moved out, folded, hemmed.

The tights lie on the skin from the neck to the wrists and soles. A garment is a cut of them that no longer knows the
body's hollows: cloth hangs from what sticks out above it, and creases where a joint below it bends.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from .bodies import Figure
from .pieces import (
    Array,
    Piece,
    compact,
    neighbours,
    noise,
    normals,
    open_edges,
    ramp,
    rimmed,
    smoothed,
    subdivided,
)

TIGHTS = slice(15328, 18002)


@dataclass(frozen=True)
class Place:
    """Where on the body each vertex is, in the terms that a tailor uses."""

    points: Array
    arm: Array
    """How much it belongs to an arm, 0..1."""
    leg: Array
    along_arm: Array
    """m from the shoulder along the arm's bones."""
    along_leg: Array
    """m from the hip along the leg's bones."""
    arm_out: Array
    """[n, 3] from the arm's bone to the vertex."""
    leg_out: Array


@dataclass(frozen=True)
class Cut:
    """How one garment is made."""

    name: str
    material: str
    ease: float
    """m between skin and cloth."""
    slope: tuple[float, float, float]
    """How steeply cloth falls back to the body below what it hangs from, m per m: trunk, sleeves, legs."""
    depth: float
    """How deep its folds are, m."""
    smoothing: int = 6


Paint = Callable[[Figure, Place], Array]
"""Says something of each vertex: a colour [n, 3], a share [n]."""


def places(figure: Figure, points: Array, weights) -> Place:
    """For any vertices in rest space with weights [n, bones]."""

    def share(*prefixes: str) -> Array:
        chosen = [index for index, bone in enumerate(figure.bones) if bone.startswith(prefixes)]
        return np.asarray(weights[:, chosen].sum(axis=1)).ravel()

    arm = share("upperarm", "lowerarm", "wrist", "finger", "metacarpal")
    leg = share("upperleg", "lowerleg", "foot", "toe")
    along_arm, arm_out = _along(figure, points, ("upperarm01", "lowerarm01", "wrist"))
    along_leg, leg_out = _along(figure, points, ("upperleg01", "lowerleg01", "foot"))
    return Place(points, arm, leg, along_arm, along_leg, arm_out, leg_out)


def _along(figure: Figure, points: Array, bones: tuple[str, str, str]) -> tuple[Array, Array]:
    """m along the limb of the vertex's own side, and the way out from it [n, 3]."""
    mirrored = points * np.where(points[:, :1] < 0, (-1.0, 1.0, 1.0), (1.0, 1.0, 1.0))
    start, bend, end = (figure.head(f"{bone}.L") for bone in bones)
    upper, lower = bend - start, end - bend
    lengths = np.linalg.norm(upper), np.linalg.norm(lower)
    on_upper = (mirrored - start) @ upper / lengths[0]
    on_lower = (mirrored - bend) @ lower / lengths[1]
    middle = bend + 0.0 * start
    closer = np.linalg.norm(
        mirrored - (middle + np.outer(np.clip(on_lower, 0, None), lower / lengths[1])), axis=1
    ) < np.linalg.norm(mirrored - (start + np.outer(np.clip(on_upper, None, lengths[0]), upper / lengths[0])), axis=1)
    below = closer & (on_upper > 0.5 * lengths[0])
    along = np.where(below, lengths[0] + on_lower, on_upper)
    on_bone = np.where(
        below[:, None], bend + np.outer(on_lower, lower / lengths[1]), start + np.outer(on_upper, upper / lengths[0])
    )
    out = mirrored - on_bone
    out[points[:, 0] < 0, 0] *= -1
    return along, out


def cut(figure: Figure, style: Cut, keep: Callable[[Place], Array]) -> tuple[Piece, Place]:
    """The tights' faces whose corners all satisfy `keep`."""
    whole = places(figure, figure.rest[TIGHTS], figure.weights[TIGHTS])
    chosen = np.zeros(len(figure.rest), bool)
    chosen[TIGHTS] = keep(whole)
    faces = figure.groups["helper-tights"]
    faces = faces[chosen[faces].all(axis=1)]
    piece = Piece(style.name, figure.rest, faces, figure.weights, style.material, np.ones((len(figure.rest), 3)))
    piece = compact(piece)
    return piece, places(figure, piece.rest, piece.weights)


def _hang(along: Array, out: Array, side: Array, chosen: Array, slope: float) -> Array:
    """How far out [n] each chosen vertex is when cloth hangs from those before it on the same side of the limb."""
    radius = np.linalg.norm(out, axis=1)
    way = out / np.maximum(radius[:, None], 1e-9)
    index = np.flatnonzero(chosen)
    ahead = along[index][:, None] - along[index][None]
    turn = 1 - np.clip(way[index] @ way[index].T, -1, 1)
    offer = radius[index][None] - slope * np.abs(ahead) - 1.2 * turn
    offer[(ahead < -0.005) | (side[index][:, None] != side[index][None])] = -1
    hung = radius.copy()
    hung[index] = np.maximum(offer.max(axis=1), radius[index])
    return hung


def fitted(piece: Piece, place: Place, style: Cut) -> Piece:
    """Hung from the body, moved out by the ease, and smooth."""
    points = place.points
    trunk = (place.arm < 0.25) & (place.leg < 0.75)
    centre = np.array([0.0, np.median(points[trunk, 1]) if trunk.any() else 0.0])
    level = np.concatenate([points[:, :2] - centre, np.zeros((len(points), 1))], axis=1)
    left = points[:, 0] > 0
    limbs = (
        (-points[:, 2], level, np.zeros(len(points)), trunk, style.slope[0]),
        (place.along_arm, place.arm_out, left, place.arm > 0.5, style.slope[1]),
        (place.along_leg, place.leg_out, left, place.leg > 0.5, style.slope[2]),
    )
    moved = points + style.ease * normals(points, piece.faces)
    for along, out, side, chosen, slope in limbs:
        if chosen.any():
            more = _hang(along, out, side, chosen, slope) - np.linalg.norm(out, axis=1)
            moved += out * (more / np.maximum(np.linalg.norm(out, axis=1), 1e-9))[:, None]
    moved = smoothed(moved, piece.faces, style.smoothing)
    lost = np.einsum(
        "ni,ni->n", points + style.ease * normals(points, piece.faces) - moved, normals(moved, piece.faces)
    )
    moved += np.maximum(lost, 0)[:, None] * 0.8 * normals(moved, piece.faces)
    return replace(piece, rest=moved, weights=_softened(piece))


def _softened(piece: Piece):
    """Cloth bends less sharply than skin."""
    mean = neighbours(piece.faces, len(piece.rest))
    weights = piece.weights
    for _ in range(3):
        weights = 0.5 * weights + 0.5 * (mean @ weights)
    return weights.tocsr()


def levelled(piece: Piece, coordinate: Array, target: float, along: Array, near: float = 0.06) -> Piece:
    """Open edges whose coordinate is within `near` of the target moved onto it: a straight hem."""
    hem = np.unique(open_edges(piece.faces))
    hem = hem[np.abs(coordinate[hem] - target) < near]
    rest = piece.rest.copy()
    rest[hem] += (target - coordinate[hem])[:, None] * np.broadcast_to(along, rest.shape)[hem]
    return replace(piece, rest=rest)


def finished(figure: Figure, piece: Piece, style: Cut, seed: int, calm: Paint, paint: Paint) -> Piece:
    """Subdivided twice, painted, folded and hemmed; `calm` says where no folds are (ribs), 1 is flat."""
    piece = subdivided(piece, 2)
    place = places(figure, piece.rest, piece.weights)
    piece = replace(piece, colour=paint(figure, place))
    flat = 1 - calm(figure, place)
    out = normals(piece.rest, piece.faces)
    rest = piece.rest + out * (style.depth * flat * _drape(place, seed))[:, None]
    folds = {bone: out * (flat * depth)[:, None] for bone, depth in _creases(figure, place, style, seed).items()}
    piece = replace(piece, rest=rest, folds=folds, weights=_pruned(piece.weights))
    return rimmed(piece, 0.007, 0.02)


def _pruned(weights):
    weights = weights.copy()
    weights.data[weights.data < 0.004] = 0
    weights.eliminate_zeros()
    total = np.asarray(weights.sum(axis=1)).ravel()
    weights.data /= np.repeat(total, np.diff(weights.indptr))
    return weights


def _drape(place: Place, seed: int) -> Array:
    """Folds that are there at rest, about -1..1: long pulls from the shoulders, broken rings around limbs."""
    points = place.points
    warp, calm = noise(seed, 3.5)(points), noise(seed + 1, 3.0)(points * (1, 1, 1.6))
    turn = np.arctan2(points[:, 0], -points[:, 1])
    trunk = _ridges(np.sin(2 * np.pi * (7.5 * points[:, 2] + 3.6 * np.abs(points[:, 0]) + 0.25 * turn) + 2.6 * warp))
    limb = np.where(place.arm > 0.5, place.along_arm, place.along_leg)
    outward = np.where((place.arm > 0.5)[:, None], place.arm_out, place.leg_out)
    around = np.arctan2(outward[:, 1], outward[:, 0])
    rings = _ridges(np.sin(2 * np.pi * 8 * limb + 2.2 * np.sin(around + 4 * limb) + 5.5 * warp))
    rings *= 0.45 + 0.5 * ramp(limb, limb.max() - 0.30, limb.max() - 0.08)
    on_limb = np.clip(np.maximum(place.arm, ramp(place.leg, 0.6, 1.0)), 0, 1)
    return (1.35 * trunk * (1 - on_limb) + rings * on_limb) * ramp(calm, -0.6, 0.6)


def _ridges(wave: Array) -> Array:
    """A wave of -1..1 as narrow round ridges with flat cloth between."""
    return 1.5 * (0.5 + 0.5 * wave) ** 2.2 - 0.4


def _creases(figure: Figure, place: Place, style: Cut, seed: int) -> dict[str, Array]:
    """Bone -> depth [n] for a turn of one radian."""
    upper_arm = float(np.linalg.norm(figure.head("lowerarm01.L") - figure.head("upperarm01.L")))
    thigh = float(np.linalg.norm(figure.head("lowerleg01.L") - figure.head("upperleg01.L")))
    left = place.points[:, 0] > 0
    made = {}
    for along, share, joints in (
        (place.along_arm, place.arm, (("upperarm01", 0.02, 0.07), ("lowerarm01", upper_arm, 0.075))),
        (place.along_leg, place.leg, (("upperleg01", 0.04, 0.09), ("lowerleg01", thigh, 0.1))),
    ):
        for number, (bone, at, reach) in enumerate(joints):
            near = np.exp(-(((along - at) / reach) ** 2)) * np.maximum(share, 0.35 if number == 0 else 0.0)
            waves = np.sin(2 * np.pi * 13 * along + 4.0 * noise(seed + 10 + number, 4.0)(place.points))
            for letter, here in (("L", left), ("R", ~left)):
                made[f"{bone}.{letter}"] = style.depth * near * here * _ridges(waves)
    return {bone: depth for bone, depth in made.items() if np.abs(depth).max() > 2e-4}
