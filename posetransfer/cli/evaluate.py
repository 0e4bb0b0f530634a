"""python -m posetransfer evaluate: figures for a target's methods on a clip."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from posetransfer.cli.options import Alignment, End, Estimator, Metric, ReportPath, Start, Where
from posetransfer.errors import PoseTransferError

if TYPE_CHECKING:
    from posetransfer.evaluate.clip import Evaluation
    from posetransfer.evaluate.duo import Duo
    from posetransfer.evaluate.table import Table


def evaluate(
    driving: Annotated[
        Path | None, typer.Argument(help="The driving video; with --suite self, the target's own clip.")
    ] = None,
    target: Annotated[str | None, typer.Option(help="A target's name or folder.")] = None,
    suite: Annotated[
        Literal["self", "duo"] | None,
        typer.Option(
            help="self: score on the clip's tail, learned from its first 80 %. duo: against --truth; "
            "without DRIVING the bundled targets, driven by the rendered performers."
        ),
    ] = None,
    truth: Annotated[
        Path | None, typer.Option(help="--suite duo: the target doing the same as DRIVING, frame by frame.")
    ] = None,
    joints: Annotated[
        Path | None, typer.Option(help="--suite duo: the joints.npz of --truth; else the judge finds them.")
    ] = None,
    minutes: Annotated[float, typer.Option(min=0.1, help="--suite without --target: learn this long a network.")] = 5,
    also: Annotated[
        list[str] | None, typer.Option(metavar="NAME=TARGET", help="--suite: further rows, by another target.")
    ] = None,
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

    if suite is not None and judge == "none":
        raise PoseTransferError("A suite needs a judge of the joints: leave --judge out, or name an estimator.")
    if suite != "duo" and (truth is not None or joints is not None):
        raise PoseTransferError("--truth and --joints belong to --suite duo.")
    others = [_named(words) for words in also or []]
    if suite == "duo":
        _duo_suite(_duos(driving, target, truth, joints), others, judge, report)
        return
    if driving is None:
        raise PoseTransferError("Give a driving video: evaluate CLIP.mp4; only --suite duo has clips of its own.")
    if suite == "self":
        _self_suite(driving, target, minutes, others, judge, report)
        return
    if target is None:
        raise PoseTransferError("Say which target to score: --target NAME; or --suite self learns one from the clip.")
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


def _self_suite(
    clip: Path, target: str | None, minutes: float, others: list[tuple[str, str]], judge: str, report: Path | None
) -> None:
    """Run the suite self, print its table as markdown and write it as JSON."""
    from posetransfer.cli.show import drain
    from posetransfer.evaluate.suites import evaluate_self
    from posetransfer.places import cache_folder

    folder = cache_folder() / "evaluate"
    table = drain(evaluate_self(clip, folder, target=target, minutes=minutes, others=others, judge=judge))
    _print_markdown(table)
    if report is not None:
        table.write(report)


def _duos(driving: Path | None, target: str | None, truth: Path | None, joints: Path | None) -> list[Duo]:
    """The case that was given, or the bundled ones if nothing was."""
    from posetransfer.evaluate.duo import Duo, bundled_duos

    if driving is not None and target is not None and truth is not None:
        return [Duo(f"duo: {Path(target).name} driven by {driving.name}", target, driving, truth, joints)]
    if (driving, target, truth, joints) != (None, None, None, None):
        raise PoseTransferError(
            "--suite duo needs DRIVING, --target and --truth together, or none of them for the bundled targets."
        )
    duos, missing = bundled_duos()
    if missing:
        print(f"Note: {missing}", file=sys.stderr)
    return duos


def _duo_suite(duos: list[Duo], others: list[tuple[str, str]], judge: str, report: Path | None) -> None:
    """Run the suite duo, print a table for each case as markdown and write all of them as JSON."""
    from posetransfer.cli.show import drain
    from posetransfer.evaluate.suites import score
    from posetransfer.evaluate.table import write_tables

    tables = []
    for case in [duo.case() for duo in duos]:
        tables.append(drain(score(case, others, judge)))
        _print_markdown(tables[-1])
        if report is not None:
            write_tables("duo", tables, report)


def _print_markdown(table: Table) -> None:
    from posetransfer.evaluate.table import interpolation_markdown, markdown

    print(f"{table.case}; joints found by {table.judge}; {table.seconds:.0f} s\n")
    print(f"{markdown(table)}\n\n{interpolation_markdown(table)}\n", flush=True)


def _named(words: str) -> tuple[str, str]:
    name, equals, target = words.partition("=")
    if not (name and equals and target):
        raise PoseTransferError(f"--also takes NAME=TARGET, such as standard=targets/b-standard, not {words!r}.")
    return name, target


def print_table(evaluation: Evaluation) -> None:
    """The rows with three decimals; a dash where a figure does not apply."""
    columns = [name for name in asdict(next(iter(evaluation.rows.values()))) if name != "frames"]
    print(f"{evaluation.target} driven by {evaluation.clip}; joints re-detected by {evaluation.judge}")
    print(f"{'':14}" + "".join(f"{name:>12}" for name in columns))
    for name, score in evaluation.rows.items():
        values = [getattr(score, column) for column in columns]
        print(f"{name:14}" + "".join(f"{'-' if v != v else format(v, '.3f'):>12}" for v in values))
    sys.stdout.flush()
