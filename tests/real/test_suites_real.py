"""The suite of self-reenactment on a short piece of real footage."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path

import pytest

from posetransfer.cli.show import drain
from posetransfer.evaluate.scorecard import COLUMNS
from posetransfer.evaluate.suites import evaluate_self, split
from posetransfer.evaluate.table import Table, markdown
from posetransfer.video.info import video_info
from posetransfer.video.read import read_frames
from posetransfer.video.write import VideoWriter

from .conftest import CommandLine

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def clip(clips: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """120 frames of the dancer."""
    source, out = clips / "blue-dancer.avi", tmp_path_factory.mktemp("cut") / "dancer.mp4"
    info = video_info(source)
    with VideoWriter(out, info.fps, (info.width, info.height)) as writer:
        for frame in islice(read_frames(source, start=4.0), 120):
            writer.write(frame)
    return out


@pytest.fixture(scope="module")
def table(command: CommandLine, clip: Path, real_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Table:
    target = tmp_path_factory.mktemp("targets") / "dancer"
    command.run("learn", clip, "--end", split(clip)[0], "--size", 64, "--steps", 3, "--out", target)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POSETRANSFER_CACHE", str(command.home / "cache"))
        patch.setenv("POSETRANSFER_OPENPOSE", str(real_data / "weights" / "human-pose-estimation-0001.xml"))
        return drain(evaluate_self(clip, target.parent, target=str(target), minutes=1))


def test_the_tail_lies_behind_a_gap(clip: Path) -> None:
    end, start = split(clip)
    assert (round(end * 25), round(start * 25)) == (96, 102)


def test_every_row_is_scored_on_the_whole_tail(table: Table) -> None:
    methods = ["k-NN pixels", "k-NN joints", "k-NN angles", "k-NN joints, threshold", "pose2pics"]
    assert list(table.rows) == ["true frames", "mean image", *methods]
    assert {row.frames for row in table.rows.values()} == {18}


def test_true_frames_are_the_floor_and_real_ones_come_next(table: Table) -> None:
    means = {name: {column: figure.mean for column, figure in row.figures.items()} for name, row in table.rows.items()}
    true, knn, network = means["true frames"], means["k-NN joints"], means["pose2pics"]
    assert true["body_ssim"] == 1 and true["body_stlpips"] == pytest.approx(0, abs=1e-6) and true["akd"] == 0
    assert true["body_ssim"] > knn["body_ssim"] > network["body_ssim"], "three steps of training teach nothing"
    assert knn["body_stlpips"] < network["body_stlpips"]


def test_the_table_is_plain_json_and_markdown(table: Table) -> None:
    values = json.loads(json.dumps(table.to_json(), allow_nan=False))
    row = values["rows"]["k-NN joints"]
    assert row["frames"] == 18 and set(row) - {"frames"} <= set(COLUMNS)
    assert row["body_ssim"]["low"] is None, "18 frames give no interval"
    lines = markdown(table).splitlines()
    assert len(lines) == 2 + len(table.rows) and len({line.count("|") for line in lines}) == 1
