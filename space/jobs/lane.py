"""A lane: one warm worker and the jobs that wait for it, first come first served."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from posetransfer.errors import PoseTransferError
from space.jobs.folder import Ending, JobFolder
from space.jobs.limits import JobLimits
from space.jobs.process import AdoptedWorker, OwnWorker, Worker
from space.jobs.watch import Event, Outcome, watch

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 2
KEPT_UNDER = 0.5  # of the memory limit: a worker that holds more after a job gives way to a fresh one
GIVEN_UP = "This was begun twice and interrupted each time. Try again, or try a shorter piece."


class Lane:
    """Runs jobs one at a time in a worker process that is kept for the next. `ended` is told of each that ended."""

    def __init__(
        self, name: str, limits: JobLimits, root: Path, kinds: str, ended: Callable[[JobFolder], None]
    ) -> None:
        self.name = name
        self._pausable: set[str] = getattr(import_module(kinds), "PAUSABLE", set())
        self._limits, self._kinds, self._ended = limits, kinds, ended
        self._log = root.resolve() / f"{name}.log"
        self._waiting: deque[JobFolder] = deque()
        self._current: JobFolder | None = None
        self._worker: OwnWorker | None = None
        self._keep_warm = False
        self._changed = threading.Condition()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._serve, name=f"lane-{name}", daemon=True)
        self._thread.start()

    def warm(self) -> None:
        """Have a worker stand ready from now on, before a job comes."""
        with self._changed:
            self._keep_warm = True
            self._changed.notify()

    def put(self, folder: JobFolder) -> None:
        """Queue a job. One that an earlier page's worker is still at is watched to its end."""
        with self._changed:
            self._waiting.append(folder)
            self._changed.notify()

    def take_out(self, token: str) -> bool:
        """Remove a waiting job from the queue; whether it was still waiting."""
        with self._changed:
            for folder in self._waiting:
                if folder.token == token:
                    self._waiting.remove(folder)
                    return True
        return False

    def order(self) -> tuple[JobFolder | None, list[JobFolder]]:
        """The job under way, and those that wait, next one first."""
        with self._changed:
            return self._current, list(self._waiting)

    def close(self) -> None:
        """End the worker. A job under way is left without a result, for the next start to take up again."""
        with self._changed:
            self._closing.set()
            self._changed.notify()
        self._thread.join()

    def _serve(self) -> None:
        while (folder := self._next()) is not None:
            try:
                self._perform(folder)
            except PoseTransferError as error:
                logger.warning("Job %s could not be run: %s", folder.token, error)
                self._end(folder, self._interrupted(folder, str(error)))
            except Exception:  # the lane must go on with the next job, whatever one job's files did
                logger.exception("Job %s", folder.token)
                self._end(folder, Ending("failed", "Something went wrong inside posetransfer. Try again."))
            folder.drop_videos()
            with self._changed:
                self._current = None
            if folder.discarded:  # looked at last: a discard that came any later finds the job not under way
                folder.delete()
        if self._worker is not None:
            self._worker.close()

    def _next(self) -> JobFolder | None:
        """Wait for the next job; None when the lane closes."""
        with self._changed:
            while not self._closing.is_set():
                if self._waiting:
                    self._current = self._waiting.popleft()
                    return self._current
                if self._keep_warm:
                    try:
                        self._own_worker()
                    except OSError as error:  # no process to be had now; the next job asks again
                        logger.warning("Lane %s has no warm worker: %s", self.name, error)
                self._changed.wait()
        return None

    def _perform(self, folder: JobFolder) -> None:
        adopted = AdoptedWorker.of(folder)
        worker: Worker
        if adopted is not None:
            worker = adopted
        else:
            if folder.count_attempt(1) > MAX_ATTEMPTS:
                self._end(folder, self._interrupted(folder, GIVEN_UP))
                return
            folder.clear_run()
            worker = own = self._own_worker()
            own.hand(folder)
        outcome = watch(folder, worker, self._limits, self._closing)
        if adopted is not None:
            adopted.kill()  # it is at its end; a second worker beside it would need the memory twice
        elif outcome.event is not Event.FINISHED or self._has_swollen():
            self._drop_worker()
        self._conclude(folder, outcome, again=adopted is not None and outcome.event is Event.DIED)

    def _conclude(self, folder: JobFolder, outcome: Outcome, *, again: bool) -> None:
        """See that the job has an ending. again: nobody saw how the worker died, so the job is begun once more."""
        if folder.ending() is not None or folder.discarded:
            self._end(folder, Ending("stopped"))
        elif outcome.event is Event.CLOSING:
            folder.count_attempt(-1)  # closing the page is not the job's fault
        elif again:
            folder.remove_partials()
            with self._changed:
                self._waiting.appendleft(folder)
        else:
            self._end(folder, self._interrupted(folder, outcome.sentence))

    def _interrupted(self, folder: JobFolder, sentence: str) -> Ending:
        """How a job ends that did not end by itself: failed, or paused where its work is kept."""
        request = folder.request()
        kept = request is not None and request.kind in self._pausable
        return Ending("paused" if kept else "failed", sentence)

    def _end(self, folder: JobFolder, ending: Ending) -> None:
        """Give the job this ending unless it has one, and tidy its folder."""
        folder.remove_partials()
        if folder.ending() is None:
            try:
                folder.end(ending)
            except PoseTransferError as error:
                logger.warning("Job %s ended as %s, unwritten: %s", folder.token, ending.state, error)
        self._ended(folder)

    def _own_worker(self) -> OwnWorker:
        """The warm worker; a new one if there is none or it has died."""
        if self._worker is not None and not self._worker.alive:
            self._drop_worker()
        if self._worker is None:
            self._worker = OwnWorker(self.name, self._limits, self._kinds, self._log)
        return self._worker

    def _has_swollen(self) -> bool:
        worker, limit = self._worker, self._limits.memory_mb
        return worker is not None and limit is not None and worker.rss_mb > KEPT_UNDER * limit

    def _drop_worker(self) -> None:
        if self._worker is not None:
            self._worker.kill()
        self._worker = None
