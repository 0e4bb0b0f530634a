"""python -m posetransfer poses | draw: the poses of a video as data, and as pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from posetransfer.cli.options import End, Estimator, Number, Place, ReportPath, Start


def poses(
    video: Annotated[Path, typer.Argument()],
    out: Annotated[Path, typer.Option("--out", "-o", help="The file to write (.npz).")],
    start: Start = 0.0,
    end: End = None,
    person: Number = None,
    person_at: Place = None,
    pose: Estimator = "mediapipe",
    report: ReportPath = None,
) -> None:
    """Write the poses and faces of VIDEO: joints [T, 18, 3], faces [T, 68, 2], size, rate."""
    from posetransfer.cli.show import follow
    from posetransfer.pipeline.options import Watch, parse_point
    from posetransfer.pipeline.skeletons import write_poses

    watch = Watch(start, end, person, parse_point(person_at), pose)
    done = follow(write_poses(video, out, watch), report)
    print(f"{done.out}: {done.frames_in} poses, {done.pose_coverage:.0%} of joints seen")


def draw(
    video: Annotated[Path, typer.Argument()],
    out: Annotated[Path, typer.Option("--out", "-o", help="The video to write (.mp4).")],
    style: Annotated[Literal["limbs", "paper"], typer.Option(help="How the skeleton is drawn.")] = "limbs",
    over: Annotated[bool, typer.Option("--over", help="Draw over the video instead of on black.")] = False,
    start: Start = 0.0,
    end: End = None,
    person: Number = None,
    person_at: Place = None,
    pose: Estimator = "mediapipe",
    report: ReportPath = None,
) -> None:
    """Write VIDEO's skeleton as a video of its window, to see what the poses are like."""
    from posetransfer.cli.show import follow
    from posetransfer.pipeline.options import Watch, parse_point
    from posetransfer.pipeline.skeletons import draw_poses

    watch = Watch(start, end, person, parse_point(person_at), pose)
    done = follow(draw_poses(video, out, watch, style, over), report)
    print(f"{done.out}: {done.frames_out} frames")
