"""Small kinds of jobs for the tests: they count, sleep, hold memory, fail, die. They run in real workers."""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
from collections.abc import Callable, Generator
from contextlib import suppress
from typing import Any

import numpy as np

from posetransfer.errors import NoPersonFound
from posetransfer.plugins import Registry
from posetransfer.types import Progress
from space.jobs.folder import JobFolder

logger = logging.getLogger(__name__)
Stopped = Callable[[], int]
Steps = Generator[Progress, None, dict[str, Any] | None]

_NAMES = (
    "count",
    "save",
    "drip",
    "stubborn",
    "hungry",
    "greedy",
    "fail",
    "crash",
    "die",
    "refuse",
    "chatter",
    "imported",
)
KINDS = Registry(
    "kind of job", {**{name: f"tests.space.kinds:{name}" for name in _NAMES}, "look": "tests.space.kinds:count"}
)
LANES = {**dict.fromkeys(_NAMES, "make"), "look": "look"}
IMPORTS = {"make": ("wave",), "look": ()}
PAUSABLE = {"save"}


def count(folder: JobFolder, arguments: dict[str, Any], stopped: Stopped) -> Steps:
    """Count to `to`, `pause` s each, and keep what was counted when stopped."""
    to = arguments.get("to", 3)
    partial = folder.path / "counted.partial.txt"
    counted = 0
    try:
        with partial.open("w", encoding="ascii") as file:
            while counted < to and not stopped():
                time.sleep(arguments.get("pause", 0.01))
                counted += 1
                file.write(f"{counted}\n")
                yield Progress("make", counted, to, frame=np.full((16, 24, 3), (200, 40, 0), np.uint8))
        logger.info("counted to %d in process %d", counted, os.getpid())
        if not counted:
            return None
        partial.rename(folder.path / "counted.txt")
        result = {"counted": counted, "pid": os.getpid(), "stopped_early": counted < to}
        return result | {"files": {"result": "counted.txt"}, "report": arguments.get("report")}
    finally:
        partial.unlink(missing_ok=True)


def save(folder: JobFolder, arguments: dict[str, Any], stopped: Stopped) -> Steps:
    """Count to `to` and go on where an earlier run was; at `die_at` the process dies, once."""
    kept, to, dead = folder.path / "kept.txt", arguments.get("to", 3), folder.path / "died.txt"
    counted = int(kept.read_text()) if kept.exists() else 0
    while counted < to and not stopped():
        time.sleep(arguments.get("pause", 0.01))
        counted += 1
        kept.write_text(str(counted))
        if counted == arguments.get("die_at") and not dead.exists():
            dead.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        yield Progress("train", counted, to)
    return {"counted": counted, "files": {}}


def drip(folder: JobFolder, arguments: dict[str, Any], stopped: Stopped) -> Steps:
    """Wait until it is stopped; nothing is kept."""
    while not stopped():
        time.sleep(0.02)
        yield Progress("poses", 0)
    return None


def stubborn(folder: JobFolder, arguments: dict[str, Any], stopped: Stopped) -> Steps:
    """Yield once, then heed nothing."""
    (folder.path / "half.partial.mp4").write_bytes(b"half")
    yield Progress("make", 1, 2)
    time.sleep(60)
    return {}


def hungry(folder: JobFolder, arguments: dict[str, Any], stopped: Stopped) -> Steps:
    """Take 20 MiB more at every step, and use them."""
    held = []
    for step in range(200):
        held.append(np.ones(20 * 2**20, np.uint8))
        time.sleep(0.04)
        yield Progress("make", step, 200)
    return {"held": len(held)}


def greedy(folder: JobFolder, arguments: dict[str, Any], stopped: Stopped) -> Steps:
    """Ask for more at once than any limit of the tests gives."""
    yield Progress("make", 0, 1)
    return {"held": np.ones(64 * 2**30, np.uint8).size}


def fail(folder: JobFolder, arguments: dict[str, Any], stopped: Stopped) -> Steps:
    """Raise what the user can mend."""
    yield Progress("poses", 0, 1)
    raise NoPersonFound("No person is seen in dance.mp4. Try another clip.")


def crash(folder: JobFolder, arguments: dict[str, Any], stopped: Stopped) -> Steps:
    """Raise what is a bug."""
    yield Progress("poses", 0, 1)
    raise ZeroDivisionError("the inner detail")


def die(folder: JobFolder, arguments: dict[str, Any], stopped: Stopped) -> Steps:
    """End the process as the system would when memory runs out."""
    (folder.path / "half.partial.mp4").write_bytes(b"half")
    yield Progress("make", 1, 2)
    os.kill(os.getpid(), signal.SIGKILL)
    return {}


def refuse(folder: JobFolder, arguments: dict[str, Any], stopped: Stopped) -> Steps:
    """Die at the first attempt, be done at the second."""
    mark = folder.path / "tried"
    again = mark.exists()
    mark.touch()
    yield Progress("make", 1, 2)
    while not again:
        time.sleep(0.02)
        yield Progress("make", 1, 2)
    return {"attempts": 2}


def chatter(folder: JobFolder, arguments: dict[str, Any], stopped: Stopped) -> Steps:
    """Write to descriptor 1, as native libraries do, also what the worker itself says."""
    for _ in range(3):
        with suppress(OSError):
            os.write(1, b"done\nready\n")
        yield Progress("make", 1, 2)
    time.sleep(0.3)
    return {"talked": True}


def imported(folder: JobFolder, arguments: dict[str, Any], stopped: Stopped) -> Steps:
    """Tell whether `module` is imported already."""
    yield Progress("make", 0)
    return {"imported": arguments["module"] in sys.modules}
