"""python -m posetransfer transfer: a driving video in, the target performing it out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from posetransfer.errors import PoseTransferError


def transfer(
    driving: Annotated[Path, typer.Argument(help="The driving video.")],
    target: Annotated[str, typer.Option(help="A target's name or folder.")],
    method: Annotated[Literal["knn", "pose2pics", "pics2pics"], typer.Option()],
    out: Annotated[Path, typer.Option(help="The video to write (.mp4).")],
    start: Annotated[float, typer.Option(min=0, help="Seconds of the driving video to skip.")] = 0.0,
    end: Annotated[float | None, typer.Option(min=0, help="Second of the driving video to stop at.")] = None,
    person: Annotated[int | None, typer.Option(min=1, help="Whom to follow, counted from the left.")] = None,
    person_at: Annotated[str | None, typer.Option(metavar="X,Y", help="Follow the person at this pixel.")] = None,
    mirror: Annotated[bool, typer.Option("--mirror", help="Perform left for right.")] = False,
    canvas: Annotated[Literal["square", "full"], typer.Option(help="The square, or in the whole picture.")] = "square",
    align: Annotated[
        Literal["pose", "first", "off"] | None, typer.Option(help="Default: off for knn, pose for the others.")
    ] = None,
    interpolate: Annotated[int, typer.Option(min=1, max=8, help="Multiply the frame rate.")] = 1,
    keyframe_every: Annotated[int, typer.Option(min=1, max=30, help="Make every Nth frame, fill by flow.")] = 1,
    smooth: Annotated[Literal["one-euro", "kalman", "off"], typer.Option()] = "one-euro",
    fill: Annotated[Literal["median", "time"], typer.Option(help="How unseen joints are filled.")] = "time",
    retarget: Annotated[Literal["on", "off"], typer.Option(help="Fit the pose to the target's body.")] = "on",
    threshold: Annotated[float | None, typer.Option(min=0, help="knn: by how much a new frame must win.")] = None,
    k: Annotated[int, typer.Option("-k", min=1, max=50, help="knn: how many nearest frames.")] = 1,
    combine: Annotated[Literal["path", "mean"], typer.Option(help="knn: how k frames become one.")] = "path",
    metric: Annotated[Literal["joints", "angles", "pixels"], typer.Option(help="knn: what near means.")] = "joints",
    no_sound: Annotated[bool, typer.Option("--no-sound", help="Leave the driving video's sound out.")] = False,
    side_by_side: Annotated[
        bool, typer.Option("--side-by-side", help="Also write driving, skeleton and result beside each other.")
    ] = False,
    pose: Annotated[Literal["mediapipe", "openpose"], typer.Option(help="The pose estimator.")] = "mediapipe",
    runtime: Annotated[Literal["auto", "torch", "openvino"], typer.Option()] = "auto",
    report: Annotated[Path | None, typer.Option(help="Write what was done as JSON.")] = None,
) -> None:
    """Make the target perform what the person in DRIVING does."""
    from posetransfer.cli.show import follow
    from posetransfer.pipeline.options import TransferOptions
    from posetransfer.pipeline.transfer import transfer as run

    options = TransferOptions(
        method=method, start=start, end=end, person=person, person_at=parse_point(person_at), mirror=mirror,
        canvas=canvas, align=align, interpolate=interpolate, keyframe_every=keyframe_every, smooth=smooth, fill=fill,
        retarget=retarget == "on", threshold=threshold, k=k, combine=combine, metric=metric, sound=not no_sound,
        side_by_side=side_by_side, pose=pose, runtime=runtime,
    )  # fmt: skip
    done = follow(run(driving, target, out, options), report)
    print(f"{done.out}: {done.frames_out} frames, {done.duration_out:.2f} s")


def parse_point(text: str | None) -> tuple[float, float] | None:
    """ "X,Y" as two numbers. Raises PoseTransferError."""
    if text is None:
        return None
    try:
        x, y = (float(number) for number in text.split(","))
    except ValueError as error:
        raise PoseTransferError(f"--person-at takes two numbers such as 320,240, not {text!r}.") from error
    return x, y
