"""The page as users open it: `python app.py` in a process of its own, with a home and a port of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

ROOT = Path(__file__).resolve().parents[2]
OPEN_SECONDS = 120.0


class App:
    """A page. home: its user's folder; root: the project's; hosted: what a Space finds in its environment;
    address: where it is, the same after a restart.
    """

    def __init__(self, home: Path, root: Path = ROOT, hosted: dict[str, str] | None = None) -> None:
        self.home, self._root, self._hosted = home, root, hosted or {}
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self._port}"
        self._said = home / "stdout.txt"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Open it and wait until it says where it runs."""
        own = {"GRADIO_SERVER_PORT": str(self._port), "GRADIO_TEMP_DIR": str(self.home / "uploads")}
        with self._said.open("wb") as out, (self.home / "stderr.txt").open("ab") as err:
            command = [sys.executable, "-u", "app.py"]
            self._process = subprocess.Popen(
                command, cwd=self._root, env=environment(self.home) | own | self._hosted, stdout=out, stderr=err
            )
        until(lambda: "Running on local URL" in self._said.read_text() or self._process_ended(), OPEN_SECONDS)
        assert not self._process_ended(), self.complaints

    def kill(self) -> None:
        """End it with SIGKILL, as an out-of-memory killer does; its workers live on."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def close(self) -> None:
        """End it as a service manager does; its workers go with it."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(60)

    @property
    def complaints(self) -> str:
        """What it wrote to stderr, in all its runs."""
        return (self.home / "stderr.txt").read_text()

    def folder(self, token: str) -> Path:
        """Where the files of a job are."""
        return self.home / "jobs" / token

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def worker(self) -> psutil.Process:
        """The process that makes the pictures."""
        assert self._process is not None
        children = psutil.Process(self._process.pid).children()
        return next(child for child in children if "make" in child.cmdline())

    def _process_ended(self) -> bool:
        return self._process is None or self._process.poll() is not None


@contextmanager
def opened_app(home: Path, root: Path = ROOT, hosted: dict[str, str] | None = None) -> Iterator[App]:
    """A page that is open for the block."""
    app = App(home, root, hosted)
    app.start()
    try:
        yield app
    finally:
        app.close()


def environment(home: Path) -> dict[str, str]:
    """This process's environment with `home` for all that is kept, and nothing that makes the page another one."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("GRADIO_", "SPACE_"))}
    return plain | {"POSETRANSFER_HOME": str(home), "POSETRANSFER_CACHE": str(home / "cache")}


def learn(home: Path, *arguments: object) -> None:
    """Make a target of `home` by the command line."""
    command = [sys.executable, "-m", "posetransfer", "learn", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, env=environment(home), capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr


def until(met: Callable[[], Any], seconds: float) -> None:
    """Wait for a condition outside the browser. Fails after `seconds`."""
    end = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < end, f"not so within {seconds:.0f} s"
        time.sleep(0.1)
