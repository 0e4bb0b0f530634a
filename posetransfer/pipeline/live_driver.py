"""The driver of a live performance: one picture after another, what is known by then, and nothing of what follows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, Literal, NamedTuple

import numpy as np

from posetransfer.conditioning.window import Window
from posetransfer.faces.tracker import FaceTracker
from posetransfer.poses.body import Body
from posetransfer.poses.estimator import PoseEstimator, follow_person
from posetransfer.poses.hold import HoldFilter
from posetransfer.poses.one_euro import FaceFilter, OneEuroFilter
from posetransfer.poses.running import RunningBody
from posetransfer.types import Face, Frame, Pose, unseen_face, unseen_pose

State = Literal["nobody", "settling", "part", "whole"]

USUAL_RATE: Final = 25.0  # frames a second, by which a lost person's absence is counted
GONE: Final = 1.0  # seconds after which a lost person counts as gone
LONGEST_STEP: Final = (
    0.5  # seconds between two pictures that filters are told of: after a pause nothing is extrapolated
)
GLANCE_EVERY: Final = 0.2  # seconds between two looks where the method needs no poses, only the driver's place


class Moment(NamedTuple):
    """One picture of the driver. frame: [H, W, 3]; seconds: when it was taken, by any clock that runs on; about:
    whatever should come back with the frame that is made from it."""

    frame: Frame
    seconds: float
    about: Any = None


class Watched(NamedTuple):
    """What is known of the driver at one moment, in px of its frame.

    pose, face: smoothed, gaps of a moment held; body, window: see `RunningBody`; state: whether "nobody" is seen,
    measures are still "settling", only "part" of the body is seen (no ankles), or the "whole".
    """

    moment: Moment
    pose: Pose
    face: Face
    body: Body | None
    window: Window | None
    state: State


class LiveDriver:
    """Follows one driver. Poses come from `by`, contours from the HoG detector alone: the CNN would stop the picture
    for a third of a second."""

    def __init__(self, by: PoseEstimator, contours: str = "dlib68") -> None:
        self._by, self._contours = by, contours
        self._frame: Frame | None = None
        self.restart()

    def restart(self) -> None:
        """Forget the driver: somebody else stands there, or the camera was moved."""
        self._followed = follow_person(self._frames(), self._by, fps=USUAL_RATE)
        self._faces = FaceTracker(cnn=False, contours=self._contours)
        self._smooth, self._smooth_face, self._hold = OneEuroFilter(), FaceFilter(), HoldFilter()
        self._running: RunningBody | None = None
        self._size = (0, 0)
        self._before: float | None = None
        self._unseen_for, self._since_look = np.inf, 0.0
        self._pose, self._face = unseen_pose(), unseen_face()

    def step(self, moment: Moment, *, poses: bool = True, faces: bool = True) -> Watched:
        """The driver at the next moment. poses, faces: whether they are needed; without poses it only looks now and
        then where the driver is, and gives the last ones."""
        size = moment.frame.shape[1], moment.frame.shape[0]
        if size != self._size:
            self.restart()
            self._size = size
        seconds = 1 / USUAL_RATE if self._before is None else moment.seconds - self._before
        seconds = min(max(seconds, 1e-3), LONGEST_STEP)
        self._before = moment.seconds
        self._since_look += seconds
        if poses or self._running is None or self._since_look >= GLANCE_EVERY:
            self._look(moment.frame, min(self._since_look, LONGEST_STEP), faces)
            self._since_look = 0.0
        running = self._running
        body, window = (None, None) if running is None else (running.body, running.window)
        return Watched(moment, self._pose, self._face, body, window, self._state())

    def _look(self, frame: Frame, seconds: float, faces: bool) -> None:
        self._frame = frame
        person = next(self._followed)
        seen = unseen_pose() if person is None else person.pose
        self._unseen_for = self._unseen_for + seconds if person is None else 0.0
        found = self._faces.step(frame, seen, seconds) if faces else None
        pose = self._smooth.step(seen, seconds)
        face = self._smooth_face.step(unseen_face() if found is None else found, seconds)
        if self._running is None:
            self._running = RunningBody(self._size)
        self._running.step(pose, face, seconds)
        self._pose, self._face = self._hold.step(pose, face, seconds)

    def _state(self) -> State:
        if self._unseen_for > GONE or self._running is None:
            return "nobody"
        if not self._running.settled:
            return "settling"
        body = self._running.body
        return "part" if body is None or np.isnan(body.floor) else "whole"

    def _frames(self) -> Iterator[Frame]:
        """The picture of the moment, again and again: whoever follows pulls one for each person asked for."""
        while True:
            assert self._frame is not None, "a moment has come"
            yield self._frame
