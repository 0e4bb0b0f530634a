"""The job of a transfer: the driving video in the job's folder becomes the result and its views beside it."""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

from posetransfer.errors import Stopped
from posetransfer.pipeline.options import TransferOptions
from posetransfer.pipeline.transfer import transfer
from posetransfer.types import Progress
from posetransfer.video.limits import Limits
from space.jobs.folder import JobFolder
from space.report_words import report_words

RESULT = "result.mp4"


def run(
    folder: JobFolder, arguments: dict[str, Any], stopped: Callable[[], int]
) -> Generator[Progress, None, dict[str, Any] | None]:
    """arguments: driving (a file of the folder), target, options (fields of TransferOptions), limits (of Limits)."""
    options = TransferOptions.from_json(arguments["options"])
    driving, out = folder.file(arguments["driving"]), folder.file(RESULT)
    try:
        report = yield from transfer(
            driving, arguments["target"], out, options, Limits(**arguments["limits"]), stops=stopped
        )
    except Stopped:
        return None
    words = report_words(report)
    facts = report.to_json()
    files = {"result": out.name} | {name: Path(path).name for name, path in report.files.items()}
    facts["out"], facts["files"] = out.name, files  # no path of the server leaves it
    return {"report": facts, "files": files, "stopped_early": report.stopped_early, "words": words}
