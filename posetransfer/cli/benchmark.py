"""python -m posetransfer benchmark: what a target costs from file to file, ours and the paper's form in one run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from posetransfer.cli.options import ReportPath

PERCENTILES = ("p50", "p95", "p99")


def benchmark(
    video: Annotated[Path, typer.Argument(help="The driving video: a clip with a person who is always seen.")],
    target: Annotated[
        list[str] | None, typer.Option(help="A target's name or folder; several, as of 256 and 512 px. Default: ines.")
    ] = None,
    methods: Annotated[
        str | None, typer.Option(help="Of knn,pose2pics,pics2pics; default: all that each target has.")
    ] = None,
    frames: Annotated[int | None, typer.Option(min=10, help="How many of its frames are used; default: all.")] = None,
    rounds: Annotated[int, typer.Option(min=1, max=20, help="How often all of it is measured, in turn.")] = 3,
    paper_frames: Annotated[
        int, typer.Option(min=0, max=1000, help="Of the paper's form in each round, a second or two each; 0: none.")
    ] = 12,
    paper_weights: Annotated[
        Path | None, typer.Option(help="The compressed OpenPose for the paper's form; default: as --pose openpose.")
    ] = None,
    live_frames: Annotated[
        int, typer.Option(min=0, max=10000, help="Of the live path in each round, for its latency; 0: none.")
    ] = 150,
    report: ReportPath = None,
) -> None:
    """Measure whole transfers of VIDEO: frames a second, stages, latency, memory; the paper's form beside them."""
    from posetransfer.cli.show import drain
    from posetransfer.evaluate.timing.benchmark import benchmark as run
    from posetransfer.evaluate.timing.measured import Plan
    from posetransfer.pipeline.report import write_text

    plan = Plan(video, frames, rounds, paper_frames, live_frames, paper_weights)
    found = drain(run(plan, target or ["ines"], None if methods is None else methods.split(",")))
    _show_head(found)
    for case in found["cases"]:
        _show_case(case)
    for size, taken in found["interpolation"].items():
        print(
            f"\nInterpolation at {size} px: {taken['ours_ms']} ms a made frame; the paper's form "
            f"{taken['paper_form_ms']} ({taken['ratio']} times ours), stated in the paper "
            f"{found['stated_in_the_paper_ms']['interpolation']:.0f}"
        )
    for note in found["notes"]:
        print(f"Note: {note}")
    if report is not None:
        write_text(report, json.dumps(found, indent=1) + "\n")


def _show_head(found: dict[str, Any]) -> None:
    cpu, video = found["machine"], found["video"]
    print(f"{cpu['cpu']}, {cpu['cores']} cores, {cpu['memory_gib']} GiB; load before: {cpu['load_before']}")
    size = "x".join(map(str, video["size"]))
    sound = "with sound" if video["sound"] else "without sound"
    print(f"{video['name']}: {size}, {video['fps']} frames a second, {sound}; medians of {found['rounds']} rounds")


def _show_case(case: dict[str, Any]) -> None:
    print(f"\n{case['target']}, {case['method']} at {case['size']} px ({case['runtime']}), {case['frames']} frames")
    seconds = case["seconds"]
    ready = seconds["network_made_ready_once"]
    print(
        f"  {case['frames_a_second']} frames a second from file to file: {seconds['total']} s, "
        f"{seconds['with_start_up']} s with the program's start"
        + (f"; its network was made ready once in {ready} s" if ready else "")
    )
    forms = {name: form for name, form in case["paper_form"].items() if isinstance(form, dict)}
    for name, form in forms.items():
        print(f"  {form['ratio']} times the paper's form {name} ({form['ms_a_frame']:.0f} ms a frame)")
    peak, paper = case["peak_rss_mb"], case["paper_form"].get("peak_rss_mb")
    print(f"  peak memory {peak:.0f} MiB" + (f"; the paper's form {paper:.0f}" if paper else ""))
    if case["latency_ms"]:
        shown = ", ".join(f"{name} {ms} ms" for name, ms in case["latency_ms"].items() if name in PERCENTILES)
        print(f"  live, from picture to picture: {shown}")
    width = max(map(len, case["stages_ms"]))
    names = list(forms)
    print(f"  ms a frame by stage{'':{max(width - 17, 1)}}ours" + "".join(f"   {name}" for name in names))
    for stage in dict.fromkeys([*case["stages_ms"], *(s for form in forms.values() for s in form["stages_ms"])]):
        theirs = "".join(f"   {_cell(forms[name]['stages_ms'].get(stage)):>{len(name)}}" for name in names)
        print(f"    {stage:{max(width, 18)}}{_cell(case['stages_ms'].get(stage)):>6}{theirs}")
    for warning in case["warnings"]:
        print(f"  Note: {warning}")


def _cell(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"
