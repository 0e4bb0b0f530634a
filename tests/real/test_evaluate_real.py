"""Figures on real footage: the truth scores highest, and a second estimator judges."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from .conftest import CommandLine

pytestmark = pytest.mark.slow


def test_held_out_footage_of_the_target(
    command: CommandLine, clips: Path, dancer: Path, tmp_path: Path, real_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "POSETRANSFER_OPENPOSE", str(real_data / "weights/human-pose-estimation-0001.xml"))
    report = tmp_path / "table.json"
    command.run(
        "evaluate", clips / "blue-dancer.avi", "--start", 9, "--end", 9.6, "--same-person",
        "--target", dancer, "--methods", "knn,pose2pics", "--report", report,
    )  # fmt: skip
    table = json.loads(report.read_text())
    rows = table["rows"]
    assert list(rows) == ["true frames", "mean image", "knn", "pose2pics"]
    assert table["judge"] == "openpose"
    assert rows["true frames"]["body_ssim"] == pytest.approx(1)
    assert rows["true frames"]["frames"] == 15
    assert rows["knn"]["body_ssim"] > rows["pose2pics"]["body_ssim"], "three steps teach nothing"
    for row in rows.values():
        assert 0 <= row["body_ssim"] <= 1 and row["body_psnr"] > 5


def test_another_driver_has_no_truth(command: CommandLine, clips: Path, dancer: Path, tmp_path: Path) -> None:
    report = tmp_path / "table.json"
    arguments = ("--end", 0.5, "--target", dancer, "--methods", "knn", "--judge", "none", "--report", report)
    command.run("evaluate", clips / "juggler.mp4", *arguments)
    row = json.loads(report.read_text())["rows"]["knn"]
    assert row["frames"] == 12
    assert row["body_ssim"] is None and row["pck"] is None
