"""A page of its own for the tests that call it, and a target that it shows."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Page:
    """A page that was opened by `python app.py`. stderr: the file of all that it said."""

    address: str
    home: Path
    stderr: Path

    @property
    def jobs(self) -> list[Path]:
        """The folders of its jobs."""
        return [path for path in (self.home / "jobs").iterdir() if path.is_dir()]


@pytest.fixture(scope="session")
def home_with_target(real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A user's folder with the target "dancer": k-NN, 64 px."""
    home = tmp_path_factory.mktemp("home")
    cut = ("--start", "4", "--end", "7", "--size", "64", "--methods", "knn")
    clip = str(real_data / "clips" / "blue-dancer.avi")
    command = [sys.executable, "-m", "posetransfer", "learn", clip, *cut, "--out", "dancer"]
    subprocess.run(command, cwd=ROOT, env=_environment(home), check=True, capture_output=True, timeout=120)
    return home


@pytest.fixture(scope="session")
def page(home_with_target: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    home, folder = home_with_target, tmp_path_factory.mktemp("page")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = _environment(home) | {"GRADIO_SERVER_PORT": str(port), "GRADIO_TEMP_DIR": str(folder / "uploads")}
    stderr = folder / "stderr.txt"
    with stderr.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "app.py"], cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=said
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/posetransfer/jobs", process)
            yield Page(f"http://127.0.0.1:{port}", home, stderr)
        finally:
            process.terminate()
            process.wait(timeout=20)


def _environment(home: Path) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith(("GRADIO_", "SPACE_"))}
    return own | {"POSETRANSFER_HOME": str(home), "POSETRANSFER_CACHE": str(home / "cache")}


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(480):
        assert process.poll() is None, "the page ended"
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except OSError:
            time.sleep(0.25)
    raise AssertionError("the page did not open within two minutes")
