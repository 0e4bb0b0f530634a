"""What a method is: poses in, pictures of the target out."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from typing import Any, ClassVar, NamedTuple, Protocol, Self

from posetransfer.plugins import Registry
from posetransfer.types import Frame, PosedFrame, Progress

SAMPLES = 48  # what a choice of runtimes is tried on: some to calibrate int8, the others to compare

METHODS = Registry(
    "method",
    {
        "knn": "posetransfer.methods.knn.method:NearestNeighbour",
        "pose2pics": "posetransfer.methods.pix2pix.generate:Pose2Pics",
        "pics2pics": "posetransfer.methods.pix2pix.generate:Pics2Pics",
    },
)


class Sample(NamedTuple):
    """What a method may be given, and the frame [size, size, 3] that it should make of it; None if nobody knows."""

    posed: PosedFrame
    truth: Frame | None = None


class Performer(Protocol):
    """A target that performs. Poses, faces and pictures are in window pixels; so are the frames it makes."""

    @property
    def needs_poses(self) -> bool:
        """Whether it reads PosedFrame.pose."""
        ...

    @property
    def needs_faces(self) -> bool:
        """Whether it reads PosedFrame.face."""
        ...

    @property
    def needs_frames(self) -> bool:
        """Whether it reads PosedFrame.frame, the driver's picture cropped to [size, size, 3] by its own window."""
        ...

    @property
    def runtime_used(self) -> str:
        """What really runs it, for reports: "openvino int8 CPU"."""
        ...

    @property
    def runtime_notes(self) -> tuple[str, ...]:
        """Sentences for reports, where it runs slower than it could."""
        ...

    def prepare(self, samples: Iterable[Sample] = ()) -> Generator[Progress, None, None]:
        """Choose what runs it on this machine; takes seconds the first time, and nothing the second.

        samples: what the choice is tried on, read only if it must be made. A method that is not prepared prepares
        itself, without samples, when it is first used.
        """
        ...

    def generate(self, frames: Iterable[PosedFrame], at_once: int = 1) -> Iterator[Frame]:
        """Frames [size, size, 3] of the target, as many as came in and in their order.

        Lazy, with a bounded lag; closing the result closes `frames`. A pose in which nothing is seen still gives a
        frame. at_once: how many may be made at the same time, and asked for before the first is given.
        """
        ...


class Method(Performer, Protocol):
    """A performer that lies in a checkpoint."""

    NAME: ClassVar[str]

    def prepare_again(self, samples: Iterable[Sample]) -> Generator[Progress, None, None]:
        """As `prepare`, for a method that had to prepare itself without samples; nothing for others. Frames that are
        being generated meanwhile are not disturbed, and what is generated afterwards goes by the new choice."""
        ...

    def save(self, folder: Path) -> dict[str, Any]:
        """Write the method's files into `folder`; gives its section of the checkpoint's config.json."""
        ...

    @classmethod
    def load(cls, folder: Path, section: dict[str, Any], runtime: str = "auto") -> Self:
        """The method that `save` wrote. Raises CheckpointError if files and section do not fit exactly."""
        ...
