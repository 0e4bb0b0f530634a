"""How near each network's pictures are to true frames of a performance that nothing was learned from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from benchmarks.students.points import POINTS, bundled
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
from posetransfer.methods.pix2pix.config import Pix2PixConfig
from posetransfer.methods.pix2pix.data import input_frame
from posetransfer.methods.pix2pix.networks import Generator
from posetransfer.methods.pix2pix.state import STATE, read_generator
from posetransfer.methods.pix2pix.weights import make_generator
from posetransfer.pipeline.clock import StageClock
from posetransfer.pipeline.estimator import ready_estimator
from posetransfer.pipeline.footage import tidy
from posetransfer.pipeline.observe import observe
from posetransfer.pipeline.options import WORKING_SIDE, Watch
from posetransfer.poses.retarget import retarget, to_window
from posetransfer.runtime.int8 import quantised
from posetransfer.runtime.openvino import OpenVINOPictures, picture_model
from posetransfer.streams import finished
from posetransfer.types import Frame, PoseSequence
from posetransfer.video.info import video_info
from posetransfer.video.read import read_frames

TEACHER: Final = "32, 2200 steps"
PLAIN: Final = "32 alone"  # what the others are compared with, frame by frame
DRIVERS: Final = ("kofi", "lars")
EVERY: Final = 4  # of the reel's frames
BLOCK: Final = 8  # of those, about a second
SHOWN: Final = 8  # pictures of a row of the sheet
FIGURES: Final = ("body_ssim", "body_stlpips", "akd", "body_ssim_fp32")


@dataclass(frozen=True)
class Scored:
    """A network in int8, as a transfer runs it, and in fp32."""

    int8: OpenVINOPictures
    fp32: OpenVINOPictures


def networks(work: Path, names: list[str]) -> dict[str, Scored]:
    """The teacher and the trained points by name, calibrated on the target's own poses."""
    ines = open_checkpoint(BUNDLED / "ines")
    samples = islice(ines.samples(ines.open_method("pose2pics")), SAMPLES)
    config = bundled()[1]
    shown = [input_frame(sample.posed.pose, sample.posed.face, None, config) for sample in samples]
    calibrating = [frame for number, frame in enumerate(shown) if number % 3 != 2]
    found = {TEACHER: bundled()} | {name: _trained(work, name) for name in names}
    return {name: _ready(generator, config.size, calibrating) for name, (generator, config) in found.items()}


def _trained(work: Path, name: str) -> tuple[Generator, Pix2PixConfig]:
    config = POINTS[name].config
    return make_generator(config, read_generator(work / name / STATE)), config


def _ready(generator: Generator, size: int, calibrating: list[Frame]) -> Scored:
    model = picture_model(generator, size)
    return Scored(OpenVINOPictures(quantised(model, calibrating), "int8"), OpenVINOPictures(model))


def score(work: Path, names: list[str]) -> dict[str, Any]:
    """Figures with intervals by point; and the sheet of pictures, work/sheet-DRIVER.png."""
    ready, judge, distance = networks(work, names), finished(ready_estimator("openpose")), PerceptualDistance("alex")
    series: dict[str, dict[str, list[float]]] = {name: {figure: [] for figure in FIGURES} for name in ready}
    for driver in DRIVERS:
        rows: dict[str, list[Frame]] = {"driving": [], "true frames": [], **{name: [] for name in ready}}
        found: dict[str, list[NDArray[np.float32]]] = {name: [] for name in ready}
        wanted = []
        for shown, truth, pose in moments(driver):
            wanted.append(pose)
            box = body_box(pose, (truth.shape[1], truth.shape[0]))
            assert box is not None, "somebody is seen in every frame of the reel"
            true_crop = np.ascontiguousarray(crop(truth, box))
            features = distance.features([true_crop])
            rows["driving"].append(shown)
            rows["true frames"].append(truth)
            for name, network in ready.items():
                made = network.int8(shown)
                cut = np.ascontiguousarray(crop(made, box))
                series[name]["body_ssim"].append(ssim(cut, true_crop))
                series[name]["body_ssim_fp32"].append(ssim(crop(network.fp32(shown), box), true_crop))
                series[name]["body_stlpips"].append(float(distance.between(distance.features([cut]), features)[0]))
                found[name].append(pose_on(made, judge))
                rows[name].append(made)
        for name, poses in found.items():
            series[name]["akd"] += keypoint_errors(np.array(poses), np.array(wanted)).akd_by_frame().tolist()
        _write_sheet(work / f"sheet-{driver}.png", rows)
        print(f"{driver}: {len(wanted)} frames scored", flush=True)
    return {name: _figures(values, series) for name, values in series.items()}


def _figures(values: dict[str, list[float]], all_series: dict[str, dict[str, list[float]]]) -> dict[str, Any]:
    """Means with intervals, and the differences from PLAIN and from the teacher, taken frame by frame."""
    figures: dict[str, Any] = {name: bootstrap_mean(each, block=BLOCK) for name, each in values.items()}
    figures["int8 less fp32"] = bootstrap_mean(np.subtract(values["body_ssim"], values["body_ssim_fp32"]), block=BLOCK)
    for other in (PLAIN, TEACHER):
        if other in all_series:
            figures[f"less {other}"] = {
                name: bootstrap_mean(np.subtract(values[name], all_series[other][name]), block=BLOCK)
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


def _write_sheet(path: Path, rows: dict[str, list[Frame]]) -> None:
    """A row of pictures by network, with its name."""
    lines = []
    for name, frames in rows.items():
        chosen = np.linspace(0, len(frames) - 1, SHOWN + 2).round().astype(int)[1:-1]
        line = np.concatenate([frames[index] for index in chosen], axis=1)
        cv2.putText(line, name, (6, 16), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (255, 0, 0), 1, cv2.LINE_AA)
        lines.append(line)
    cv2.imwrite(str(path), cv2.cvtColor(np.concatenate(lines), cv2.COLOR_RGB2BGR))
