"""Skin, lips, brows, lashes, teeth and eyeballs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sparse

from .bodies import BODY_END, Figure
from .pieces import Array, Piece, compact, ramp, smoothed, subdivided
from .wardrobe import Place, places

Colour = tuple[float, float, float]


@dataclass(frozen=True)
class Looks:
    """Colours are linear RGB."""

    skin: Colour
    flush: Colour
    """What cheeks, nose, ears and knuckles tend to."""
    lips: Colour
    iris: Colour
    hair: Colour
    brow_width: float
    lashes: bool
    stubble: float = 0.0
    beard: bool = False


@dataclass(frozen=True)
class Landmarks:
    """Where a face is; `unit` is the distance of the eyes, m."""

    eye: Array
    """The left eyeball's centre: x > 0."""
    radius: float
    unit: float
    nose: Array
    mouth: Array
    chin: Array
    ear: Array
    top: float


def landmarks(figure: Figure) -> Landmarks:
    """Out of the rest mesh."""
    ball = figure.rest[np.unique(figure.groups["helper-l-eye"])]
    lips = figure.rest[:BODY_END][figure.masks["lips"] > 0.5]
    skin = figure.rest[:BODY_END]
    keypoint = {name: weights[: len(figure.rest)] @ figure.rest for name, weights in figure.keypoints.items()}
    eye = (ball.max(axis=0) + ball.min(axis=0)) / 2
    mouth = lips.mean(axis=0)
    low = skin[(np.abs(skin[:, 0]) < 0.01) & (skin[:, 1] < mouth[1] + 0.02) & (skin[:, 2] < mouth[2] - 0.015)]
    chin = low[np.argmin(low[:, 1] - 0.4 * (low[:, 2] - mouth[2]))]
    radius = float(np.ptp(ball[:, 0]) / 2)
    eye[1] = ball[:, 1].max() - radius
    return Landmarks(
        eye, radius, 2 * float(eye[0]), keypoint["nose"], mouth, chin, keypoint["left_ear"], float(skin[:, 2].max())
    )


def skin(figure: Figure, looks: Looks, shown) -> Piece:
    """The body where no cloth covers it: `shown` says where, of a `Place`."""
    place = places(figure, figure.rest[:BODY_END], figure.weights[:BODY_END])
    chosen = np.zeros(len(figure.rest), bool)
    chosen[:BODY_END] = shown(place)
    faces = figure.groups["body"]
    faces = faces[chosen[faces].any(axis=1)]
    colour = np.ones((len(figure.rest), 3))
    colour[:BODY_END] = _painted(figure, looks, place)
    whole = Piece("skin", figure.rest, faces, figure.weights, "skin", colour, figure.actions)
    made = subdivided(compact(whole))
    return _browed(made, figure, looks)


def _blob(points: Array, centre, spread) -> Array:
    """A soft spot, the same on both sides [n]."""
    mirrored = np.abs(points[:, :1])
    gap = (np.concatenate([mirrored, points[:, 1:]], axis=1) - centre) / spread
    return np.exp(-(gap**2).sum(axis=1))


def _mix(colour: Array, other, share: Array) -> Array:
    return colour + (np.array(other) - colour) * share[:, None]


