"""`hub` on the command line, as a user types it, and a pull whose process is killed."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from posetransfer.checkpoints.lookup import find_target
from posetransfer.errors import HubError
from posetransfer.hub.featured import featured_targets
from tests.made_targets import write_a_target

from .conftest import CONSENT, Loopback


def test_push_list_show_pull(said: Callable[..., str], tmp_path: Path) -> None:
    made = write_a_target(tmp_path / "made")
    told = said("hub", "push", made, "alice/typed", "--consent", CONSENT, "--licence", "cc0-1.0", "--public")
    assert "its footage itself is published" in told and told.splitlines()[0].endswith("/alice/typed")
    assert "alice/typed  cc0-1.0" in said("hub", "list", "typed")
    assert CONSENT in said("hub", "show", "alice/typed")
    assert "Use it with: --target alice/typed" in said("hub", "pull", "alice/typed")
    assert find_target("alice/typed").methods.keys() == {"knn"}
    assert "who is shown and that they agreed" in said("hub", "push", made, "alice/x", "--consent", "ok", code=2)
    assert "does not name a target on a hub" in said("hub", "pull", "typed", code=2)
    shared = tmp_path / "shared"
    shared.mkdir()
    said("hub", "push", "alice/typed", "class/typed", "--consent", CONSENT, "--folder", shared)
    assert "class/typed" in said("hub", "list", "--folder", shared)
    assert "class/typed" in said("hub", "pull", "class/typed", "--folder", shared)


def test_a_pull_whose_process_is_killed_goes_on_where_it_stopped(
    command: Callable[..., subprocess.Popen[str]], loopback: Loopback, publish: Callable[..., Path], tmp_path: Path
) -> None:
    made = publish("killed", megabytes=2)
    loopback.fault("GET .*frames.mp4", "slow", 0.05)  # 16 KiB each time: six seconds in all
    process = command("hub", "pull", "alice/killed")
    parts = tmp_path / "home" / "pulled" / "alice" / ".killed.parts"
    until = time.monotonic() + 60
    while sum(p.stat().st_size for p in parts.glob("*.part")) < 1_000_000 and time.monotonic() < until:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    loopback.wish(faults=[], forget=True)
    with command("hub", "pull", "alice/killed") as again:
        assert again.wait(timeout=60) == 0, again.stderr.read() if again.stderr else ""
    asked = [line["range"] for line in loopback.log() if line["request"].endswith("frames.mp4")]
    assert len(asked) == 1 and int(asked[0].removeprefix("bytes=").rstrip("-")) >= 1_000_000
    assert (find_target("alice/killed").folder / "frames.mp4").read_bytes() == (made / "frames.mp4").read_bytes()


def test_the_featured_list_is_whole_and_pinned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert all(entry.reference.pinned for entry in featured_targets())
    mine = tmp_path / "featured.json"
    monkeypatch.setenv("POSETRANSFER_FEATURED", str(mine))
    entry = {"target": f"alice/anna@{'0' * 40}", "title": "Anna", "licence": "cc0-1.0"}
    mine.write_text(json.dumps([entry]))
    assert [(str(found.reference), found.title) for found in featured_targets()] == [(entry["target"], "Anna")]
    mine.write_text(json.dumps([{**entry, "target": "alice/anna"}]))
    with pytest.raises(HubError, match=r"alice/anna in featured\.json is not pinned"):
        featured_targets()
    mine.write_text("{")
    with pytest.raises(HubError, match=r"cannot be read"):
        featured_targets()
