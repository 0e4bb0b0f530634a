"""The job of a transfer: the driving video in the job's folder becomes the result and its views beside it."""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

from posetransfer.checkpoints.folder import Checkpoint
from posetransfer.errors import Stopped
from posetransfer.methods.method import Performer
from posetransfer.pipeline.options import TransferOptions
from posetransfer.pipeline.transfer import transfer
from posetransfer.types import Progress
from posetransfer.video.limits import Limits
from space.jobs.borrowed import Borrowed
from space.jobs.folder import JobFolder
from space.report_words import report_words

RESULT = "result.mp4"


def run(
    folder: JobFolder, arguments: dict[str, Any], stopped: Callable[[], int]
) -> Generator[Progress, None, dict[str, Any] | None]:
    """arguments: driving (a file of the folder), target, options (fields of TransferOptions), limits (of Limits),
    lent (pictures that a borrowed GPU makes at a time; 0: none is to be borrowed), visit (by whose quota).
    """
    options = TransferOptions.from_json(arguments["options"])
    driving, out = folder.file(arguments["driving"]), folder.file(RESULT)
    borrowed: list[Borrowed] = []

    def loading(checkpoint: Checkpoint, name: str, runtime: str) -> Performer:
        method = checkpoint.open_method(name, runtime)
        if not arguments.get("lent"):
            return method
        borrowed.append(Borrowed(method, checkpoint, name, arguments["visit"], arguments["lent"]))
        return borrowed[0]

    try:
        report = yield from transfer(
            driving, arguments["target"], out, options, Limits(**arguments["limits"]), stopped, loading
        )
    except Stopped:
        return None
    report.warnings += [note for lent in borrowed for note in lent.notes]
    words = report_words(report)
    facts = report.to_json()
    files = {"result": out.name} | {name: Path(path).name for name, path in report.files.items()}
    facts["out"], facts["files"] = out.name, files  # no path of the server leaves it
    return {"report": facts, "files": files, "stopped_early": report.stopped_early, "words": words}
