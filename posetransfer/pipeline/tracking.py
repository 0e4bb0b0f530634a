"""A training's figures in a local trackio project, for whoever keeps those of other programs there too. Optional.

Rows go into trackio's own storage, as its importers write them, and not through its `init`: that asks the Hub who is
logged in, sends figures to where an environment variable points, and prints (docs/decisions/0011).
"""

from __future__ import annotations

import json
import logging
import sqlite3
import time
import uuid
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from math import isfinite
from pathlib import Path
from typing import Any, Final

from posetransfer.checkpoints.lookup import target_folder
from posetransfer.errors import PoseTransferError
from posetransfer.pipeline.options import LearnOptions
from posetransfer.pipeline.report import Report, write_text
from posetransfer.pipeline.work import work_folder
from posetransfer.types import Progress

PROJECT: Final = "posetransfer"
SERIES: Final = "0.43"  # of trackio, whose storage promises nothing between two of them
MARK: Final = "trackio-run"  # in the folder of the training: the identity of its run
WRITE_SECONDS: Final = 2.0

logger = logging.getLogger(__name__)


def tracked(
    learning: Generator[Progress, None, Report], clips: Sequence[Path], out: str, options: LearnOptions
) -> Generator[Progress, None, Report]:
    """What `learning` (`learn` with the same clips, out and options) yields and returns; its figures and options are
    written to the local trackio project "posetransfer" on the way, as a run with the target's name.

    A resumed training goes on in its run. Nothing is sent anywhere. Raises PoseTransferError, before anything is
    begun, if trackio is not installed in the version that is known; what cannot be written later is a warning in the
    report.
    """
    _require_trackio()
    folder = target_folder(out)
    told = json.loads(json.dumps(asdict(options), default=lambda path: path.name))
    del told["resume"]
    named = {"target": folder.name, "clips": [clip.name for clip in clips], **told}
    book = _Book(folder.name, work_folder(folder) / MARK, named, options.resume)
    with closing(learning):
        try:
            while True:
                progress = next(learning)
                if progress.figures:
                    book.add(progress.stage.removeprefix("train "), progress.figures)
                yield progress
        except StopIteration as stop:
            report: Report = stop.value
        finally:
            book.write()
    report.warnings += book.problems
    return report


def _require_trackio() -> None:
    try:
        found = version("trackio")
    except PackageNotFoundError:
        found = "none"
    if not found.startswith(f"{SERIES}."):
        raise PoseTransferError(
            f"Tracking needs trackio {SERIES}, and {found} is installed. Install it with: pip install -r "
            "requirements-extras.txt"
        )


@dataclass
class _Rows:
    """What is not written yet, as trackio's storage takes it."""

    metrics_list: list[dict[str, float]] = field(default_factory=list)
    steps: list[int] = field(default_factory=list)
    timestamps: list[str] = field(default_factory=list)
    log_ids: list[str] = field(default_factory=list)


class _Book:
    """The run of one training. problems: why figures are missing in it, if they are."""

    def __init__(self, name: str, mark: Path, options: dict[str, Any], resume: bool) -> None:
        self.problems: list[str] = []
        self._name, self._mark, self._options, self._resume = name, mark, options, resume
        self._run_id = ""
        self._rows, self._written = _Rows(), time.monotonic()

    def add(self, network: str, figures: Mapping[str, float]) -> None:
        """The figures of one step of `network`; written now and then."""
        if self.problems:
            return
        self._run_id = self._run_id or self._identity()
        step, rows = int(figures["step"]), self._rows
        kept = {name: value for name, value in figures.items() if name != "step" and isfinite(value)}
        rows.metrics_list.append({f"{network}/{name}": value for name, value in kept.items()})
        rows.steps.append(step)
        rows.timestamps.append(datetime.now(UTC).isoformat())
        # of a step that a run did again after it was cut off before its save, the first stays
        rows.log_ids.append(f"{self._run_id}-{network}-{step}")
        if time.monotonic() - self._written > WRITE_SECONDS:
            self.write()

    def write(self) -> None:
        """Write what was added. A training does not end for want of its figures: the report says what is missing."""
        if not self._rows.steps:
            return
        from trackio.sqlite_storage import SQLiteStorage

        rows, self._rows, self._written = self._rows, _Rows(), time.monotonic()
        try:
            SQLiteStorage.bulk_log(PROJECT, self._name, **vars(rows), config=self._options, run_id=self._run_id)
        except (sqlite3.Error, OSError) as error:
            problem = f"From step {rows.steps[0]} on the figures are not in trackio: {error}."
            logger.warning(problem)
            self.problems.append(problem)

    def _identity(self) -> str:
        """That of the run which this training began, or goes on with."""
        if self._resume:
            with suppress(OSError):
                return self._mark.read_text(encoding="utf-8").strip()
        run_id = uuid.uuid4().hex
        write_text(self._mark, run_id)
        return run_id
