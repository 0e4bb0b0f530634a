"""Poses as an end in themselves: written as data, or drawn as a video to look at."""

from __future__ import annotations

import time
from collections.abc import Generator
from contextlib import closing
from pathlib import Path
from typing import Literal

import numpy as np

from posetransfer.conditioning.pose_frames import draw_pose_frame
from posetransfer.pipeline.checks import check_out
from posetransfer.pipeline.clock import StageClock
from posetransfer.pipeline.observe import Observation, observe
from posetransfer.pipeline.options import WORKING_SIDE, Watch
from posetransfer.pipeline.pairing import driver_window
from posetransfer.pipeline.report import Report, peak_rss_mb
from posetransfer.poses.retarget import to_window
from posetransfer.poses.sequence import save_sequence
from posetransfer.types import Progress
from posetransfer.video.read import read_frames
from posetransfer.video.write import VideoWriter

SIZE = 512  # px of the drawn square


def write_poses(video: Path, out: Path, watch: Watch) -> Generator[Progress, None, Report]:
    """Write the poses and faces of `video` to `out` (npz), in px of frames of at most `WORKING_SIDE`."""
    begun, clock = time.perf_counter(), StageClock()
    check_out(out, ".npz", [video])
    observation = yield from observe(video, watch, clock)
    save_sequence(observation.sequence, out)
    return _report(video, observation, out, clock, begun)


def draw_poses(
    video: Path, out: Path, watch: Watch, style: Literal["limbs", "paper"], over: bool
) -> Generator[Progress, None, Report]:
    """Write the skeleton in `video` as a video of its window; with `over`, on the darkened video itself."""
    begun, clock = time.perf_counter(), StageClock()
    check_out(out, ".mp4", [video])
    observation = yield from observe(video, watch, clock)
    sequence = observation.sequence
    window = driver_window(sequence, SIZE)
    drawn = to_window(sequence, window)
    frames = read_frames(video, max_side=WORKING_SIDE, start=watch.start, end=watch.end)
    with closing(frames), VideoWriter(out, sequence.fps, (SIZE, SIZE)) as writer:
        for index, frame in enumerate(frames):
            picture = draw_pose_frame(drawn.joints[index], drawn.faces[index], SIZE, style)
            if over:
                picture = np.maximum(window.crop(frame) // 2, picture)
            writer.write(picture)
            if index % 10 == 0:
                yield Progress("draw", index, len(sequence))
    report = _report(video, observation, out, clock, begun)
    report.frames_out, report.fps_out = len(sequence), sequence.fps
    report.duration_out = report.duration_in
    return report


def _report(video: Path, observation: Observation, out: Path, clock: StageClock, begun: float) -> Report:
    sequence = observation.sequence
    return Report(
        frames_in=len(sequence),
        fps_in=sequence.fps,
        duration_in=float(len(sequence) / sequence.fps),
        seconds={"total": time.perf_counter() - begun, **clock.seconds},
        peak_rss_mb=peak_rss_mb(),
        pose_coverage=sequence.coverage,
        faces=observation.faces,
        out=str(out),
        warnings=observation.warnings(video.name),
    )
