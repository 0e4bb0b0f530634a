"""Stop presses, as the work asks for them."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from contextlib import closing
from typing import TypeVar

from posetransfer.types import Progress
from space.jobs.folder import JobFolder

T = TypeVar("T")


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


def until_stopped(
    work: Generator[Progress, None, T], stopped: Callable[[], int]
) -> Generator[Progress, None, T | None]:
    """What `work` yields; gives what it returns, or closes it and gives None when stop is pressed.

    For work of which a part is worth nothing, or whose part is kept by closing it.
    """
    with closing(work):
        while not stopped():
            try:
                yield next(work)
            except StopIteration as end:
                return end.value  # type: ignore[no-any-return]
    return None
