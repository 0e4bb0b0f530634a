"""python -m posetransfer benchmark: milliseconds a frame, ours and the paper's form in one run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from posetransfer.cli.options import ReportPath


def benchmark(
    video: Annotated[Path, typer.Argument(help="A clip with a person in it.")],
    frames: Annotated[int, typer.Option(min=2, max=600, help="How many of its frames are used.")] = 60,
    size: Annotated[int, typer.Option(min=64, max=1024, help="Side of the interpolated pictures in px.")] = 256,
    paper_weights: Annotated[
        Path | None, typer.Option(help="The compressed OpenPose for the paper's form; default: as --pose openpose.")
    ] = None,
    report: ReportPath = None,
) -> None:
    """Measure VIDEO stage by stage; every figure of ours has the paper's form beside it."""
    from posetransfer.cli.show import drain
    from posetransfer.evaluate.timing import benchmark as run
    from posetransfer.pipeline.report import write_text

    table = drain(run(video, frames=frames, size=size, paper_weights=paper_weights))
    cpu = table["machine"]
    print(
        f"{cpu['cpu']}, {cpu['cores']} cores; {table['video']['name']} {table['video']['size']}; medians, ms a frame"
    )
    print(f"{'decode':32}{table['decode_ms']:>10}")
    for stage, row in table["stages"].items():
        paper = "-" if row["paper_form_ms"] is None else f"{row['paper_form_ms']} ({row['ratio']} times ours)"
        stated = (
            "" if row["stated_in_paper_ms"] is None else f"   stated in the paper: {row['stated_in_paper_ms']:.0f}"
        )
        print(f"{stage:32}{row['ours_ms']:>10}   the paper's form: {paper}{stated}")
    for note in table["notes"]:
        print(f"Note: {note}")
    if report is not None:
        write_text(report, json.dumps(table, indent=1) + "\n")
