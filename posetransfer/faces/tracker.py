"""Faces along a video: found now and then, followed between, and the paper's form, found anew in every frame."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from posetransfer.faces.contours import CONTOURS, ContourFinder
from posetransfer.faces.detector import CnnDetector, Detection, FaceDetector, HogDetector
from posetransfer.faces.head import Head, box_around, find_head
from posetransfer.streams import closing_source
from posetransfer.types import Box, Face, Frame, Pose

FIND_EVERY: Final = 0.2  # seconds between looks of the HoG detector while a face is followed
LOOK_EVERY: Final = 0.1  # and while none is: gaps this short are bridged, and a look costs as much as five followed
FOLLOW_FOR: Final = 1.0  # seconds that a face is followed without a detector having seen it
LOOK_AGAIN: Final = 0.5  # and while the frame stays the one in which none was found: only the pose is another
CNN_EVERY: Final = 1.0  # seconds of video between tries of the CNN, which costs as much as fifteen frames
CNN_MARGIN: Final = 24  # px around the square that it does not see: as many faces in 0.55 of the time
SOME_ROWS: Final = 64  # one of so many is compared first
ROUNDING: Final = 1e-6  # seconds that a sum of steps may be off
HOG_THRESHOLD: Final = -0.3  # under dlib's 0: the pose says where to look, and the contours are checked against it


class Tracker(Protocol):
    """Finds one person's face frame by frame. counts: as in `FaceTracker`."""

    counts: dict[str, int]

    def track(self, shown: Iterable[tuple[Frame, Pose]], seconds: float) -> Iterator[Face | None]:
        """A face, or None, for each frame and its pose, as `FaceTracker.step` finds it; seconds: between two frames.

        A few may be taken before the first face is given. Closing the result closes `shown`.
        """
        ...


class MakeTracker(Protocol):
    """`FaceTracker`, or something that makes its equal elsewhere."""

    def __call__(self, *, cnn: bool = True, contours: str = "dlib68") -> Tracker:
        """See `FaceTracker`."""
        ...


class FaceTracker:
    """Face contours of the person whose poses are given, one frame at a time.

    The HoG detector looks at a square around the head; where it fails and the pose sees nose and both eyes
    beside each other, the CNN does, at most once a second. Between looks the face's box goes along with the
    head's joints, and contours that leave nose and eyes of the pose are dropped.

    counts: frames in which the face came from "hog", "cnn", was "tracked", or there was "none".
    """

    def __init__(self, *, cnn: bool = True, contours: str = "dlib68") -> None:
        self.counts = {"hog": 0, "cnn": 0, "tracked": 0, "none": 0}
        self._hog: FaceDetector = HogDetector(HOG_THRESHOLD)
        self._cnn: FaceDetector | None = CnnDetector() if cnn else None
        self._contours: ContourFinder = CONTOURS.resolve(contours)()
        self._frame: Frame | None = None
        self._face: Face | None = None
        self._offset: NDArray[np.float32] | None = None  # of the box's centre from the head's, in its sides
        self._side = 0.0
        self._since_found = self._since_look = self._since_cnn = np.inf

    def step(self, frame: Frame, pose: Pose, seconds: float) -> Face | None:
        """The contours in px of the RGB frame, or None. seconds: time since the last step."""
        head, again = find_head(pose), self._frame is not None and same_frame(frame, self._frame)
        self._frame = frame
        return self.look(None if head is None else head.window.crop(frame), pose, seconds, again)

    def track(self, shown: Iterable[tuple[Frame, Pose]], seconds: float) -> Iterator[Face | None]:
        """See `Tracker.track`. Takes one after another."""
        with closing_source(shown) as source:
            yield from (self.step(frame, pose, seconds) for frame, pose in source)

    def look(self, square: Frame | None, pose: Pose, seconds: float, again: bool = False) -> Face | None:
        """As `step`, given the square around the head that `Head.window` crops; None where no head is seen.

        again: the frame is the one before, as k-NN holds them.
        """
        self._since_found += seconds
        self._since_look += seconds
        self._since_cnn += seconds
        self._face, how = self._look(square, pose, again)
        self.counts[how] += 1
        return self._face

    def _look(self, square: Frame | None, pose: Pose, again: bool) -> tuple[Face | None, str]:
        head = find_head(pose)
        if head is None or square is None:
            self._offset = None
            return None, "none"
        if again and self._face is not None and head.agrees(self._face, pose):
            return self._face, "tracked"
        if self._since_found < FIND_EVERY - ROUNDING and (face := self._follow(square, head, pose)) is not None:
            return face, "tracked"
        every = LOOK_AGAIN if again else LOOK_EVERY
        if self._offset is not None or self._since_look > every - ROUNDING:
            self._since_look = 0.0
            if (face := self._find(self._hog, square, head, pose)) is not None:
                return face, "hog"
        if self._since_found < FOLLOW_FOR and (face := self._follow(square, head, pose)) is not None:
            return face, "tracked"
        if self._cnn is not None and head.frontal and self._since_cnn > CNN_EVERY - ROUNDING:
            self._since_cnn = 0.0
            if (face := self._find(self._cnn, square, head, pose, CNN_MARGIN)) is not None:
                return face, "cnn"
        self._offset = None
        return None, "none"

    def _find(self, detector: FaceDetector, square: Frame, head: Head, pose: Pose, margin: int = 0) -> Face | None:
        """Contours of the surest face in the square that agrees with the pose; the track starts from it.

        margin: px on each side of the square that the detector is not shown.
        """
        inside = slice(margin, square.shape[0] - margin)
        for found in detector.detect(square[inside, inside]):
            corners = np.array(found.box, np.float32) + margin
            face = self._contours_in(square, Box(*map(float, corners)), head, pose)
            if face is not None:
                box = head.window.from_window(corners.reshape(2, 2))
                self._side = float(box[1, 0] - box[0, 0])
                self._offset = (box.mean(axis=0) - head.centre) / head.side
                self._since_found = 0.0
                return face
        return None

    def _follow(self, square: Frame, head: Head, pose: Pose) -> Face | None:
        """Contours in the box that went along with the head."""
        if self._offset is None:
            return None
        centre = head.window.to_window(head.centre + self._offset * head.side)
        return self._contours_in(square, box_around(centre, self._side * head.window.scale), head, pose)

    def _contours_in(self, square: Frame, box: Box, head: Head, pose: Pose) -> Face | None:
        found = self._contours.find(square, box, head.roll)
        if found is None:
            return None
        face = head.window.from_window(found)
        return face if head.agrees(face, pose) else None


