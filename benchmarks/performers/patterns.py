"""What is dyed, woven and worn into cloth: colours of garments by place."""

from __future__ import annotations

import numpy as np

from .bodies import Figure
from .pieces import Array, noise, ramp
from .wardrobe import Paint, Place


def arm_lengths(figure: Figure) -> tuple[float, float]:
    """m from the shoulder to the elbow and to the wrist."""
    shoulder, elbow, wrist = (figure.head(f"{bone}.L") for bone in ("upperarm01", "lowerarm01", "wrist"))
    upper = float(np.linalg.norm(elbow - shoulder))
    return upper, upper + float(np.linalg.norm(wrist - elbow))


def down(figure: Figure, place: Place) -> Array:
    """m below the shoulders on the trunk and, with it, along sleeves: what stripes follow."""
    top = figure.head("upperarm01.L")[2]
    return np.where(place.arm > 0.5, place.along_arm, top - place.points[:, 2])


def mustard(figure: Figure, place: Place) -> Array:
    """Dyed wool."""
    return np.array([0.50, 0.245, 0.035]) * (1 + 0.06 * noise(3, 8.0)(place.points))[:, None]


def striped(figure: Figure, place: Place) -> Array:
    """A sailor's shirt."""
    phase = np.mod(down(figure, place) / 0.062, 1.0)
    stripe = ramp(np.abs(phase - 0.5), 0.32, 0.19) * ramp(down(figure, place), 0.02, 0.03)
    return np.array([0.70, 0.68, 0.63]) + (np.array([0.055, 0.10, 0.22]) - (0.70, 0.68, 0.63)) * stripe[:, None]


def checked(figure: Figure, place: Place) -> Array:
    """Lumberjack's checks, a button placket at the front."""
    points = place.points
    around = np.where(place.arm > 0.5, np.arctan2(place.arm_out[:, 1], place.arm_out[:, 2]) * 0.055, points[:, 0])
    colour = np.tile(np.array([0.34, 0.045, 0.04]), (len(points), 1))
    for value, width in ((around, 0.085), (down(figure, place), 0.085)):
        phase = np.abs(np.mod(value / width, 1.0) - 0.5)
        colour *= 1 - 0.72 * ramp(phase, 0.28, 0.19)[:, None]
        colour += 0.16 * ramp(np.abs(phase - 0.42), 0.06, 0.01)[:, None]
    front = (points[:, 1] < figure.head("spine01")[1]) & (place.arm < 0.4)
    seam = front * ramp(np.abs(points[:, 0]), 0.019, 0.014)
    colour *= 1 - 0.25 * seam[:, None]
    z = np.mod(points[:, 2] / 0.085, 1.0)
    button = front * ((points[:, 0] / 0.0075) ** 2 + ((z - 0.5) * 0.085 / 0.0075) ** 2 < 1)
    return np.where(button[:, None], 0.6, colour)


def denim(colour: tuple[float, float, float], fade: float) -> Paint:
    """Worn at the front of thighs and knees by `fade`, seams at the sides."""

    def paint(figure: Figure, place: Place) -> Array:
        upper = float(np.linalg.norm(figure.head("lowerleg01.L") - figure.head("upperleg01.L")))
        front = ramp(-place.leg_out[:, 1], -0.01, 0.05)
        worn = np.exp(-(((place.along_leg - 0.55 * upper) / 0.16) ** 2)) + 0.7 * np.exp(
            -(((place.along_leg - upper) / 0.08) ** 2)
        )
        worn = np.clip(worn, 0, 1) * front * (0.8 + 0.3 * noise(8, 9.0)(place.points)) * fade
        outer = np.abs(place.leg_out[:, 1]) + 0.5 * (place.leg_out[:, 0] * np.sign(place.points[:, 0]) < 0)
        seam = ramp(outer, 0.006, 0.003) * place.leg
        shade = (1 + 1.1 * worn) * (1 - 0.4 * seam)
        return np.array(colour) * shade[:, None]

    return paint


def plain(colour: tuple[float, float, float]) -> Paint:
    """One colour that isn't quite even."""
    return lambda figure, place: np.array(colour) * (1 + 0.05 * noise(9, 7.0)(place.points))[:, None]
