"""A drawn figure that sways and swings its arms: poses for as many moments as a test wants, and a picture of each."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from posetransfer.pairs.store import PairStore, PairWriter
from posetransfer.poses.skeleton import LIMBS
from posetransfer.types import Frame, Pose

# x, y of the standing figure's joints as shares of the picture, in the skeleton's order
STANDING = np.array(
    [
        (0.50, 0.15), (0.50, 0.27),
        (0.42, 0.27), (0.38, 0.40), (0.36, 0.52),
        (0.58, 0.27), (0.62, 0.40), (0.64, 0.52),
        (0.45, 0.53), (0.44, 0.70), (0.43, 0.88),
        (0.55, 0.53), (0.56, 0.70), (0.57, 0.88),
        (0.48, 0.13), (0.52, 0.13), (0.46, 0.14), (0.54, 0.14),
    ],
    np.float32,
)  # fmt: skip
ARMS = [3, 4, 6, 7]


def pose_at(moment: int, size: int) -> Pose:
    """The pose of one frame: the body sways, the arms swing."""
    places = STANDING.copy()
    places[:, 0] += 0.12 * np.sin(moment / 5)
    places[ARMS, 1] -= 0.12 * (1 + np.sin(moment / 3))
    return np.concatenate([places * size, np.full((18, 1), 0.9, np.float32)], axis=1).astype(np.float32)


def picture(pose: Pose, size: int, clothes: tuple[int, int, int] = (200, 60, 40)) -> Frame:
    """The figure in a pose, in front of a striped wall: [size, size, 3]."""
    frame = np.full((size, size, 3), (90, 120, 160), np.uint8)
    frame[:, :: size // 8] = (120, 150, 190)
    points = pose[:, :2].round().astype(int)
    for start, end in LIMBS[:13]:
        cv2.line(frame, points[start].tolist(), points[end].tolist(), clothes, size // 12, cv2.LINE_AA)
    cv2.circle(frame, points[0].tolist(), size // 12, (230, 190, 160), cv2.FILLED, cv2.LINE_AA)
    return frame


def make_store(folder: Path, size: int, count: int, sources: bool = False) -> PairStore:
    """Pairs of the figure with itself; with `sources`, of one in other clothes with it."""
    with PairWriter(folder, size) as writer:
        for moment in range(count):
            pose = pose_at(moment, size)
            number = writer.add_target(picture(pose, size), pose)
            driver = picture(pose, size, clothes=(30, 160, 60)) if sources else None
            writer.add_pair(number, pose, source=driver)
    return PairStore.open(folder)
