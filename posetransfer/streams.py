"""Stages that pass items on: closing the last closes them all, and none outlives its consumer."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

T = TypeVar("T")


@contextmanager
def closing_source(source: Iterable[T]) -> Iterator[Iterator[T]]:
    """Iterate `source` in a with-block and close it at the end, if it is something that closes.

    A for-loop over a generator leaves it open when the loop is left early; its decoder and its thread
    would then live until the garbage collector comes.
    """
    iterator = iter(source)
    try:
        yield iterator
    finally:
        close = getattr(iterator, "close", None)
        if close is not None:
            close()


def finished(run: Generator[object, None, T]) -> T:
    """Run a generator to its end, whatever it yields; gives what it returns."""
    while True:
        try:
            next(run)
        except StopIteration as end:
            result: T = end.value
            return result


class _End:
    """Marks the end of a stream in the queue, with the error that ended it, if one did."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


class _Worker(Generic[T]):
    """Runs a source in a thread and puts what it gives into a bounded queue."""

    def __init__(self, source: Iterable[T], ahead: int) -> None:
        self.items: queue.Queue[T | _End] = queue.Queue(maxsize=ahead)
        self._source = source
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="prefetch", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread and wait until its source is closed."""
        self._stop.set()
        self._thread.join()

    def _put(self, item: T | _End) -> None:
        while not self._stop.is_set():
            try:
                self.items.put(item, timeout=0.1)
                return
            except queue.Full:
                continue

    def _work(self) -> None:
        error: BaseException | None = None
        try:
            with closing_source(self._source) as iterator:
                for item in iterator:
                    self._put(item)
                    if self._stop.is_set():
                        return
        except BaseException as caught:  # whatever it is, it belongs to the consumer
            error = caught
        self._put(_End(error))


def prefetch(source: Iterable[T], ahead: int = 4) -> Generator[T, None, None]:
    """Run `source` in a thread, at most `ahead` items in front of the consumer.

    An error in the source is raised here, with its traceback. Closing the result, or an error in the
    consumer, stops the thread and closes the source before it returns.
    """
    worker = _Worker(source, ahead)
    try:
        while True:
            item = worker.items.get()
            if isinstance(item, _End):
                if item.error is not None:
                    raise item.error
                return
            yield item
    finally:
        worker.stop()
