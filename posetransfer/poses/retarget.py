"""The driver's performance with the target's body, at the target's place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from posetransfer.conditioning.window import Window
from posetransfer.poses.angles import mid_hips
from posetransfer.poses.body import FACE_LIMBS, Body, measure_body
from posetransfer.poses.skeleton import L_ANKLE, L_EYE, LIMBS, NECK, NOSE, R_ANKLE, R_EYE
from posetransfer.types import PoseSequence

Array = NDArray[np.float32]

ANCHORED: Final = 0.5  # share of the frames in which what stands on the ground must be seen


def retarget(seq: PoseSequence, body: Body, driver: Body | None = None) -> PoseSequence:
    """The driver's clip as `body` would perform it, in the target's pixels.

    Every limb keeps its direction and its foreshortening: its vector in the image is multiplied by the ratio
    of the two people's lengths of that limb, walking out from the neck. The neck's movement about its median
    place is scaled by the ratio of the heights. Up and down, the feet stand on the target's floor as they
    stand on the driver's; where feet are out of the picture the hips stand at the target's usual place, else
    the neck. Contours of the face go with nose and eyes. Unseen joints stay unseen; `world` is kept.

    driver: the driver's measures, those of the clip if not given. Raises NoPersonFound.
    """
    driver = driver or measure_body(seq)
    ratios = limb_ratios(driver, body)
    height = body.height / driver.height
    neck = _in_time(seq.joints[:, NECK, :2], driver.joints[NECK])
    root = body.joints[NECK] + height * (neck - driver.joints[NECK])
    places = _walk(seq.joints[..., :2], ratios, neck, root)
    places[..., 1] += _rise(seq.joints[..., :2], places, driver, body, height)[:, None]
    unseen = ~(seq.joints[..., 2] > 0)
    places[unseen] = np.nan
    faces = _move_faces(seq, places, float(ratios[FACE_LIMBS.start]))
    joints = np.concatenate([places, seq.joints[..., 2:]], axis=-1).astype(np.float32)
    return replace(seq, joints=joints, faces=faces, size=body.size)


def limb_ratios(driver: Body, target: Body) -> Array:
    """[17]: what each limb's vector is multiplied by.

    The limbs of the face have one ratio, of the contours where both people have some, so that the head keeps
    its shape: from eye to ear a head that never turns is half as long as one that does.
    """
    ratios = target.limbs / driver.limbs
    face = target.face_size / driver.face_size
    ratios[FACE_LIMBS] = face if np.isfinite(face) else ratios[FACE_LIMBS].mean()
    return np.asarray(ratios, np.float32)


def to_window(seq: PoseSequence, window: Window) -> PoseSequence:
    """The clip as it is, in the pixels of a window of it: poses that are not retargeted. `world` is kept."""
    size = (window.size, window.size)
    return replace(seq, joints=window.to_window(seq.joints), faces=window.to_window(seq.faces), size=size)


def _walk(places: Array, ratios: Array, neck: Array, root: Array) -> Array:
    """[T, 18, 2]: each joint set off from its parent by its limb's vector times its ratio.

    An unseen joint is taken to be where its parent is, so that a wrist whose elbow is hidden still goes with
    the shoulder.
    """
    given, made = places.copy(), np.empty_like(places)
    given[:, NECK], made[:, NECK] = neck, root
    for (parent, child), ratio in zip(LIMBS, ratios, strict=True):
        given[:, child] = np.where(np.isnan(given[:, child]), given[:, parent], given[:, child])
        made[:, child] = made[:, parent] + ratio * (given[:, child] - given[:, parent])
    return made


def _rise(places: Array, made: Array, driver: Body, target: Body, height: float) -> Array:
    """[T] px to add to y so that the performance stands where the target stands."""
    seen = ~np.isnan(places[..., 0]).all(axis=1)
    anchors: list[tuple[Callable[[Array], Array], float, float]] = [
        (_lower_ankle, driver.floor, target.floor),
        (lambda joints: mid_hips(joints)[:, 1], float(driver.hips[1]), float(target.hips[1])),
    ]
    for anchor, from_y, to_y in anchors:
        known = anchor(places)
        often = (~np.isnan(known)).sum() > ANCHORED * max(seen.sum(), 1)
        if often and np.isfinite(from_y) and np.isfinite(to_y):
            hidden = np.isnan(places)
            shifts = to_y + height * (known - from_y) - anchor(np.where(hidden, np.nan, made))
            return _in_time(shifts[:, None], np.zeros(1, np.float32))[:, 0]
    return np.zeros(len(places), np.float32)


def _lower_ankle(places: Array) -> Array:
    """[T] y of the ankle that is lower in the picture; nan where none is seen."""
    return np.asarray(np.fmax(places[:, R_ANKLE, 1], places[:, L_ANKLE, 1]), np.float32)


def _in_time(track: Array, otherwise: Array) -> Array:
    """[T, n] with unseen stretches filled in a straight line, ends held; `otherwise` where nothing is seen."""
    times = np.arange(len(track))
    seen = ~np.isnan(track).any(axis=1)
    if not seen.any():
        return np.broadcast_to(otherwise, track.shape).astype(np.float32)
    columns = [np.interp(times, times[seen], column[seen]) for column in track.T]
    return np.stack(columns, axis=1).astype(np.float32)


def _move_faces(seq: PoseSequence, places: Array, scale: float) -> Array:
    """[T, 68, 2]: contours scaled about the mean of nose and eyes, and moved with it. Directions are kept, so
    there is no turn. A frame without nose and eyes has no face."""
    features = [NOSE, R_EYE, L_EYE]
    seen = ~np.isnan(places[:, features, :1])
    count = np.maximum(seen.sum(axis=1), 1).astype(np.float32)
    before = np.where(seen, seq.joints[:, features, :2], 0).sum(axis=1) / count
    after = np.where(seen, places[:, features], 0).sum(axis=1) / count
    faces = seq.faces - before[:, None]  # then in place: the contours are most of what a long clip takes
    faces *= scale
    faces += after[:, None]
    faces[~seen.any(axis=(1, 2))] = np.nan
    return np.asarray(faces, np.float32)
