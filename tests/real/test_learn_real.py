"""Learning from real footage: interrupted, resumed, extended."""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path
from typing import Any

import pytest

from posetransfer.checkpoints.folder import open_checkpoint

from .conftest import CommandLine

pytestmark = pytest.mark.slow
CUT = ("--start", 4, "--end", 5, "--size", 64, "--methods", "pose2pics")


def log_of(target: Path) -> list[dict[str, Any]]:
    path = target.with_name(target.name + ".training") / "pose2pics" / "log.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


def test_ctrl_c_keeps_every_step_and_resume_goes_on(command: CommandLine, clips: Path, tmp_path: Path) -> None:
    target = tmp_path / "dancer"
    learn = ("learn", clips / "blue-dancer.avi", *CUT, "--out", target, "--steps", 60)
    with command.start(*learn) as process:
        while process.poll() is None and len(log_of(target)) < 5:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "Traceback" not in err and not target.exists()
    done = len(log_of(target))
    assert 5 <= done < 60
    err = command.run(*learn, code=2)
    assert "--resume" in err and len(log_of(target)) == done, "an unfinished training is not thrown away"
    command.run(*learn, "--resume")
    log = log_of(target)
    assert [line["step"] for line in log] == list(range(1, 61))
    checkpoint = open_checkpoint(target)
    assert checkpoint.methods["pose2pics"]["training"]["steps"] == 60


def test_another_method_is_added_and_the_first_one_kept(
    command: CommandLine, clips: Path, dancer: Path, tmp_path: Path
) -> None:
    before = open_checkpoint(dancer)
    weights = (dancer / "pose2pics-generator.safetensors").read_bytes()
    cut = ("--start", 4, "--end", 9, "--size", 64)
    command.run("learn", clips / "blue-dancer.avi", *cut, "--methods", "knn", "--out", dancer)
    after = open_checkpoint(dancer)
    assert after.methods["pose2pics"] == before.methods["pose2pics"]
    assert (dancer / "pose2pics-generator.safetensors").read_bytes() == weights
    err = command.run("learn", clips / "juggler.mp4", "--end", 1, "--methods", "knn", "--out", dancer, code=2)
    assert "other footage" in err
    assert open_checkpoint(dancer).methods == after.methods
