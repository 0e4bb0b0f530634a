"""Driving videos one click away: the files of a folder, each with a small picture."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path

import cv2

from posetransfer.errors import VideoError
from posetransfer.streams import closing_source
from posetransfer.video.info import video_info
from posetransfer.video.read import read_frames

TYPES = (".mp4", ".webm", ".mov")
SIDE = 192  # px of the picture's longer side: sharp on a phone's screen, about 8 KB


@dataclass(frozen=True)
class Example:
    """label: what it is called; picture: of its middle, as a data URI, so that nothing is kept that may be deleted."""

    path: Path
    label: str
    picture: str


def examples(folder: Path) -> list[Example]:
    """The videos of `folder` by name; what cannot be read is left out, and there need not be a folder."""
    found = []
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.suffix in TYPES:
            try:
                found.append(Example(path, path.stem.replace("-", " "), _picture(path)))
            except VideoError:
                continue
    return found


def _picture(path: Path) -> str:
    with closing_source(read_frames(path, max_side=SIDE, start=video_info(path).duration / 2)) as frames:
        frame = next(frames)
    _, encoded = cv2.imencode(".jpg", cv2.cvtColor(frame, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 85])
    return "data:image/jpeg;base64," + base64.b64encode(encoded.tobytes()).decode("ascii")
