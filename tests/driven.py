"""Our runs are generators: what one yields, and what it returns."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar

from posetransfer.types import Progress

T = TypeVar("T")


def driven(run: Generator[Progress, None, T]) -> tuple[list[Progress], T]:
    """Drive `run` to its end: all its progress, and its result."""
    seen: list[Progress] = []
    while True:
        try:
            seen.append(next(run))
        except StopIteration as stop:
            return seen, stop.value
