"""The live stage: how many seats there are, who sits there, and the workers behind them."""

from __future__ import annotations

import os
import secrets
import shutil
import threading
import time
from pathlib import Path
from typing import Final

from posetransfer.errors import PoseTransferError
from space.live.process import LiveProcess
from space.live.seat import Seat
from space.settings import Settings

HOSTED_SECONDS: Final = 120.0
KEPT_WARM: Final = 30.0  # seconds that an idle worker waits for the next visitor
MEMORY_MB: Final = 4096.0
RECORDINGS_KEPT: Final = 3600.0  # seconds


class SeatTaken(PoseTransferError):
    """Nobody else can perform live now; the sentence says when to come again."""


class Stage:
    """All seats. seats: how many, one for each four cores unless given. On a hosted Space one lasts two minutes.

    seconds: that a seat taken from now on lasts. Its folder, beside that of the jobs, is gone with what was recorded
    when it is closed.
    """

    def __init__(self, settings: Settings, seats: int | None = None) -> None:
        self.shared = settings.shared
        self.seconds = HOSTED_SECONDS if settings.hosted else None
        cores = os.cpu_count() or 1
        self._seats = seats or max(cores // 4, 1)
        self._threads = max(cores // self._seats // 2, 1)
        self._folder = settings.root.parent / "live"
        shutil.rmtree(self._folder, ignore_errors=True)  # of a page that was killed
        self._folder.mkdir(mode=0o700, parents=True)
        self._taken: dict[str, Seat] = {}
        self._idle: dict[LiveProcess, threading.Timer] = {}
        self._lock = threading.Lock()

    def take(self) -> Seat:
        """A seat, in the running event loop. Raises SeatTaken."""
        if len(self._taken) >= self._seats:
            raise SeatTaken(self._sentence())
        seat = Seat(self._worker(), self.seconds, self._freed, self._next_recording)
        self._taken[seat.token] = seat
        return seat

    def seat(self, token: str) -> Seat | None:
        """The seat of this token, while it is taken."""
        return self._taken.get(token)

    def recording(self, token: str) -> Path | None:
        """The finished recording of this token."""
        return next((path for path in self._folder.glob("*.mp4") if path.stem == token), None)

    def close(self) -> None:
        """End all workers and delete what was recorded."""
        with self._lock:
            idle, self._idle = self._idle, {}
        for timer in idle.values():
            timer.cancel()
        for process in [*idle, *(seat.process for seat in self._taken.values())]:
            process.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _worker(self) -> LiveProcess:
        """One that stands ready, or a new one."""
        with self._lock:
            while self._idle:
                process, timer = self._idle.popitem()
                timer.cancel()
                if process.alive:
                    return process
                process.close()
        return LiveProcess(self._folder / f"{secrets.token_hex(4)}.log", self._threads, MEMORY_MB)

    def _freed(self, seat: Seat) -> None:
        """Take a seat back; its worker waits a while for the next visitor."""
        self._taken.pop(seat.token, None)
        process = seat.process
        process.leave()
        timer = threading.Timer(KEPT_WARM, self._cool, [process])
        timer.daemon = True
        with self._lock:
            self._idle[process] = timer
        timer.start()

    def _cool(self, process: LiveProcess) -> None:
        with self._lock:
            if self._idle.get(process) is not threading.current_thread():
                return  # the next visitor has it, or had it
            del self._idle[process]
        process.close()

    def _next_recording(self) -> Path:
        """Where the next recording goes; those of an hour ago are deleted."""
        for old in self._folder.glob("*.mp4"):
            if time.time() - old.stat().st_mtime > RECORDINGS_KEPT:
                old.unlink(missing_ok=True)
        return self._folder / f"{secrets.token_hex(16)}.mp4"

    def _sentence(self) -> str:
        who = "Somebody else performs live" if self._seats == 1 else f"{self._seats} others perform live"
        ends = [seat.seconds_left for seat in self._taken.values()]
        first = min((left for left in ends if left is not None), default=None)
        if first is None:
            return f"{who} here just now. Press Start again when they are done."
        return f"{who} here just now, for {max(first, 1):.0f} s at most. Press Start again then."
