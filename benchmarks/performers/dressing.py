"""Puts a performer's outfit together: skin, face, garments, shoes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .bodies import Figure
from .brows import beard, brows
from .collars import collar
from .face import eyes, mouth_and_lashes, skin
from .outfits import OUTFITS, Top
from .patterns import arm_lengths
from .pieces import Array, Piece, normals, ramp
from .shoes import shoes
from .wardrobe import Cut, Paint, Place, cut, finished, fitted, levelled, places


def _ribs(figure: Figure, place: Place, top: Top) -> Array:
    """1 where a jumper's hem, cuffs and neck are knitted narrower."""
    if not top.ribbed:
        return np.zeros(len(place.points))
    end = arm_lengths(figure)[1] * top.sleeve
    cuff = ramp(place.along_arm, end - 0.062, end - 0.055)
    low = figure.head("upperleg01.L")[2] - top.hem
    band = ramp(place.points[:, 2], low + 0.062, low + 0.055)
    trunk = place.arm < 0.5
    neck = trunk * ramp(_over_neck(figure, place.points), top.neck + 0.03, top.neck + 0.024)
    return np.clip(np.where(trunk, band, cuff) + neck, 0, 1)


def _over_neck(figure: Figure, points: Array) -> Array:
    """m below a plane through the neck that leans forward."""
    neck = figure.head("neck01")
    return (neck[2] + 0.012 - points[:, 2]) + 0.62 * (points[:, 1] - neck[1])


def upper(figure: Figure, top: Top) -> list[Piece]:
    """The jumper or shirt."""
    length = arm_lengths(figure)[1] * top.sleeve
    low = figure.head("upperleg01.L")[2] - top.hem

    def keep(place: Place) -> Array:
        trunk = (place.points[:, 2] > low - 0.012) & (_over_neck(figure, place.points) > top.neck - 0.01)
        return np.where(place.arm > 0.5, place.along_arm < length + 0.012, trunk)

    piece, place = cut(figure, top.style, keep)
    for coordinate, target, along in (
        (place.points[:, 2], low, np.array([0.0, 0.0, 1.0])),
        (np.where(place.arm > 0.5, place.along_arm, -9), length, _sleeve_way(figure, place)),
        (np.where(place.arm > 0.5, -9, _over_neck(figure, place.points)), top.neck, np.array([0.0, 0.0, -1.0])),
    ):
        piece = levelled(piece, coordinate, target, along)
    piece = fitted(piece, places(figure, piece.rest, piece.weights), top.style)
    drawn = places(figure, piece.rest, piece.weights)
    if top.ribbed:
        piece = replace(piece, rest=piece.rest + _drawn_in(figure, drawn, top))

    def knitted(who: Figure, at: Place) -> Array:
        return top.paint(who, at) * (1 - 0.28 * _ribs(who, at, top))[:, None]

    made = finished(figure, piece, top.style, 51, lambda who, at: _ribs(who, at, top), knitted)
    return [made, collar(figure, made, top.paint)] if top.collar else [made]


def _sleeve_way(figure: Figure, place: Place) -> Array:
    upper_length = arm_lengths(figure)[0]
    shoulder, elbow, wrist = (figure.head(f"{bone}.L") for bone in ("upperarm01", "lowerarm01", "wrist"))
    ways = np.where((place.along_arm > upper_length)[:, None], wrist - elbow, elbow - shoulder)
    ways /= np.linalg.norm(ways, axis=1, keepdims=True)
    return ways * np.where(place.points[:, :1] < 0, (-1.0, 1.0, 1.0), (1.0, 1.0, 1.0))


def _drawn_in(figure: Figure, place: Place, top: Top) -> Array:
    ribs = _ribs(figure, place, top) * (place.arm > 0.5)
    return (
        -0.008 * ribs[:, None] * place.arm_out / np.maximum(np.linalg.norm(place.arm_out, axis=1, keepdims=True), 1e-6)
    )


def lower(figure: Figure, style: Cut, end: float, paint: Paint, over: float) -> Piece:
    """Trousers to `end` m over the floor, tight where a top that ends at z = `over` covers them."""
    waist, low = over + 0.06, figure.floor + end

    def keep(place: Place) -> Array:
        return (place.points[:, 2] < waist) & (place.points[:, 2] > low - 0.012) & (place.arm < 0.5)

    piece, place = cut(figure, style, keep)
    piece = levelled(piece, place.points[:, 2], low, np.array([0.0, 0.0, 1.0]))
    close = piece.rest + 0.002 * normals(piece.rest, piece.faces)
    piece = fitted(piece, places(figure, piece.rest, piece.weights), style)
    covered = ramp(piece.rest[:, 2], over - 0.015, over + 0.012)[:, None]
    piece = replace(piece, rest=piece.rest * (1 - covered) + close * covered)
    return finished(figure, piece, style, 61, lambda who, at: ramp(at.points[:, 2], over - 0.03, over), paint)


def dressed(figure: Figure) -> list[Piece]:
    """Everything of one performer but the hair."""
    outfit = OUTFITS[figure.performer.name]
    looks, top = outfit.looks, outfit.top
    sleeve = arm_lengths(figure)[1] * top.sleeve - 0.07
    end = figure.floor + outfit.trousers_end + 0.05

    def shown(place: Place) -> Array:
        neck = (_over_neck(figure, place.points) < top.neck + 0.045) & (place.arm < 0.5)
        ankle = (place.points[:, 2] < end) & (place.points[:, 2] > figure.floor + 0.05)
        return neck | ((place.arm > 0.5) & (place.along_arm > sleeve)) | ankle

    made = [skin(figure, looks, shown), brows(figure, looks), *mouth_and_lashes(figure, looks), *eyes(figure, looks)]
    if looks.beard:
        made.append(beard(figure, looks))
    made += upper(figure, top)
    over = figure.head("upperleg01.L")[2] - top.hem
    made.append(lower(figure, outfit.trousers, outfit.trousers_end, outfit.trousers_paint, over))
    return made + shoes(figure, outfit.shoe)