def _painted(figure: Figure, looks: Looks, place: Place) -> Array:
    """Colours of the bare skin's vertices [BODY_END, 3]."""
    points, at = figure.rest[:BODY_END], landmarks(figure)
    u, masks = at.unit, figure.masks
    colour = np.tile(np.array(looks.skin), (BODY_END, 1))
    for centre, spread, share in (
        ((at.eye[0] * 1.25, at.eye[1], at.nose[2]), (0.42 * u, 0.5 * u, 0.32 * u), 0.55),
        (tuple(at.nose), (0.22 * u, 0.3 * u, 0.2 * u), 0.5),
        (tuple(at.chin), (0.3 * u, 0.3 * u, 0.2 * u), 0.25),
    ):
        colour = _mix(colour, looks.flush, share * _blob(points, centre, spread))
    colour = _mix(colour, looks.flush, 0.5 * masks["ears"])
    knuckles = figure.share("finger")[:BODY_END]
    colour = _mix(colour, looks.flush, 0.35 * knuckles)
    sockets = _blob(points, np.add(at.eye, (0, -at.radius, 0.05 * u)), (0.38 * u, 0.5 * u, 0.26 * u))
    colour = colour * (1 - 0.2 * sockets)[:, None]
    rim = _blob(points, np.add(at.eye, (0, -at.radius, 0)), (0.27 * u, 0.3 * u, 0.13 * u))
    colour = _mix(colour, np.array(looks.skin) * 0.45, 0.5 * rim * masks["eyelids"])
    if looks.stubble:
        colour = _mix(colour, np.array(looks.hair) * 0.8, looks.stubble * bearded(figure))
    colour = _mix(colour, looks.lips, smoothed(masks["lips"][:, None], figure.groups["body"], 1)[:BODY_END, 0])
    colour = _mix(colour, np.array(looks.hair) * 0.7, 0.92 * scalp(figure))
    inside = masks["inside-mouth"] * (figure.share("head", "jaw", "oris", "tongue")[:BODY_END] > 0.3)
    behind = ramp(points[:, 1], at.mouth[1] + 0.005, at.mouth[1] + 0.02)
    colour = _mix(colour, (0.10, 0.02, 0.02), inside * behind)
    colour = _mix(colour, np.array(looks.skin) * 0.3 + (0.5, 0.35, 0.3), 0.5 * masks["fingernails"])
    sock = place.leg * ramp(place.along_leg, 0.5, 0.55)
    return _mix(colour, (0.7, 0.7, 0.7), sock)


def bearded(figure: Figure) -> Array:
    """Where a beard grows, 0..1 of each vertex of the skin."""
    points, at = figure.rest[:BODY_END], landmarks(figure)
    u = at.unit
    x = np.abs(points[:, 0])
    line = at.mouth[2] + 0.06 * u + 0.5 * np.clip(x - 0.45 * u, 0, None)
    line += 1.1 * u * ramp(points[:, 1], at.ear[1] - 0.045, at.ear[1] - 0.018)
    jaw = ramp(points[:, 2], line + 0.012, line - 0.004) * ramp(
        points[:, 2], at.chin[2] - 0.5 * u, at.chin[2] - 0.3 * u
    )
    lip = _blob(points, np.add(at.mouth, (0, 0, 0.20 * u)), (0.46 * u, 0.6 * u, 0.11 * u))
    near = ramp(points[:, 1], at.ear[1] - 0.002, at.ear[1] - 0.012)
    free = 1 - ramp(_blob(points, np.add(at.mouth, (0, 0, 0.02 * u)), (0.52 * u, 0.6 * u, 0.2 * u)), 0.25, 0.6)
    return np.clip(np.maximum(jaw * free, np.minimum(1, 1.5 * lip)), 0, 1) * near * (1 - figure.masks["ears"])


def scalp(figure: Figure) -> Array:
    """Where hair grows, 0..1 of each vertex of the skin: above a line that falls from the brow to the nape."""
    points, at = figure.rest[:BODY_END], landmarks(figure)
    u = at.unit
    around = np.degrees(np.arctan2(np.abs(points[:, 0]), -(points[:, 1] - (at.ear[1] - 0.03 * u))))
    front, ear = at.eye[2] + 1.12 * u, at.ear[2]
    angles = (0, 25, 45, 58, 68, 80, 92, 110, 140, 180)
    heights = (
        *(front, front - 0.02 * u, front - 0.1 * u, front - 0.5 * u, ear + 0.45 * u),
        *(ear + 0.15 * u, ear + 0.55 * u, ear + 0.1 * u, ear - 0.75 * u, ear - 0.95 * u),
    )
    line = np.interp(around, angles, heights)
    return ramp(points[:, 2], line - 0.004, line + 0.006) * (1 - np.clip(2 * figure.masks["ears"], 0, 1))


