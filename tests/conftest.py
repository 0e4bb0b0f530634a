"""Fixtures every suite shares."""

from __future__ import annotations

import logging
import os
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

# read when huggingface_hub is imported: the Hub on loopback has no storage by pieces, and nothing goes to the real one
os.environ.setdefault("HF_HUB_DISABLE_XET", "1")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
# read when trackio is imported: tests' trainings are not kept among the user's own
_TRACKED = tempfile.TemporaryDirectory(prefix="trackio-")
os.environ["TRACKIO_DIR"] = _TRACKED.name


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real footage and weights, or a skip that says how to name it."""
    folder = os.environ.get("POSETRANSFER_DATA")
    if not folder or not Path(folder).is_dir():
        pytest.skip("POSETRANSFER_DATA does not name a folder of real footage.")
    return Path(folder)


@pytest.fixture(autouse=True)
def nothing_left_behind(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """Fail a test that logged an ERROR or left one of our threads alive."""
    before = set(threading.enumerate())
    yield
    left = [t.name for t in threading.enumerate() if t not in before and t.is_alive() and t.name == "prefetch"]
    assert not left, f"threads left alive: {left}"
    errors = [r.getMessage() for r in caplog.get_records("call") if r.levelno >= logging.ERROR]
    assert not errors, f"errors were logged: {errors}"
