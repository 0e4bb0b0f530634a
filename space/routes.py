"""The page's own routes beside gradio's: jobs as JSON, their files, scripts and styles.

A job is reached by its token alone, 128 random bits that only its visitor was told. No cookie: inside the frame of a
hosted Space browsers send none.
"""

from __future__ import annotations

import mimetypes
from pathlib import Path
from typing import Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from posetransfer.errors import PoseTransferError
from space.jobs.curve import CURVE
from space.jobs.errors import JobNotFound
from space.jobs.folder import PREVIEW
from space.jobs.jobs import Jobs

RENEWED = {PREVIEW: "image/jpeg", CURVE: "application/json"}  # while the job runs
STATIC = Path(__file__).parent / "static"
PRIVATE = {"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff"}


def routes(jobs: Jobs) -> list[BaseRoute]:
    """All routes below /posetransfer/."""

    async def status(request: Request) -> Response:
        return await _answer(jobs.status, request.path_params["token"])

    async def mine(request: Request) -> Response:
        return await _answer(jobs.of_visitor, request.headers.get("X-Visitor", ""))

    async def stop(request: Request) -> Response:
        return await _answer(jobs.stop, request.path_params["token"])

    async def pause(request: Request) -> Response:
        return await _answer(jobs.pause, request.path_params["token"])

    async def resume(request: Request) -> Response:
        return await _answer(jobs.resume, request.path_params["token"])

    async def discard(request: Request) -> Response:
        return await _answer(jobs.discard, request.path_params["token"])

    async def file(request: Request) -> Response:
        try:
            path = await run_in_threadpool(jobs.file, request.path_params["token"], request.path_params["name"])
        except PoseTransferError as error:
            return _refusal(error)
        if path.name in RENEWED:
            return await run_in_threadpool(_whole, path)
        return _file(path, request.query_params.get("download"))

    job = "/posetransfer/jobs/{token}"
    return [
        Mount("/posetransfer/static", StaticFiles(directory=STATIC)),
        Route("/posetransfer/jobs", mine),
        Route(job, status),
        Route(f"{job}/stop", stop, methods=["POST"]),
        Route(f"{job}/pause", pause, methods=["POST"]),
        Route(f"{job}/resume", resume, methods=["POST"]),
        Route(f"{job}/discard", discard, methods=["POST"]),
        Route(f"{job}/files/{{name}}", file),
    ]


async def _answer(ask: Any, about: str) -> Response:
    """What `ask` says, as JSON; off the event loop, as it reads files."""
    try:
        return JSONResponse(await run_in_threadpool(ask, about), headers=PRIVATE)
    except PoseTransferError as error:
        return _refusal(error)


def _refusal(error: PoseTransferError) -> Response:
    return JSONResponse({"error": str(error)}, 404 if isinstance(error, JobNotFound) else 400, headers=PRIVATE)


def _whole(path: Path) -> Response:
    """Read at once: the worker replaces it all the time, and its size must be that of what is sent."""
    try:
        return Response(path.read_bytes(), headers=PRIVATE, media_type=RENEWED[path.name])
    except FileNotFoundError:
        return _refusal(JobNotFound("There is no such file. The job may have been deleted."))


def _file(path: Path, download: str | None) -> Response:
    headers = dict(PRIVATE)
    if download:
        headers["Content-Disposition"] = f"attachment; filename*=utf-8''{quote(download, safe='')}"
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return FileResponse(path, headers=headers, media_type=kind)
