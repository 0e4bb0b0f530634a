"""Meshes in numpy: a piece of a figure, and what the wardrobe, face and hair are built with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray

Array = NDArray[np.float64]
Faces = NDArray[np.int64]


@dataclass(frozen=True)
class Piece:
    """A part of the figure in anny's rest pose: skin, a garment, a shoe, an eye."""

    name: str
    rest: Array
    """[n, 3] m."""
    faces: Faces
    """[m, 4] quads; a triangle repeats its last corner."""
    weights: sparse.csr_matrix
    """[n, bones]."""
    material: str
    colour: Array
    """[n, 3] linear RGB."""
    actions: dict[str, Array] = field(default_factory=dict)
    """What facial actions add, [n, 3]."""
    folds: dict[str, Array] = field(default_factory=dict)
    """Bone -> what a turn of that bone by a radian adds, [n, 3]: creases."""
    gaze: str = ""
    """The eye's bone, for an eyeball."""


def edges(faces: Faces) -> Faces:
    """Each edge once [e, 2], sorted."""
    pairs = np.sort(np.concatenate([np.stack([faces[:, i], faces[:, (i + 1) % 4]], 1) for i in range(4)]), axis=1)
    return np.unique(pairs[pairs[:, 0] != pairs[:, 1]], axis=0)


def open_edges(faces: Faces) -> Faces:
    """Directed edges [e, 2] that only one face has."""
    directed = np.concatenate([np.stack([faces[:, i], faces[:, (i + 1) % 4]], 1) for i in range(4)])
    directed = directed[directed[:, 0] != directed[:, 1]]
    _, inverse, counts = np.unique(np.sort(directed, axis=1), axis=0, return_inverse=True, return_counts=True)
    return directed[counts[inverse.ravel()] == 1]


def neighbours(faces: Faces, count: int) -> sparse.csr_matrix:
    """[n, n] the mean over a vertex's neighbours; along open edges only for the vertices there, which keeps hems."""
    hem = open_edges(faces)
    at_hem = np.zeros(count, bool)
    at_hem[hem.ravel()] = True
    every = edges(faces)
    rows, columns = np.concatenate([every, every[:, ::-1], hem, hem[:, ::-1]]).T
    keep = ~at_hem[rows]
    keep[2 * len(every) :] = True
    graph = sparse.coo_matrix((np.ones(keep.sum()), (rows[keep], columns[keep])), (count, count)).tocsr()
    total = np.asarray(graph.sum(axis=1)).ravel()
    return sparse.diags(1 / np.maximum(total, 1)) @ graph + sparse.diags((total == 0).astype(float))


def smoothed(values: Array, faces: Faces, rounds: int, strength: float | Array = 0.5) -> Array:
    """Laplacian smoothing of [n, k]; `strength` may differ for each vertex."""
    mean = neighbours(faces, len(values))
    share = np.broadcast_to(np.asarray(strength, float).reshape(-1, 1), (len(values), 1))
    for _ in range(rounds):
        values = values + share * (mean @ values - values)
    return values


def normals(points: Array, faces: Faces) -> Array:
    """Unit normals of the vertices [n, 3]."""
    across = np.cross(points[faces[:, 2]] - points[faces[:, 0]], points[faces[:, 3]] - points[faces[:, 1]])
    total = np.zeros_like(points)
    for corner in range(4):
        np.add.at(total, faces[:, corner], across)
    return total / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-12)


def compact(piece: Piece) -> Piece:
    """Only the vertices that a face uses."""
    used, renumbered = np.unique(piece.faces, return_inverse=True)
    return replace(
        piece,
        rest=piece.rest[used],
        faces=renumbered.reshape(piece.faces.shape),
        weights=piece.weights[used],
        colour=piece.colour[used],
        actions={name: added[used] for name, added in piece.actions.items()},
        folds={name: added[used] for name, added in piece.folds.items()},
    )


def _catmull_clark(faces: Faces, count: int) -> tuple[Faces, sparse.csr_matrix]:
    """One step for quads: the new quads, and old vertices -> new vertices."""
    every = edges(faces)
    hem = np.unique(np.sort(open_edges(faces), axis=1), axis=0)
    number = {tuple(edge): index for index, edge in enumerate(every.tolist())}
    of_face = np.array(
        [[number[min(a, b), max(a, b)] for a, b in zip(q, q[1:] + q[:1], strict=True)] for q in faces.tolist()]
    )
    m, e = len(faces), len(every)
    at_face = sparse.coo_matrix(
        (np.full(4 * m, 0.25), (np.repeat(np.arange(m), 4), faces.ravel())), (m, count)
    ).tocsr()
    middle = sparse.coo_matrix((np.full(2 * e, 0.5), (np.repeat(np.arange(e), 2), every.ravel())), (e, count)).tocsr()
    touching = sparse.coo_matrix((np.ones(4 * m), (of_face.ravel(), np.repeat(np.arange(m), 4))), (e, m)).tocsr()
    single = np.asarray(touching.sum(axis=1)).ravel() < 2
    at_edge = sparse.diags((~single).astype(float)) @ (0.5 * middle + 0.25 * touching @ at_face)
    at_edge = at_edge + sparse.diags(single.astype(float)) @ middle

    moved = _moved(faces, every, hem, at_face, middle)
    new = np.stack(
        [
            np.stack([faces[:, i], count + of_face[:, i], 0 * faces[:, i], count + of_face[:, i - 1]], 1)
            for i in range(4)
        ],
        1,
    )
    new[:, :, 2] = (count + e + np.arange(m))[:, None]
    return new.reshape(-1, 4), sparse.vstack([moved, at_edge, at_face]).tocsr()


