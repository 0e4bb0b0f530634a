"""A seat's worker process as the page sees it: words and the newest picture go in, whatever it says is handed on."""

from __future__ import annotations

import contextlib
import logging
import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Final

from space.jobs.process import ROOT
from space.live.wire import LEFT, Message, piece, read_pieces, words

logger = logging.getLogger(__name__)

EXIT_SECONDS: Final = 2.0
# numpy's BLAS keeps a thread for every core, which spins for a while after each product: with one product a picture it
# never sleeps, and takes a core from the networks
QUIET: Final = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}


class LiveProcess:
    """One worker. Its methods return at once and may be called from any thread.

    log: where its stderr goes; threads: of each of the two networks that run beside each other; memory_mb: its limit.
    """

    def __init__(self, log: Path, threads: int, memory_mb: float) -> None:
        command = [sys.executable, "-m", "space.live.worker", "--threads", str(threads), "--memory-mb", str(memory_mb)]
        with log.open("w", encoding="utf-8") as stderr:
            self._process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=os.environ | QUIET,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                start_new_session=True,  # Ctrl-C is for the page
            )
        self._words: deque[str] = deque()
        self._picture: bytes | None = None
        self._ended = False
        self._leaving = 0  # visitors whose last words have not all come yet
        self._changed = threading.Condition()
        self._heard: Callable[[Message | None], None] | None = None
        self._threads = [
            threading.Thread(target=target, name=f"live-{name}", daemon=True)
            for name, target in (("writer", self._write), ("reader", self._read))
        ]
        for thread in self._threads:
            thread.start()

    def listen(self, heard: Callable[[Message | None], None] | None) -> None:
        """Hand what it says from now on to `heard`, in a thread of this object; None says that it has ended."""
        self._heard = heard

    def say(self, words: str) -> None:
        """Tell it something; nothing is left out."""
        with self._changed:
            self._words.append(words)
            self._changed.notify()

    def leave(self) -> None:
        """The visitor goes: nothing that the worker still says about them reaches the next one."""
        with self._changed:
            self._leaving += 1
            self._picture = None
        self.listen(None)
        self.say(words(do="leave"))

    def show(self, picture: bytes) -> None:
        """Give it a picture; one that it hasn't taken yet is replaced."""
        with self._changed:
            self._picture = picture
            self._changed.notify()

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def close(self) -> None:
        """End it, with a moment to finish its files, and wait until it is gone."""
        with self._changed:
            self._ended = True
            self._changed.notify()
        try:
            self._process.wait(EXIT_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for thread in self._threads:
            thread.join()

    def _write(self) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(OSError), self._process.stdin as stdin:  # an end that is broken is seen by the reader
            while (message := self._next()) is not None:
                stdin.write(piece(message))
                stdin.flush()

    def _next(self) -> Message | None:
        with self._changed:
            self._changed.wait_for(lambda: self._words or self._picture is not None or self._ended)
            if self._ended:
                return None
            if self._words:
                return self._words.popleft()
            picture, self._picture = self._picture, None
            return picture

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as stdout:
            for message in read_pieces(stdout):
                if message == LEFT:
                    with self._changed:
                        self._leaving -= 1
                elif (heard := self._heard) is not None and not self._leaving:
                    heard(message)
        if not self._ended:
            logger.warning("A live worker ended by itself: exit code %s.", self._process.wait())
        if (heard := self._heard) is not None:
            heard(None)
