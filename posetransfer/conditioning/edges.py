"""Edges of a frame, the third channel of the paper's pose frames."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from posetransfer.types import Frame, check_frame


def canny_edges(frame: Frame) -> NDArray[np.uint8]:
    """Canny's edges (1986) of an RGB frame: [H, W], 255 on an edge and 0 beside.

    The paper's thresholds: two thirds and four thirds of the median of the grey frame, the upper at most 255.
    """
    check_frame(frame)
    grey = cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY)
    median = float(np.median(grey))
    return np.asarray(cv2.Canny(grey, median * 2 / 3, min(median * 4 / 3, 255.0)), np.uint8)
