"""A job on disk. Page and worker know each other only through these files, so either may end and start again."""

from __future__ import annotations

import json
import logging
import os
import re
import secrets
import shutil
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeVar

from posetransfer.errors import OutOfSpace
from posetransfer.pipeline.report import write_text
from space.jobs.errors import UnsafeName

logger = logging.getLogger(__name__)

T = TypeVar("T")
State = Literal["done", "failed", "stopped", "paused"]
PREVIEW = "preview.jpg"
OWN_FILES = {
    "request.json", "progress.json", "worker.json", "result.json", "curve.json", "log.txt", "stop", "pause", "discard",
    PREVIEW,
}  # fmt: skip
STOP_UNDER_WAY = "stop.partial"  # the page's own, which may be written just now
_TOKEN = re.compile(r"[0-9a-f]{32}")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True)
class Request:
    """What a job was asked to do. visitor: SHA-256 hex of the visitor's key, or ""; created: unix seconds;
    arguments: the kind's own, plain JSON; attempts: how often a worker has begun it."""

    kind: str
    visitor: str
    created: float
    title: dict[str, str]
    arguments: dict[str, Any]
    attempts: int = 0


@dataclass(frozen=True)
class Ending:
    """How a job ended. error: a sentence, where it failed; result: the kind's own JSON, where it is done."""

    state: State
    error: str | None = None
    result: dict[str, Any] | None = None


