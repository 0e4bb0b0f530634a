"""What is measured in the pictures of a video that is only looked at: light, sharpness and cuts."""

from __future__ import annotations

from fractions import Fraction
from typing import Final, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray
from scenedetect.common import FrameTimecode  # type: ignore[import-untyped]
from scenedetect.detectors import ContentDetector  # type: ignore[import-untyped]

from posetransfer.poses.skeleton import LIMBS, NOSE
from posetransfer.types import JOINTS, Frame, Person, Pose, unseen_pose

THUMBNAIL: Final = 160  # px of the longer side; cuts show in it as well as in the whole picture
SHORTEST_SCENE: Final = 0.5  # seconds; a flash of light is no cut
BODY_LIMBS: Final = tuple(limb for limb in LIMBS if limb[0] != NOSE)
ALONG: Final = np.linspace(0.1, 0.9, 5, dtype=np.float32)[:, None]  # places on a limb, as shares of its way
# The median luma around a well-lit pianist in black is 19, and 28 before a blue wall: what is bright tells, by its
# brightest channel.
LIGHT_OF: Final = 80  # percentile
WHITE: Final = 250  # luma from which nothing is told apart any more
MEASURED_SIDE: Final = 256  # px of the longer side of the person's box; smaller ones stay as they are


class Cuts:
    """Finds where one shot ends and another begins, from frames given one after another.

    found: for each cut the number of the first frame after it, counted from 0.
    """

    def __init__(self, fps: Fraction) -> None:
        self.found: list[int] = []
        self._fps = fps
        self._given = 0
        self._detector = ContentDetector(min_scene_len=SHORTEST_SCENE)

    def step(self, frame: Frame) -> None:
        """The next frame."""
        shrink = min(THUMBNAIL / max(frame.shape[:2]), 1.0)
        size = max(round(frame.shape[1] * shrink), 1), max(round(frame.shape[0] * shrink), 1)
        thumbnail = cv2.cvtColor(cv2.resize(frame, size, interpolation=cv2.INTER_AREA), cv2.COLOR_RGB2BGR)
        now = FrameTimecode(self._given, self._fps)
        self.found += [cut.frame_num for cut in self._detector.process_frame(now, np.asarray(thumbnail, np.uint8))]
        self._given += 1


class Looks(NamedTuple):
    """How a person looks in one picture; nan where they are not in it.

    light: brightness that a fifth of their box passes, 0..255; burnt: share of their body that is plain white, 0..1;
    sharpness: the variance of the box's second differences as a share of its own variance.
    """

    light: float = np.nan
    burnt: float = np.nan
    sharpness: float = np.nan


def measure(frame: Frame, person: Person | None) -> Looks:
    """Light and sharpness of a person in an RGB frame."""
    if person is None:
        return Looks()
    height, width = frame.shape[:2]
    x0, y0 = max(int(person.box.x0), 0), max(int(person.box.y0), 0)
    x1, y1 = min(int(person.box.x1) + 1, width), min(int(person.box.y1) + 1, height)
    if x1 - x0 < 3 or y1 - y0 < 3:
        return Looks()
    shrink = min(MEASURED_SIDE / max(x1 - x0, y1 - y0), 1.0)
    box = np.ascontiguousarray(frame[y0:y1, x0:x1])
    if shrink < 1:
        box = np.asarray(cv2.resize(box, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA), np.uint8)
    grey = np.asarray(cv2.cvtColor(box, cv2.COLOR_RGB2GRAY), np.uint8)
    places = (_on_the_body(person.pose) - (x0, y0)) * shrink
    inside = ((places >= 0) & (places < grey.shape[::-1])).all(axis=1)
    body = grey[places[inside, 1].astype(int), places[inside, 0].astype(int)]
    burnt = float((body >= WHITE).mean()) if len(body) else np.nan
    sharpness = float(cv2.Laplacian(grey, cv2.CV_32F).var() / max(float(np.var(grey)), 1.0))
    return Looks(float(np.percentile(box.max(axis=2), LIGHT_OF)), burnt, sharpness)


class Samples:
    """What is kept of the pictures that are looked at, all [N]; nan where the person is not seen."""

    def __init__(self) -> None:
        self._times: list[float] = []
        self._poses: list[Pose] = []
        self._looks: list[Looks] = []

    def add(self, seconds: float, frame: Frame, person: Person | None) -> None:
        """A frame that stands at `seconds`, and the person in it."""
        self._times.append(seconds)
        self._poses.append(unseen_pose() if person is None else person.pose)
        self._looks.append(measure(frame, person))

    def joints(self, scale: float) -> NDArray[np.float32]:
        """[N, 18, 3] as `Pose`, in px that are `scale` times smaller than the frames'."""
        joints = np.array(self._poses, np.float32).reshape(-1, JOINTS, 3)
        joints[..., :2] *= scale
        return joints

    @property
    def times(self) -> NDArray[np.float32]:
        """Seconds."""
        return np.array(self._times, np.float32)

    @property
    def light(self) -> NDArray[np.float32]:
        """See `Looks`."""
        return np.array([looks.light for looks in self._looks], np.float32)

    @property
    def burnt(self) -> NDArray[np.float32]:
        """See `Looks`."""
        return np.array([looks.burnt for looks in self._looks], np.float32)

    @property
    def sharpness(self) -> NDArray[np.float32]:
        """See `Looks`."""
        return np.array([looks.sharpness for looks in self._looks], np.float32)


def _on_the_body(pose: Pose) -> NDArray[np.float32]:
    """Places [n, 2] px along the limbs that are seen."""
    starts, ends = (pose[[limb[side] for limb in BODY_LIMBS], :2] for side in (0, 1))
    places = (starts[:, None] + (ends - starts)[:, None] * ALONG).reshape(-1, 2)
    return np.asarray(places[~np.isnan(places).any(axis=1)], np.float32)