def _browed(made: Piece, figure: Figure, looks: Looks) -> Piece:
    """A soft shadow of the brow under its hairs, painted after the subdivision."""
    at = landmarks(figure)
    points = made.rest
    near = np.min(
        [
            np.linalg.norm((points * (np.sign(x), 1, 1) - spot) / (1, 1.6, 1), axis=1)
            for x in (-1, 1)
            for spot in brow_line(at, 14)
        ],
        axis=0,
    )
    share = 0.75 * ramp(near, looks.brow_width * 1.5, looks.brow_width * 0.5)
    return Piece(**{**made.__dict__, "colour": _mix(made.colour, np.array(looks.hair) * 0.9, share)})


def brow_line(at: Landmarks, count: int) -> Array:
    """Points along the left brow from the nose outwards [count, 3]; y is to be found on the skin."""
    t = np.linspace(0, 1, count)
    x = at.unit * (0.20 + 0.60 * t)
    z = at.eye[2] + at.unit * (0.30 + 0.22 * t - 0.24 * t**2.5)
    y = at.eye[1] - at.radius - at.unit * (0.16 - 0.27 * t**2)
    return np.stack([x, y, z], axis=1)


def mouth_and_lashes(figure: Figure, looks: Looks) -> list[Piece]:
    """Teeth, tongue, lashes, all out of the base mesh's helpers."""
    parts = {"helper-upper-teeth": (0.72, 0.68, 0.6), "helper-lower-teeth": (0.68, 0.64, 0.56)}
    parts["helper-tongue"] = (0.35, 0.1, 0.09)
    if looks.lashes:
        parts |= {f"helper-{side}-eyelashes-{row}": (0.01, 0.008, 0.007) for side in "lr" for row in (1, 2)}
    made = []
    for group, colour in parts.items():
        material = "brow" if "lashes" in group else "teeth"
        painted = np.tile(np.array(colour), (len(figure.rest), 1))
        piece = Piece(group, figure.rest, figure.groups[group], figure.weights, material, painted, figure.actions)
        made.append(compact(piece))
    return made


def eyes(figure: Figure, looks: Looks) -> list[Piece]:
    """Two balls that turn: rings around the gaze, painted from the pupil outwards."""
    at = landmarks(figure)
    angles = np.radians([0.5, 4, 8, 10, 12, 17, 22, 26, 28.5, 31, 36, 45, 60, 80, 110, 150, 179])
    count = 28
    turn = np.linspace(0, 2 * np.pi, count, endpoint=False)
    ball = np.stack(
        [
            np.outer(np.sin(angles), np.cos(turn)),
            np.repeat(-np.cos(angles)[:, None], count, 1),
            np.outer(np.sin(angles), np.sin(turn)),
        ],
        axis=-1,
    ).reshape(-1, 3)
    first = np.arange(len(angles) - 1)[:, None] * count
    here, after = np.arange(count), (np.arange(count) + 1) % count
    faces = np.stack([first + here, first + count + here, first + count + after, first + after], -1).reshape(-1, 4)
    degrees = np.repeat(np.degrees(angles), count)
    fibres = np.tile(1 + 0.25 * np.sin(turn * 9) * np.sin(turn * 5 + 1), len(angles))
    colour = np.tile(np.array([0.62, 0.58, 0.55]), (len(ball), 1))
    colour = _mix(colour, (0.5, 0.3, 0.27), 0.35 * ramp(degrees, 45, 80))
    iris = np.array(looks.iris) * (fibres * (0.75 + 0.5 * ramp(degrees, 20, 12)))[:, None]
    colour = np.where((degrees < 28)[:, None], iris, colour)
    colour = np.where(((degrees > 24) & (degrees < 28))[:, None], iris * 0.35, colour)
    colour = np.where((degrees < 11)[:, None], 0.004, colour)
    weights = np.zeros((len(ball), len(figure.bones)))
    weights[:, figure.number["head"]] = 1
    return [
        Piece(
            f"eye.{side}",
            at.eye * (sign, 1, 1) + at.radius * 0.985 * ball,
            faces,
            sparse.csr_matrix(weights),
            "eye",
            colour,
            gaze=f"eye.{side}",
        )
        for side, sign in (("L", 1), ("R", -1))
    ]
