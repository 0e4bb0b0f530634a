"""python -m posetransfer demo: a bundled target performs a bundled video by all its methods."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer


def demo(
    out: Annotated[Path, typer.Option(help="The folder for the videos and the sheet.")] = Path("demo"),
    driving: Annotated[Path | None, typer.Option(help="The driving video; default: a bundled one.")] = None,
    target: Annotated[str | None, typer.Option(help="A target's name or folder; default: a bundled one.")] = None,
) -> None:
    """See every method at work: a bundled target performs a bundled video, offline, in a few minutes."""
    from posetransfer.cli.show import drain
    from posetransfer.pipeline.demo import demo as run
    from posetransfer.pipeline.demo import demo_driving, demo_target

    performer = demo_target(target)
    driver = driving or demo_driving(performer.name)
    print(f"{performer.name} performs {driver.name} by {', '.join(performer.methods)}.", file=sys.stderr)
    done = drain(run(driver, performer, out))
    for warning in done.warnings:
        print(f"Note: {warning}", file=sys.stderr)
    for method, path in done.videos.items():
        print(f"{path}: {performer.name} by {method}; beside its driver: {done.beside[method].name}")
    print(f"{done.sheet}: all of them in one picture")
