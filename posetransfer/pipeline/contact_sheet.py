"""Moments of several videos in one picture: a row for each video, a column for each moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from posetransfer.errors import OutOfSpace
from posetransfer.types import Frame
from posetransfer.video.info import video_info
from posetransfer.video.read import read_frames

CELL: Final = 256  # px of a moment's square: what targets are made at
GAP: Final = 8
STRIP: Final = 30  # px of a line of text
PAPER: Final = (24, 24, 24)
INK: Final = (235, 235, 235)


def write_contact_sheet(path: Path, videos: Mapping[str, Path], columns: int = 6) -> None:
    """Write a PNG of evenly spaced moments, the videos in rows below their labels, the seconds above all.

    The videos are of one length; each is read once, a frame at a time. Raises OutOfSpace, and what reading raises.
    """
    height = STRIP + len(videos) * (STRIP + CELL + GAP)
    sheet = np.full((height, GAP + columns * (CELL + GAP), 3), PAPER, np.uint8)
    for row, (label, video) in enumerate(videos.items()):
        top = STRIP + row * (STRIP + CELL + GAP)
        _write(sheet, label, GAP, top)
        for column, (seconds, frame) in enumerate(_moments(video, columns)):
            left = GAP + column * (CELL + GAP)
            if row == 0:
                _write(sheet, f"{seconds:.1f} s", left, 0)
            _place(sheet[top + STRIP : top + STRIP + CELL, left : left + CELL], frame)
    _save(path, sheet)


def _moments(video: Path, count: int) -> Iterator[tuple[float, Frame]]:
    """`count` frames in the middles of equal spans, fewer of a shorter video, with the seconds at which they stand."""
    info = video_info(video)
    frames = round(info.duration * info.fps)
    wanted = {int((column + 0.5) * frames / count) for column in range(count)}
    with closing(read_frames(video)) as pictures:
        yield from ((float(index / info.fps), frame) for index, frame in enumerate(pictures) if index in wanted)


def _place(cell: Frame, frame: Frame) -> None:
    """Draw a frame of any size whole into the middle of a square cell [CELL, CELL, 3]."""
    scale = CELL / max(frame.shape[:2])
    height, width = (max(round(side * scale), 1) for side in frame.shape[:2])
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    top, left = (CELL - height) // 2, (CELL - width) // 2
    cell[top : top + height, left : left + width] = cv2.resize(frame, (width, height), interpolation=way)


def _write(sheet: Frame, text: str, left: int, top: int) -> None:
    """A line of text in the strip that begins at `top`."""
    place = left, top + STRIP - 9
    cv2.putText(sheet, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.6, INK, 1, cv2.LINE_AA)


def _save(path: Path, sheet: Frame) -> None:
    """Write [H, W, 3] RGB as PNG, whole or not at all."""
    partial = path.with_name(f"{path.stem}.partial.png")
    try:
        partial.write_bytes(cv2.imencode(".png", cv2.cvtColor(sheet, cv2.COLOR_RGB2BGR))[1].tobytes())
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise OutOfSpace(f"{path} could not be written: {error.strerror}. Choose another place.") from error
