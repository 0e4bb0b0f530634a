"""The transfer as an API call, with the options by their command-line names."""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import gradio as gr
from gradio import FileData
from gradio.context import LocalContext
from gradio.utils import get_upload_folder

from posetransfer.errors import PoseTransferError
from posetransfer.pipeline.options import TransferOptions, parse_point
from space.jobs.errors import JobNotFound
from space.requested import Services

PAUSE = 0.5  # s between two looks at the job


@dataclass(frozen=True)
class Calls:
    """What the page can be asked by programs. Each method is an endpoint."""

    services: Services
    salt: str = field(default_factory=lambda: secrets.token_hex(16))

    def transfer(
        self,
        driving: FileData,
        target: str,
        method: str,
        start: float = 0.0,
        end: float | None = None,
        person: int | None = None,
        person_at: str | None = None,
        mirror: bool = False,
        canvas: str = "square",
        align: str | None = None,
        interpolate: int = 1,
        keyframe_every: int = 1,
        smooth: str = "one-euro",
        fill: str = "time",
        retarget: str = "on",
        threshold: float | None = None,
        k: int = 1,
        combine: str = "path",
        metric: str = "joints",
        no_sound: bool = False,
        side_by_side: bool = False,
        pose: str = "mediapipe",
        contours: str = "dlib68",
        runtime: str = "auto",
    ) -> Iterator[tuple[FileData | None, dict[str, Any]]]:
        """Make the target perform what the person in the driving video does.

        Gives the made video (with side_by_side: driving, skeleton and result in one row) and the report as JSON;
        until it is done, no video and how far it is.
        method: knn, pose2pics or pics2pics. The options have the names and meanings of the command line.
        """
        try:
            options = TransferOptions.from_json(dict(
                method=method, start=start, end=end, person=person, person_at=parse_point(person_at), mirror=mirror,
                canvas=canvas, align=align, interpolate=interpolate, keyframe_every=keyframe_every, smooth=smooth,
                fill=fill, retarget=_switch(retarget), threshold=threshold, k=k, combine=combine, metric=metric,
                sound=not no_sound, side_by_side=side_by_side, pose=pose, contours=contours, runtime=runtime,
            ))  # fmt: skip
            token = self.services.transfer(_uploaded(driving), target, options, None, self._caller())
            yield from _followed(self.services, token, "side-by-side" if side_by_side else "result")
        except PoseTransferError as error:
            raise gr.Error(str(error), print_exception=False) from error

    def _caller(self) -> str:
        """A key, which nobody can guess, for the caller's address: one caller alone can't fill the queue."""
        request = LocalContext.request.get(None)
        client = getattr(request, "client", None)
        return f"{self.salt} {client.host if client else ''}"


# gradio reads an endpoint's types here and does not know generators: what the last item holds
Calls.transfer.__annotations__["return"] = tuple[FileData, dict[str, Any]]


def _uploaded(driving: Any) -> Path:
    """Where the driving video is. Raises PoseTransferError for anything but an upload.

    gradio itself looks only at files whose JSON says that they are some: {"path": "/etc/passwd"} comes through.
    """
    named = driving.get("path") if isinstance(driving, dict) else None
    try:
        path = Path(named if isinstance(named, str) else "").resolve()
        if path.is_file() and path.is_relative_to(Path(get_upload_folder()).resolve()):
            return path
    except (OSError, ValueError, RuntimeError):  # what no file can be called; a circle of links
        pass
    raise PoseTransferError("driving is no uploaded video. Upload it with the call: handle_file(PATH) does in Python.")


def _switch(word: str) -> bool:
    if word not in ("on", "off"):
        raise PoseTransferError(f"--retarget is on or off, not {word!r}.")
    return word == "on"


def _followed(services: Services, token: str, view: str) -> Iterator[tuple[FileData | None, dict[str, Any]]]:
    """How far the job is, again and again, then its file and its report.

    The job goes with the call, also when the caller hangs up: nothing of it is kept.
    """
    try:
        while (job := services.jobs.status(token))["state"] in ("waiting", "running"):
            yield None, {name: job[name] for name in ("state", "place", "stage", "share", "seconds_left")}
            time.sleep(PAUSE)
        if job["state"] != "done":
            raise PoseTransferError(job["error"] or "It was stopped before there was anything to keep.")
        result = job["result"]
        with TemporaryDirectory(prefix="posetransfer-") as passing:  # gradio takes a copy before it comes back here
            copy = Path(passing) / f"{job['title']['target']}.mp4"
            shutil.copyfile(services.jobs.file(token, result["files"][view]), copy)
            yield FileData(path=str(copy)), result["report"]
    finally:
        with suppress(JobNotFound):
            services.jobs.discard(token)
