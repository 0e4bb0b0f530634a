"""How long things take on this machine: learned from what has ended, guessed before that."""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from posetransfer.errors import OutOfSpace
from posetransfer.pipeline.report import write_text

logger = logging.getLogger(__name__)

# Two cores, no GPU. poses: ms a frame with faces and decoding; make: ms a frame at 256 px; load: seconds
POSES_MS = 25.0
MAKE_MS = {"knn": 12.0}
LOAD_SECONDS = {"knn": 1.0}
OTHERS_MAKE_MS, OTHERS_LOAD_SECONDS = 30.0, 10.0
BASE_SIZE = 256
BETWEEN = 1 / 3  # what a frame computed between two made ones costs, as a share of a made one
NEWEST = 0.4  # weight of the newest run in the moving average
FEWEST = 12  # frames: a shorter run measures the start-up, not the rate


class Speeds:
    """Milliseconds a frame by stage, method and size, kept in the JSON file `path`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._learned = _read(path)

    def expected(self, method: str, size: int, frames: int, interpolate: int = 1) -> dict[str, float]:
        """Seconds of the stages poses, load and make for a clip of `frames` frames made at size x size px."""
        scale = (size / BASE_SIZE) ** 2
        make = self._learned.get(f"make {method} {size}", MAKE_MS.get(method, OTHERS_MAKE_MS) * scale)
        return {
            "poses": frames * self._learned.get("poses", POSES_MS) / 1000,
            "load": self._learned.get(f"load {method}", LOAD_SECONDS.get(method, OTHERS_LOAD_SECONDS)),
            "make": _made(frames, interpolate) * make / 1000,
        }

    def learn(self, report: Mapping[str, Any], method: str, size: int, interpolate: int = 1) -> None:
        """Take in the report of a whole run: its "seconds" by stage and its "frames_in"."""
        seconds, frames = report.get("seconds", {}), int(report.get("frames_in", 0))
        if frames < FEWEST or "total" not in seconds:
            return
        watched = sum(seconds.get(stage, 0.0) for stage in ("poses", "faces"))
        # decoding is counted over both passes; without poses it was all of the second
        first_pass = watched + seconds.get("decode", 0.0) if watched else 0.0
        rest = seconds["total"] - first_pass - sum(seconds.get(stage, 0.0) for stage in ("load", "fit"))
        with self._lock:
            if watched:  # else they came out of the cache
                self._average("poses", 1000 * first_pass / frames)
            if "load" in seconds:
                self._average(f"load {method}", seconds["load"])
            if rest > 0:
                self._average(f"make {method} {size}", 1000 * rest / _made(frames, interpolate))
            try:
                write_text(self._path, json.dumps(self._learned, indent=1))
            except OutOfSpace as error:  # an estimate is not worth an error
                logger.warning("The speeds are not kept: %s", error)

    def _average(self, name: str, newest: float) -> None:
        before = self._learned.get(name, newest)
        self._learned[name] = round(before + NEWEST * (newest - before), 3)


def share(stages: Mapping[str, float], progress: Mapping[str, Any]) -> float:
    """How much of a job is done, 0..1, by the expected seconds of its stages; by the count alone without any."""
    stage, total = str(progress.get("stage", "")), progress.get("total")
    of_stage = min(progress.get("done", 0) / total, 1.0) if total else 0.0
    if not stages:
        return of_stage
    before, here, after = _split(stages, stage)
    return (before + here * of_stage) / max(before + here + after, 1e-9)


def seconds_left(stages: Mapping[str, float], progress: Mapping[str, Any], now: float) -> float | None:
    """Seconds until a running job ends: this stage by the rate seen, those to come by expectation. now: unix seconds.
    None if neither is known."""
    stage, total, fps = str(progress.get("stage", "")), progress.get("total"), progress.get("fps")
    _, here, after = _split(stages, stage)
    if fps and total:
        unheard = max(now - progress["updated"], 0.0)
        return float(max((total - progress["done"]) / fps - unheard, 0.0) + after)
    if not stages:
        return None
    return float(max(here - (now - progress.get("stage_started", now)), 0.0) + after)


def _split(stages: Mapping[str, float], stage: str) -> tuple[float, float, float]:
    """Expected seconds before `stage`, in it, and after it. Before the first stage all is to come; one that has no
    estimate comes after all that have."""
    if stage in ("", "weights"):  # an estimator's weights are got at its first use only
        return 0.0, 0.0, sum(stages.values())
    names = list(stages)
    at = names.index(stage) if stage in stages else len(names)
    values = list(stages.values())
    return sum(values[:at]), sum(values[at : at + 1]), sum(values[at + 1 :])


def _made(frames: int, interpolate: int) -> float:
    return frames * (1 + BETWEEN * (interpolate - 1))


def _read(path: Path) -> dict[str, float]:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        return {str(name): float(value) for name, value in values.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, AttributeError, TypeError) as error:
        logger.warning("%s cannot be read and is begun anew: %s", path, error)
        return {}
