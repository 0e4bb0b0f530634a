"""What a running job shows of itself: its progress and its newest picture, written often enough to look alive."""

from __future__ import annotations

import time
from collections import deque

import cv2

from posetransfer.types import Frame, Progress
from space.jobs.folder import PREVIEW, JobFolder

PROGRESS_SECONDS = 0.2  # between two writings of progress.json
PREVIEW_SECONDS = 0.25
RATE_SECONDS = 3.0  # over which the rate is taken
QUALITY = 80


class Reporter:
    """Writes progress.json and preview.jpg of one job. Times are unix seconds, fps is `done` a second."""

    def __init__(self, folder: JobFolder) -> None:
        self._folder = folder
        self._started = time.time()
        self._stage, self._stage_started = "", self._started
        self._seen: deque[tuple[float, int]] = deque()  # (time, done) of this stage
        self._written = self._pictured = 0.0
        self._previews = 0
        self._frames: int | None = None  # of the driving piece: what the stage poses goes through
        self._unwritten: Progress | None = None
        self._write(Progress("", 0), self._started)

    def report(self, progress: Progress) -> None:
        """Take note of `progress`, and write it if it is time. Raises OutOfSpace."""
        now = time.time()
        if progress.stage != self._stage:
            self._stage, self._stage_started = progress.stage, now
            self._seen.clear()
            self._written = 0.0
        self._seen.append((now, progress.done))
        while now - self._seen[0][0] > RATE_SECONDS and len(self._seen) > 2:
            self._seen.popleft()
        if progress.stage == "poses" and progress.total:
            self._frames = progress.total
        if progress.frame is not None and now - self._pictured >= PREVIEW_SECONDS:
            self._picture(progress.frame)
            self._pictured = now
        self._unwritten = progress
        if now - self._written >= PROGRESS_SECONDS or progress.done == progress.total:
            self._write(progress, now)

    def finish(self) -> None:
        """Write the last progress if it is not written yet. Raises OutOfSpace."""
        if self._unwritten is not None:
            self._write(self._unwritten, time.time())

    def _write(self, progress: Progress, now: float) -> None:
        self._unwritten, self._written = None, now
        self._folder.set_progress(
            {
                "stage": progress.stage,
                "done": progress.done,
                "total": progress.total,
                "message": progress.message,
                "stage_started": self._stage_started,
                "started": self._started,
                "fps": self._rate(),
                "updated": now,
                "preview": self._previews,
                "frames": self._frames,
            }
        )

    def _rate(self) -> float | None:
        if len(self._seen) < 2:
            return None
        (begun, first), (now, last) = self._seen[0], self._seen[-1]
        return (last - first) / (now - begun) if now > begun and last > first else None

    def _picture(self, frame: Frame) -> None:
        bgr = cv2.cvtColor(frame, cv2.COLOR_RGB2BGR)
        written, jpeg = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
        if not written:
            return
        partial = self._folder.path / f"{PREVIEW}.partial"
        try:
            partial.write_bytes(jpeg.tobytes())
            partial.replace(self._folder.path / PREVIEW)
        except OSError:
            partial.unlink(missing_ok=True)  # a preview is not worth the job: a full disk stops it elsewhere
            return
        self._previews += 1
