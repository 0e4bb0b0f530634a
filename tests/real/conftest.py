"""A target learned once from real footage, small and quick, for all tests here."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class CommandLine:
    """Runs `python -m posetransfer` with caches of its own."""

    home: Path

    def start(self, *arguments: object) -> subprocess.Popen[str]:
        environment = {
            **os.environ,
            "POSETRANSFER_HOME": str(self.home),
            "POSETRANSFER_CACHE": str(self.home / "cache"),
        }
        return subprocess.Popen(
            [sys.executable, "-m", "posetransfer", *map(str, arguments)],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: object, code: int = 0) -> str:
        """Run to the end, check the exit code, give what was printed on stderr."""
        with self.start(*arguments) as process:
            out, err = process.communicate(timeout=300)
        assert process.returncode == code, f"{out}\n{err}"
        assert "Traceback" not in err
        return err


@pytest.fixture(scope="session")
def command(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    return CommandLine(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="session")
def clips(real_data: Path) -> Path:
    return real_data / "clips"


@pytest.fixture(scope="session")
def dancer(command: CommandLine, clips: Path) -> Path:
    """A target with k-NN and a hardly trained pose2pics, 64 px."""
    folder = command.home / "dancer"
    cut = ("--start", 4, "--end", 9, "--size", 64, "--steps", 3)
    command.run("learn", clips / "blue-dancer.avi", *cut, "--out", folder)
    return folder