class JobFolder:
    """The folder of one job; its name is the job's token."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def create(cls, root: Path, request: Request, files: dict[str, Path]) -> JobFolder:
        """A new folder in `root` with `files` (name in the folder: source) in it. Sources are linked where the
        disk allows it. Raises UnsafeName and OutOfSpace, and then leaves nothing."""
        folder = cls(root / secrets.token_hex(16))
        try:
            folder.path.mkdir(mode=0o700)
            for name, source in files.items():
                if name in OWN_FILES:
                    raise UnsafeName(f"{name} is a name the job uses itself. Choose another.")
                _link(source, folder.file(name))
            folder._write("request.json", asdict(request))  # last: a folder without it is no job
        except OSError as error:
            folder.delete()
            raise OutOfSpace(f"The video could not be stored: {error.strerror or error}. Try again later.") from error
        except UnsafeName:
            folder.delete()
            raise
        return folder

    @property
    def token(self) -> str:
        return self.path.name

    def file(self, name: str) -> Path:
        """Where the file `name` of this job is, whether it exists or not. Raises UnsafeName."""
        if not _NAME.fullmatch(name) or (self.path / name).is_symlink():
            raise UnsafeName(f"{name!r} is no file name here: use letters, digits, dots and dashes.")
        return self.path / name

    def drop_videos(self) -> None:
        """Delete the visitor's videos: an ended job has no use for them, unless it can be gone on with."""
        request, ending = self.request(), self.ending()
        if request is None or ending is None or ending.state == "paused":
            return
        given = [request.arguments.get("driving"), *request.arguments.get("clips", ())]
        for name in (*given, *request.arguments.get("sources", ())):
            if isinstance(name, str):
                with suppress(OSError, UnsafeName):
                    self.file(name).unlink()

    def request(self) -> Request | None:
        """What was asked for; None if the folder holds no job."""
        return self._read_as(Request, "request.json")

    def count_attempt(self, by: int) -> int:
        """Add `by` to the attempts; gives how many there are now."""
        request = self.request()
        if request is None:
            return 0
        request = replace(request, attempts=max(request.attempts + by, 0))
        self._write("request.json", asdict(request))
        return request.attempts

    def progress(self) -> dict[str, Any]:
        """What the worker wrote last: stage, done, total, message, stage_started, started, fps, updated, preview."""
        return self._read("progress.json") or {}

    def set_progress(self, progress: dict[str, Any]) -> None:
        """Write progress.json. Raises OutOfSpace."""
        self._write("progress.json", progress)

    def ending(self) -> Ending | None:
        """How the job ended; None while it has not."""
        return self._read_as(Ending, "result.json")

    def end(self, ending: Ending) -> None:
        """Write result.json: from now on the job has ended. Raises OutOfSpace."""
        self._write("result.json", asdict(ending))

    def ended_at(self) -> float | None:
        """When it ended, unix seconds."""
        try:
            return (self.path / "result.json").stat().st_mtime
        except FileNotFoundError:
            return None

    def worker(self) -> tuple[int, float] | None:
        """Process id and creation time (unix seconds) of the worker it was handed to."""
        values = self._read("worker.json")
        return None if values is None else (int(values["pid"]), float(values["created"]))

    def set_worker(self, pid: int, created: float) -> None:
        """Write worker.json. Raises OutOfSpace."""
        self._write("worker.json", {"pid": pid, "created": created})

    @property
    def stop_presses(self) -> int:
        """How often stop was pressed."""
        try:
            return int((self.path / "stop").read_text(encoding="ascii") or 0)
        except (FileNotFoundError, ValueError):
            return 0

    def press_stop(self) -> None:
        """Ask the job to end and keep what is done. Raises OutOfSpace."""
        write_text(self.path / "stop", str(self.stop_presses + 1))

    @property
    def pause_pressed(self) -> bool:
        return (self.path / "pause").exists()

    def press_pause(self) -> None:
        """Ask the job to end so that it can be gone on with. Raises OutOfSpace."""
        write_text(self.path / "pause", "")

    def reopen(self) -> None:
        """Make an ended job one that is still to be done, with all its attempts before it. Raises OutOfSpace."""
        self.count_attempt(-self.attempts_made)
        for name in ("pause", "stop", "result.json", "worker.json"):  # its worker has let go of it
            (self.path / name).unlink(missing_ok=True)

    @property
    def attempts_made(self) -> int:
        request = self.request()
        return 0 if request is None else request.attempts

    @property
    def discarded(self) -> bool:
        return (self.path / "discard").exists()

    def discard(self) -> None:
        """Ask the worker to drop the job. Raises OutOfSpace."""
        try:
            (self.path / "discard").touch()
        except OSError as error:
            raise OutOfSpace(f"The job could not be thrown away: {error.strerror}. Try again.") from error

    def clear_run(self) -> None:
        """Forget an earlier attempt: its progress and its half-written files. A pressed stop still counts."""
        for name in ("progress.json", "worker.json", PREVIEW):
            (self.path / name).unlink(missing_ok=True)
        self.remove_partials()

    def remove_partials(self) -> None:
        """Delete what a killed worker left half-written."""
        for path in self.path.glob("*.partial*"):
            if path.name != STOP_UNDER_WAY:
                path.unlink(missing_ok=True)

    def delete(self) -> None:
        """Delete the folder and all in it."""
        shutil.rmtree(self.path, ignore_errors=True)

    def _read_as(self, form: type[T], name: str) -> T | None:
        values = self._read(name)
        try:
            return None if values is None else form(**values)
        except TypeError as error:  # another version's
            logger.warning("%s of job %s is of another form: %s", name, self.token, error)
            return None

    def _read(self, name: str) -> dict[str, Any] | None:
        try:
            values = json.loads((self.path / name).read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        except (ValueError, OSError) as error:
            logger.warning("%s of job %s cannot be read: %s", name, self.token, error)
            return None
        return values if isinstance(values, dict) else None

    def _write(self, name: str, values: dict[str, Any]) -> None:
        write_text(self.path / name, json.dumps(values))


def is_token(text: str) -> bool:
    """Whether `text` can be a job's token, and so the name of a folder."""
    return _TOKEN.fullmatch(text) is not None


def _link(source: Path, place: Path) -> None:
    source = source.resolve(strict=True)
    try:
        os.link(source, place)
    except OSError:  # another disk, or one without hard links
        shutil.copyfile(source, place)
