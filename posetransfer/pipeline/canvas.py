"""What the made square is shown on: itself, or the target's own full picture."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from posetransfer.checkpoints.folder import Checkpoint
from posetransfer.conditioning.window import Window
from posetransfer.errors import CheckpointError
from posetransfer.pipeline.footage import read_picture
from posetransfer.streams import closing_source
from posetransfer.types import Frame

FEATHER = 1 / 16  # of the window's side, over which the made picture fades into the plate


class Canvas:
    """Puts made frames [size, size, 3] where they are shown. size: (width, height) of the result in px."""

    def __init__(self, window: Window, plate: Frame | None) -> None:
        self.window = window
        self.plate = plate
        if plate is None:
            self.size = window.size, window.size
        else:
            self.size = plate.shape[1], plate.shape[0]
            self._weight = _feathered(window, self.size)

    @classmethod
    def of(cls, checkpoint: Checkpoint, kind: str) -> Canvas:
        """`square`, or `full` on the target's background plate. Raises CheckpointError if it has none."""
        if kind == "square":
            return cls(checkpoint.target.window, None)
        plate = read_picture(checkpoint.folder / "background.png")
        if plate is None:
            raise CheckpointError(f"The target {checkpoint.name} has no background picture. Use --canvas square.")
        return cls(checkpoint.target.window, plate)

    def paste(self, frames: Iterable[Frame]) -> Iterator[Frame]:
        """Each made frame on its canvas, [height, width, 3]."""
        with closing_source(frames) as source:
            for frame in source:
                yield self.pasted(frame)

    def pasted(self, frame: Frame) -> Frame:
        """One made frame [size, size, 3] on the canvas, [height, width, 3]."""
        if self.plate is None:
            return frame
        window, (x0, y0, x1, y1) = self.window, _overlap(self.window, self.size)
        square = cv2.resize(frame, (window.side, window.side), interpolation=cv2.INTER_LINEAR)
        inside = square[y0 - window.top : y1 - window.top, x0 - window.left : x1 - window.left]
        picture = self.plate.copy()
        below = picture[y0:y1, x0:x1].astype(np.float32)
        picture[y0:y1, x0:x1] = np.rint(below + self._weight * (inside - below)).astype(np.uint8)
        return picture


def _overlap(window: Window, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """x0, y0, x1, y1 of the part of the window that lies in the picture."""
    return (
        max(window.left, 0),
        max(window.top, 0),
        min(window.left + window.side, size[0]),
        min(window.top + window.side, size[1]),
    )


def _feathered(window: Window, size: tuple[int, int]) -> NDArray[np.float32]:
    """Weights 0..1 [h, w, 1] of the made picture: 1 inside, falling to 0 at sides that have a picture beyond them."""
    x0, y0, x1, y1 = _overlap(window, size)
    reach = max(round(window.side * FEATHER), 1)

    def ramp(first: int, last: int, length: int) -> NDArray[np.float32]:
        places = np.arange(first, last) + 0.5
        weight = np.ones(last - first, np.float32)
        if first > 0:
            weight = np.minimum(weight, (places - first) / reach)
        if last < length:
            weight = np.minimum(weight, (last - places) / reach)
        return weight.astype(np.float32)

    return (ramp(y0, y1, size[1])[:, None] * ramp(x0, x1, size[0])[None])[..., None]
