"""Where the time of a pipeline goes, stage by stage, although the stages pull each other lazily."""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from posetransfer.streams import closing_source

T = TypeVar("T")


class StageClock:
    """Adds up each stage's own seconds: the time inside it, less the time inside the stages it pulls from.

    Stages that run in threads of their own are measured there, so the sum may pass the wall clock.
    """

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._nesting = threading.local()
        self._lock = threading.Lock()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the block's own time as `name`."""
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
            with self._lock:
                self.seconds[name] = self.seconds.get(name, 0.0) + elapsed - inner

    def timed(self, name: str, source: Iterable[T]) -> Generator[T, None, None]:
        """Pass `source` on, counting the time it takes to give each item as `name`."""
        with closing_source(source) as iterator:
            while True:
                with self.stage(name):
                    try:
                        item = next(iterator)
                    except StopIteration:
                        return
                yield item
