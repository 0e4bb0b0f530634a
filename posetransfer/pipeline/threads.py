"""Threads for the stages that run beside each other, not for the libraries inside them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import cv2


@contextmanager
def opencv_on_one_thread() -> Iterator[None]:
    """OpenCV's functions run in the thread that calls them: their own pool spins between calls, and takes from the
    stages that have something to do. Its setting is the process's, and is put back at the end."""
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(before)
