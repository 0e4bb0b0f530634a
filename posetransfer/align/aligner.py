"""Made frames, shifted so that the face stands where it should: it takes the shake out."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from typing import ClassVar, Protocol

import cv2
import numpy as np

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
    matrix = np.array([[1, 0, shift[0]], [0, 1, shift[1]]], np.float32)
    size = frame.shape[1], frame.shape[0]
    moved = cv2.warpAffine(frame, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, np.uint8)
