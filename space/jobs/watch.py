"""Stands by while a worker works: sees that it ends, dies, passes a limit, is discarded or must close."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from enum import Enum, auto

from space.jobs.folder import JobFolder
from space.jobs.limits import JobLimits
from space.jobs.process import Worker

LOOK_SECONDS = 0.1  # between two looks at the worker
DISCARD_SECONDS = 5.0  # what a discarded job gets to close by itself
START_SECONDS = 180.0  # imports from a cold, slow disk take a minute; a hung one never ends


class Event(Enum):
    """What the watch ended with."""

    FINISHED = auto()  # the worker is free again
    DIED = auto()
    KILLED = auto()  # for a limit, or because it did not heed a discard
    CLOSING = auto()  # killed because the page closes; the job is not over


@dataclass(frozen=True)
class Outcome:
    """sentence: what to tell the visitor if the job left no result."""

    event: Event
    sentence: str = ""


def watch(folder: JobFolder, worker: Worker, limits: JobLimits, closing: threading.Event) -> Outcome:
    """Block until the worker is done with the job, or is gone. Time counts from when it is ready."""
    begun = started = time.monotonic()
    discarded: float | None = None
    while not worker.finished(LOOK_SECONDS):
        now = time.monotonic()
        if closing.is_set():
            return _killed(worker, Event.CLOSING, "")
        if not worker.alive:
            return Outcome(Event.DIED, _died(worker))
        if not worker.ready:
            begun = now
            if now - started > START_SECONDS:
                return _killed(worker, Event.KILLED, "The worker process did not start in time. Try again later.")
        if folder.discarded:
            discarded = discarded or now
            if now - discarded > DISCARD_SECONDS:
                return _killed(worker, Event.KILLED, "")
        if sentence := _limit_passed(worker, limits, now - begun):
            return _killed(worker, Event.KILLED, sentence)
    return Outcome(Event.FINISHED, "The job left no result; the disk may be full. Try again later.")


def _limit_passed(worker: Worker, limits: JobLimits, seconds: float) -> str:
    rss = worker.rss_mb
    if limits.memory_mb is not None and rss > limits.memory_mb:
        return (
            f"This needed more memory than a job may have ({rss:.0f} of {limits.memory_mb:.0f} MB) and was ended. "
            "Try a shorter piece or a smaller video."
        )
    if limits.seconds is not None and seconds > limits.seconds:
        return f"This took longer than a job may ({_span(limits.seconds)}) and was ended. Try a shorter piece."
    return ""


def _died(worker: Worker) -> str:
    if not worker.ready:
        return f"The worker process could not start ({worker.end_words}). Try again later."
    return (
        f"The worker process ended unexpectedly ({worker.end_words}). Try again; if it happens again, "
        "try a shorter piece."
    )


def _killed(worker: Worker, event: Event, sentence: str) -> Outcome:
    worker.kill()
    return Outcome(event, sentence)


def _span(seconds: float) -> str:
    return f"{seconds / 60:.0f} min" if seconds >= 120 else f"{seconds:.0f} s"
