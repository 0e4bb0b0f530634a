"""The job of a look: what the page shows of a driving video before anything costs time."""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from posetransfer.pipeline.look import look
from posetransfer.pipeline.options import Watch
from posetransfer.types import Progress
from posetransfer.video.limits import Limits
from space.jobs.folder import JobFolder


def run(
    folder: JobFolder, arguments: dict[str, Any], stopped: Callable[[], int]
) -> Generator[Progress, None, dict[str, Any] | None]:
    """arguments: driving (a file of the folder), start, end, person_at, limits. A look cannot be kept half done."""
    at = arguments["person_at"]
    watch = Watch(arguments["start"], arguments["end"], person_at=None if at is None else (at[0], at[1]))
    seen = yield from look(folder.file(arguments["driving"]), watch, folder.path, Limits(**arguments["limits"]))
    return {**seen.to_json(), "files": {"first": "first.jpg", "skeleton": "skeleton.mp4"}}
