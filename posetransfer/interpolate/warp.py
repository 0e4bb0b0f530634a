"""Moving pictures along flow: what the flow interpolators share."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from posetransfer.types import Frame

Flow = NDArray[np.float32]  # [H, W, 2] px: where a pixel of one frame is in the other, minus where it is
Grey = NDArray[np.uint8]  # [H, W]


def grey(frame: Frame) -> Grey:
    """The frame's luminance, on which flow is computed."""
    return np.asarray(cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY), np.uint8)


def moved(picture: NDArray[np.uint8], offset: Flow) -> NDArray[np.uint8]:
    """`picture` read `offset` px away from each pixel, bilinear; outside, the border's colours go on."""
    return np.asarray(_remapped(picture, offset), np.uint8)


def moved_flow(flow: Flow, offset: Flow) -> Flow:
    """`flow` read `offset` px away from each pixel."""
    return np.asarray(_remapped(flow, offset), np.float32)


def mixed(a: Frame, b: Frame, time: float) -> Frame:
    """`a` and `b` weighted by nearness in time."""
    return np.asarray(cv2.addWeighted(a, 1 - time, b, time, 0), np.uint8)


def _remapped(picture: NDArray[Any], offset: Flow) -> Any:
    height, width = offset.shape[:2]
    places = _grid(height, width) + offset
    return cv2.remap(picture, places, None, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)  # type: ignore[call-overload]


@lru_cache(maxsize=2)
def _grid(height: int, width: int) -> Flow:
    """Each pixel's own x and y, [H, W, 2]."""
    grid = np.dstack(np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32)))
    grid.setflags(write=False)
    return grid
