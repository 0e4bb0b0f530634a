"""What an earlier page left in its folder of jobs."""

from __future__ import annotations

from collections.abc import Container
from pathlib import Path

from space.jobs.folder import JobFolder, Request, is_token
from space.jobs.process import AdoptedWorker

Known = dict[str, tuple[JobFolder, Request]]


def found_in(root: Path, kinds: Container[str], passing: Container[str]) -> tuple[Known, list[JobFolder]]:
    """All jobs by token, and those that are not over: first those that a worker is still at, then the oldest.

    What is of no use is deleted: no job, one that was discarded, one of a kind that isn't in `kinds` any more, and one
    of a `passing` kind that is not over.
    """
    known: Known = {}
    unfinished: list[tuple[bool, float, JobFolder]] = []
    for path in root.iterdir():
        if not (is_token(path.name) and path.is_dir() and not path.is_symlink()):
            continue
        folder = JobFolder(path)
        request, ending = folder.request(), folder.ending()
        worker = AdoptedWorker.of(folder) if ending is None else None
        stale = ending is None and request is not None and request.kind in passing
        if request is None or folder.discarded or stale or request.kind not in kinds:
            if worker is not None:
                worker.kill()
            folder.delete()
            continue
        known[folder.token] = (folder, request)
        if ending is None:
            unfinished.append((worker is None, request.created, folder))
    return known, [folder for _, _, folder in sorted(unfinished, key=lambda job: job[:2])]
