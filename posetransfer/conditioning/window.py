"""Where the picture lives: one static square window of a clip, the same for its frames, poses and faces."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from posetransfer.errors import NoPersonFound
from posetransfer.types import Box, Frame

MARGIN = 0.15  # added around the union of the person's boxes, as a share of it


@dataclass(frozen=True)
class Window:
    """A square of a clip's picture in its pixels; it may leave the picture.

    left, top: px of the upper left corner; side: px; size: px of the square that is drawn and generated.
    """

    left: int
    top: int
    side: int
    size: int

    @property
    def scale(self) -> float:
        """Window pixels for one pixel of the clip."""
        return self.size / self.side

    def crop(self, frame: Frame) -> Frame:
        """The window of `frame` as [size, size, 3]; where it leaves the picture the edge row or column is copied."""
        x0, x1, left, right = _span(self.left, self.side, frame.shape[1])
        y0, y1, above, below = _span(self.top, self.side, frame.shape[0])
        inside: Frame = frame[y0:y1, x0:x1]
        if left or right or above or below:
            padded = cv2.copyMakeBorder(inside, above, below, left, right, cv2.BORDER_REPLICATE)
            inside = np.asarray(padded, np.uint8)
        return _resized(inside, self.size)

    def to_window(self, points: NDArray[np.float32]) -> NDArray[np.float32]:
        """Points [..., 2 or 3] of the clip in window pixels; a third column (confidence) is kept."""
        moved = points.copy()
        moved[..., 0] = (points[..., 0] - self.left) * self.scale
        moved[..., 1] = (points[..., 1] - self.top) * self.scale
        return moved

    def from_window(self, points: NDArray[np.float32]) -> NDArray[np.float32]:
        """The inverse of `to_window`."""
        moved = points.copy()
        moved[..., 0] = points[..., 0] / self.scale + self.left
        moved[..., 1] = points[..., 1] / self.scale + self.top
        return moved


def _resized(square: Frame, size: int) -> Frame:
    """A square picture brought to [size, size, 3]: by the mean of what each pixel covers where it shrinks."""
    times = square.shape[0] // size
    if square.shape[0] == size:
        return np.ascontiguousarray(square)
    if times < 2:
        how = cv2.INTER_AREA if square.shape[0] > size else cv2.INTER_LINEAR
        return np.asarray(cv2.resize(square, (size, size), interpolation=how), np.uint8)
    # Whole numbers of pixels have a quick mean: by way of the next smaller size that has them it takes a third of the
    # time, and is 45 to 58 dB near to what it would be at once.
    whole = cv2.resize(square, (times * size, times * size), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.resize(whole, (size, size), interpolation=cv2.INTER_AREA), np.uint8)


def window_around(boxes: Iterable[Box], size: int, picture: tuple[int, int] | None = None) -> Window:
    """The square around the union of a person's boxes over a clip, with `MARGIN` added.

    The window is centred on the union. With `picture` (width, height) it is moved back inside where it
    can be without losing the person. Raises NoPersonFound if there is no box.
    """
    all_boxes = np.array(list(boxes), np.float64)
    if not len(all_boxes):
        raise NoPersonFound("No person is seen in the video. Try a clip where the whole body is visible.")
    x0, y0 = all_boxes[:, :2].min(axis=0)
    x1, y1 = all_boxes[:, 2:].max(axis=0)
    side = max(round(max(x1 - x0, y1 - y0) * (1 + MARGIN)), 2)
    left, top = round((x0 + x1 - side) / 2), round((y0 + y1 - side) / 2)
    if picture is not None:
        left, top = _move_inside(left, side, picture[0]), _move_inside(top, side, picture[1])
    return Window(left, top, side, size)


def _span(start: int, side: int, length: int) -> tuple[int, int, int, int]:
    """Of a span of `side` px along an axis of `length`: first and last px to copy, and how many to add at each end."""
    first = min(max(start, 0), length - 1)
    last = max(min(start + side, length), first + 1)
    before = min(max(first - start, 0), side - (last - first))
    return first, last, before, side - (last - first) - before


def _move_inside(start: int, side: int, length: int) -> int:
    """Shift a span of `side` into 0..length where it fits; where it does not, centre it."""
    if side >= length:
        return (length - side) // 2
    return min(max(start, 0), length - side)
