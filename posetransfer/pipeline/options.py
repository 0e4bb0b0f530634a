"""What a run may choose. Frozen, complete, and named as on the command line."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import Literal

from posetransfer.errors import PoseTransferError

# Both passes over a video work on pictures of at most this many px a side: a 4K frame tells a pose network
# of 256 px nothing more, and costs five times as much to decode into RGB.
WORKING_SIDE = 1280


@dataclass(frozen=True)
class Watch:
    """Which part of a video is looked at, whom in it, and with what. start, end: seconds; person_at: px."""

    start: float = 0.0
    end: float | None = None
    person: int | None = None
    person_at: tuple[float, float] | None = None
    pose: str = "mediapipe"
    contours: str = "dlib68"

    def __post_init__(self) -> None:
        if not all(isfinite(time) for time in (self.start, self.end or 0)):
            raise PoseTransferError("--start and --end are numbers of seconds.")
        if self.end is not None and self.end <= self.start:
            raise PoseTransferError(f"--end ({self.end} s) must come after --start ({self.start} s).")


@dataclass(frozen=True)
class TransferOptions:
    """How a driving video is performed. None leaves the choice to the method."""

    method: str
    start: float = 0.0
    end: float | None = None
    person: int | None = None
    person_at: tuple[float, float] | None = None
    mirror: bool = False
    canvas: Literal["square", "full"] = "square"
    align: Literal["pose", "first", "off"] | None = None
    interpolate: int = 1
    keyframe_every: int = 1
    smooth: Literal["one-euro", "kalman", "off"] = "one-euro"
    fill: Literal["median", "time"] = "time"
    retarget: bool = True
    threshold: float | None = None
    k: int = 1
    combine: Literal["path", "mean"] = "path"
    metric: Literal["joints", "angles", "pixels"] = "joints"
    sound: bool = True
    side_by_side: bool = False
    views: bool = False
    pose: str = "mediapipe"
    contours: str = "dlib68"
    runtime: str = "auto"

    @property
    def watch(self) -> Watch:
        """The part of it that the first pass needs. Raises PoseTransferError if the times make no span."""
        return Watch(self.start, self.end, self.person, self.person_at, self.pose, self.contours)

    @property
    def alignment(self) -> str:
        """k-NN shows real frames, whose faces need no moving; made ones are aligned by the pose."""
        return self.align or ("off" if self.method == "knn" else "pose")


@dataclass(frozen=True)
class LearnOptions:
    """How a target is learned. minutes or steps are for each network; both None: ten minutes."""

    sources: tuple[Path, ...] = ()
    methods: tuple[str, ...] | None = None
    start: float = 0.0
    end: float | None = None
    size: int = 256
    preset: str = "fast"
    style: Literal["limbs", "paper"] | None = None
    edges: bool = False
    pairs: Literal["own", "knn"] = "own"
    minutes: float | None = None
    steps: int | None = None
    resume: bool = False
    seed: int = 0
    pose: str = "mediapipe"
    contours: str = "dlib68"
    runtime: str = "auto"

    @property
    def watch(self) -> Watch:
        """The part of the target's clips that is looked at."""
        return Watch(self.start, self.end, pose=self.pose, contours=self.contours)

    @property
    def drawing_style(self) -> str:
        """How pose frames are drawn: as asked, else as the preset does."""
        return self.style or ("paper" if self.preset == "paper" else "limbs")
