from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from posetransfer.pipeline.clock import StageClock


def slow(items: Iterator[int] | range, seconds: float) -> Iterator[int]:
    for item in items:
        time.sleep(seconds)
        yield item


def test_each_stage_is_charged_its_own_time() -> None:
    clock = StageClock()
    first = clock.timed("read", slow(range(5), 0.02))
    second = clock.timed("draw", slow(first, 0.04))
    assert list(second) == list(range(5))
    assert clock.seconds["read"] == pytest.approx(0.10, abs=0.05)
    assert clock.seconds["draw"] / clock.seconds["read"] == pytest.approx(2, abs=0.6)


def test_the_consumer_is_not_charged_to_a_stage() -> None:
    clock = StageClock()
    for _ in clock.timed("read", iter(range(3))):
        time.sleep(0.03)
    assert clock.seconds["read"] < 0.02
