"""What is known about each frame: joints in metres and pixels, and which pixels are the performer's."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from .bodies import Figure, skin, transforms
from .motions.posture import Posture
from .pieces import Array
from .stage import DISTANCE, Camera

COCO = (
    *("nose", "neck", "right_shoulder", "right_elbow", "right_wrist", "left_shoulder", "left_elbow", "left_wrist"),
    *("right_hip", "right_knee", "right_ankle", "left_hip", "left_knee", "left_ankle"),
    *("right_eye", "left_eye", "right_ear", "left_ear"),
)
"""OpenPose's order; left and right are the performer's own."""
FINE = 4
"""The mask is drawn at so many times the picture's size."""


def joints(figure: Figure, postures: list[Posture], lift: float) -> Array:
    """[frames, 18, 3] m, by anny's regressors from the posed skin; the neck is the middle of the shoulders."""
    named = {name: figure.keypoints[name] for name in COCO if name != "neck"}
    named["neck"] = (named["left_shoulder"] + named["right_shoulder"]) / 2
    regressor = np.stack([named[name] for name in COCO])
    used = np.flatnonzero(np.abs(regressor).max(axis=0) > 1e-6)
    rest, weights, regressor = figure.rest[used], figure.weights[used].tocsr(), regressor[:, used]
    return np.stack([regressor @ skin(rest, weights, transforms(figure, posture, lift)) for posture in postures])


def save_joints(path: Path, places: Array, camera: Camera, fps: int, seed: int) -> None:
    """`pixels` [frames, 18, 2], `metres` [frames, 18, 3], `names`, and all that projects one to the other."""
    part = path.with_suffix(".part.npz")
    np.savez_compressed(
        part,
        pixels=camera.project(places).astype(np.float32),
        metres=places.astype(np.float32),
        names=np.array(COCO),
        camera_place=np.array([0.0, -DISTANCE, camera.z]),
        camera_focal=DISTANCE * camera.size / camera.field,
        size=camera.size,
        fps=fps,
        seed=seed,
    )
    part.replace(path)


def mask(points: Array, faces: NDArray[np.int64], strands: Array, width: float, camera: Camera) -> NDArray[np.uint8]:
    """[size, size] 0 or 255: pixels of which the performer covers half; nothing in the room stands before them."""
    drawn = np.zeros((camera.size * FINE, camera.size * FINE), np.uint8)
    corners = np.round(camera.project(points) * FINE * 16 - 8).astype(np.int32)
    for quad in corners[faces]:
        cv2.fillConvexPoly(drawn, quad, 255, shift=4)
    lines = np.round(camera.project(strands) * FINE * 16 - 8).astype(np.int32)
    thickness = max(1, round(2 * width * FINE * camera.size / camera.field))
    cv2.polylines(drawn, list(lines), False, 255, thickness, shift=4)
    small = drawn.reshape(camera.size, FINE, camera.size, FINE).mean(axis=(1, 3))
    return np.where(small >= 127.5, 255, 0).astype(np.uint8)
