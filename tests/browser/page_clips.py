"""Driving videos for the page: short pieces of the real footage, as mp4."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2

from posetransfer.video.info import video_info
from posetransfer.video.read import read_frames
from posetransfer.video.write import VideoWriter

MAX_SIDE = 640  # px: what is tested here does not depend on it, and twice that takes four times as long


@dataclass(frozen=True)
class Clips:
    """source: the folder of the real footage; folder: where pieces are kept."""

    source: Path
    folder: Path

    @property
    def juggler(self) -> Path:
        """2 s, 48 pictures."""
        return self.cut("juggler.mp4", 0, 2)

    @property
    def signing(self) -> Path:
        """Who drives the target "signer": 2 s, 60 pictures."""
        return self.cut("sign-orange.mkv", 0, 2)

    @property
    def pianist(self) -> Path:
        """2 s with sound, 60 pictures."""
        return self.cut("pianist.avi", 20, 22, sound=True)

    @property
    def two_people(self) -> Path:
        """2 s with two people, 60 pictures."""
        return self.cut("two-people.mp4", 1.5, 3.5)

    @property
    def dance(self) -> Path:
        """20 s, 500 pictures: long enough to do something meanwhile."""
        return self.cut("blue-dancer.avi", 0, 20)

    def cut(self, name: str, start: float, end: float, *, sound: bool = False) -> Path:
        """A piece of the clip `name`, from second `start` to second `end`."""
        source, piece = self.source / name, self.folder / f"{Path(name).stem}.mp4"
        if piece.exists():
            return piece
        frames = read_frames(source, max_side=MAX_SIDE, start=start, end=end)
        first = next(frames)
        size = first.shape[1], first.shape[0]
        heard = source if sound else None
        with VideoWriter(piece, video_info(source).fps, size, sound_from=heard, start=start) as video:
            video.write(first)
            for frame in frames:
                video.write(frame)
        return piece

    def camera(self) -> Path:
        """The juggler as what Chromium takes for a camera: y4m, 640x360, 24 pictures a second."""
        path = self.folder / "camera.y4m"
        with path.open("wb") as file:
            for number, frame in enumerate(read_frames(self.juggler)):
                height, width = frame.shape[:2]
                if number == 0:
                    file.write(f"YUV4MPEG2 W{width} H{height} F24:1 Ip A1:1 C420jpeg\n".encode())
                file.write(b"FRAME\n" + cv2.cvtColor(frame, cv2.COLOR_RGB2YUV_I420).tobytes())
        return path
