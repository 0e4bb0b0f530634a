"""A training's figures in a local trackio database, read back through trackio."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from posetransfer.errors import PoseTransferError
from posetransfer.pipeline import tracking
from posetransfer.pipeline.learn import learn
from posetransfer.pipeline.options import LearnOptions
from posetransfer.pipeline.report import Report
from posetransfer.pipeline.tracking import PROJECT, tracked
from tests.driven import driven
from tests.performers import piece

needs_trackio = pytest.mark.skipif(
    find_spec("trackio") is None, reason="trackio (requirements-extras.txt) is missing."
)
OPTIONS = LearnOptions(size=64, steps=4, methods=("pose2pics",))


@pytest.fixture(scope="module")
def footage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    place = tmp_path_factory.mktemp("tracked")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POSETRANSFER_CACHE", str(place / "cache"))
        patch.setenv("HF_TOKEN", "hf_of_a_user_who_is_logged_in")
        yield piece(place / "ines.mp4", "train-a-ines", 40)


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every address that a connection was tried to; none is made."""
    tried: list[Any] = []

    def connect(self: socket.socket, address: Any) -> None:
        tried.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    return tried


def trained(footage: Path, out: Path, options: LearnOptions) -> Report:
    return driven(tracked(learn([footage], str(out), options), [footage], str(out), options))[1]


def runs_of(name: str) -> list[Any]:
    import trackio

    return [run for run in trackio.Api().runs(PROJECT) if run.name == name]


def logs_of(run: Any) -> list[dict[str, Any]]:
    from trackio.sqlite_storage import SQLiteStorage

    logs: list[dict[str, Any]] = SQLiteStorage.get_logs(PROJECT, run.name, run_id=run.id)
    return logs


@needs_trackio
def test_a_resumed_training_goes_on_in_its_run_and_nothing_is_sent(
    footage: Path, tmp_path: Path, called: list[Any]
) -> None:
    report = trained(footage, tmp_path / "ines", OPTIONS)
    assert report.warnings == [] or all("trackio" not in warning for warning in report.warnings)
    trained(footage, tmp_path / "ines", replace(OPTIONS, steps=6, resume=True))
    (run,) = runs_of("ines")
    logs = logs_of(run)
    assert [row["step"] for row in logs] == [1, 2, 3, 4, 5, 6]
    assert all(0 < row["pose2pics/l1"] < 2 and row["pose2pics/seconds"] > 0 for row in logs)
    assert all({"pose2pics/gan", "pose2pics/real", "pose2pics/fake"} <= row.keys() for row in logs)
    assert run.config["clips"] == ["ines.mp4"] and run.config["steps"] == 6 and run.config["preset"] == "fast"
    assert called == []


@needs_trackio
def test_a_training_anew_is_another_run_and_one_that_is_closed_keeps_its_figures(
    footage: Path, tmp_path: Path
) -> None:
    options, out = replace(OPTIONS, steps=500), str(tmp_path / "kofi")
    for count in (3, 2):
        run = tracked(learn([footage], out, replace(options, seed=count)), [footage], out, options)
        steps = (progress for progress in run if progress.figures)
        for _ in range(count):
            next(steps)
        run.close()
        (tmp_path / "kofi.training" / "pose2pics" / "state.safetensors").unlink()  # else it is not begun anew unasked
    assert sorted(len(logs_of(run)) for run in runs_of("kofi")) == [2, 3]


@needs_trackio
def test_figures_that_cannot_be_written_are_a_warning(
    footage: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from trackio.sqlite_storage import SQLiteStorage

    database = tmp_path / "database"
    database.mkdir()  # a folder where the file should be
    monkeypatch.setattr(SQLiteStorage, "get_project_db_path", staticmethod(lambda project: database))
    report = trained(footage, tmp_path / "lars", OPTIONS)
    assert report.warnings[-1].startswith("From step 1 on the figures are not in trackio: ")


def test_without_trackio_it_is_said_what_to_install(
    footage: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tracking, "find_spec", lambda name: None)
    with pytest.raises(PoseTransferError, match=r"pip install -r requirements-extras\.txt"):
        trained(footage, tmp_path / "nobody", OPTIONS)
    assert not (tmp_path / "nobody.training").exists()
