"""Work that is kept can be paused and gone on with; when its worker dies it waits for that too."""

from __future__ import annotations

from pathlib import Path

import pytest

from space.jobs.errors import NotPausable
from space.jobs.folder import JobFolder, Request
from tests.space.open_jobs import at_end, at_work, hand_in, in_state, opened


def test_paused_and_gone_on_with(tmp_path: Path) -> None:
    with opened(tmp_path) as jobs:
        token = hand_in(jobs, "save", to=60, pause=0.02)
        at_work(jobs, token)
        jobs.pause(token)
        paused = in_state(jobs, token, "paused")
        assert 0 < paused["done"] < 60 and paused["error"] is None
        jobs.resume(token)
        jobs.resume(token)
        assert at_end(jobs, token)["result"]["counted"] == 60
        assert paused["done"] <= int((tmp_path / token / "kept.txt").read_text())


def test_a_pause_lasts_over_a_restart_of_the_page(tmp_path: Path) -> None:
    with opened(tmp_path) as jobs:
        token = hand_in(jobs, "save", to=60, pause=0.02)
        at_work(jobs, token)
        jobs.pause(token)
        in_state(jobs, token, "paused")
    with opened(tmp_path) as jobs:
        assert jobs.status(token)["state"] == "paused"
        jobs.resume(token)
        assert at_end(jobs, token)["state"] == "done"


def test_one_that_waits_is_paused_at_once(tmp_path: Path) -> None:
    with opened(tmp_path, max_per_visitor=9) as jobs:
        first, second = hand_in(jobs, "save", to=200, pause=0.02), hand_in(jobs, "save", to=2)
        at_work(jobs, first)
        jobs.pause(second)
        assert jobs.status(second)["state"] == "paused"
        jobs.discard(first)
        jobs.resume(second)
        assert at_end(jobs, second)["state"] == "done"


def test_a_worker_that_dies_leaves_it_to_be_gone_on_with(tmp_path: Path) -> None:
    with opened(tmp_path) as jobs:
        token = hand_in(jobs, "save", to=20, die_at=5)
        paused = in_state(jobs, token, "paused", "failed", "done")
        assert paused["state"] == "paused" and "signal 9" in paused["error"]
        jobs.resume(token)
        assert at_end(jobs, token)["result"]["counted"] == 20


def test_one_that_was_interrupted_too_often_is_paused_and_not_given_up(tmp_path: Path) -> None:
    tmp_path.mkdir(exist_ok=True)
    folder = JobFolder.create(tmp_path, Request("save", "", 1.0, {}, {"to": 2}, attempts=2), {})
    with opened(tmp_path) as jobs:
        assert "begun twice" in in_state(jobs, folder.token, "paused", "failed")["error"]
        jobs.resume(folder.token)
        assert at_end(jobs, folder.token)["state"] == "done"


def test_its_videos_stay_while_it_can_be_gone_on_with(tmp_path: Path) -> None:
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"pictures")
    arguments = {"to": 60, "pause": 0.02, "clips": ["clip0-a.mp4"], "sources": ["source0-b.mp4"]}
    with opened(tmp_path / "jobs") as jobs:
        files = {"clip0-a.mp4": clip, "source0-b.mp4": clip}
        token = jobs.submit("save", arguments, {}, "", files)
        at_work(jobs, token)
        jobs.pause(token)
        in_state(jobs, token, "paused")
        assert all((tmp_path / "jobs" / token / name).exists() for name in files)
        jobs.resume(token)
        at_end(jobs, token)
    assert not any((tmp_path / "jobs" / token / name).exists() for name in files)


def test_what_is_not_kept_cannot_be_paused(tmp_path: Path) -> None:
    with opened(tmp_path) as jobs:
        token = hand_in(jobs, "count", to=3)
        with pytest.raises(NotPausable, match="Only a training can be paused"):
            jobs.pause(token)
        at_end(jobs, token)
        with pytest.raises(NotPausable, match="is over"):
            jobs.resume(token)
