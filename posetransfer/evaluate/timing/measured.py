"""What is to be measured, and what was: all rounds of it, before anything is summed up."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from posetransfer.evaluate.timing.ours import LiveTimes
from posetransfer.evaluate.timing.paper import PaperMade, PaperWatched
from posetransfer.pipeline.report import Report


@dataclass(frozen=True)
class Plan:
    """What is measured. frames: of the video, from its beginning; None: all. rounds: of everything; paper_frames: of
    the paper's form in each round, which looks at another part of the video each time; live_frames: of the live path
    in each round; paper_weights: the compressed OpenPose, None: as --pose openpose."""

    video: Path
    frames: int | None = None
    rounds: int = 3
    paper_frames: int = 12
    live_frames: int = 150
    paper_weights: Path | None = None


@dataclass
class Measured:
    """All rounds of one method of one target. waits: seconds of each transfer with the start of its process; prepared:
    seconds that its network took to be made ready, 0 where there is none; paper: the second pass, by round."""

    target: str
    size: int
    method: str
    folder: Path
    prepared: float = 0.0
    transfers: list[Report] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    live: list[LiveTimes] = field(default_factory=list)
    paper: list[PaperMade] = field(default_factory=list)


@dataclass
class Results:
    """Everything measured. watched: the paper's first pass by whether the CNN looked for faces, a list by round;
    interpolation: milliseconds a made frame by size in px and interpolator, a list by round."""

    cases: list[Measured]
    watched: dict[bool, list[PaperWatched]] = field(default_factory=lambda: {True: [], False: []})
    interpolation: dict[int, dict[str, list[float]]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
