"""Stop presses, as the work asks for them."""

from __future__ import annotations

import time

from space.jobs.folder import JobFolder


class StopPresses:
    """Counts the stop presses of a job, cheaply enough to be asked at every frame."""

    SECONDS = 0.1  # between two looks at the file

    def __init__(self, folder: JobFolder) -> None:
        self._folder = folder
        self._count, self._looked = 0, 0.0

    def __call__(self) -> int:
        now = time.monotonic()
        if now - self._looked >= self.SECONDS:
            self._count, self._looked = self._folder.stop_presses, now
        return self._count
