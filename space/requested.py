"""What a visitor asks for, from the page or through the API, checked and turned into a job."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from posetransfer.checkpoints.lookup import Summary
from posetransfer.errors import LimitPassed, MethodMissing, TargetNotFound, VideoError
from posetransfer.pipeline.options import TransferOptions
from posetransfer.video.limits import check_bytes
from space import gpu, messages
from space.jobs.jobs import Jobs
from space.settings import Settings
from space.targets import find_summary
from space.visits import Visits

MOST_FRAMES = 10**7  # four days at 30 a second
RESERVED = ("request", "progress", "worker", "result", "log", "stop", "discard", "preview", "first", "skeleton")


@dataclass(frozen=True)
class Services:
    """What every handler needs."""

    settings: Settings
    jobs: Jobs
    visits: Visits = field(default_factory=Visits)

    def look(self, driving: Path, start: float, end: float | None, person_at: Any, visitor: str) -> str:
        """Hand in a look at a driving video; gives the job's token. Raises sentences."""
        name = self._checked(driving)
        arguments = {
            "driving": name,
            "start": start,
            "end": end,
            "person_at": person_at,
            "limits": self._limits,
        }
        title = {"driving": driving.name, "target": "", "method": ""}
        return self.jobs.submit("look", arguments, title, visitor, {name: driving})

    def transfer(self, driving: Path, target: str | None, options: TransferOptions, frames: Any, visitor: str) -> str:
        """Hand in a transfer; gives the job's token. frames: of the piece, as the visitor's browser
        knows it. Raises sentences."""
        summary = chosen_target(target, options.method)
        name = self._checked(driving)
        self._check_piece(options)
        arguments = {
            "driving": name,
            "target": str(summary.folder),  # a name could mean another folder where the worker runs
            "options": options.to_json(),
            "frames": plausible(frames),
            "size": summary.size,
            "limits": self._limits,
            "lent": gpu.call_frames(summary.size) if self._borrows(options.method, options.runtime) else 0,
            "visit": self.visits.remember(),
        }
        title = {"driving": driving.name, "target": summary.name, "method": options.method}
        return self.jobs.submit("transfer", arguments, title, visitor, {name: driving})

    @property
    def _limits(self) -> dict[str, Any]:
        return {**asdict(self.settings.video), "max_seconds": self.settings.max_seconds}

    def _checked(self, driving: Path) -> str:
        """The driving video's name in its job, once it is there and not too big."""
        if not driving.is_file():  # uploads are deleted after a day, and a page may stay open for longer
            raise VideoError("The driving video is not here any more. Choose it again.")
        check_bytes(driving, self.settings.video)
        return file_in_job(driving)

    def borrowed_seconds(self, method: str, runtime: str, frames: int, size: int) -> int | None:
        """Seconds of a borrowed GPU's quota that a transfer asks for; None where none is borrowed."""
        return gpu.quota_seconds(frames, size) if self._borrows(method, runtime) else None

    def _borrows(self, method: str, runtime: str) -> bool:
        """k-NN has no network to be run; who chose a runtime of this machine gets that."""
        return self.settings.zero_gpu and method != "knn" and runtime == "auto"

    def _check_piece(self, options: TransferOptions) -> None:
        watch, most = options.watch, self.settings.max_seconds
        if most is not None and watch.end is not None and watch.end - watch.start > most + 1e-6:
            raise LimitPassed(
                f"The piece is {watch.end - watch.start:.1f} s long, and {most:.0f} s can be performed here. "
                "Choose a shorter part, or run posetransfer on your own computer."
            )


def plausible(frames: Any) -> int | None:
    """A number of frames that came from a browser, if it can be one: others' estimates are reckoned with it."""
    return frames if type(frames) is int and 0 < frames < MOST_FRAMES else None


def chosen_target(name: str | None, method: str) -> Summary:
    """The target called `name`. Raises TargetNotFound, or MethodMissing if it was not made for `method`."""
    summary = find_summary(name)
    if summary is None:
        raise TargetNotFound(
            f"There is no target called {name} here. Pick one of the cards." if name else messages.NO_TARGET
        )
    if method not in summary.methods:
        raise MethodMissing(f"{summary.name} was not made for {method}. It has: {', '.join(summary.methods)}.")
    return summary


def file_in_job(driving: Path) -> str:
    """The name of a driving video in its job's folder: the visitor's own as far as it is harmless there."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", driving.name).replace(".partial", "-partial")[-90:].lstrip("._-")
    if not re.match(r"[A-Za-z0-9]", Path(name).stem) or name == driving.suffix.lstrip("."):
        return f"driving{driving.suffix}" if re.fullmatch(r"\.[A-Za-z0-9]{1,8}", driving.suffix) else "driving"
    return name if not name.lower().startswith(RESERVED) else f"driving-{name}"
