"""Contours by dlib's 68-point predictor. The terms of its training data exclude commercial use."""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from posetransfer.faces.models import landmark_predictor, load_dlib
from posetransfer.types import FACE_POINTS, Box, Face, Frame


class Dlib68:
    """An ensemble of regression trees (Kazemi and Sullivan 2014): 1 ms a face, copes with 30 degrees of roll."""

    NAME: ClassVar[str] = "dlib68"

    def __init__(self) -> None:
        self._dlib, self._predictor = load_dlib(), landmark_predictor()

    def find(self, frame: Frame, box: Box, roll: float = 0.0) -> Face | None:
        """As `ContourFinder`. The trees always answer, whatever is in the box."""
        x0, y0, x1, y1 = (round(edge) for edge in box)
        shape = self._predictor(np.ascontiguousarray(frame), self._dlib.rectangle(x0, y0, x1 - 1, y1 - 1))
        return np.array([(shape.part(i).x, shape.part(i).y) for i in range(FACE_POINTS)], np.float32)
