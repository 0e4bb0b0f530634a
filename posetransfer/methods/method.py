"""What a method is: poses in, pictures of the target out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, ClassVar, Protocol, Self

from posetransfer.plugins import Registry
from posetransfer.types import Frame, PosedFrame

METHODS = Registry(
    "method",
    {
        "knn": "posetransfer.methods.knn.method:NearestNeighbour",
        "pose2pics": "posetransfer.methods.pix2pix.generate:Pose2Pics",
        "pics2pics": "posetransfer.methods.pix2pix.generate:Pics2Pics",
    },
)


class Performer(Protocol):
    """A target that performs. Poses, faces and pictures are in window pixels; so are the frames it makes."""

    @property
    def needs_poses(self) -> bool:
        """Whether it reads PosedFrame.pose and .face."""
        ...

    @property
    def needs_frames(self) -> bool:
        """Whether it reads PosedFrame.frame, the driver's picture cropped to [size, size, 3] by its own window."""
        ...

    @property
    def runtime_used(self) -> str:
        """What really runs it, for reports: "openvino fp32 CPU"."""
        ...

    def generate(self, frames: Iterable[PosedFrame]) -> Iterator[Frame]:
        """Frames [size, size, 3] of the target, as many as came in and in their order.

        Lazy, with a bounded lag; closing the result closes `frames`. A pose in which nothing is seen
        still gives a frame.
        """
        ...


class Method(Performer, Protocol):
    """A performer that lies in a checkpoint."""

    NAME: ClassVar[str]

    def save(self, folder: Path) -> dict[str, Any]:
        """Write the method's files into `folder`; gives its section of the checkpoint's config.json."""
        ...

    @classmethod
    def load(cls, folder: Path, section: dict[str, Any], runtime: str = "auto") -> Self:
        """The method that `save` wrote. Raises CheckpointError if files and section do not fit exactly."""
        ...
