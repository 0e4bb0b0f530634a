"""Driving picture, skeleton and made frame beside each other: the file by which a result is judged."""

from __future__ import annotations

import cv2
import numpy as np

from posetransfer.types import Frame


class SideBySide:
    """Makes rows of three pictures of one height.

    made, driving: (width, height) px of the made frames, whose height is the row's, and of the driving pictures.
    """

    def __init__(self, made: tuple[int, int], driving: tuple[int, int]) -> None:
        self._height = made[1]
        self._width = max(round(driving[0] * self._height / driving[1] / 2) * 2, 2)
        self.size = self._width + self._height + made[0], self._height

    def left(self, picture: Frame, skeleton: Frame) -> Frame:
        """The part of a row that stays the same while a driving moment lasts. skeleton: [s, s, 3]."""
        seen = cv2.resize(picture, (self._width, self._height), interpolation=cv2.INTER_AREA)
        drawn = cv2.resize(skeleton, (self._height, self._height), interpolation=cv2.INTER_AREA)
        return np.concatenate([seen, drawn], axis=1, dtype=np.uint8)

    def row(self, left: Frame, made: Frame) -> Frame:
        """One row [height, width, 3]."""
        return np.ascontiguousarray(np.concatenate([left, made], axis=1))
