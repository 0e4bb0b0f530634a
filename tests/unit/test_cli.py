from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from posetransfer.cli import spread_sources

ROOT = Path(__file__).resolve().parents[2]


def run(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "posetransfer", *arguments], cwd=cwd, capture_output=True, text=True, timeout=120
    )


@pytest.mark.parametrize(
    ("given", "spread"),
    [
        (["b.mp4", "--source", "x.mp4", "y.mp4", "--seed", "1"], "b.mp4 --source x.mp4 --source y.mp4 --seed 1"),
        (["--source", "x.mp4", "--source", "y.mp4"], "--source x.mp4 --source y.mp4"),
        (["b.mp4", "c.mp4", "--out", "d/e"], "b.mp4 c.mp4 --out d/e"),
        (["b.mp4", "--source"], "b.mp4 --source"),
    ],
)
def test_source_takes_several_clips(given: list[str], spread: str) -> None:
    assert spread_sources(given) == spread.split()


@pytest.mark.parametrize("command", ["learn", "transfer", "evaluate", "benchmark", "poses", "draw", "demo"])
def test_every_command_explains_itself(command: str) -> None:
    done = run(command, "--help")
    assert done.returncode == 0
    assert "Usage" in done.stdout


def test_a_mistake_is_one_sentence_and_exit_code_2(tmp_path: Path) -> None:
    text = tmp_path / "notes.mp4"
    text.write_text("these are words, not pictures")
    done = run("poses", str(text), "-o", str(tmp_path / "poses.npz"))
    assert done.returncode == 2
    assert done.stderr.startswith("Error: ") and "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == [text]


def test_an_unknown_target_names_those_there_are(tmp_path: Path) -> None:
    done = run("transfer", "a.mp4", "--target", "nobody", "--method", "knn", "--out", str(tmp_path / "x.mp4"))
    assert done.returncode == 2
    assert "nobody" in done.stderr and "Known targets" in done.stderr


def test_a_result_that_is_no_mp4_is_refused_first(tmp_path: Path) -> None:
    done = run("transfer", "a.mp4", "--target", "nobody", "--method", "knn", "--out", str(tmp_path / "x.avi"))
    assert done.returncode == 2
    assert ".mp4" in done.stderr


def test_pics2pics_without_a_source_says_what_to_give(tmp_path: Path) -> None:
    done = run("learn", "b.mp4", "--out", str(tmp_path / "t"), "--methods", "pics2pics")
    assert done.returncode == 2
    assert "--source" in done.stderr
    assert not list(tmp_path.iterdir())


def test_report_is_json_with_exact_rates(tmp_path: Path) -> None:
    from fractions import Fraction

    from posetransfer.pipeline.report import Report

    Report(frames_in=3, fps_in=Fraction(30000, 1001), seconds={"total": 1.23456}).write(tmp_path / "r.json")
    values = json.loads((tmp_path / "r.json").read_text())
    assert values["fps_in"] == pytest.approx(29.97, abs=1e-3)
    assert values["fps_in_exact"] == "30000/1001"
    assert values["seconds"] == {"total": 1.235}
    wanted = {"frames_in", "frames_out", "fps_in", "fps_out", "duration_in", "duration_out", "seconds", "peak_rss_mb"}
    wanted |= {"runtime", "pose_coverage", "faces", "method", "target", "warnings"}
    assert wanted <= set(values)
    assert [p.name for p in tmp_path.iterdir()] == ["r.json"]
