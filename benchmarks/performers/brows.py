"""Brows and beards: flat hairs that move with the skin they grow from."""

from __future__ import annotations

import numpy as np
from scipy.spatial import cKDTree

from .bodies import BODY_END, Figure
from .face import Colour, Looks, bearded, brow_line, landmarks
from .pieces import Array, Piece, normals


def tufts(figure: Figure, roots: Array, along: Array, width: float, colour: Colour, name: str) -> Piece:
    """Flat hairs [n, 3] -> [n, 3] + along, that move with the skin under their roots."""
    tree = cKDTree(figure.rest[:BODY_END])
    nearest = tree.query(roots)[1]
    out = normals(figure.rest[:BODY_END], figure.groups["body"])[nearest]
    across = np.cross(along, out)
    across *= width / 2 / np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-9)
    tip = roots + along + 0.0008 * out
    rest = np.stack([roots - across, roots + across, tip + 0.3 * across, tip - 0.3 * across], 1).reshape(-1, 3)
    faces = np.arange(4 * len(roots)).reshape(-1, 4)
    follow = np.repeat(nearest, 4)
    shades = np.random.default_rng(5).uniform(0.7, 1.3, (len(roots), 1)) * np.array(colour)
    actions = {action: added[follow] for action, added in figure.actions.items()}
    return Piece(name, rest, faces, figure.weights[follow], "brow", np.repeat(shades, 4, axis=0), actions)


def brows(figure: Figure, looks: Looks) -> Piece:
    """Two hundred hairs a side, from the nose outwards and up, shorter at the ends."""
    at, random = landmarks(figure), np.random.default_rng(11)
    tree = cKDTree(figure.rest[:BODY_END])
    out = normals(figure.rest[:BODY_END], figure.groups["body"])
    line = brow_line(at, 200)
    t = np.linspace(0, 1, len(line))
    thick = looks.brow_width * (0.55 + 0.75 * t - 1.2 * t**3 + 0.3 * (t > 0.04))
    line = line + np.stack([0 * t, 0 * t, random.uniform(-0.5, 0.5, len(t)) * thick], axis=1)
    nearest = tree.query(line)[1]
    height = np.einsum("ni,ni->n", line - figure.rest[nearest], out[nearest])
    roots = line - (height - 0.0006)[:, None] * out[nearest]
    lift = 0.9 - 1.2 * t
    along = np.stack([np.ones_like(t), 0.25 * t, lift], axis=1) * (0.0065 - 0.002 * t)[:, None]
    both = [(roots * (s, 1, 1), along * (s, 1, 1)) for s in (1, -1)]
    return tufts(figure, *(np.concatenate(part) for part in zip(*both, strict=True)), 0.0013, looks.hair, "brows")


def beard(figure: Figure, looks: Looks) -> Piece:
    """Short hairs where a beard grows, downwards along the skin."""
    random, share = np.random.default_rng(12), bearded(figure)
    faces = figure.groups["body"]
    corners = figure.rest[faces]
    dense = share[faces].mean(axis=1) ** 2 * np.linalg.norm(
        np.cross(corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1]), axis=1
    )
    chosen = faces[random.choice(len(faces), 9000, p=dense / dense.sum())]
    spread = random.dirichlet(np.ones(4), len(chosen))
    roots = np.einsum("nk,nki->ni", spread, figure.rest[chosen])
    out = np.einsum("nk,nki->ni", spread, normals(figure.rest[:BODY_END], figure.groups["body"])[chosen])
    along = 0.4 * out + np.array([0, -0.1, -0.8]) + random.normal(0, 0.25, roots.shape)
    along *= random.uniform(0.004, 0.008, (len(roots), 1)) / np.linalg.norm(along, axis=1, keepdims=True)
    return tufts(figure, roots, along, 0.0011, looks.hair, "beard")
