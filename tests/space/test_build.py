"""The folder of a hosted Space: what is in it, and that its page works from it alone with the Hub out of reach."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

import gradio_client  # type: ignore[import-untyped]
import pytest
import yaml
from packaging.requirements import Requirement

from space.build import COPIED, build, requirements
from tests.performers import piece
from tests.space.conftest import ROOT, _environment, _wait_for


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("built") / "space")


def test_all_of_it_is_there_and_nothing_else(folder: Path) -> None:
    made = {"README.md", "packages.txt", "requirements.txt", ".gitattributes"}
    assert {path.name for path in folder.iterdir()} == made | set(COPIED)
    assert not list(folder.rglob("__pycache__")) and not list(folder.rglob("*.training"))
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) < 10**9


def test_the_card_is_one_that_the_hub_reads(folder: Path) -> None:
    head = yaml.safe_load((folder / "README.md").read_text().split("---\n")[1])
    assert head["sdk"] == "gradio" and head["app_file"] == "app.py" and len(head["short_description"]) <= 60
    assert head["sdk_version"] == version("gradio"), "the page is tested with this one"
    assert (folder / "packages.txt").read_text().split() == ["libgl1"]


def test_its_requirements_are_the_project_s_but_for_what_a_space_brings(folder: Path) -> None:
    mine = {Requirement(line).name: line for line in requirements((ROOT / "requirements.txt").read_text())}
    theirs = [line for line in (folder / "requirements.txt").read_text().splitlines() if line]
    assert theirs == list(mine.values()) and "gradio" not in mine
    assert all(Requirement(mine["torch"]).specifier.contains(f"2.{minor}.0") for minor in (8, 9, 10, 11))
    used = re.findall(r"^([A-Za-z0-9_-]+)", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    assert set(used) - set(mine) == {"gradio"}


@pytest.mark.slow
def test_a_program_gets_a_video_from_it(folder: Path, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    hosted = {"SPACE_ID": "alice/space", "GRADIO_SERVER_PORT": str(port), "HF_ENDPOINT": "http://127.0.0.1:9"}
    place = _environment(tmp_path / "home") | hosted | {"GRADIO_TEMP_DIR": str(tmp_path / "uploads")}
    begun = time.monotonic()
    with (tmp_path / "stderr.txt").open("wb") as said:
        command = [sys.executable, "app.py"]
        process = subprocess.Popen(command, cwd=folder, env=place, stdout=subprocess.DEVNULL, stderr=said)
    try:
        _wait_for(f"http://127.0.0.1:{port}/posetransfer/jobs", process)
        opened = time.monotonic() - begun
        assert opened < 20, f"{opened:.1f} s: a Hub out of reach, which costs 23 s a call, was asked on the way"
        client = gradio_client.Client(
            f"http://127.0.0.1:{port}", verbose=False, analytics_enabled=False, download_files=str(tmp_path / "got")
        )
        driving = gradio_client.handle_file(str(piece(tmp_path / "a.mp4", "test-kofi", 12)))
        video, report = client.predict(driving, "ines", "knn", api_name="/transfer")
        client.close()
        assert Path(video).stat().st_size > 1000 and report["frames_out"] == 12
        assert "Traceback" not in (tmp_path / "stderr.txt").read_text()
    finally:
        process.terminate()
        process.wait(timeout=20)
