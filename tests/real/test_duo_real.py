"""The suite duo on a piece of a rendered reel: the people in it don't exist, so it needs no folder of footage.

The driver is the same performance seen from further away, smaller and off the middle: another picture, and truth for
every frame.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path

import cv2
import numpy as np
import pytest

from posetransfer.cli.show import drain
from posetransfer.errors import PoseTransferError
from posetransfer.evaluate.duo import REELS, Duo
from posetransfer.evaluate.scorecard import COLUMNS
from posetransfer.evaluate.suites import score
from posetransfer.evaluate.table import Table, interpolation_markdown, markdown, write_tables
from posetransfer.pipeline.learn import learn
from posetransfer.pipeline.options import LearnOptions
from posetransfer.types import Frame
from posetransfer.video.info import video_info
from posetransfer.video.read import read_frames
from posetransfer.video.write import VideoWriter

from .conftest import CommandLine

pytestmark = pytest.mark.slow
KOFI = REELS / "test-kofi"
FILM = KOFI / "reel.mp4"
CALM = slice(0, 60, 2)  # what is learned from
LIVELY = slice(80, 94, 2)  # and what is performed
FRAMES = 7


def film(part: slice) -> Iterator[Frame]:
    return islice(read_frames(FILM), part.start, part.stop, part.step)


def further_away(frames: Iterator[Frame]) -> Iterator[Frame]:
    for frame in frames:
        small = cv2.resize(frame, None, fx=0.75, fy=0.75, interpolation=cv2.INTER_AREA)
        yield np.asarray(cv2.copyMakeBorder(small, 40, 56, 70, 26, cv2.BORDER_REPLICATE), np.uint8)


def write(path: Path, frames: Iterator[Frame]) -> Path:
    with VideoWriter(path, video_info(FILM).fps, (384, 384)) as writer:
        for frame in frames:
            writer.write(frame)
    return path


@pytest.fixture(scope="module", autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("POSETRANSFER_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module")
def duo(own_cache: None, tmp_path_factory: pytest.TempPathFactory) -> Duo:
    place = tmp_path_factory.mktemp("duo")
    footage = write(place / "footage.mp4", film(CALM))
    drain(learn([footage], str(place / "kofi"), LearnOptions(size=64, steps=3)))
    truth = write(place / "truth.mp4", film(LIVELY))
    driving = write(place / "driving.mp4", further_away(film(LIVELY)))
    with np.load(KOFI / "joints.npz") as known:
        cut = {name: known[name][LIVELY] if name in ("pixels", "metres") else known[name] for name in known.files}
    np.savez_compressed(place / "joints.npz", **cut)
    return Duo("duo: kofi", str(place / "kofi"), driving, truth, place / "joints.npz")


@pytest.fixture(scope="module")
def table(duo: Duo) -> Table:
    return drain(score(duo.case(), [], "mediapipe"))


def test_every_row_is_scored_on_all_frames(table: Table) -> None:
    methods = ["k-NN pixels", "k-NN joints", "k-NN angles", "k-NN joints, threshold", "pose2pics"]
    assert list(table.rows) == ["true frames", "mean image", *methods]
    assert {row.frames for row in table.rows.values()} == {FRAMES}


def test_the_judge_s_own_error_is_the_floor_and_known_joints_are_asked_for(table: Table) -> None:
    means = {name: {column: figure.mean for column, figure in row.figures.items()} for name, row in table.rows.items()}
    true, knn, network = means["true frames"], means["k-NN joints"], means["pose2pics"]
    assert true["body_ssim"] == 1 and true["mkr"] < 0.1
    assert 0 < true["akd"] < 0.1, "an estimator is never quite right, and joints and pictures share their pixels"
    assert true["akd"] < knn["akd"] and true["body_ssim"] > knn["body_ssim"] > network["body_ssim"]


def test_dropped_frames_are_a_table_of_their_own(table: Table) -> None:
    assert {name: len(found.psnr) for name, found in table.rebuilt.items()} == dict.fromkeys(
        ("dis", "farneback", "blend", "double"), FRAMES // 2
    )
    means = {name: figures["psnr"].mean for name, figures in table.interpolation().items()}
    assert means["dis"] > means["double"]
    lines = interpolation_markdown(table).splitlines()
    assert len(lines) == 2 + 4 and lines[0] == "| every second frame made by | psnr ↑ | ssim ↑ |"


def test_all_cases_are_plain_json_and_markdown(table: Table, tmp_path: Path) -> None:
    write_tables("duo", [table, table], tmp_path / "duo.json")
    values = json.loads((tmp_path / "duo.json").read_text())
    assert values["suite"] == "duo" and [case["case"] for case in values["cases"]] == ["duo: kofi"] * 2
    row = values["cases"][0]["rows"]["k-NN joints"]
    assert row["frames"] == FRAMES and set(row) - {"frames"} <= set(COLUMNS)
    assert len(markdown(table).splitlines()) == 2 + len(table.rows)


def test_what_does_not_belong_together_is_refused_in_a_sentence(duo: Duo, tmp_path: Path) -> None:
    longer = write(tmp_path / "longer.mp4", film(slice(FRAMES + 1)))
    with pytest.raises(PoseTransferError, match=rf"longer\.mp4 has {FRAMES + 1} frames and truth\.mp4 {FRAMES}"):
        replace(duo, driving=longer).case()
    with pytest.raises(PoseTransferError, match=r"truth\.mp4 cannot drive and be the truth too"):
        replace(duo, driving=duo.truth).case()
    with pytest.raises(PoseTransferError, match=rf"joints\.npz has joints of 350 frames, truth\.mp4 has {FRAMES}"):
        replace(duo, joints=KOFI / "joints.npz").case()
    wide = tmp_path / "wide.mp4"
    with VideoWriter(wide, video_info(duo.truth).fps, (384, 256)) as writer:
        for frame in read_frames(duo.truth):
            writer.write(np.ascontiguousarray(frame[:256]))
    with pytest.raises(PoseTransferError, match=r"wide\.mp4 has pictures of another size than the footage of kofi"):
        replace(duo, truth=wide).case()
    with pytest.raises(PoseTransferError, match=r"no file .*absent\.mp4"):
        replace(duo, truth=tmp_path / "absent.mp4").case()


def test_other_rows_are_of_targets_of_the_same_footage(duo: Duo, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(duo.target, other)
    config = json.loads((other / "config.json").read_text())
    config["target"]["picture"] = [400, 300]
    (other / "config.json").write_text(json.dumps(config))
    with pytest.raises(PoseTransferError, match="other was learned from pictures of another size than kofi"):
        drain(score(duo.case(), [("paper", str(other))], "mediapipe"))


def test_the_command_line_says_what_lacks(command: CommandLine, duo: Duo) -> None:
    said = command.run("evaluate", duo.driving, "--suite", "duo", "--target", duo.target, code=2)
    assert "needs DRIVING, --target and --truth together" in said
