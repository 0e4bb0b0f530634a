from __future__ import annotations

import itertools
import threading
from collections.abc import Iterator

import pytest

from posetransfer.streams import closing_source, prefetch


def numbers(closed: list[bool], count: int | None = None) -> Iterator[int]:
    try:
        yield from itertools.count() if count is None else range(count)
    finally:
        closed.append(True)


def workers() -> list[threading.Thread]:
    return [t for t in threading.enumerate() if t.name == "prefetch"]


def test_prefetch_keeps_order_and_ends() -> None:
    closed: list[bool] = []
    assert list(prefetch(numbers(closed, 100), ahead=3)) == list(range(100))
    assert closed == [True]
    assert not workers()


def test_closing_stops_an_endless_source_and_its_thread() -> None:
    closed: list[bool] = []
    stream = prefetch(numbers(closed))
    assert [next(stream) for _ in range(5)] == [0, 1, 2, 3, 4]
    stream.close()  # type: ignore[attr-defined]
    assert closed == [True]
    assert not workers()


def test_never_more_than_ahead_items_are_made() -> None:
    made: list[int] = []

    def source() -> Iterator[int]:
        for i in range(100):
            made.append(i)
            yield i

    stream = prefetch(source(), ahead=2)
    next(stream)
    threading.Event().wait(0.3)
    assert len(made) <= 5  # one taken, two queued, one in hand, one just made
    stream.close()  # type: ignore[attr-defined]


def test_an_error_in_the_source_reaches_the_consumer() -> None:
    def broken() -> Iterator[int]:
        yield 1
        raise RuntimeError("decoder fell over")

    stream = prefetch(broken())
    assert next(stream) == 1
    with pytest.raises(RuntimeError, match="decoder fell over"):
        next(stream)
    assert not workers()


def test_an_error_in_the_consumer_closes_the_source() -> None:
    closed: list[bool] = []
    with pytest.raises(ZeroDivisionError):
        for i in prefetch(numbers(closed)):
            1 // (3 - i)
    assert closed == [True]


def test_closing_source_takes_lists_too() -> None:
    with closing_source([1, 2]) as iterator:
        assert list(iterator) == [1, 2]
