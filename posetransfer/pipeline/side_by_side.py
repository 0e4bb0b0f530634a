"""Driving picture, skeleton and made frame beside each other: the file by which a result is judged."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np

from posetransfer.conditioning.pose_frames import draw_pose_frame
from posetransfer.types import Frame, PoseSequence


class SideBySide:
    """Makes rows of three pictures of one height.

    pictures: the driving video again; driven: poses in window px of the target; height: px of the made frames;
    repeat: made frames for each driving one (interpolation).
    """

    def __init__(self, pictures: Iterator[Frame], driven: PoseSequence, height: int, repeat: int) -> None:
        self._pictures = pictures
        self._driven = driven
        self._height = height
        self._repeat = repeat
        self._left: Frame | None = None
        self._made = 0

    def size(self, made: tuple[int, int], driving: tuple[int, int]) -> tuple[int, int]:
        """(width, height) of the rows, for made frames and driving pictures of these (width, height)."""
        return self._width(driving) + self._height + made[0], self._height

    def row(self, made: Frame) -> Frame:
        """The row of the next made frame."""
        moment, again = divmod(self._made, self._repeat)
        self._made += 1
        if not again or self._left is None:
            picture = next(self._pictures, None)
            if picture is not None:
                self._left = self._pair(picture, moment)
        if self._left is None:
            return made
        return np.ascontiguousarray(np.concatenate([self._left, made], axis=1))

    def _pair(self, picture: Frame, moment: int) -> Frame:
        size = self._driven.size[0]
        skeleton = draw_pose_frame(self._driven.joints[moment], self._driven.faces[moment], size, "limbs")
        width = self._width((picture.shape[1], picture.shape[0]))
        left = cv2.resize(picture, (width, self._height), interpolation=cv2.INTER_AREA)
        middle = cv2.resize(skeleton, (self._height, self._height), interpolation=cv2.INTER_AREA)
        return np.concatenate([left, middle], axis=1)

    def _width(self, picture: tuple[int, int]) -> int:
        return max(round(picture[0] * self._height / picture[1] / 2) * 2, 2)
