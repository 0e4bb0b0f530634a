"""What a run did, for scripts and for people: the JSON that --report writes."""

from __future__ import annotations

import json
import platform
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import psutil

from posetransfer.errors import OutOfSpace


@dataclass
class Report:
    """The facts of one transfer or training. Rates are exact fractions, durations and times are in seconds.

    faces counts frames by how the face was found: hog, cnn, tracked, none. pose_coverage is the share of
    the 18 joints seen over the driving clip, before gaps are filled. files: what was written beside `out`, by name;
    stopped_early: whether the user stopped the run, so that only a part of the clip was made;
    sound: whether the driving video's sound is in the result; pairs_dropped: how many pairs of source and target were
    left out of a training by hand; peak_rss_mb: the most memory that this process held, with that of the process that
    finds faces, in MiB.
    """

    frames_in: int = 0
    frames_out: int = 0
    fps_in: Fraction | None = None
    fps_out: Fraction | None = None
    duration_in: float = 0.0
    duration_out: float = 0.0
    seconds: dict[str, float] = field(default_factory=dict)
    peak_rss_mb: float = 0.0
    runtime: str = ""
    pose_coverage: float = 0.0
    faces: dict[str, int] = field(default_factory=dict)
    method: str = ""
    target: str = ""
    out: str = ""
    files: dict[str, str] = field(default_factory=dict)
    stopped_early: bool = False
    sound: bool = False
    training: dict[str, Any] = field(default_factory=dict)
    pairs_dropped: int = 0
    warnings: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values; rates as numbers beside their exact form."""
        values = asdict(self)
        for name in ("fps_in", "fps_out"):
            rate: Fraction | None = values[name]
            values[name] = None if rate is None else float(rate)
            values[f"{name}_exact"] = None if rate is None else f"{rate.numerator}/{rate.denominator}"
        values["seconds"] = {name: round(seconds, 3) for name, seconds in self.seconds.items()}
        return values

    def write(self, path: Path) -> None:
        """Write the JSON to `path`, whole or not at all. Raises OutOfSpace."""
        write_text(path, json.dumps(self.to_json(), indent=1) + "\n")


def write_text(path: Path, text: str) -> None:
    """Write a small text file under a passing name and rename it. Raises OutOfSpace."""
    partial = path.with_name(path.name + ".partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise OutOfSpace(f"{path} could not be written: {error.strerror}. Choose another place.") from error


def peak_rss_mb() -> float:
    """The most memory this process has held at once, in MiB."""
    if platform.system() == "Linux":
        # getrusage would count the parent too: a process begins with the peak of the one that forked it
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM:"))
    if platform.system() == "Windows":
        return float(psutil.Process().memory_info().peak_wset) / 2**20
    import resource  # Windows has none

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if platform.system() == "Darwin" else 1024)
