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


def test_waiting_for_a_stage_in_a_thread_of_its_own_is_nobodys() -> None:
    clock = StageClock()
    made = clock.ahead(clock.timed("make", slow(range(4), 0.05)))
    assert list(clock.timed("write", made)) == list(range(4))
    assert clock.seconds["make"] >= 0.2
    assert clock.seconds["write"] < 0.05
    assert set(clock.seconds) == {"make", "write"}


def test_closing_what_is_ahead_closes_its_source() -> None:
    closed = []

    def source() -> Iterator[int]:
        try:
            yield from range(100)
        finally:
            closed.append(True)

    ahead = StageClock().ahead(source())
    assert next(ahead) == 0
    ahead.close()
    assert closed
