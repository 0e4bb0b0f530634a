"""Pictures of a look: a frame as a file, and a skeleton drawn over the frame that it was found in."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import cv2
import numpy as np

from posetransfer.conditioning.pose_frames import draw_pose_frame
from posetransfer.conditioning.window import Window
from posetransfer.errors import OutOfSpace
from posetransfer.types import Box, Face, Frame, Person

DIMMED: Final = 0.65  # brightness of the picture under the skeleton
ROOM: Final = 1.3  # the square that is drawn, in longer sides of the person's box
STEP: Final = 64  # px by which that square grows, as the width of the lines grows with it


def fitted(width: int, height: int, longest: int) -> tuple[int, int]:
    """(width, height) scaled down to at most `longest` px, both even."""
    shrink = min(longest / max(width, height), 1.0)
    across, down = (max(round(side * shrink / 2) * 2, 2) for side in (width, height))
    return across, down


def skeleton_over(frame: Frame, person: Person | None, face: Face | None, size: tuple[int, int]) -> Frame:
    """The darkened frame at `size` (width, height) with the person's limbs and face over it.

    Lines are as wide as suits the person, and a joint that is hardly believed shows the picture through.
    """
    small = np.asarray(cv2.resize(frame, size, interpolation=cv2.INTER_AREA), np.uint8)
    dark = np.asarray(cv2.convertScaleAbs(small, alpha=DIMMED), np.uint8)
    if person is None:
        return dark
    scale = size[0] / frame.shape[1]
    window = _square_around(person.box, scale)
    contours = None if face is None else window.to_window(face)
    drawn = _placed(draw_pose_frame(window.to_window(person.pose), contours, window.size), window, scale, size)
    through = 255 - drawn.max(axis=2, keepdims=True).astype(np.uint16)
    return np.asarray(drawn + (dark * through // 255).astype(np.uint8), np.uint8)


def _square_around(box: Box, scale: float) -> Window:
    """The square of a frame's px around a box, drawn at `scale`."""
    size = int(np.ceil(max(box.width, box.height) * ROOM * scale / STEP)) * STEP
    side = max(round(size / scale), 1)
    x, y = box.centre
    return Window(round(x - side / 2), round(y - side / 2), side, size)


def _placed(square: Frame, window: Window, scale: float, size: tuple[int, int]) -> Frame:
    """A window's drawing on black, where it lies in the picture of `size`; what is outside is cut off."""
    width, height = size
    canvas = np.zeros((height, width, 3), np.uint8)
    left, top = round(window.left * scale), round(window.top * scale)
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = min(left + window.size, width), min(top + window.size, height)
    if x1 > x0 and y1 > y0:
        canvas[y0:y1, x0:x1] = square[y0 - top : y1 - top, x0 - left : x1 - left]
    return canvas


def write_jpeg(path: Path, frame: Frame, widest: int) -> None:
    """Write an RGB frame at most `widest` px wide, whole or not at all. Raises OutOfSpace."""
    height, width = frame.shape[:2]
    shrink = min(widest / width, 1.0)
    size = max(round(width * shrink), 1), max(round(height * shrink), 1)
    small = cv2.cvtColor(cv2.resize(frame, size, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2BGR)
    partial = path.with_name(f"{path.stem}.partial.jpg")
    try:
        partial.write_bytes(cv2.imencode(".jpg", small)[1].tobytes())
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise OutOfSpace(f"{path.name} cannot be written: the disk is full, or the folder is not yours.") from error
