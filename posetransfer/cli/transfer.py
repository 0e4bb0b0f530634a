"""python -m posetransfer transfer: a driving video in, the target performing it out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from posetransfer.cli.options import (
    Alignment,
    Contours,
    End,
    Estimator,
    Metric,
    Number,
    Place,
    ReportPath,
    Start,
    TargetName,
    Where,
)


def transfer(
    driving: Annotated[Path, typer.Argument(help="The driving video.")],
    target: TargetName,
    method: Annotated[Literal["knn", "pose2pics", "pics2pics"], typer.Option()],
    out: Annotated[Path, typer.Option(help="The video to write (.mp4).")],
    start: Start = 0.0,
    end: End = None,
    person: Number = None,
    person_at: Place = None,
    mirror: Annotated[bool, typer.Option("--mirror", help="Perform left for right.")] = False,
    canvas: Annotated[Literal["square", "full"], typer.Option(help="The square, or in the whole picture.")] = "square",
    align: Alignment = None,
    interpolate: Annotated[int, typer.Option(min=1, max=8, help="Multiply the frame rate.")] = 1,
    keyframe_every: Annotated[int, typer.Option(min=1, max=30, help="Make every Nth frame, fill by flow.")] = 1,
    smooth: Annotated[Literal["one-euro", "kalman", "off"], typer.Option()] = "one-euro",
    fill: Annotated[Literal["median", "time"], typer.Option(help="How unseen joints are filled.")] = "time",
    retarget: Annotated[Literal["on", "off"], typer.Option(help="Fit the pose to the target's body.")] = "on",
    threshold: Annotated[float | None, typer.Option(min=0, help="knn: by how much a new frame must win.")] = None,
    k: Annotated[int, typer.Option("-k", min=1, max=50, help="knn: how many nearest frames.")] = 1,
    combine: Annotated[Literal["path", "mean"], typer.Option(help="knn: how k frames become one.")] = "path",
    metric: Metric = "joints",
    no_sound: Annotated[bool, typer.Option("--no-sound", help="Leave the driving video's sound out.")] = False,
    side_by_side: Annotated[
        bool, typer.Option("--side-by-side", help="Also write driving, skeleton and result beside each other.")
    ] = False,
    views: Annotated[
        bool, typer.Option("--views", help="Also write driving, skeleton, raw and aligned as files of their own.")
    ] = False,
    pose: Estimator = "mediapipe",
    contours: Contours = "dlib68",
    runtime: Where = "auto",
    report: ReportPath = None,
) -> None:
    """Make the target perform what the person in DRIVING does."""
    from posetransfer.cli.show import drain, follow
    from posetransfer.hub.hub import HUBS, to_pull
    from posetransfer.pipeline.options import TransferOptions, parse_point
    from posetransfer.pipeline.transfer import transfer as run

    options = TransferOptions(
        method=method, start=start, end=end, person=person, person_at=parse_point(person_at), mirror=mirror,
        canvas=canvas, align=align, interpolate=interpolate, keyframe_every=keyframe_every, smooth=smooth, fill=fill,
        retarget=retarget == "on", threshold=threshold, k=k, combine=combine, metric=metric, sound=not no_sound,
        side_by_side=side_by_side, views=views, pose=pose, contours=contours,
        runtime=runtime,
    )  # fmt: skip
    if (reference := to_pull(target)) is not None:
        drain(HUBS.resolve("huggingface")().pull(reference))
    done = follow(run(driving, target, out, options), report)
    print(f"{done.out}: {done.frames_out} frames, {done.duration_out:.2f} s")
