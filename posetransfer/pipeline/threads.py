"""Threads for the stages that run beside each other, not for the libraries inside them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import cv2

_lock = threading.Lock()
_usual: list[int] = []  # OpenCV's threads as each block found them: the first has what is put back by the last


@contextmanager
def opencv_on_one_thread() -> Iterator[None]:
    """OpenCV's functions run in the thread that calls them: their own pool spins between calls, and takes from the
    stages that have something to do. Its setting is the process's, and is put back when nobody wants it any more."""
    with _lock:
        _usual.append(cv2.getNumThreads())
        cv2.setNumThreads(1)
    try:
        yield
    finally:
        with _lock:
            found = _usual.pop()
            if not _usual:
                cv2.setNumThreads(found)
