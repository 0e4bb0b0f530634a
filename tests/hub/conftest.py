"""The Hub on loopback, in its own process, and places of the user's that are empty."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from posetransfer.cli.show import drain
from posetransfer.hub.hub import Publication
from posetransfer.hub.huggingface import HuggingFaceHub
from posetransfer.hub.reference import Reference
from tests.hub_server.process import hub_process
from tests.made_targets import write_a_target

ROOT = Path(__file__).resolve().parents[2]
CONSENT = "This is Anna, who agreed to it."
NAME = Reference("alice", "anna")


@dataclass(frozen=True)
class Loopback:
    """The Hub's address, and what a test may wish of it."""

    address: str

    def wish(self, **wanted: Any) -> None:
        body = json.dumps(wanted).encode()
        urllib.request.urlopen(urllib.request.Request(f"{self.address}/_control", body)).read()

    def fault(self, match: str, do: str, value: float = 0.0, times: int = 1_000_000, **more: Any) -> None:
        self.wish(faults=[{"match": match, "do": do, "value": value, "times": times, **more}])

    def well(self) -> None:
        self.wish(faults=[])

    def log(self) -> list[dict[str, Any]]:
        told: list[dict[str, Any]] = json.loads(urllib.request.urlopen(f"{self.address}/_log").read())
        return told

    def hub(self, token: str | None = "token-alice") -> HuggingFaceHub:
        return HuggingFaceHub(token, self.address)


@pytest.fixture(scope="module")
def loopback(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Loopback]:
    with hub_process(tmp_path_factory.mktemp("hub")) as address:
        yield Loopback(address)


@pytest.fixture(autouse=True)
def own_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSETRANSFER_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("POSETRANSFER_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("HF_TOKEN", raising=False)


@pytest.fixture
def publish(loopback: Loopback, tmp_path: Path) -> Callable[..., Path]:
    """Publish a target as alice, by the real client; gives the folder it was published from."""

    def published(repo: str = "anna", megabytes: float = 0.1, private: bool = False, seed: int = 0) -> Path:
        folder = write_a_target(tmp_path / "made" / repo, megabytes, seed)
        publication = Publication(CONSENT, "cc-by-4.0", private)
        drain(loopback.hub().push(folder, Reference("alice", repo), publication))
        loopback.wish(forget=True)
        return folder

    return published


@pytest.fixture
def command(loopback: Loopback) -> Callable[..., subprocess.Popen[str]]:
    """A command as a user types it, begun; the Hub is that on loopback."""
    loopback.well()

    def run(*arguments: object, token: str | None = "token-alice", **places: str) -> subprocess.Popen[str]:
        place = {"HF_ENDPOINT": loopback.address, "HF_HUB_DISABLE_XET": "1", **({"HF_TOKEN": token} if token else {})}
        words = [sys.executable, "-m", "posetransfer", *map(str, arguments)]
        pipe, env = subprocess.PIPE, {**os.environ, **place, **places}
        return subprocess.Popen(words, cwd=ROOT, env=env, stdout=pipe, stderr=pipe, text=True)

    return run


@pytest.fixture
def said(command: Callable[..., subprocess.Popen[str]]) -> Callable[..., str]:
    """What a command said, on both ways out, when it had ended with `code`."""

    def run(*arguments: object, code: int = 0, **places: str) -> str:
        with command(*arguments, **places) as process:
            out, err = process.communicate(timeout=60)
        assert process.returncode == code, err
        assert "Traceback" not in err
        return out + err

    return run
