"""Which files of a job the browser may have."""

from __future__ import annotations

from pathlib import Path

from space.jobs.curve import CURVE
from space.jobs.errors import JobNotFound, UnsafeName
from space.jobs.folder import PREVIEW, JobFolder


def served(folder: JobFolder, name: str) -> Path:
    """The file `name` of a job: one that its result names, the preview or the curve. Raises JobNotFound."""
    ending = folder.ending()
    named = (ending.result or {}).get("files", {}).values() if ending is not None else ()
    try:
        path = folder.file(name)
    except UnsafeName:
        path = None
    if path is None or (name not in (PREVIEW, CURVE) and name not in named) or not path.is_file():
        raise JobNotFound("There is no such file. The job may have been deleted.")
    return path
