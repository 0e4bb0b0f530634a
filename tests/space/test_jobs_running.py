"""Jobs in real worker processes: they run one after another, show how far they are, stop and are thrown away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import psutil
import pytest

from posetransfer.errors import UnknownName
from space.jobs.errors import JobNotFound
from tests.space.open_jobs import at_end, at_work, hand_in, opened, until

LENGTH: dict[str, Any] = {"options": {"method": "knn", "interpolate": 1}, "size": 256, "frames": 1000}


def test_a_job_runs_and_its_result_is_read(tmp_path: Path) -> None:
    with opened(tmp_path) as jobs:
        token = hand_in(jobs, "count", to=3)
        status = at_end(jobs, token)
        assert status["state"] == "done" and status["error"] is None
        assert status["title"] == {"driving": "dance.mp4"} and status["share"] == 1.0
        assert status["result"]["counted"] == 3 and not status["result"]["stopped_early"]
        assert jobs.file(token, "counted.txt").read_text() == "1\n2\n3\n"
        assert "counted to 3" in (tmp_path / token / "log.txt").read_text()
        assert not list((tmp_path / token).glob("*.partial*"))


def test_progress_rate_and_preview_are_seen_while_it_runs(tmp_path: Path) -> None:
    with opened(tmp_path) as jobs:
        token = hand_in(jobs, "count", to=400, pause=0.02)
        until(lambda: int((jobs.status(token)["preview"] or "preview.jpg?v=0").removeprefix("preview.jpg?v=")) >= 3)
        status = jobs.status(token)
        assert status["state"] == "running" and status["stage"] == "make" and status["total"] == 400
        assert 0 < status["done"] < 400 and status["share"] == status["done"] / 400
        assert 0 < status["fps"] < 50  # it sleeps 20 ms each time
        assert status["seconds_left"] == pytest.approx((400 - status["done"]) / status["fps"], abs=1.0)
        picture = cv2.imread(str(jobs.file(token, "preview.jpg")))
        assert picture.shape == (16, 24, 3) and picture[8, 12, 2] > 150  # OpenCV's order is BGR: red is last


def test_two_jobs_wait_in_order_and_share_a_worker(tmp_path: Path) -> None:
    with opened(tmp_path) as jobs:
        first = hand_in(jobs, "count", to=40, pause=0.02, **LENGTH)
        second = hand_in(jobs, "count", to=2, **LENGTH)
        third = hand_in(jobs, "count", to=2)
        until(lambda: jobs.status(first)["state"] == "running")
        waiting, last = jobs.status(second), jobs.status(third)
        assert waiting["state"] == "waiting" and waiting["place"] == 1 and last["place"] == 2
        assert waiting["seconds_needed"] == pytest.approx(25 + 1 + 12)
        assert 0 < waiting["seconds_left"] < last["seconds_left"]
        assert last["seconds_needed"] is None
        pids = [at_end(jobs, token)["result"]["pid"] for token in (first, second, third)]
        assert len(set(pids)) == 1


def test_a_wait_that_cannot_be_told_is_none(tmp_path: Path) -> None:
    with opened(tmp_path) as jobs:
        at_work(jobs, hand_in(jobs, "drip"))
        assert jobs.status(hand_in(jobs, "count"))["seconds_left"] is None


def test_stop_keeps_what_is_done(tmp_path: Path) -> None:
    with opened(tmp_path) as jobs:
        token = hand_in(jobs, "count", to=1000, pause=0.02)
        until(lambda: jobs.status(token)["done"] > 3)
        jobs.stop(token)
        assert jobs.status(token)["stopping"] or jobs.status(token)["state"] == "done"
        status = at_end(jobs, token)
        assert status["state"] == "done" and status["result"]["stopped_early"]
        assert 3 < status["result"]["counted"] < 1000


def test_stop_with_nothing_to_keep(tmp_path: Path) -> None:
    with opened(tmp_path) as jobs:
        running, waiting = hand_in(jobs, "drip"), hand_in(jobs, "count")
        at_work(jobs, running)
        jobs.stop(waiting)
        assert jobs.status(waiting)["state"] == "stopped"
        jobs.stop(running)
        assert at_end(jobs, running)["state"] == "stopped"


def test_discard_while_waiting_and_while_running(tmp_path: Path) -> None:
    with opened(tmp_path) as jobs:
        running, waiting = hand_in(jobs, "count", to=1000, pause=0.02), hand_in(jobs, "count")
        after = hand_in(jobs, "count")
        at_work(jobs, running)
        for token in (waiting, running):
            jobs.discard(token)
            with pytest.raises(JobNotFound):
                jobs.status(token)
        until(lambda: not (tmp_path / running).exists() and not (tmp_path / waiting).exists())
        assert at_end(jobs, after)["state"] == "done"
        jobs.discard(after)
        until(lambda: not (tmp_path / after).exists())


def test_a_kind_that_ignores_a_discard_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("space.jobs.watch.DISCARD_SECONDS", 0.5)
    with opened(tmp_path) as jobs:
        token, after = hand_in(jobs, "stubborn"), hand_in(jobs, "count")
        at_work(jobs, token)
        jobs.discard(token)
        assert at_end(jobs, after)["state"] == "done"
        assert not (tmp_path / token).exists()


def test_a_look_does_not_wait_behind_a_transfer(tmp_path: Path) -> None:
    with opened(tmp_path) as jobs:
        at_work(jobs, hand_in(jobs, "drip"))
        assert at_end(jobs, hand_in(jobs, "look"))["state"] == "done"


def test_a_warm_worker_stands_ready(tmp_path: Path) -> None:
    with opened(tmp_path, warm=True) as jobs:
        pids = until(lambda: len(found := _own_workers()) == 2 and found)
        assert {at_end(jobs, hand_in(jobs, kind))["result"]["pid"] for kind in ("count", "look")} == pids


def _own_workers() -> set[int]:
    """Workers of this process; another test's page may run beside them."""
    return {child.pid for child in psutil.Process().children() if "space.jobs.worker" in child.cmdline()}


def test_what_a_lane_imports_is_there_before_its_first_job(tmp_path: Path) -> None:
    with opened(tmp_path) as jobs:
        assert at_end(jobs, hand_in(jobs, "imported", module="wave"))["result"] == {"imported": True}
        assert at_end(jobs, hand_in(jobs, "imported", module="mailbox"))["result"] == {"imported": False}


def test_an_unknown_kind(tmp_path: Path) -> None:
    with opened(tmp_path) as jobs, pytest.raises(UnknownName, match="no kind of job"):
        hand_in(jobs, "bake")
