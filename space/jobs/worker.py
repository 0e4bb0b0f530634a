"""The worker process of a lane: `python -m space.jobs.worker LANE`. It stays warm and runs one job after another.

It says `ready` when its imports are done, then reads the path of one job's folder a line from stdin and says
`done` after each. When stdin ends it exits after the job under way: a page that died leaves no idle worker, and
a job under way is finished for the next page.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import logging
import os
import sys
from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any, TextIO

from posetransfer.errors import PoseTransferError
from posetransfer.types import Progress
from space.jobs.folder import Ending, JobFolder
from space.jobs.limits import JobLimits, restrict
from space.jobs.reporter import Reporter
from space.jobs.stops import StopPresses

logger = logging.getLogger(__name__)

Run = Callable[[JobFolder, dict[str, Any], Callable[[], int]], Generator[Progress, None, dict[str, Any] | None]]

NICENESS = 5  # the page stays responsive while a job computes
NO_MEMORY = "There was not enough memory for this. Try a shorter piece or a smaller video."
BUG = (
    "Something went wrong inside posetransfer; the details are in the log of this job. "
    "Try again, or try another piece of the video."
)
# what OpenVINO, OpenCV and torch say instead of raising MemoryError
_MEMORY_WORDS = ("bad_alloc", "insufficient memory", "not enough memory", "out of memory", "can't allocate memory")


def main() -> None:
    """Serve the lane until stdin ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("lane")
    parser.add_argument("--kinds", default="space.jobs.kinds")
    parser.add_argument("--memory-mb", type=float)
    options = parser.parse_args()
    speak = _private_stdout()
    logging.basicConfig(level=logging.INFO, stream=sys.stderr)
    with contextlib.suppress(AttributeError, OSError):  # not on Windows
        os.nice(NICENESS)
    kinds = import_module(options.kinds)
    runs = {kind: kinds.KINDS.resolve(kind) for kind, lane in kinds.LANES.items() if lane == options.lane}
    for module in kinds.IMPORTS[options.lane]:
        import_module(module)
    restrict(JobLimits(memory_mb=options.memory_mb))
    sys.stdin.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    _say(speak, "ready")
    for line in sys.stdin:
        perform(JobFolder(Path(line.rstrip("\n"))), runs)
        _say(speak, "done")


def perform(folder: JobFolder, runs: dict[str, Run]) -> None:
    """Run the job and write how it ended. Raises nothing that a job can cause."""
    with _logging_to(folder.path / "log.txt"):
        ending = _attempt(folder, runs)
        gc.collect()  # the page measures what is left before it keeps this worker for the next job
        try:
            folder.end(ending)
        except PoseTransferError as error:
            logger.error("The result could not be written: %s", error)


def _attempt(folder: JobFolder, runs: dict[str, Run]) -> Ending:
    try:
        return _drive(folder, runs)
    except PoseTransferError as error:
        logger.info("Failed: %s", error)
        return Ending("failed", str(error))
    except MemoryError:
        logger.exception("Out of memory")
        return Ending("failed", NO_MEMORY)
    except Exception as error:  # the border: whatever a kind raises must reach the visitor as a sentence
        logger.exception("Unexpected error")
        scarce = any(words in str(error).lower() for words in _MEMORY_WORDS)
        return Ending("failed", NO_MEMORY if scarce else BUG)


def _drive(folder: JobFolder, runs: dict[str, Run]) -> Ending:
    """Pull the job's generator to its end, or close it when the visitor discards the job."""
    request = folder.request()
    if request is None:
        raise PoseTransferError("The job's request is missing or damaged. Start it again.")
    reporter = Reporter(folder)
    with closing(runs[request.kind](folder, request.arguments, StopPresses(folder))) as steps:
        while not folder.discarded:
            if folder.pause_pressed:
                return Ending("paused")
            try:
                progress = next(steps)
            except StopIteration as end:
                reporter.finish()
                return Ending("stopped") if end.value is None else Ending("done", result=end.value)
            reporter.report(progress)
    return Ending("stopped")


@contextmanager
def _logging_to(path: Path) -> Iterator[None]:
    handler = logging.FileHandler(path, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(handler)
        handler.close()


def _private_stdout() -> TextIO:
    """What the page listens to. Descriptor 1 itself becomes stderr: native libraries print there as they like."""
    speak = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return speak


def _say(speak: TextIO, word: str) -> None:
    with contextlib.suppress(OSError):  # the page is gone; stdin's end says so too
        speak.write(word + "\n")
        speak.flush()


if __name__ == "__main__":
    main()
