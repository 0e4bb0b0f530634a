"""A whole benchmark on the command line, with the paper's form on the weights that it used."""

from __future__ import annotations

import json
from pathlib import Path

import psutil
import pytest

from benchmarks.clip import looped
from benchmarks.sized_target import sized_target
from posetransfer.evaluate.timing.table import AS_IT_STANDS, NO_CNN
from tests.performers import INES, piece

from .conftest import CommandLine

pytestmark = pytest.mark.slow


def test_every_figure_is_also_a_multiple_of_the_papers_form(
    command: CommandLine, real_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSETRANSFER_CACHE", str(tmp_path / "cache"))
    target = sized_target(tmp_path / "small", 64, ["pose2pics"], piece(tmp_path / "ines.mp4", INES, 20))
    clip = looped(real_data / "clips" / "boxer.mp4", tmp_path, 1, 270)
    weights = real_data / "weights" / "openpose18_mobilenet_v2_small_graph_opt.pb"
    few = ["--frames", "20", "--rounds", "1", "--paper-frames", "2", "--live-frames", "4", "--methods", "pose2pics"]
    options = ["--target", target, "--paper-weights", weights, *few, "--report", tmp_path / "r.json"]
    with command.start("benchmark", clip, *options) as process:
        shown, err = process.communicate(timeout=300)
    assert process.returncode == 0, err
    found = json.loads((tmp_path / "r.json").read_text())
    (case,) = found["cases"]
    assert shown.startswith(found["machine"]["cpu"]) and found["machine"]["cores"] == psutil.cpu_count()
    assert case["runtime"] in shown and case["runtime"].startswith(("openvino", "torch"))
    assert case["frames"] == 20 and case["sound"] and found["video"]["fps"] == 30
    assert sum(case["stages_ms"].values()) <= psutil.cpu_count() * case["ms_a_frame"]
    assert {"align", "generate", "write"} <= set(case["stages_ms"])
    assert case["latency_ms"]["pictures"] == 4 and case["latency_ms"]["p50"] <= case["latency_ms"]["p99"]
    for name in (AS_IT_STANDS, NO_CNN):
        form = case["paper_form"][name]
        assert form["ratio"] == pytest.approx(form["ms_a_frame"] / case["ms_a_frame"], abs=0.01)
        assert sum(form["stages_ms"].values()) == pytest.approx(form["ms_a_frame"], rel=0.2), "nothing overlaps"
        assert set(form["stages_ms"]) == {"decode", "poses", "faces", "fit", "generate", "align", "write"}
        assert f"{form['ratio']} times the paper's form {name}" in shown
        assert sum(form["faces"].values()) == 2 and (name == AS_IT_STANDS or form["faces"]["cnn"] == 0)
    assert found["interpolation"]["64"]["ratio"] > 0
