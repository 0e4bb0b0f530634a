"""How near each network's pictures are to true frames of a performance that nothing was learned from."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.students.points import POINTS, bundled, keep
from posetransfer.checkpoints.folder import Checkpoint, open_checkpoint
from posetransfer.checkpoints.lookup import BUNDLED
from posetransfer.evaluate.bootstrap import bootstrap_mean
from posetransfer.evaluate.duo import REELS
from posetransfer.evaluate.keypoints import keypoint_errors
from posetransfer.evaluate.metrics import body_box, crop, ssim
from posetransfer.evaluate.perceptual import PerceptualDistance
from posetransfer.evaluate.scorecard import pose_on
from posetransfer.evaluate.truth import load_truth, only_inside
from posetransfer.methods.method import SAMPLES
from posetransfer.methods.pix2pix.data import input_frame
from posetransfer.methods.pix2pix.rearranged import rearranged
from posetransfer.methods.pix2pix.state import STATE, read_generator
from posetransfer.methods.pix2pix.weights import make_generator
from posetransfer.pipeline.clock import StageClock
from posetransfer.pipeline.estimator import ready_estimator
from posetransfer.pipeline.footage import read_picture, tidy, write_picture
from posetransfer.pipeline.observe import observe
from posetransfer.pipeline.options import WORKING_SIDE, Watch
from posetransfer.poses.retarget import retarget, to_window
from posetransfer.runtime.int8 import quantised
from posetransfer.runtime.openvino import OpenVINOPictures, picture_model
from posetransfer.streams import finished
from posetransfer.types import Frame, PoseSequence
from posetransfer.video.info import video_info
from posetransfer.video.read import read_frames

TRUE: Final = "true frames"
TEACHER: Final = "32, 2200 steps"
PLAIN: Final = "32 alone"  # what the others are compared with, frame by frame
DRIVERS: Final = ("kofi", "lars")
EVERY: Final = 4  # of the reel's frames
BLOCK: Final = 8  # of those, about a second
SHOWN: Final = 8  # pictures of a row of the sheet
FIGURES: Final = ("body_ssim", "body_stlpips", "akd", "body_ssim_fp32")


Series = dict[str, list[float]]  # by figure, one value a moment, both drivers one after the other


@dataclass(frozen=True)
class Ready:
    """A network in int8, as a transfer runs it, and in fp32."""

    int8: OpenVINOPictures
    fp32: OpenVINOPictures


def score(work: Path, names: list[str]) -> dict[str, Any]:
    """Figures with intervals by point, the teacher first. What was scored once is kept in `work`."""
    all_series = {name: _kept_series(work, name) for name in (TEACHER, *names)}
    for driver in DRIVERS:
        _write_sheet(work, driver, [TRUE, *all_series])
    return {name: _figures(series, all_series) for name, series in all_series.items()}


def _kept_series(work: Path, name: str) -> Series:
    path = work / f"{name}.scores.json"
    if not path.is_file():
        keep(path, _series(work, name))
        print(f"{name}: scored", flush=True)
    kept: Series = json.loads(path.read_text("utf-8"))
    return kept


def _series(work: Path, name: str) -> Series:
    """Each moment's figures of one network; rows of its pictures and of the true ones lie in `work` afterwards."""
    network, judge, distance = _ready(work, name), finished(ready_estimator("openpose")), PerceptualDistance("alex")
    series: Series = {figure: [] for figure in FIGURES}
    for driver in DRIVERS:
        rows, found, wanted = {name: list[Frame](), TRUE: list[Frame]()}, [], []
        for shown, truth, pose in moments(driver):
            box = body_box(pose, (truth.shape[1], truth.shape[0]))
            assert box is not None, "somebody is seen in every frame of the reel"
            made, plain = network.int8(shown), network.fp32(shown)
            cut, true_cut = (np.ascontiguousarray(crop(frame, box)) for frame in (made, truth))
            series["body_ssim"].append(ssim(cut, true_cut))
            series["body_ssim_fp32"].append(ssim(crop(plain, box), true_cut))
            series["body_stlpips"].append(distance(cut, true_cut))
            found.append(pose_on(made, judge))
            wanted.append(pose)
            for row, frame in ((name, made), (TRUE, truth)):
                rows[row].append(frame)
        series["akd"] += keypoint_errors(np.array(found), np.array(wanted)).akd_by_frame().tolist()
        for row, frames in rows.items():
            _write_row(work, row, driver, frames)
    return series


