"""Worker processes as the page sees them: one it started, or one that an earlier page left at work."""

from __future__ import annotations

import contextlib
import queue
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Protocol

import psutil

from space.jobs.folder import JobFolder
from space.jobs.limits import JobLimits

ROOT = Path(__file__).resolve().parents[2]
CLOCK_DRIFT = 2.0  # s: a process's creation time is told by the wall clock, which may be set meanwhile
EXIT_SECONDS = 2.0
LOG_BYTES = 10**6


class Worker(Protocol):
    """A process that works, or will work, on a job."""

    ready: bool  # its imports are done

    def finished(self, timeout: float) -> bool:
        """Wait up to `timeout` s for the job to end; whether it did."""

    @property
    def alive(self) -> bool: ...

    @property
    def rss_mb(self) -> float:
        """MiB that it holds in memory now; 0 if it is gone."""

    @property
    def end_words(self) -> str:
        """How it ended, e.g. "signal 9"."""

    def kill(self) -> None:
        """End it at once, and wait until it is gone."""


class OwnWorker:
    """A warm worker that this page started; it takes one job after another."""

    def __init__(self, lane: str, limits: JobLimits, kinds: str, log: Path) -> None:
        command = [sys.executable, "-m", "space.jobs.worker", lane, "--kinds", kinds]
        if limits.memory_mb is not None:
            command += ["--memory-mb", str(limits.memory_mb)]
        mode = "a" if log.exists() and log.stat().st_size < LOG_BYTES else "w"  # what a crash said is not lost at once
        with log.open(mode, encoding="utf-8") as stderr:  # a file outlives the page, a pipe would not
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                encoding="utf-8",
                start_new_session=True,  # Ctrl-C is for the page
            )
        self.ready = False
        self._said: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._listener = threading.Thread(target=self._listen, name="worker-listener", daemon=True)
        self._listener.start()

    def hand(self, folder: JobFolder) -> None:
        """Give it the next job. Raises OutOfSpace."""
        try:
            folder.set_worker(self._process.pid, psutil.Process(self._process.pid).create_time())
            assert self._process.stdin is not None
            self._process.stdin.write(f"{folder.path}\n")
            self._process.stdin.flush()
        except (BrokenPipeError, psutil.NoSuchProcess):
            return  # it has just died: whoever watches it sees that

    def finished(self, timeout: float) -> bool:
        try:
            word = self._said.get(timeout=timeout)
        except queue.Empty:
            return False
        self.ready |= word == "ready"
        return word == "done"

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    @property
    def rss_mb(self) -> float:
        return _rss_mb(self._process.pid) if self.alive else 0.0

    @property
    def end_words(self) -> str:
        code = self._process.poll() or 0
        return f"signal {-code}" if code < 0 else f"exit code {code}"

    def kill(self) -> None:
        self._process.kill()
        self._release()

    def close(self) -> None:
        """End it between two jobs."""
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(EXIT_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._release()

    def _release(self) -> None:
        self._process.wait()
        self._listener.join()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with contextlib.suppress(OSError):  # what was not flushed has nowhere to go
                pipe.close()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._said.put(line.strip())


class AdoptedWorker:
    """A worker that an earlier page started. It exits after its job, for nobody gives it another."""

    ready = True
    end_words = "it outlived its page"

    def __init__(self, folder: JobFolder, process: psutil.Process) -> None:
        self._folder, self._process = folder, process

    @classmethod
    def of(cls, folder: JobFolder) -> AdoptedWorker | None:
        """The worker that `folder` was handed to, if it still lives."""
        known = folder.worker()
        if known is None:
            return None
        pid, created = known
        try:
            process = psutil.Process(pid)
            if abs(process.create_time() - created) > CLOCK_DRIFT:
                return None  # another process, with the same number
        except psutil.Error:
            return None
        adopted = cls(folder, process)
        return adopted if adopted.alive else None

    def finished(self, timeout: float) -> bool:
        time.sleep(timeout)
        return self._folder.ending() is not None

    @property
    def alive(self) -> bool:
        try:
            return bool(self._process.is_running() and self._process.status() != psutil.STATUS_ZOMBIE)
        except psutil.Error:
            return False

    @property
    def rss_mb(self) -> float:
        return _rss_mb(self._process.pid)

    def kill(self) -> None:
        with contextlib.suppress(psutil.Error):
            self._process.kill()
            # a zombie of another parent stays listed until that one, or init, has taken note of it
            psutil.wait_procs([self._process], timeout=EXIT_SECONDS)


def _rss_mb(pid: int) -> float:
    try:
        return float(psutil.Process(pid).memory_info().rss) / 2**20
    except psutil.Error:
        return 0.0
