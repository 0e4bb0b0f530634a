"""How a run shows itself: a bar on a terminal, plain lines elsewhere, and the report at the end."""

from __future__ import annotations

import sys
import time
from collections.abc import Generator
from pathlib import Path
from typing import TypeVar

from posetransfer.pipeline.report import Report
from posetransfer.types import Progress

T = TypeVar("T")
LINE_EVERY = 5.0  # seconds between plain lines of one stage


def follow(run: Generator[Progress, None, Report], report_path: Path | None) -> Report:
    """Drive `run` to its end, showing its progress; show its warnings and write its report."""
    report = drain(run)
    for warning in report.warnings:
        print(f"Note: {warning}", file=sys.stderr)
    if report_path is not None:
        report.write(report_path)
    return report


def drain(run: Generator[Progress, None, T]) -> T:
    """Drive `run` to its end, showing its progress. Ctrl-C closes the run before it leaves here."""
    try:
        return _on_terminal(run) if sys.stderr.isatty() else _as_lines(run)
    finally:
        run.close()


def _as_lines(run: Generator[Progress, None, T]) -> T:
    stage, last = "", 0.0
    while True:
        try:
            progress = next(run)
        except StopIteration as stop:
            result: T = stop.value
            return result
        now = time.monotonic()
        if progress.stage != stage or now - last >= LINE_EVERY:
            stage, last = progress.stage, now
            total = "" if progress.total is None else f" of {progress.total}"
            print(f"{progress.stage}: {progress.done}{total} {progress.message}".rstrip(), file=sys.stderr, flush=True)


def _on_terminal(run: Generator[Progress, None, T]) -> T:
    from rich.console import Console
    from rich.progress import BarColumn, TaskID, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:.0f}"),
        TimeRemainingColumn(),
    )
    tasks: dict[str, TaskID] = {}
    with Bars(*columns, console=Console(stderr=True)) as bars:
        while True:
            try:
                progress = next(run)
            except StopIteration as stop:
                result: T = stop.value
                return result
            if progress.stage not in tasks:
                tasks[progress.stage] = bars.add_task(progress.stage)
            description = f"{progress.stage} {progress.message}".strip()
            bars.update(tasks[progress.stage], completed=progress.done, total=progress.total, description=description)
