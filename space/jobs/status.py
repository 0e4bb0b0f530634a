"""What the page shows of a job: its files and its place in the lane, as the JSON that the browser reads."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from space.jobs.estimates import Speeds, seconds_left, share
from space.jobs.folder import PREVIEW, Ending, JobFolder, Request

LOST = "This job was lost; the disk may be full. Try again later."


def waiting(
    folder: JobFolder,
    request: Request,
    ahead: Sequence[tuple[JobFolder, Request]],
    running: JobFolder | None,
    speeds: Speeds,
) -> dict[str, Any]:
    """The status of a job that has `ahead` before it, the job under way first if `running` is not None."""
    times = [
        left_of(other, asked, speeds) if other is running else _whole(stages_of(asked, None, speeds))
        for other, asked in ahead
    ]
    known = [seconds for seconds in times if seconds is not None]
    status = _blank(folder, request, speeds)
    status |= {"state": "waiting", "place": len(ahead), "stopping": folder.stop_presses > 0}
    status["seconds_left"] = sum(known) if len(known) == len(times) else None
    return status


def running(folder: JobFolder, request: Request, speeds: Speeds) -> dict[str, Any]:
    """The status of the job under way."""
    progress = folder.progress()
    stages = stages_of(request, progress, speeds)
    return _blank(folder, request, speeds) | {
        "state": "running",
        "seconds_left": seconds_left(stages, progress, time.time()),
        "stage": progress.get("stage", ""),
        "done": progress.get("done", 0),
        "total": progress.get("total"),
        "share": share(stages, progress),
        "fps": progress.get("fps"),
        "stopping": folder.stop_presses > 0 or folder.pause_pressed,
        "preview": _preview(progress),
        "message": progress.get("message", ""),
    }


def ended(folder: JobFolder, request: Request, ending: Ending | None, speeds: Speeds) -> dict[str, Any]:
    """The status of a job that is over. ending: None if it could not even be written down."""
    ending = ending or Ending("failed", LOST)
    progress = folder.progress()
    return _blank(folder, request, speeds) | {
        "state": ending.state,
        "stage": progress.get("stage", ""),
        "done": progress.get("done", 0),
        "total": progress.get("total"),
        "share": 1.0 if ending.state == "done" else share(stages_of(request, progress, speeds), progress),
        "preview": _preview(progress),
        "error": ending.error,
        "result": ending.result,
    }


def left_of(folder: JobFolder, request: Request, speeds: Speeds) -> float | None:
    """Seconds until the job under way ends, if that can be told."""
    progress = folder.progress()
    return seconds_left(stages_of(request, progress, speeds), progress, time.time())


def stages_of(request: Request, progress: dict[str, Any] | None, speeds: Speeds) -> dict[str, float]:
    """Expected seconds of the job's stages; empty for kinds whose arguments say no method, size and length."""
    arguments = request.arguments
    options, size, frames = arguments.get("options") or {}, arguments.get("size"), arguments.get("frames")
    if frames is None and progress:
        frames = progress.get("frames")
    if not options.get("method") or not size or frames is None:
        return {}
    return speeds.expected(options["method"], size, frames, options.get("interpolate", 1))


def _preview(progress: dict[str, Any]) -> str | None:
    """Where the newest made picture is; its number makes the browser ask again."""
    number = progress.get("preview", 0)
    return f"{PREVIEW}?v={number}" if number else None


def _whole(stages: dict[str, float]) -> float | None:
    return sum(stages.values()) if stages else None


def _blank(folder: JobFolder, request: Request, speeds: Speeds) -> dict[str, Any]:
    """What every status has, with nothing known of the work."""
    return {
        "token": folder.token,
        "kind": request.kind,
        "state": "waiting",
        "created": request.created,
        "title": request.title,
        "place": None,
        "seconds_left": None,
        "seconds_needed": _whole(stages_of(request, None, speeds)),
        "stage": "",
        "done": 0,
        "total": None,
        "share": 0.0,
        "fps": None,
        "stopping": False,
        "preview": None,
        "message": "",
        "error": None,
        "result": None,
    }
