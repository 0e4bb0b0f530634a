from __future__ import annotations

from collections.abc import Iterator

import cv2
import pytest

from posetransfer.pipeline.threads import opencv_on_one_thread


@pytest.fixture(autouse=True)
def usual() -> Iterator[int]:
    before = cv2.getNumThreads()
    cv2.setNumThreads(2)
    yield 2
    cv2.setNumThreads(before)


def test_the_usual_threads_come_back(usual: int) -> None:
    with pytest.raises(KeyError), opencv_on_one_thread():
        assert cv2.getNumThreads() == 1
        raise KeyError
    assert cv2.getNumThreads() == usual


def test_of_two_at_a_time_the_last_to_end_puts_them_back(usual: int) -> None:
    first, second = opencv_on_one_thread(), opencv_on_one_thread()
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert cv2.getNumThreads() == 1
    second.__exit__(None, None, None)
    assert cv2.getNumThreads() == usual
