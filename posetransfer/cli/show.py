"""How a run shows itself: a bar on a terminal, plain lines elsewhere, and the report at the end."""

from __future__ import annotations

import signal
import sys
import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, closing
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self, TypeVar

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
    """Drive `run` to its end, showing its progress. Ctrl-C closes the run, which keeps what it can."""
    with ExitStack() as stack:
        show = stack.enter_context(_Bars()) if sys.stderr.isatty() else _Lines().show
        stop = stack.enter_context(_Stop())
        stack.enter_context(closing(run))
        while True:
            try:
                progress = next(run)
            except StopIteration as end:
                result: T = end.value
                return result
            show(progress)
            if stop.asked:
                raise KeyboardInterrupt


class _Stop:
    """Notes the first Ctrl-C, so that the run ends between two steps and can save them; the second ends it at once."""

    def __init__(self) -> None:
        self.asked = False

    def __enter__(self) -> Self:
        self._before = signal.signal(signal.SIGINT, self._note)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        signal.signal(signal.SIGINT, self._before)

    def _note(self, number: int, frame: FrameType | None) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True


class _Lines:
    """A line when a stage begins, and every few seconds of it."""

    def __init__(self) -> None:
        self._stage = ""
        self._last = 0.0

    def show(self, progress: Progress) -> None:
        now = time.monotonic()
        if progress.stage == self._stage and now - self._last < LINE_EVERY:
            return
        self._stage, self._last = progress.stage, now
        total = "" if progress.total is None else f" of {progress.total}"
        print(f"{progress.stage}: {progress.done}{total} {progress.message}".rstrip(), file=sys.stderr, flush=True)


class _Bars:
    """A bar for each stage. Entering gives what shows a progress."""

    def __enter__(self) -> Callable[[Progress], None]:
        from rich.console import Console
        from rich.progress import BarColumn, TaskID, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bars

        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:.0f}%"))
        self._bars = Bars(*columns, TimeRemainingColumn(), console=Console(stderr=True))
        self._tasks: dict[str, TaskID] = {}
        self._bars.start()
        return self._show

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bars.stop()

    def _show(self, progress: Progress) -> None:
        if progress.stage not in self._tasks:
            self._tasks[progress.stage] = self._bars.add_task(progress.stage)
        self._bars.update(
            self._tasks[progress.stage],
            completed=progress.done,
            total=progress.total,
            description=f"{progress.stage} {progress.message}".strip(),
        )
