"""A training's figures in a local trackio database, read back through trackio. A real training: test_trainings.py."""

from __future__ import annotations

import socket
from collections.abc import Generator
from dataclasses import replace
from importlib.metadata import PackageNotFoundError
from importlib.util import find_spec
from math import nan
from pathlib import Path
from typing import Any

import pytest

from posetransfer.errors import PoseTransferError
from posetransfer.pipeline import tracking
from posetransfer.pipeline.options import LearnOptions
from posetransfer.pipeline.report import Report
from posetransfer.pipeline.tracking import PROJECT, SERIES, tracked
from posetransfer.types import Progress
from tests.driven import driven

needs_trackio = pytest.mark.skipif(
    find_spec("trackio") is None, reason="trackio (requirements-extras.txt) is missing."
)
OPTIONS = LearnOptions(size=64, steps=4, methods=("pose2pics",))


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every address that was looked up or called; none answers."""
    monkeypatch.setenv("HF_TOKEN", "hf_of_a_user_who_is_logged_in")
    tried: list[Any] = []

    def refuse(*address: Any, **more: Any) -> None:
        tried.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
    return tried


def runs_of(name: str) -> list[Any]:
    import trackio

    return [run for run in trackio.Api().runs(PROJECT) if run.name == name]


def logs_of(run: Any) -> list[dict[str, Any]]:
    from trackio.sqlite_storage import SQLiteStorage

    logs: list[dict[str, Any]] = SQLiteStorage.get_logs(PROJECT, run.name, run_id=run.id)
    return logs


def stepping(count: int) -> Generator[Progress, None, Report]:
    """What `learn` yields while it trains."""
    for step in range(1, count + 1):
        yield Progress("train pose2pics", step, figures={"step": step, "seconds": 0.1 * step, "l1": 0.5, "ssim": nan})
    return Report()


@needs_trackio
def test_a_resumed_training_goes_on_in_its_run_and_nothing_is_sent(tmp_path: Path, called: list[Any]) -> None:
    clips, out = [tmp_path / "ines.mp4"], str(tmp_path / "ines")
    for steps in (3, 5):  # the second time as after a kill before anything was saved: from the start
        options = replace(OPTIONS, steps=steps, resume=True)
        driven(tracked(stepping(steps), clips, out, options))
    (run,) = runs_of("ines")
    logs = logs_of(run)
    assert [row["step"] for row in logs] == [1, 2, 3, 4, 5]
    assert [row["pose2pics/seconds"] for row in logs] == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.5])
    assert run.config["clips"] == ["ines.mp4"] and run.config["steps"] == 5 and run.config["preset"] == "fast"
    assert called == []


@needs_trackio
def test_a_training_anew_is_another_run_and_one_that_is_closed_keeps_its_figures(tmp_path: Path) -> None:
    for count in (3, 2):
        run = tracked(stepping(500), [], str(tmp_path / "kofi"), OPTIONS)
        for _ in range(count):
            next(run)
        run.close()
    logs = sorted((logs_of(run) for run in runs_of("kofi")), key=len)
    assert [len(rows) for rows in logs] == [2, 3] and "pose2pics/ssim" not in logs[0][0]


@needs_trackio
def test_figures_that_cannot_be_written_are_a_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from trackio.sqlite_storage import SQLiteStorage

    database = tmp_path / "database"
    database.mkdir()  # a folder where the file should be
    monkeypatch.setattr(SQLiteStorage, "get_project_db_path", staticmethod(lambda project: database))
    _, report = driven(tracked(stepping(3), [], str(tmp_path / "lars"), OPTIONS))
    (warning,) = report.warnings
    assert warning.startswith("From step 1 on the figures are not in trackio: ")


def test_without_trackio_it_is_said_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    for found, said in ((missing, "none"), (lambda name: "0.50.1", r"0\.50\.1")):
        monkeypatch.setattr(tracking, "version", found)
        words = rf"needs trackio 0\.43, and {said} is installed\. .* pip install -r requirements-extras\.txt"
        with pytest.raises(PoseTransferError, match=words):
            driven(tracked(stepping(3), [], str(tmp_path / "nobody"), OPTIONS))
    assert not (tmp_path / "nobody.training").exists()


def test_the_extra_is_of_the_series_that_is_known() -> None:
    extras = Path(__file__).parents[2] / "requirements-extras.txt"
    assert f"trackio>={SERIES},<" in extras.read_text()
