"""Jobs of the tests' own kinds, opened and closed, and waits that end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from space.jobs.jobs import Jobs
from space.jobs.limits import JobLimits

KINDS = "tests.space.kinds"
NO_LIMITS = {"make": JobLimits(), "look": JobLimits()}


@contextmanager
def opened(
    root: Path, limits: dict[str, JobLimits] | None = None, *, warm: bool = False, **options: Any
) -> Iterator[Jobs]:
    jobs = Jobs(root, limits or NO_LIMITS, kinds=KINDS, **options)
    jobs.start(warm=warm)
    try:
        yield jobs
    finally:
        jobs.close()


def hand_in(jobs: Jobs, kind: str, visitor: str = "", **arguments: Any) -> str:
    return jobs.submit(kind, arguments, {"driving": "dance.mp4"}, visitor)


def until(condition: Callable[[], Any], seconds: float = 9.0) -> Any:
    """Wait for `condition` to give something true, and give that."""
    limit = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < limit, "waited for too long"
        time.sleep(0.02)
    return value


def in_state(jobs: Jobs, token: str, *states: str) -> dict[str, Any]:
    """The job's status once it is in one of `states`."""
    return dict(until(lambda: (s := jobs.status(token))["state"] in states and s))


def at_end(jobs: Jobs, token: str) -> dict[str, Any]:
    return in_state(jobs, token, "done", "failed", "stopped")


def at_work(jobs: Jobs, token: str) -> dict[str, Any]:
    """The status once the kind itself has yielded."""
    return dict(until(lambda: (s := jobs.status(token))["state"] == "running" and s["stage"] and s))
