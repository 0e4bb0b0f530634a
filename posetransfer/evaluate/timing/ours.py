"""What is measured of ours: whole transfers, the live path a picture at a time, and interpolation."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from posetransfer.checkpoints.lookup import find_target
from posetransfer.conditioning.window import Window
from posetransfer.interpolate.interpolator import interpolate
from posetransfer.pipeline.live import LivePerformance
from posetransfer.pipeline.live_driver import LiveDriver, Moment
from posetransfer.pipeline.options import WORKING_SIDE, TransferOptions
from posetransfer.pipeline.report import Report
from posetransfer.pipeline.transfer import transfer
from posetransfer.poses.estimator import make_estimator
from posetransfer.provenance.label import labelled
from posetransfer.streams import finished
from posetransfer.types import Frame
from posetransfer.video.info import video_info
from posetransfer.video.read import read_frames


@dataclass(frozen=True)
class LiveTimes:
    """milliseconds: from the driver's picture to the made one, one number a picture; runtime: what ran."""

    milliseconds: list[float]
    runtime: str


def timed_transfer(driving: Path, target: str, out: Path, options: TransferOptions) -> Report:
    """A transfer from file to file; its report says what it took. Raises what `transfer` raises."""
    return finished(transfer(driving, target, out, options))


def timed_live(driving: Path, target: str, method: str, frames: int) -> LiveTimes:
    """The live path on the first `frames` pictures of a video, each made before the next is looked at.

    Watching, retargeting, making and the badge are counted, decoding is not: a camera's pictures come decoded. The
    first picture, which warms all of it up, is left out.
    """
    performance = LivePerformance(find_target(target), method)
    driver, needs = LiveDriver(make_estimator("mediapipe")), performance.method
    fps, taken = float(video_info(driving).fps), []
    with closing(performance), closing(read_frames(driving, max_side=WORKING_SIDE)) as pictures:
        for number, picture in enumerate(islice(pictures, frames + 1)):
            begun = time.perf_counter()
            moment = Moment(picture, number / fps)
            watched = driver.step(moment, poses=needs.needs_poses, faces=needs.needs_faces)
            labelled(performance.step(watched))
            taken.append(1000 * (time.perf_counter() - begun))
    return LiveTimes(taken[1:], needs.runtime_used)


def timed_interpolation(driving: Path, size: int, frames: int) -> dict[str, float]:
    """Milliseconds a made frame when the rate is doubled, by interpolator: ours and the paper's form of it.

    On the middle squares of the video's first frames, `size` px a side.
    """
    with closing(read_frames(driving, max_side=WORKING_SIDE)) as pictures:
        squares = [_middle(picture, size) for picture in islice(pictures, frames)]
    taken = {}
    for by in ("dis", "farneback"):
        begun = time.perf_counter()
        for _ in interpolate(squares, by, 2):
            continue
        taken[by] = 1000 * (time.perf_counter() - begun) / max(len(squares) - 1, 1)
    return taken


def _middle(picture: Frame, size: int) -> Frame:
    height, width = picture.shape[:2]
    side = min(height, width)
    return Window((width - side) // 2, (height - side) // 2, side, size).crop(picture)
