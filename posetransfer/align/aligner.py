"""Made frames, shifted so that the face stands where it should: it takes the shake out."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from math import floor
from typing import ClassVar, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from posetransfer.plugins import Registry
from posetransfer.streams import closing_source
from posetransfer.types import Frame

Centre = tuple[float, float]  # x, y px

ALIGNERS = Registry(
    "alignment", {"pose": "posetransfer.align.pose:ToPose", "first": "posetransfer.align.first:ToFirst"}
)


class Aligner(Protocol):
    """Decides how far each frame of one stream is shifted."""

    NAME: ClassVar[str]

    def shift(self, made: Centre | None, wanted: Centre | None, size: int) -> Centre:
        """How far right and down to move a frame, px. made: where its face is; wanted: where the retargeted pose
        has it; each None where it is not seen. size: the frame's shorter side, px."""
        ...


def align(
    frames: Iterable[Frame], made_centres: Iterable[Centre | None], wanted_centres: Iterable[Centre | None], by: str
) -> Generator[Frame, None, None]:
    """The frames [H, W, 3], shifted by the aligner called `by`; a copy of the last row or column fills what opens.

    The three run side by side, lazily, and all are closed at the end. Raises UnknownName.
    """
    aligner: Aligner = ALIGNERS.resolve(by)()
    return _aligned(frames, made_centres, wanted_centres, aligner)


def _aligned(
    frames: Iterable[Frame],
    made_centres: Iterable[Centre | None],
    wanted_centres: Iterable[Centre | None],
    aligner: Aligner,
) -> Generator[Frame, None, None]:
    with (
        closing_source(frames) as source,
        closing_source(made_centres) as made,
        closing_source(wanted_centres) as wanted,
    ):
        for frame, stands, should in zip(source, made, wanted, strict=False):
            yield shifted(frame, aligner.shift(stands, should, min(frame.shape[:2])))


def shifted(frame: Frame, shift: Centre) -> Frame:
    """The frame moved right and down by `shift` px, exact for whole px and bicubic between; edges are copied on."""
    if shift == (0.0, 0.0):
        return frame
    whole = floor(shift[0]), floor(shift[1])
    room = max(map(abs, whole)) + len(_cubic(0)) // 2
    around = cv2.copyMakeBorder(frame, room, room, room, room, cv2.BORDER_REPLICATE)
    if shift != whole:
        # a shift is one convolution along each axis: a quarter of the time of cv2.warpAffine
        across, down = (_cubic(part - floor(part)) for part in shift)
        around = cv2.sepFilter2D(around, -1, across, down, anchor=(2, 2))
    left, top = room - whole[0], room - whole[1]
    height, width = frame.shape[:2]
    return np.ascontiguousarray(around[top : top + height, left : left + width], np.uint8)


def _cubic(fraction: float) -> NDArray[np.float64]:
    """The weights [4] of the pixels from two before a place to one behind it, where what lies a `fraction` before the
    place is wanted: Keys 1981 with OpenCV's a = -0.75."""
    away, a = np.array([2 - fraction, 1 - fraction, fraction, 1 + fraction]), -0.75
    near = (a + 2) * away**3 - (a + 3) * away**2 + 1
    return np.where(away <= 1, near, a * away**3 - 5 * a * away**2 + 8 * a * away - 4 * a)
