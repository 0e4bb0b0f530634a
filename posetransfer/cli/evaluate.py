"""python -m posetransfer evaluate: figures for a target's methods on a clip."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from posetransfer.cli.options import Alignment, End, Estimator, Metric, ReportPath, Start, TargetName, Where

if TYPE_CHECKING:
    from posetransfer.evaluate.clip import Evaluation


def evaluate(
    driving: Annotated[Path, typer.Argument(help="The driving video.")],
    target: TargetName,
    methods: Annotated[str, typer.Option(help="Which methods, with commas.")] = "knn,pose2pics",
    start: Start = 0.0,
    end: End = None,
    same_person: Annotated[
        bool,
        typer.Option("--same-person", help="The clip is held-out footage of the target: its frames are the truth."),
    ] = False,
    judge: Annotated[
        Literal["mediapipe", "openpose", "none"], typer.Option(help="Re-detects joints; not the one that drives.")
    ] = "openpose",
    align: Alignment = None,
    metric: Metric = "joints",
    pose: Estimator = "mediapipe",
    runtime: Where = "auto",
    report: ReportPath = None,
) -> None:
    """Score a target's methods on DRIVING: likeness to true frames where there are, and pose followed."""
    from posetransfer.cli.show import drain
    from posetransfer.evaluate.clip import evaluate_clip
    from posetransfer.pipeline.options import TransferOptions
    from posetransfer.pipeline.report import write_text

    names = methods.split(",")
    options = TransferOptions(
        method=names[0], start=start, end=end, align=align, metric=metric, pose=pose, runtime=runtime
    )
    run = evaluate_clip(
        driving, target, names, options, same_person=same_person, judge=None if judge == "none" else judge
    )
    evaluation = drain(run)
    print_table(evaluation)
    if report is not None:
        write_text(report, json.dumps(evaluation.to_json(), indent=1) + "\n")


def print_table(evaluation: Evaluation) -> None:
    """The rows with three decimals; a dash where a figure does not apply."""
    columns = [name for name in asdict(next(iter(evaluation.rows.values()))) if name != "frames"]
    print(f"{evaluation.target} driven by {evaluation.clip}; joints re-detected by {evaluation.judge}")
    print(f"{'':14}" + "".join(f"{name:>12}" for name in columns))
    for name, score in evaluation.rows.items():
        values = [getattr(score, column) for column in columns]
        print(f"{name:14}" + "".join(f"{'-' if v != v else format(v, '.3f'):>12}" for v in values))
    sys.stdout.flush()
