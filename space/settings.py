"""What differs between a laptop and a hosted Space: how much a visitor may ask for, and how long files are kept."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import psutil

from posetransfer.places import home
from posetransfer.video.limits import LOCAL, Limits
from space import gpu
from space.jobs.limits import JobLimits

REPOSITORY = Path(__file__).resolve().parents[1]
DAY = 24 * 3600.0
LOOPBACK = ("127.0.0.1", "localhost", "::1", "")
HOSTED_VIDEO = Limits(
    max_width=1920, max_height=1920, max_pixels=1920 * 1080, max_bytes=100 * 10**6, decode_seconds=300
)


@dataclass(frozen=True)
class Settings:
    """hosted: on a Space; zero_gpu: one that borrows a GPU for each call; shared: others than this machine's user may
    come; root: where jobs' folders are; examples: driving videos one click away; video: limits of a driving video;
    max_seconds: of the piece that is performed; jobs: limits by lane; keep_seconds: how long ended jobs stay;
    max_waiting, per_visitor: jobs that may wait. None is no limit.
    """

    hosted: bool
    zero_gpu: bool
    shared: bool
    root: Path
    examples: Path
    video: Limits
    max_seconds: float | None
    jobs: dict[str, JobLimits]
    keep_seconds: float | None
    max_waiting: int
    per_visitor: int

    @classmethod
    def from_environment(cls) -> Settings:
        """A Space is known by SPACE_ID; anything else is somebody's own machine."""
        hosted = bool(os.environ.get("SPACE_ID"))
        memory = psutil.virtual_memory().total / 2**20
        return cls(
            hosted=hosted,
            zero_gpu=hosted and gpu.ZERO,
            shared=hosted or os.environ.get("GRADIO_SERVER_NAME", "127.0.0.1") not in LOOPBACK,
            root=home() / "jobs",
            examples=REPOSITORY / "examples",
            video=HOSTED_VIDEO if hosted else LOCAL,
            max_seconds=60.0 if hosted else None,
            jobs={
                "make": JobLimits(min(memory * 0.6, 8192), 1800 if hosted else None),
                "look": JobLimits(min(memory * 0.4, 4096), 60),
                "train": JobLimits(min(memory * 0.6, 12288), 4 * 3600 if hosted else None),
                "hub": JobLimits(2048, 3600),
            },
            keep_seconds=DAY if hosted else 30 * DAY,
            max_waiting=20,
            per_visitor=3 if hosted else 10,
        )

    @property
    def max_file_size(self) -> int:
        """Bytes of an upload."""
        return self.video.max_bytes

    @property
    def stated_limits(self) -> str:
        """What a driving video may be here, in words; empty where the limits are far away."""
        if self.max_seconds is None:
            return ""
        video = self.video
        return (
            f"Up to {self.max_seconds:.0f} s, {video.max_pixels / 1e6:.1f} megapixels (1080p) and "
            f"{video.max_bytes / 1e6:.0f} MB. On your own computer there are no such limits."
        )

    @property
    def kept(self) -> str:
        """How long results are kept, in words."""
        return "for a day" if self.hosted else "on this computer for 30 days"
