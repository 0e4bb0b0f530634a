"""A live performance as a file: frames that come when they come, written at an even rate."""

from __future__ import annotations

from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path
from typing import Final, Literal

import cv2
import numpy as np

from posetransfer.errors import Stopped
from posetransfer.provenance.credentials import sign
from posetransfer.provenance.label import COMMENT
from posetransfer.types import Frame
from posetransfer.video.write import VideoWriter

RATE: Final = Fraction(25)
LONGEST_PAUSE: Final = 2.0  # seconds that a picture stands at most while none comes


class LiveRecording:
    """Writes labelled frames to `out`, an mp4 signed as synthetic, which is there once `finish` was called.

    The first frame decides the size; those of a target of another size are fitted to it. Raises what VideoWriter
    raises.
    """

    def __init__(self, out: Path) -> None:
        self.out = out
        self.seconds = 0.0  # of the video, so far
        self._methods: list[str] = []
        self._open = ExitStack()
        self._writer: VideoWriter | None = None
        self._size = (0, 0)
        self._last: Frame | None = None
        self._before = 0.0

    def write(self, frame: Frame, seconds: float, method: str) -> None:
        """Show `frame` [size, size, 3] from this time on, by the clock of the earlier frames."""
        if method not in self._methods:
            self._methods.append(method)
        if self._writer is None:
            self._size = frame.shape[1], frame.shape[0]
            writer = VideoWriter(self.out, RATE, self._size, comment=COMMENT, seal=self._sign)
            self._writer, self._before = self._open.enter_context(writer), seconds
        self._until(self.seconds + min(max(seconds - self._before, 0.0), LONGEST_PAUSE))
        if frame.shape[:2] != self._size[::-1]:
            frame = np.asarray(cv2.resize(frame, self._size, interpolation=cv2.INTER_AREA), np.uint8)
        self._last, self._before = frame, seconds

    def finish(self) -> Path | None:
        """End the file; None, and no file, if nothing was ever shown."""
        if self._writer is None:
            return None
        self._until(self.seconds + float(1 / RATE))  # the last frame is shown too
        self._open.close()
        return self.out

    def discard(self) -> None:
        """Leave no file."""
        self._open.__exit__(Stopped, Stopped("The recording was thrown away."), None)

    def _until(self, seconds: float) -> None:
        """Repeat the picture that stands until the video is so long."""
        if self._writer is not None and self._last is not None:
            for _ in range(round(seconds * RATE) - round(self.seconds * RATE)):
                self._writer.write(self._last)
        self.seconds = seconds

    def _sign(self, unsigned: Path, signed: Path) -> None:
        source: Literal["network", "frames"] = "frames" if self._methods == ["knn"] else "network"
        sign(unsigned, signed, title="Synthetic video", method=", ".join(self._methods), source=source)
