"""Milliseconds a frame, stage by stage, ours beside the paper's form, measured in turn on the same frames."""

from __future__ import annotations

import platform
import statistics
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import psutil

from posetransfer.conditioning.window import Window
from posetransfer.errors import NoPersonFound, WeightsMissing
from posetransfer.faces.tracker import FaceTracker, PaperFaces
from posetransfer.interpolate.interpolator import interpolate
from posetransfer.pipeline.options import WORKING_SIDE
from posetransfer.pipeline.report import peak_rss_mb
from posetransfer.poses.estimator import Choice, PoseEstimator, follow_person, make_estimator
from posetransfer.types import Frame, Pose, Progress, unseen_pose
from posetransfer.video.read import read_frames

PAPER = {"poses and faces": 1000.0, "interpolation": 5000.0}  # ms a frame, as the paper states them
ROUNDS = 3


@dataclass
class Timing:
    """One stage: what was measured of ours and of the paper's form, in ms a frame (one number a round)."""

    ours: list[float] = field(default_factory=list)
    paper_form: list[float] = field(default_factory=list)

    def to_json(self, stage: str) -> dict[str, Any]:
        """Medians, and their ratio within this run."""
        ours = statistics.median(self.ours)
        paper = statistics.median(self.paper_form) if self.paper_form else None
        return {
            "ours_ms": round(ours, 2),
            "paper_form_ms": None if paper is None else round(paper, 2),
            "ratio": None if paper is None else round(paper / ours, 1),
            "stated_in_paper_ms": PAPER.get(stage),
        }


def benchmark(
    video: Path, *, frames: int = 60, size: int = 256, paper_weights: Path | None = None
) -> Generator[Progress, None, dict[str, Any]]:
    """Time decoding, poses with faces, and interpolation on `video`; gives a table as plain values.

    frames: how many of the video's first frames are used; size: px of the interpolated pictures;
    paper_weights: the compressed OpenPose; without any, the paper's form of poses is left out and a note says so.
    """
    yield Progress("benchmark", 0, ROUNDS)
    begun = time.perf_counter()
    pictures = _first_frames(video, frames)
    decode = 1000 * (time.perf_counter() - begun) / len(pictures)
    notes: list[str] = []
    paper = _paper_estimator(paper_weights, notes)
    window = _window(pictures[0], size)
    squares = [window.crop(picture) for picture in pictures]
    timings = {name: Timing() for name in (*PAPER, "poses and faces, no CNN faces")}
    few = pictures[: max(len(pictures) // 6, 2)]  # a paper's frame takes a second: a few tell its time
    for number in range(ROUNDS):
        timings["poses and faces"].ours.append(_poses_with_faces(pictures, make_estimator("mediapipe"), FaceTracker()))
        timings["poses and faces, no CNN faces"].ours.append(
            _poses_with_faces(pictures, make_estimator("mediapipe"), FaceTracker(cnn=False))
        )
        if paper is not None:
            timings["poses and faces"].paper_form.append(_poses_with_faces(few, paper, PaperFaces()))
            timings["poses and faces, no CNN faces"].paper_form.append(
                _poses_with_faces(few, paper, PaperFaces(cnn=False))
            )
        timings["interpolation"].ours.append(_interpolation(squares, "dis"))
        timings["interpolation"].paper_form.append(_interpolation(squares, "farneback"))
        yield Progress("benchmark", number + 1, ROUNDS)
    return {
        "machine": machine(),
        "video": {"name": video.name, "size": [pictures[0].shape[1], pictures[0].shape[0]], "frames": len(pictures)},
        "decode_ms": round(decode, 2),
        "stages": {name: timing.to_json(name) for name, timing in timings.items()},
        "interpolated_size": size,
        "peak_rss_mb": round(peak_rss_mb(), 1),
        "notes": notes,
    }


def machine() -> dict[str, Any]:
    """The processor's name, cores and memory, for tables of timings."""
    name = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        name = next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        pass
    return {"cpu": name, "cores": psutil.cpu_count(), "memory_gib": round(psutil.virtual_memory().total / 2**30)}


def _first_frames(video: Path, count: int) -> list[Frame]:
    with closing(read_frames(video, max_side=WORKING_SIDE)) as stream:
        frames = list(islice(stream, count))
    if len(frames) < 2:
        raise NoPersonFound(f"{video.name} is too short to measure on. Use a clip of a few seconds.")
    return frames


def _window(picture: Frame, size: int) -> Window:
    side = min(picture.shape[:2])
    return Window((picture.shape[1] - side) // 2, (picture.shape[0] - side) // 2, side, size)


def _paper_estimator(weights: Path | None, notes: list[str]) -> PoseEstimator | None:
    try:
        return make_estimator("openpose", **({} if weights is None else {"weights": weights}))
    except WeightsMissing as error:
        notes.append(f"The paper's form of poses was not measured: {error}")
        return None


def _poses_with_faces(frames: Sequence[Frame], by: PoseEstimator, faces: FaceTracker | PaperFaces) -> float:
    """ms a frame of following one person and finding their face."""
    index = 0

    def work() -> None:
        nonlocal index
        for person in follow_person(frames, by, Choice()):
            pose: Pose = unseen_pose() if person is None else person.pose
            faces.step(frames[index], pose, 1 / 30)
            index += 1

    return _milliseconds(work, len(frames))


def _interpolation(frames: Sequence[Frame], by: str) -> float:
    """ms for each made frame when the rate is doubled."""

    def work() -> None:
        for _ in interpolate(frames, by, 2):
            continue

    return _milliseconds(work, len(frames))


def _milliseconds(work: Callable[[], None], count: int) -> float:
    begun = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - begun) / count
