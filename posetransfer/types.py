"""The data that flows between the stages: frames, poses, faces and what describes them.

Every array is documented once, here: shape, unit and colour order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from posetransfer.errors import ShapeError

Frame = NDArray[np.uint8]  # [H, W, 3] RGB, C-contiguous, everywhere; BGR only inside calls that need it
Pose = NDArray[np.float32]  # [18, 3]: x px, y px, confidence 0..1; an unseen joint is (nan, nan, 0)
Face = NDArray[np.float32]  # [68, 2] px, dlib's 68 places; nan where unseen
World = NDArray[np.float32]  # [18, 3] metres, origin between the hips; nan where unseen

JOINTS = 18
FACE_POINTS = 68


class Box(NamedTuple):
    """An upright rectangle in pixels, x1 and y1 exclusive. It may leave the picture."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    @property
    def centre(self) -> tuple[float, float]:
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2

    @property
    def area(self) -> float:
        return max(self.width, 0.0) * max(self.height, 0.0)


class Person(NamedTuple):
    """One person in one frame, as an estimator found them. `box` and `pose` are in the frame's pixels."""

    box: Box
    pose: Pose
    world: World | None = None


class PosedFrame(NamedTuple):
    """One moment of a performance; what a method generates from. All three share one pixel grid."""

    pose: Pose
    face: Face | None = None
    frame: Frame | None = None


@dataclass(frozen=True)
class PoseSequence:
    """The poses and faces of one person over a clip.

    joints: [T, 18, 3] as `Pose`; faces: [T, 68, 2] as `Face`; world: [T, 18, 3] as `World`, or None;
    size: (width, height) of the pixel grid; fps: exact rate.
    """

    joints: NDArray[np.float32]
    faces: NDArray[np.float32]
    size: tuple[int, int]
    fps: Fraction
    world: NDArray[np.float32] | None = None

    def __post_init__(self) -> None:
        count = len(self.joints)
        check_shape("joints", self.joints, (count, JOINTS, 3))
        check_shape("faces", self.faces, (count, FACE_POINTS, 2))
        if self.world is not None:
            check_shape("world", self.world, (count, JOINTS, 3))
        unseen = ~(self.joints[..., 2] > 0)
        if not np.array_equal(unseen, np.isnan(self.joints[..., :2]).any(axis=-1)):
            raise ShapeError(
                "An unseen joint must be (nan, nan, 0) and a seen one must have numbers and confidence > 0."
            )

    def __len__(self) -> int:
        return len(self.joints)

    def with_joints(self, joints: NDArray[np.float32]) -> PoseSequence:
        """The same clip with other joints."""
        return replace(self, joints=joints)

    def slice(self, start: int, stop: int) -> PoseSequence:
        """Frames start..stop-1, on the same pixel grid."""
        world = None if self.world is None else self.world[start:stop]
        return replace(self, joints=self.joints[start:stop], faces=self.faces[start:stop], world=world)

    @property
    def coverage(self) -> float:
        """Share of joints seen over the clip, 0..1."""
        return float((self.joints[..., 2] > 0).mean()) if len(self) else 0.0


@dataclass(frozen=True)
class VideoInfo:
    """What a video file says of itself, after rotation and pixel shape are applied.

    width, height: px as displayed; fps: exact rate the frames are given at (variable rates: the nearest
    standard one); frames: how many `read_frames` will give if it is known, else None; duration: seconds;
    rotation: degrees that were undone.
    """

    width: int
    height: int
    fps: Fraction
    frames: int | None
    duration: float
    rotation: int
    has_audio: bool


@dataclass(frozen=True)
class Progress:
    """How far a stage is: `done` of `total` (None where it is not known), with a sentence for people.

    frame: the newest made frame where one was made, to be looked at while the rest is still to come;
    figures: of a training, by name: step, seconds of optimisation, losses, ssim on held-out pairs.
    """

    stage: str
    done: int
    total: int | None = None
    message: str = ""
    frame: Frame | None = field(default=None, repr=False, compare=False)
    figures: Mapping[str, float] | None = field(default=None, repr=False, compare=False)


def unseen_pose() -> Pose:
    """A pose in which nothing is seen: [18, 3] of (nan, nan, 0)."""
    pose = np.full((JOINTS, 3), np.nan, np.float32)
    pose[:, 2] = 0
    return pose


def unseen_face() -> Face:
    """A face in which nothing is seen: [68, 2] of nan."""
    return np.full((FACE_POINTS, 2), np.nan, np.float32)


def check_shape(name: str, array: NDArray[np.generic], shape: tuple[int, ...]) -> None:
    """Raise ShapeError, with what was expected and what came, if `array` is not of `shape`."""
    if array.shape != shape:
        raise ShapeError(f"{name} should have shape {list(shape)}, but it has {list(array.shape)}.")


def check_frame(frame: Frame) -> None:
    """Raise ShapeError unless `frame` is [H, W, 3] uint8."""
    if frame.ndim != 3 or frame.shape[2] != 3 or frame.dtype != np.uint8:
        raise ShapeError(f"A frame should be [H, W, 3] uint8 RGB, but it is {list(frame.shape)} {frame.dtype}.")
