"""A page that ends, by itself or not, loses no job: the next page goes on with its folder."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from space.jobs.errors import AlreadyOpen, JobNotFound
from space.jobs.folder import Ending, JobFolder, Request
from space.jobs.process import ROOT
from tests.space.open_jobs import at_end, at_work, hand_in, in_state, opened, until

PAGE = """
import sys, time
from pathlib import Path
from tests.space.open_jobs import at_work, hand_in, opened
with opened(Path(sys.argv[1])) as jobs:
    token = hand_in(jobs, "count", "somebody", to=60, pause=0.03)
    waiting = hand_in(jobs, "count", "somebody", to=1)
    at_work(jobs, token)
    print(token, waiting, flush=True)
    time.sleep(60)
"""


def a_job(root: Path, kind: str, created: float, attempts: int = 0) -> JobFolder:
    """A folder as a page that died has left it."""
    root.mkdir(exist_ok=True)
    return JobFolder.create(root, Request(kind, "", created, {}, {"to": 2}, attempts), {})


def test_closing_leaves_the_job_for_the_next_start(tmp_path: Path) -> None:
    with opened(tmp_path) as jobs:
        token = hand_in(jobs, "refuse")
        at_work(jobs, token)
    assert JobFolder(tmp_path / token).ending() is None
    with opened(tmp_path) as jobs:
        assert at_end(jobs, token)["result"] == {"attempts": 2}
    with opened(tmp_path) as jobs:
        assert jobs.status(token)["state"] == "done"


def test_a_killed_pages_worker_is_adopted(tmp_path: Path) -> None:
    page = subprocess.Popen([sys.executable, "-c", PAGE, tmp_path], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    with page:
        assert page.stdout is not None
        token, waiting = page.stdout.readline().split()
        page.kill()
    worker = JobFolder(tmp_path / token).worker()
    assert worker is not None and psutil.pid_exists(worker[0])
    with opened(tmp_path) as jobs:
        assert jobs.status(token)["state"] == "waiting" or jobs.status(token)["done"] > 0
        assert in_state(jobs, token, "running")["done"] < 60
        assert jobs.status(waiting)["place"] == 1
        status = at_end(jobs, token)
        assert status["state"] == "done" and status["result"]["counted"] == 60
        assert status["result"]["pid"] == worker[0]
        assert at_end(jobs, waiting)["result"]["pid"] != worker[0]
        assert [job["token"] for job in jobs.of_visitor("somebody")] == [waiting, token]


def test_an_adopted_worker_that_dies_unseen_is_followed_by_another(tmp_path: Path) -> None:
    page = subprocess.Popen([sys.executable, "-c", PAGE, tmp_path], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    with page:
        assert page.stdout is not None
        token = page.stdout.readline().split()[0]
        page.kill()
    with opened(tmp_path) as jobs:
        in_state(jobs, token, "running")
        worker = JobFolder(tmp_path / token).worker()
        assert worker is not None
        psutil.Process(worker[0]).kill()
        status = at_end(jobs, token)
        assert status["state"] == "done" and status["result"]["pid"] != worker[0]


def test_open_jobs_are_taken_up_in_order_of_creation(tmp_path: Path) -> None:
    later, sooner = a_job(tmp_path, "count", 2000.0), a_job(tmp_path, "count", 1000.0)
    with opened(tmp_path) as jobs:
        at_end(jobs, later.token)
        ends = [folder.ended_at() for folder in (sooner, later)]
        assert ends[0] and ends[1] and ends[0] < ends[1]


def test_a_job_that_was_interrupted_twice_is_given_up(tmp_path: Path) -> None:
    folder = a_job(tmp_path, "count", 1000.0, attempts=2)
    with opened(tmp_path) as jobs:
        status = at_end(jobs, folder.token)
        assert status["state"] == "failed" and "interrupted each time" in status["error"]


def test_looks_and_leftovers_are_deleted_at_the_start(tmp_path: Path) -> None:
    look, discarded = a_job(tmp_path, "look", 1000.0), a_job(tmp_path, "count", 1000.0)
    discarded.discard()
    (tmp_path / ("0" * 32)).mkdir()
    (tmp_path / "somebody's").mkdir()
    with opened(tmp_path) as jobs:
        assert not look.path.exists() and not discarded.path.exists() and not (tmp_path / ("0" * 32)).exists()
        assert (tmp_path / "somebody's").exists()
        with pytest.raises(JobNotFound):
            jobs.status(look.token)


def test_a_worker_number_given_to_another_process_is_no_worker(tmp_path: Path) -> None:
    folder = a_job(tmp_path, "count", 1000.0)
    folder.set_worker(psutil.Process().pid, psutil.Process().create_time() - 100)
    with opened(tmp_path) as jobs:
        assert at_end(jobs, folder.token)["state"] == "done"


def test_a_second_page_is_refused(tmp_path: Path) -> None:
    with opened(tmp_path) as jobs:
        with pytest.raises(AlreadyOpen, match="already open: use that page"), opened(tmp_path):
            pass
        jobs.announce("http://127.0.0.1:7860")
        with pytest.raises(AlreadyOpen, match=r"already open at http://127\.0\.0\.1:7860: use"), opened(tmp_path):
            pass
    with opened(tmp_path):
        pass


def test_old_jobs_are_deleted(tmp_path: Path) -> None:
    old, waiting = a_job(tmp_path, "count", time.time()), a_job(tmp_path, "drip", time.time() - 1000)
    old.end(Ending("done", result={}))
    with opened(tmp_path, keep_seconds=1.0, tidy_seconds=0.1) as jobs:
        assert jobs.status(old.token)["state"] == "done"
        until(lambda: not old.path.exists())
        with pytest.raises(JobNotFound):
            jobs.status(old.token)
        assert jobs.status(waiting.token)["state"] in ("waiting", "running")
