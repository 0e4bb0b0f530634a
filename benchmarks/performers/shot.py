"""One picture from Blender, for less than half of what the whole picture costs.

The room never changes but for soft shadows, and its empty pixels take most of the time. So only the box around the
performer is rendered in full; what the performer does to the rest of the room is taken from a small rendering of
everything: its ratio to an equally small empty room, on the room rendered once with many samples.
"""

from __future__ import annotations

import os
from pathlib import Path

import bpy
import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]

ROOM_SAMPLES = 96
SMALL_SHARE, SMALL_SAMPLES = 3, 6
"""The small rendering is so many times smaller; shadows of lamps of 1.5 m and more have no finer detail than that."""
MARGIN, SEAM = 16, 12
"""px around the performer that are rendered in full, and how many of them lead over to the rest."""


class Shooter:
    """Takes pictures of a furnished scene; made before the performer enters, to know the room alone."""

    def __init__(self, scene: bpy.types.Scene, folder: Path) -> None:
        """`folder` keeps the pictures of the empty room for the next run."""
        self._scene, self._folder = scene, folder
        self.size: int = scene.render.resolution_y
        self._samples: int = scene.cycles.samples
        self._room = self._kept(f"room-{ROOM_SAMPLES}", ROOM_SAMPLES)
        self._quick = self._kept(f"room-{self._samples}", self._samples)
        self._small = self._kept("room-small", SMALL_SAMPLES, SMALL_SHARE)

    def shoot(self, covered: Picture) -> Picture:
        """[size, size, 3] BGR of what stands in the scene. covered: 255 where the performer is."""
        box = _box(covered)
        near = cleaned(self._rendered(self._samples, box=box), self._quick, self._room, covered)
        share = _led_over(box, self.size)[..., None]
        return np.clip(near * share + self._shadowed() * (1 - share) + 0.5, 0, 255).astype(np.uint8)

    def _shadowed(self) -> NDArray[np.float32]:
        """The room as the performer darkens and colours it; wrong where the performer is."""
        small = self._rendered(SMALL_SAMPLES, SMALL_SHARE).astype(np.float32)
        gain = np.clip((small + 4) / (self._small.astype(np.float32) + 4), 0.3, 1.3)
        gain = cv2.resize(cv2.GaussianBlur(gain, (3, 3), 0), (self.size, self.size), interpolation=cv2.INTER_CUBIC)
        return np.clip(self._room * gain, 0, 255)

    def _kept(self, name: str, samples: int, share: int = 1) -> Picture:
        """A picture of the room without the performer."""
        path = self._folder / f"{name}.png"
        if not path.exists():
            part = path.with_suffix(f".part{os.getpid()}.png")
            cv2.imwrite(str(part), self._rendered(samples, share))
            part.replace(path)
        room = cv2.imread(str(path))
        if room.shape[0] != self.size // share:
            raise SystemExit(
                f"{path} is {room.shape[0]} px high: take another --out, or delete the folder, for another size."
            )
        return room

    def _rendered(self, samples: int, share: int = 1, box: tuple[int, int, int, int] | None = None) -> Picture:
        """The scene, `share` times smaller, or only `box` (left, top, right, bottom px) of it and black elsewhere."""
        render, path = self._scene.render, self._folder / f"raw{os.getpid()}.part.png"
        render.filepath = str(path.resolve())
        render.resolution_x = render.resolution_y = self.size // share
        render.use_border = box is not None
        if box is not None:
            left, top, right, bottom = (side / self.size for side in box)
            render.border_min_x, render.border_max_x = left, right
            render.border_min_y, render.border_max_y = 1 - bottom, 1 - top
        self._scene.cycles.samples = samples
        bpy.ops.render.render(write_still=True)
        picture = cv2.imread(str(path))
        path.unlink()
        return picture


def cleaned(frame: Picture, quick: Picture, room: Picture, covered: Picture) -> NDArray[np.float32]:
    """The frame with the room's own noise out: few samples err alike with and without the performer.

    `quick` is the room with as few samples as the frame, `room` with many; their ratio corrects what the performer
    doesn't cover, shadows included.
    """
    own = cv2.GaussianBlur(cv2.dilate(covered, np.ones((5, 5), np.uint8)).astype(np.float32) / 255, (7, 7), 0)
    gain = np.clip((room.astype(np.float32) + 4) / (quick.astype(np.float32) + 4), 0.6, 1.7)
    return frame * (own[..., None] + (1 - own[..., None]) * gain)


def _box(covered: Picture) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what the performer covers, with the margin, inside the picture."""
    rows, columns = np.flatnonzero(covered.any(axis=1)), np.flatnonzero(covered.any(axis=0))
    size = len(covered)
    return (
        max(int(columns[0]) - MARGIN, 0),
        max(int(rows[0]) - MARGIN, 0),
        min(int(columns[-1]) + 1 + MARGIN, size),
        min(int(rows[-1]) + 1 + MARGIN, size),
    )


def _led_over(box: tuple[int, int, int, int], size: int) -> NDArray[np.float32]:
    """[size, size]: 1 inside the box, falling to 0 at those of its sides that aren't the picture's own."""
    left, top, right, bottom = box
    return np.outer(_ramp(top, bottom, size), _ramp(left, right, size))


def _ramp(first: int, end: int, size: int) -> NDArray[np.float32]:
    place = np.arange(size, dtype=np.float32) + 0.5
    rising = np.full(size, 1.0, np.float32) if first == 0 else np.clip((place - first - 2) / SEAM, 0, 1)
    falling = np.full(size, 1.0, np.float32) if end == size else np.clip((end - place - 2) / SEAM, 0, 1)
    return np.minimum(rising, falling).astype(np.float32)