class PaperFaces:
    """The paper's form: the HoG detector on the whole frame, the CNN where it finds none, in every frame.

    Of several faces the one nearest to the pose's head is taken. counts: as in `FaceTracker`.
    """

    def __init__(self, *, cnn: bool = True, contours: str = "dlib68") -> None:
        self.counts = {"hog": 0, "cnn": 0, "tracked": 0, "none": 0}
        self._detectors: list[FaceDetector] = [HogDetector(), CnnDetector()] if cnn else [HogDetector()]
        self._contours: ContourFinder = CONTOURS.resolve(contours)()

    def step(self, frame: Frame, pose: Pose, seconds: float) -> Face | None:
        """The contours in px of the RGB frame, or None. `seconds` is not needed: every frame stands alone."""
        head = find_head(pose)
        for detector in self._detectors:
            faces = detector.detect(frame)
            if faces:
                self.counts[detector.NAME] += 1
                return self._contours.find(frame, _nearest(faces, head).box)
        self.counts["none"] += 1
        return None


def same_frame(one: Frame, other: Frame) -> bool:
    """Whether two frames show the same. Most that do not differ in some of their rows already."""
    return np.array_equal(one[::SOME_ROWS], other[::SOME_ROWS]) and np.array_equal(one, other)


def bridge_gaps(faces: NDArray[np.float32], longest: int = 5) -> NDArray[np.float32]:
    """Faces [T, 68, 2] with gaps of up to `longest` frames filled in a straight line from side to side."""
    seen = np.flatnonzero(~np.isnan(faces).any(axis=(1, 2)))
    bridged = faces.copy()
    for before, after in pairwise(seen):
        if 1 < after - before <= longest + 1:
            share = np.arange(1, after - before, dtype=np.float32)[:, None, None] / (after - before)
            bridged[before + 1 : after] = (1 - share) * faces[before] + share * faces[after]
    return bridged


def _nearest(faces: list[Detection], head: Head | None) -> Detection:
    """The face nearest to the head, the surest where the pose shows none."""
    if head is None:
        return faces[0]
    x, y = head.centre
    return min(faces, key=lambda face: (face.box.centre[0] - x) ** 2 + (face.box.centre[1] - y) ** 2)
