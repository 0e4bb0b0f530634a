"""All jobs of a page: handed in, looked at, stopped, thrown away, and taken up again after a restart."""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from importlib import import_module
from pathlib import Path
from typing import Any

from posetransfer.errors import UnknownName
from space.jobs import status
from space.jobs.errors import JobNotFound, NotPausable, QueueFull
from space.jobs.estimates import Speeds
from space.jobs.files import served
from space.jobs.folder import Ending, JobFolder, Request
from space.jobs.lane import Lane
from space.jobs.limits import JobLimits
from space.jobs.lock import RootLock
from space.jobs.takeup import found_in

logger = logging.getLogger(__name__)

TIDY_SECONDS = 120.0  # between two deletions of old jobs
PASSING = dict.fromkeys(("look", "check", "pairs"), 3600.0)  # newest alone counts, not taken up again: seconds kept
NOT_FOUND = "There is no such job. It may have been deleted."


class Jobs:
    """The jobs in the folder `root`. No method blocks for longer than a few small files take.

    limits: of each lane; keep_seconds: how long ended jobs stay, None for ever; max_waiting: jobs that may wait in
    a lane; max_per_visitor: those of one visitor; kinds: a module as space.jobs.kinds; tidy_seconds: between two
    deletions of what is too old.
    """

    def __init__(
        self,
        root: Path,
        limits: dict[str, JobLimits],
        *,
        keep_seconds: float | None = None,
        max_waiting: int = 20,
        max_per_visitor: int = 3,
        kinds: str = "space.jobs.kinds",
        tidy_seconds: float = TIDY_SECONDS,
    ) -> None:
        self._root, self._limits, self._kinds_module = root.resolve(), limits, kinds
        self._keep_seconds, self._tidy_seconds = keep_seconds, tidy_seconds
        self._max_waiting, self._max_per_visitor = max_waiting, max_per_visitor
        declared = import_module(kinds)
        self._lane_of: dict[str, str] = dict(declared.LANES)
        self._warm: set[str] = getattr(declared, "WARM", set(limits))
        self._pausable: set[str] = getattr(declared, "PAUSABLE", set())
        self._lock = RootLock(self._root)
        self._known: dict[str, tuple[JobFolder, Request]] = {}
        self._lanes: dict[str, Lane] = {}
        self._changing, self._closing = threading.RLock(), threading.Event()
        self._tidying: threading.Thread | None = None

    def start(self, *, warm: bool = True) -> None:
        """Take the folder, and up again what was not over. warm: start workers at once. Raises AlreadyOpen."""
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._lock.acquire()
        self._speeds = Speeds(self._root / "speeds.json")
        for name, limits in self._limits.items():
            self._lanes[name] = Lane(name, limits, self._root, self._kinds_module, self._learn)
        self._take_up()
        self._tidying = threading.Thread(target=self._tidy, name="jobs-tidying", daemon=True)
        self._tidying.start()
        for name in self._warm & set(self._lanes) if warm else ():
            self._lanes[name].warm()

    def announce(self, address: str) -> None:
        """Write down where this page is, for the sentence that another one gets. Raises OutOfSpace."""
        self._lock.announce(address)

    def close(self) -> None:
        """End the workers and let go of the folder. Jobs under way are taken up at the next start."""
        self._closing.set()
        if self._tidying is not None:
            self._tidying.join()
        for lane in self._lanes.values():
            lane.close()
        self._lock.release()

    def submit(
        self,
        kind: str,
        arguments: dict[str, Any],
        title: dict[str, str],
        visitor: str = "",
        files: dict[str, Path] | None = None,
    ) -> str:
        """Hand in a job; gives its token. visitor: the visitor's key; files: name in the job's folder -> source.

        Raises UnknownName, QueueFull, UnsafeName and OutOfSpace.
        """
        if kind not in self._lane_of:
            raise UnknownName(f"There is no kind of job called {kind!r}. Choose one of: {', '.join(self._lane_of)}.")
        lane, owner = self._lanes[self._lane_of[kind]], _hashed(visitor)
        with self._changing:
            if kind in PASSING and owner:
                for token, (_, request) in list(self._known.items()):
                    if request.kind == kind and request.visitor == owner:
                        self.discard(token)
            self._check_room(lane, owner)
        request = Request(kind, owner, time.time(), title, arguments)
        folder = JobFolder.create(self._root, request, files or {})  # may copy a large file: not under the lock
        with self._changing:
            try:
                self._check_room(lane, owner)
            except QueueFull:
                folder.delete()
                raise
            self._known[folder.token] = (folder, request)
            lane.put(folder)
        return folder.token

    def status(self, token: str) -> dict[str, Any]:
        """The job as JSON for the browser. Raises JobNotFound."""
        with self._changing:
            folder, request = self._find(token)
            under_way, waiting = self._lanes[self._lane_of[request.kind]].order()
            ending = folder.ending()  # after the order: what is in neither place has its ending
            if ending is None and folder in waiting:
                before = waiting[: waiting.index(folder)]
                queue = before if under_way is None else [under_way, *before]
                # one that was discarded while under way still holds the lane, for seconds
                ahead = [(other, self._known[other.token][1]) for other in queue if other.token in self._known]
                return status.waiting(folder, request, ahead, under_way, self._speeds)
            if folder is under_way and (ending is None or ending.state == "paused"):  # then the lane lets go of it
                return status.running(folder, request, self._speeds)
            if ending is None and self._closing.is_set():  # the next start takes it up again
                return status.waiting(folder, request, [], None, self._speeds)
            return status.ended(folder, request, ending, self._speeds)

    def expected(self, method: str, size: int, frames: int, interpolate: int = 1) -> dict[str, float]:
        """Seconds that the stages of a transfer will take here: poses, load, make."""
        return self._speeds.expected(method, size, frames, interpolate)

    def ahead(self, kind: str) -> int:
        """How many jobs a new one of this kind would wait for."""
        current, waiting = self._lanes[self._lane_of[kind]].order()
        return len(waiting) + bool(current)

    def of_visitor(self, key: str) -> list[dict[str, Any]]:
        """The jobs of the visitor with this key, newest first."""
        with self._changing:
            own = [(r.created, token) for token, (_, r) in self._known.items() if r.visitor == _hashed(key) != ""]
            return [self.status(token) for _, token in sorted(own, reverse=True)]

    def stop(self, token: str) -> None:
        """Ask a job to end and keep what is done. Raises JobNotFound and OutOfSpace."""
        with self._changing:
            folder, request = self._find(token)
            if self._lanes[self._lane_of[request.kind]].take_out(token):
                folder.end(Ending("stopped"))
            elif folder.ending() is None:
                folder.press_stop()

    def pause(self, token: str) -> None:
        """Ask a job to end so that it can be gone on with. Raises JobNotFound, NotPausable and OutOfSpace."""
        with self._changing:
            folder, request = self._find(token)
            if request.kind not in self._pausable:
                raise NotPausable("Only a training can be paused.")
            if self._lanes[self._lane_of[request.kind]].take_out(token):
                folder.end(Ending("paused"))
            elif folder.ending() is None:
                folder.press_pause()

    def resume(self, token: str) -> None:
        """Go on with a paused job, after those that wait. Raises JobNotFound, NotPausable and OutOfSpace."""
        with self._changing:
            folder, request = self._find(token)
            lane, ending = self._lanes[self._lane_of[request.kind]], folder.ending()
            if ending is None or (ending.state == "paused" and lane.order()[0] is folder):
                return
            if ending.state != "paused":
                raise NotPausable("This is over and cannot be gone on with. Begin it anew.")
            folder.reopen()
            lane.put(folder)

    def discard(self, token: str) -> None:
        """Forget a job at once and delete it; one under way is ended first, in the background. Raises JobNotFound."""
        with self._changing:
            folder, request = self._find(token)
            del self._known[token]
        lane = self._lanes[self._lane_of[request.kind]]
        if not lane.take_out(token) and lane.order()[0] is folder:
            folder.discard()
            if lane.order()[0] is folder:
                return  # the lane deletes it when the worker has let go
        folder.delete()

    def file(self, token: str, name: str) -> Path:
        """A file of a job that the browser may have. Raises JobNotFound."""
        return served(self._find(token)[0], name)

    def _find(self, token: str) -> tuple[JobFolder, Request]:
        try:
            return self._known[token]
        except KeyError:
            raise JobNotFound(NOT_FOUND) from None

    def _check_room(self, lane: Lane, owner: str) -> None:
        under_way, waiting = lane.order()
        if len(waiting) >= self._max_waiting:
            raise QueueFull(f"{len(waiting)} jobs are waiting already. Try again in some minutes.")
        active = (self._known.get(folder.token) for folder in (under_way, *waiting) if folder is not None)
        own = sum(known is not None and known[1].visitor == owner for known in active)
        if own >= self._max_per_visitor:
            raise QueueFull(f"{own} of your jobs are under way or waiting. Wait for one, or cancel one.")

    def _take_up(self) -> None:
        """Know what is in the folder, and queue what is not over."""
        self._known, unfinished = found_in(self._root, self._lane_of, PASSING)
        for folder in unfinished:
            logger.info("Job %s is taken up again.", folder.token)
            self._lanes[self._lane_of[self._known[folder.token][1].kind]].put(folder)

    def _tidy(self) -> None:
        """Delete jobs that ended too long ago, now and every few minutes."""
        while self._keep_seconds is not None:
            for token, (folder, request) in list(self._known.items()):
                ended_at = folder.ended_at()
                kept = min(self._keep_seconds, PASSING.get(request.kind, self._keep_seconds))
                if ended_at is not None and time.time() - ended_at > kept:
                    with self._changing:
                        self._known.pop(token, None)
                    folder.delete()
            if self._closing.wait(self._tidy_seconds):
                return

    def _learn(self, folder: JobFolder) -> None:
        """Take in how long a whole transfer took."""
        ending, (_, request) = folder.ending(), self._known.get(folder.token, (None, None))
        if request is None or ending is None or not ending.result or ending.result.get("stopped_early"):
            return
        report, arguments = ending.result.get("report"), request.arguments
        options, size = arguments.get("options"), arguments.get("size")
        if report and options and size:
            self._speeds.learn(report, options["method"], size, options.get("interpolate", 1))


def _hashed(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest() if key else ""
