"""Square pieces of a frame, turned and scaled to what a network takes."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from posetransfer.types import Frame


@dataclass(frozen=True)
class Region:
    """A square of a frame, which it may leave.

    x, y: px of its centre; side: px; angle: radians by which it is turned, clockwise as seen.
    """

    x: float
    y: float
    side: float
    angle: float = 0.0

    def crop(self, frame: Frame, size: int, *, black_outside: bool = False) -> Frame:
        """The region upright as [size, size, 3]; outside the frame it repeats the border, or is black."""
        scale = self.side / size
        cos, sin = math.cos(self.angle) * scale, math.sin(self.angle) * scale
        half = size / 2
        back = np.array([[cos, -sin, self.x - (cos - sin) * half], [sin, cos, self.y - (sin + cos) * half]])
        border = cv2.BORDER_CONSTANT if black_outside else cv2.BORDER_REPLICATE
        how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        return np.asarray(cv2.warpAffine(frame, back, (size, size), flags=how, borderMode=border), np.uint8)

    def to_frame(self, points: NDArray[np.float32]) -> NDArray[np.float32]:
        """Points [..., 2] in shares of the region (0..1 from its upper left corner) as px of the frame."""
        moved = self.turn((points - 0.5) * self.side)
        return moved + np.array([self.x, self.y], np.float32)

    def turn(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Vectors [..., 2] along the region's own axes as vectors along the frame's."""
        cos, sin = math.cos(self.angle), math.sin(self.angle)
        return vectors @ np.array([[cos, sin], [-sin, cos]], np.float32)


def whole(width: int, height: int) -> Region:
    """The square that holds a whole frame, with bars on two sides where the frame is not square."""
    return Region(width / 2, height / 2, max(width, height))


def tiles(width: int, height: int, side: float) -> list[Region]:
    """Squares of `side` px that cover the frame and overlap by half or more, row by row."""
    return [Region(x, y, side) for y in _centres(height, side) for x in _centres(width, side)]


def _centres(length: int, side: float) -> list[float]:
    if side >= length:
        return [length / 2]
    count = math.ceil((length - side) / (side / 2)) + 1
    return [float(c) for c in np.linspace(side / 2, length - side / 2, count)]
