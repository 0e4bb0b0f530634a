"""Where the time of a pipeline goes, stage by stage, although the stages pull each other lazily."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from posetransfer.streams import closing_source, prefetch

T = TypeVar("T")

AHEAD = 2  # frames that a stage in a thread of its own may be in front of the next


class StageClock:
    """Adds up each stage's own seconds: the time inside it, less the time inside the stages it pulls from.

    Stages that run in threads of their own are measured there, so the sum may pass the wall clock. What a stage waits
    for another thread is nobody's: see `ahead`.
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._nesting = threading.local()
        self._lock = threading.Lock()

    @contextmanager
    def stage(self, name: str | None) -> Iterator[None]:
        """Count the block's own time as `name`; None: as nobody's."""
        stack: list[float] = self._nesting.__dict__.setdefault("stack", [])
        stack.append(0.0)  # seconds spent in stages inside this one
        start = time.perf_counter()
        try:
            yield
        finally:
            elapsed = time.perf_counter() - start
            inner = stack.pop()
            if stack:
                stack[-1] += elapsed
            if name is not None:
                with self._lock:
                    self.seconds[name] = self.seconds.get(name, 0.0) + elapsed - inner

    def ahead(self, source: Iterable[T], items: int = AHEAD) -> Generator[T, None, None]:
        """Run `source` in a thread of its own, at most `items` in front of who takes them (see `prefetch`)."""
        return self.timed(None, prefetch(source, items))

    def timed(self, name: str | None, source: Iterable[T]) -> Generator[T, None, None]:
        """Pass `source` on, counting the time it takes to give each item as `name`."""
        with closing_source(source) as iterator:
            while True:
                with self.stage(name):
                    try:
                        item = next(iterator)
                    except StopIteration:
                        return
                yield item