def _ready(work: Path, name: str) -> Ready:
    """The network, its int8 calibrated on the target's own poses."""
    ines = open_checkpoint(BUNDLED / "ines")
    generator, config = bundled()
    if name != TEACHER:
        config = POINTS[name].config
        generator = make_generator(config, read_generator(work / name / STATE))
    samples = islice(ines.samples(ines.open_method("pose2pics")), SAMPLES)
    shown = [input_frame(sample.posed.pose, sample.posed.face, None, config) for sample in samples]
    model = picture_model(rearranged(generator), config.size)
    int8 = quantised(model, [frame for number, frame in enumerate(shown) if number % 3 != 2])
    return Ready(OpenVINOPictures(int8, "int8"), OpenVINOPictures(model))


def _figures(series: Series, all_series: dict[str, Series]) -> dict[str, Any]:
    """Means with intervals, and the differences from PLAIN and from the teacher, taken frame by frame."""
    figures: dict[str, Any] = {name: bootstrap_mean(each, block=BLOCK) for name, each in series.items()}
    lost = np.subtract(series["body_ssim"], series["body_ssim_fp32"])
    figures["int8 less fp32"] = bootstrap_mean(lost, block=BLOCK)
    for other in (PLAIN, TEACHER):
        if other in all_series:
            figures[f"less {other}"] = {
                name: bootstrap_mean(np.subtract(series[name], all_series[other][name]), block=BLOCK)
                for name in FIGURES[:3]
            }
    return figures


def moments(driver: str) -> Iterator[tuple[Frame, Frame, NDArray[np.float32]]]:
    """What is shown to the networks, the true frame, and where its joints are: every EVERY-th moment of the reel."""
    ines = open_checkpoint(BUNDLED / "ines")
    observed = finished(observe(REELS / f"test-{driver}" / "reel.mp4", Watch(), StageClock()))
    driven = retarget(tidy(observed.sequence, "time", "one-euro"), ines.target.body)
    wanted, config = _true_joints(ines), bundled()[1]
    with closing(read_frames(REELS / "test-ines" / "reel.mp4", max_side=WORKING_SIDE)) as pictures:
        for number, picture in enumerate(pictures):
            if number % EVERY == 0:
                shown = input_frame(driven.joints[number], driven.faces[number], None, config)
                yield shown, ines.target.window.crop(picture), wanted.joints[number]


def _true_joints(ines: Checkpoint) -> PoseSequence:
    reel = REELS / "test-ines"
    poses = load_truth(reel / "joints.npz").poses(ines.target.picture, video_info(reel / "reel.mp4").fps)
    inside = to_window(poses, ines.target.window)
    return inside.with_joints(only_inside(inside.joints, inside.size))


def _row(work: Path, name: str, driver: str) -> Path:
    return work / f"{name} by {driver}.png"


def _write_row(work: Path, name: str, driver: str, frames: list[Frame]) -> None:
    """SHOWN of the pictures beside each other, with the network's name."""
    chosen = np.linspace(0, len(frames) - 1, SHOWN + 2).round().astype(int)[1:-1]
    row = np.concatenate([frames[index] for index in chosen], axis=1)
    cv2.putText(row, name, (6, 16), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (255, 0, 0), 1, cv2.LINE_AA)
    write_picture(_row(work, name, driver), row)


def _write_sheet(work: Path, driver: str, names: list[str]) -> None:
    """The rows of several networks below each other."""
    rows = [read_picture(_row(work, name, driver)) for name in names]
    write_picture(work / f"sheet by {driver}.png", np.concatenate([row for row in rows if row is not None]))
