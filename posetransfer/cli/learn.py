"""python -m posetransfer learn: footage of a person in, a target out."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from posetransfer.cli.options import Contours, Estimator, ReportPath, Where


def learn(
    clips: Annotated[list[Path], typer.Argument(metavar="TARGET.mp4...", help="Footage of the target person.")],
    out: Annotated[str, typer.Option(help="A folder (with a slash), or a name in your own targets.")],
    source: Annotated[
        list[Path] | None, typer.Option(help="Clips of person A, for pics2pics and --pairs knn.")
    ] = None,
    methods: Annotated[
        str | None, typer.Option(help="Of knn,pose2pics,pics2pics; default: all the clips allow.")
    ] = None,
    start: Annotated[float, typer.Option(min=0, help="Seconds of each target clip to skip.")] = 0.0,
    end: Annotated[float | None, typer.Option(min=0, help="Second of each target clip to stop at.")] = None,
    size: Annotated[int, typer.Option(help="Side of the made picture in px: 256 or 512.")] = 256,
    preset: Annotated[Literal["fast", "standard", "paper"], typer.Option()] = "fast",
    style: Annotated[Literal["limbs", "paper"] | None, typer.Option(help="Default: the preset's.")] = None,
    edges: Annotated[bool, typer.Option("--edges", help="Draw Canny edges into pose frames (style paper).")] = False,
    pairs: Annotated[Literal["own", "knn"], typer.Option(help="pose2pics: B's own poses, or A's by k-NN.")] = "own",
    minutes: Annotated[
        float | None, typer.Option(min=0, help="Optimisation time per network in all. Default: 10.")
    ] = None,
    steps: Annotated[int | None, typer.Option(min=1, help="Optimisation steps per network in all.")] = None,
    drop_source_frames: Annotated[
        str, typer.Option(metavar="12,20-30", help="Frames of A, from 0, whose pairs are not learned from.")
    ] = "",
    resume: Annotated[bool, typer.Option("--resume", help="Go on with an unfinished training.")] = False,
    seed: Annotated[int, typer.Option()] = 0,
    pose: Estimator = "mediapipe",
    contours: Contours = "dlib68",
    runtime: Where = "auto",
    track: Annotated[bool, typer.Option("--track", help="Keep the figures in a local trackio project.")] = False,
    report: ReportPath = None,
) -> None:
    """Learn a target from footage of them."""
    from posetransfer.cli.show import follow
    from posetransfer.pairs.frame_ranges import parse_frames
    from posetransfer.pipeline.learn import learn as run
    from posetransfer.pipeline.options import LearnOptions

    options = LearnOptions(
        sources=tuple(source or ()), methods=None if methods is None else tuple(methods.split(",")), start=start,
        end=end, size=size, preset=preset, style=style, edges=edges, pairs=pairs, minutes=minutes, steps=steps,
        resume=resume, seed=seed, dropped_source_frames=parse_frames(drop_source_frames), pose=pose,
        contours=contours, runtime=runtime,
    )  # fmt: skip
    learning = run(clips, out, options)
    if track:
        from posetransfer.pipeline.tracking import PROJECT, tracked

        learning = tracked(learning, clips, out, options)
    done = follow(learning, report)
    print(f"{done.out}: {done.method}" + (f"\nFigures: trackio show --project {PROJECT}" if track else ""))
