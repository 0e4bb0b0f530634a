"""Whatever a job does to its worker, its visitor gets a sentence and the next job runs."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import psutil
import pytest

from space.jobs.folder import JobFolder
from space.jobs.jobs import Jobs
from space.jobs.limits import JobLimits
from tests.space.open_jobs import at_end, at_work, hand_in, opened


def failed(jobs: Jobs, token: str) -> str:
    """The sentence of a job that must have failed."""
    status = at_end(jobs, token)
    assert status["state"] == "failed" and status["result"] is None
    assert "Traceback" not in status["error"] and status["error"].endswith(".")
    return str(status["error"])


def next_runs(jobs: Jobs) -> int:
    """Hand in one more job, see it done, give its worker's process id."""
    status = at_end(jobs, hand_in(jobs, "count"))
    assert status["state"] == "done"
    return int(status["result"]["pid"])


def test_a_worker_killed_from_outside(tmp_path: Path) -> None:
    with opened(tmp_path) as jobs:
        token = hand_in(jobs, "stubborn")
        at_work(jobs, token)
        known = JobFolder(tmp_path / token).worker()
        assert known is not None
        os.kill(known[0], signal.SIGKILL)
        assert "ended unexpectedly (signal 9)" in failed(jobs, token)
        assert not (tmp_path / token / "half.partial.mp4").exists()
        assert next_runs(jobs) != known[0]


def test_a_job_that_kills_its_own_worker(tmp_path: Path) -> None:
    with opened(tmp_path) as jobs:
        token = hand_in(jobs, "die")
        assert "ended unexpectedly (signal 9)" in failed(jobs, token)
        assert not (tmp_path / token / "half.partial.mp4").exists()
        next_runs(jobs)


def test_over_the_memory_limit(tmp_path: Path) -> None:
    with opened(tmp_path, {"make": JobLimits(memory_mb=300)}) as jobs:
        sentence = failed(jobs, hand_in(jobs, "hungry"))
        assert "more memory than a job may have" in sentence and "of 300 MB" in sentence and "shorter" in sentence
        next_runs(jobs)


@pytest.mark.skipif(Path("/dev/nvidiactl").exists(), reason="CUDA machines have no limit on address space")
def test_far_over_the_memory_limit_at_once(tmp_path: Path) -> None:
    with opened(tmp_path, {"make": JobLimits(memory_mb=300)}) as jobs:
        token = hand_in(jobs, "greedy")
        assert "not enough memory" in failed(jobs, token)
        assert "MemoryError" in (tmp_path / token / "log.txt").read_text()
        next_runs(jobs)


def test_over_the_time_limit(tmp_path: Path) -> None:
    with opened(tmp_path, {"make": JobLimits(seconds=1)}) as jobs:
        sentence = failed(jobs, hand_in(jobs, "stubborn"))
        assert "took longer than a job may (1 s)" in sentence
        next_runs(jobs)


def test_what_the_user_can_mend_is_said_as_it_is(tmp_path: Path) -> None:
    with opened(tmp_path) as jobs:
        assert failed(jobs, hand_in(jobs, "fail")) == "No person is seen in dance.mp4. Try another clip."


def test_a_bug_is_a_sentence_and_its_traceback_is_in_the_log(tmp_path: Path) -> None:
    with opened(tmp_path) as jobs:
        token = hand_in(jobs, "crash")
        sentence = failed(jobs, token)
        assert "Something went wrong inside posetransfer" in sentence and "inner detail" not in sentence
        log = (tmp_path / token / "log.txt").read_text()
        assert "Traceback" in log and "ZeroDivisionError: the inner detail" in log
        next_runs(jobs)


def test_native_chatter_does_not_break_the_protocol(tmp_path: Path) -> None:
    with opened(tmp_path) as jobs:
        assert at_end(jobs, hand_in(jobs, "chatter"))["result"] == {"talked": True}
        assert (tmp_path / "make.log").read_text().count("done") == 3


def test_a_worker_that_cannot_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(tmp_path) as jobs:
        monkeypatch.setenv("PYTHONHOME", str(tmp_path))  # no standard library there
        assert "could not start" in failed(jobs, hand_in(jobs, "count"))
        monkeypatch.delenv("PYTHONHOME")
        next_runs(jobs)


def test_no_worker_is_left_behind(tmp_path: Path) -> None:
    with opened(tmp_path) as jobs:
        busy = hand_in(jobs, "stubborn")
        at_work(jobs, busy)
        idle = at_end(jobs, hand_in(jobs, "look"))["result"]["pid"]
        known = JobFolder(tmp_path / busy).worker()
        assert known is not None and psutil.pid_exists(known[0]) and psutil.pid_exists(idle)
    assert not psutil.pid_exists(known[0]) and not psutil.pid_exists(idle)
