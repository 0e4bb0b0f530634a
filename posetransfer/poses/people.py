"""Telling people in frames apart: how far one is from another, and the box around one."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from posetransfer.poses.skeleton import L_HIP, NECK, R_HIP
from posetransfer.types import Box, Person, Pose

NEAR = 0.5  # two finds closer than this (see `apart`) can be one person a moment later
SAME = 0.15  # two finds in one frame closer than this are one person found twice
LEAST_SHARED = 4  # joints

# hands, feet and hair reach past the joints: a tenth of the body's height, which is about 3.3 torsos
_BEYOND = 0.1
_TORSOS = 3.3


def person_box(pose: Pose) -> Box | None:
    """The box around a person's body, hands and hair with it; None where no joint is seen."""
    seen = pose[pose[:, 2] > 0, :2]
    if not len(seen):
        return None
    (x0, y0), (x1, y1) = seen.min(axis=0).tolist(), seen.max(axis=0).tolist()
    torso = float(np.hypot(*(pose[[R_HIP, L_HIP], :2].mean(axis=0) - pose[NECK, :2])))
    body = np.nanmax([x1 - x0, y1 - y0, torso * _TORSOS, 1.0])
    margin = float(body * _BEYOND)
    return Box(x0 - margin, y0 - margin, x1 + margin, y1 + margin)


def apart(one: Person, other: Person) -> float:
    """Mean distance of the joints seen in both (of the boxes' centres where these are few), in sizes of the other.

    The size is the longer side of the box, so 0.5 is half a body's height for who stands upright.
    """
    size = max(other.box.width, other.box.height)
    shared = (one.pose[:, 2] > 0) & (other.pose[:, 2] > 0)
    if shared.sum() >= LEAST_SHARED:
        away = np.hypot(*(one.pose[shared, :2] - other.pose[shared, :2]).T).mean()
    else:
        away = np.hypot(*np.subtract(one.box.centre, other.box.centre))
    return float(away / size)


def nearest(people: Iterable[Person], last: Person) -> tuple[Person | None, float]:
    """Who of `people` is closest to `last`, and how far they are (see `apart`); (None, inf) if there is nobody."""
    found = [(apart(person, last), person) for person in people]
    if not found:
        return None, np.inf
    distance, person = min(found, key=lambda pair: pair[0])
    return person, distance


def without_doubles(people: Iterable[Person]) -> list[Person]:
    """Each person once: of two finds of the same person the earlier stays."""
    kept: list[Person] = []
    for person in people:
        if all(apart(person, other) > SAME for other in kept):
            kept.append(person)
    return kept