def _moved(faces: Faces, every: Faces, hem: Faces, at_face: sparse.csr_matrix, middle: sparse.csr_matrix):
    """Where Catmull-Clark puts the old vertices [n, n]; those of open edges stay on them."""
    m, e, count = len(faces), len(every), at_face.shape[1]
    around_faces = sparse.coo_matrix((np.ones(4 * m), (faces.ravel(), np.repeat(np.arange(m), 4))), (count, m)).tocsr()
    around_edges = sparse.coo_matrix((np.ones(2 * e), (every.ravel(), np.repeat(np.arange(e), 2))), (count, e)).tocsr()
    valence = np.maximum(np.asarray(around_edges.sum(axis=1)).ravel(), 3)
    inverse = sparse.diags(1 / valence**2)
    inner = inverse @ (around_faces @ at_face) + 2 * inverse @ (around_edges @ middle)
    inner = inner + sparse.diags((valence - 3) / valence)
    on_hem = np.zeros(count)
    on_hem[hem.ravel()] = 1
    ends = np.concatenate([hem, hem[:, ::-1]])
    along = sparse.coo_matrix((np.full(len(ends), 0.125), ends.T), (count, count)).tocsr()
    outer = sparse.diags(1 - 0.125 * np.bincount(ends[:, 0], minlength=count)) + along
    return sparse.diags(1 - on_hem) @ inner + sparse.diags(on_hem) @ outer


def subdivided(piece: Piece, levels: int = 1) -> Piece:
    """Catmull-Clark, with weights and all else carried along."""
    for _ in range(levels):
        faces, onto = _catmull_clark(piece.faces, len(piece.rest))
        piece = replace(
            piece,
            rest=onto @ piece.rest,
            faces=faces,
            weights=(onto @ piece.weights).tocsr(),
            colour=onto @ piece.colour,
            actions={name: onto @ added for name, added in piece.actions.items()},
            folds={name: onto @ added for name, added in piece.folds.items()},
        )
    return piece


def rimmed(piece: Piece, depth: float, back: float) -> Piece:
    """Open edges turned in by `depth` m and folded back by `back` m, so that a hem shows a thickness."""
    hem = open_edges(piece.faces)
    outer = np.unique(hem)
    place = {int(vertex): index for index, vertex in enumerate(outer)}
    inward = -normals(piece.rest, piece.faces)[outer] * depth
    graph = {int(vertex): [] for vertex in outer}
    for a, b in edges(piece.faces).tolist():
        for one, other in ((a, b), (b, a)):
            if one in graph and other not in graph:
                graph[one].append(other)
    behind = np.array([piece.rest[graph[int(v)] or [int(v)]].mean(axis=0) for v in outer]) - piece.rest[outer]
    behind *= back / np.maximum(np.linalg.norm(behind, axis=1, keepdims=True), 1e-6)
    count, extra = len(piece.rest), len(outer)
    first = np.array([[place[a], place[b]] for a, b in hem.tolist()])
    rims = np.concatenate(
        [
            np.stack([hem[:, 1], hem[:, 0], count + first[:, 0], count + first[:, 1]], 1),
            np.stack([first[:, 1], first[:, 0], first[:, 0] + extra, first[:, 1] + extra], 1) + count,
        ]
    )
    repeat = np.concatenate([np.arange(count), outer, outer])
    rest = np.concatenate([piece.rest, piece.rest[outer] + inward, piece.rest[outer] + inward + behind])
    return replace(
        piece,
        rest=rest,
        faces=np.concatenate([piece.faces, rims]),
        weights=piece.weights[repeat],
        colour=piece.colour[repeat],
        actions={name: added[repeat] for name, added in piece.actions.items()},
        folds={name: added[repeat] for name, added in piece.folds.items()},
    )


def noise(seed: int, frequency: float, waves: int = 24) -> Callable[[Array], Array]:
    """A smooth random field over space, about -1..1, with features of about 1 / frequency metres."""
    random = np.random.default_rng(seed)
    directions = random.normal(size=(waves, 3))
    directions *= (
        frequency
        * 2
        * np.pi
        * random.uniform(0.6, 1.4, (waves, 1))
        / np.linalg.norm(directions, axis=1, keepdims=True)
    )
    phases = random.uniform(0, 2 * np.pi, waves)

    def field_at(points: Array) -> Array:
        return np.sin(points @ directions.T + phases).sum(axis=1) * np.sqrt(2 / waves) / 1.6

    return field_at


def ramp(values: Array, start: float, end: float) -> Array:
    """0 before `start`, 1 after `end`, smooth between; `start` may be the larger."""
    share = np.clip((values - start) / (end - start), 0, 1)
    return share * share * (3 - 2 * share)
