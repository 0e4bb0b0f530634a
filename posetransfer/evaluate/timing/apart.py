"""Something measured in a process of its own: its peak of memory is its own, and so are its threads and caches."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Generator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final, TypeVar

from posetransfer.errors import PoseTransferError
from posetransfer.types import Progress

T = TypeVar("T")

LOOK_EVERY: Final = 0.5  # seconds between two looks for the result, so that a stop is heeded

_NEW = multiprocessing.get_context("spawn")  # a fork would begin with what this process holds


def apart(
    cache: Path, message: str, work: Callable[..., T], *arguments: Any
) -> Generator[Progress, None, tuple[T, float]]:
    """Do `work(*arguments)` in a new process whose caches lie in the folder `cache`.

    Gives what the work gives, and the seconds from the start of the process on, imports included. message: what is
    being measured. Closing the generator ends the process. Raises what the work raises of what a user can mend, and
    PoseTransferError if the process was ended from outside.
    """
    here, there = _NEW.Pipe(duplex=False)
    process = _NEW.Process(target=_answer, args=(there, cache, work, arguments), daemon=True)
    begun = time.perf_counter()
    process.start()
    there.close()
    try:
        yield Progress("measure", 0, None, message)
        while not here.poll(LOOK_EVERY):
            yield Progress("measure", 0, None, message)
        answer = here.recv()
        seconds = time.perf_counter() - begun
    except EOFError:
        process.join()
        raise PoseTransferError(
            f"{message}: the process ended without a result (exit code {process.exitcode}). If memory ran out, "
            "measure fewer frames or another size."
        ) from None
    finally:
        here.close()
        process.terminate()
        process.join()
    if isinstance(answer, PoseTransferError):
        raise answer
    return answer, seconds


def _answer(there: Connection, cache: Path, work: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    """What the new process does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches it too; the parent decides
    os.environ["POSETRANSFER_CACHE"] = str(cache)
    try:
        there.send(work(*arguments))
    except PoseTransferError as error:
        there.send(error)
