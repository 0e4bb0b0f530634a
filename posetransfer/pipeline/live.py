"""A target performing live: one picture of the driver in, one made frame out, each from what came before it alone."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from fractions import Fraction
from typing import Final, Literal, NamedTuple

import numpy as np

from posetransfer.align.aligner import ALIGNERS, Aligner, shifted
from posetransfer.checkpoints.folder import Checkpoint, Target
from posetransfer.conditioning.window import Window
from posetransfer.faces.tracker import FaceTracker
from posetransfer.pipeline.live_choice import LateChoice
from posetransfer.pipeline.live_driver import USUAL_RATE, LiveDriver, Moment, State, Watched
from posetransfer.pipeline.made import middle
from posetransfer.poses.body import Body
from posetransfer.poses.estimator import make_estimator
from posetransfer.poses.fill import FILLED_CONFIDENCE
from posetransfer.poses.retarget import retarget
from posetransfer.poses.skeleton import L_ANKLE, NECK, NOSE, R_HIP
from posetransfer.provenance.label import labelled
from posetransfer.streams import closing_source, prefetch
from posetransfer.types import Face, Frame, Pose, PosedFrame, PoseSequence

Alignment = Literal["pose", "first", "off"]

LEGS: Final = range(R_HIP, L_ANKLE + 1)
ONE: Final = Fraction(round(USUAL_RATE))  # a rate for a clip of one frame, which nothing reads


class Made(NamedTuple):
    """What is shown of one moment. frame: [size, size, 3] with its badge; None before the first target is there."""

    frame: Frame | None
    moment: Moment
    state: State
    method: str


class LivePerformance:
    """One target by one method, a frame at a time. Loading takes seconds; raises what `load_method` raises.

    align: by what made faces are held in place; k-NN shows real ones, which need it not.
    """

    def __init__(
        self, checkpoint: Checkpoint, method: str, *, align: Alignment = "off", runtime: str = "auto"
    ) -> None:
        self.name, self.target = method, checkpoint.target
        self.method = checkpoint.load_method(method, runtime)
        self._next = PosedFrame(*at_rest(self.target))
        self._made = self.method.generate(self._posed())
        self.choice = LateChoice(self.method) if self.method.needs_frames else None
        self._aligner: Aligner | None = None
        if align != "off" and method != "knn":
            self._aligner, self._faces = ALIGNERS.resolve(align)(), FaceTracker(cnn=False)
        self._before: float | None = None
        self._last: Frame | None = None
        if not self.method.needs_frames:
            self._last = self._generate(self._next)  # the first frame takes longer than those that follow

    def step(self, watched: Watched) -> Frame:
        """The next frame [size, size, 3], without a badge. While nobody is seen the last one stays."""
        if watched.state == "nobody" and self._last is not None:
            return self._last
        posed = self._driven(watched)
        self._last = self._aligned(self._generate(posed), posed, watched.moment.seconds)
        return self._last

    def close(self) -> None:
        """Let go of the method."""
        close = getattr(self._made, "close", None)
        if close is not None:
            close()

    def _driven(self, watched: Watched) -> PosedFrame:
        size = self.target.window.size
        pose, face = at_rest(self.target)
        if watched.body is not None and (watched.pose[:, 2] > 0).any():
            clip = PoseSequence(watched.pose[None], watched.face[None], watched.body.size, ONE)
            made = retarget(clip, self.target.body, watched.body)
            pose, face = made.joints[0], made.faces[0]
            if np.isnan(watched.body.floor):  # no ankle was ever seen
                pose = standing(pose, self.target.body)
        if not self.method.needs_frames:
            return PosedFrame(pose, face)
        frame = watched.moment.frame
        window = watched.window or _middle_square(frame)
        return PosedFrame(pose, face, replace(window, size=size).crop(frame))

    def _generate(self, posed: PosedFrame) -> Frame:
        if self.choice is not None and self.choice.made_by(posed):
            self.close()
            self._made = self.method.generate(self._posed())
        self._next = posed
        return next(self._made)

    def _posed(self) -> Iterator[PosedFrame]:
        """What the method pulls: every frame it gives takes the one posed frame of its moment."""
        while True:
            yield self._next

    def _aligned(self, frame: Frame, posed: PosedFrame, seconds: float) -> Frame:
        if self._aligner is None:
            return frame
        step = 1 / USUAL_RATE if self._before is None else seconds - self._before
        self._before = seconds
        found = middle(self._faces.step(frame, posed.pose, step))
        return shifted(frame, self._aligner.shift(found, middle(posed.face), min(frame.shape[:2])))


class LivePerformer:
    """Makes a live performance. `perform` is run by one thread; the other methods may be called by any.

    align: as in `LivePerformance`. Off unless asked for: finding the made face costs 4 to 7 ms a frame.
    """

    def __init__(self, *, align: Alignment = "off", contours: str = "dlib68", pose: str = "mediapipe") -> None:
        self._align: Alignment = align
        self._driver = LiveDriver(make_estimator(pose), contours)
        self.performance: LivePerformance | None = None
        self._coming: LivePerformance | None = None
        self._changing = threading.Lock()
        self._forget = threading.Event()

    def change(self, checkpoint: Checkpoint, method: str, runtime: str = "auto") -> str:
        """Perform as another target or by another method from the next frame on; what performs now goes on until
        that is loaded. Gives what runs it. Raises what `Checkpoint.load_method` raises, and then nothing changes."""
        loaded = LivePerformance(checkpoint, method, align=self._align, runtime=runtime)
        with self._changing:
            self._coming = loaded
        return loaded.method.runtime_used

    def restart(self) -> None:
        """Measure the driver anew: somebody else stands there, or the camera was moved."""
        self._forget.set()

    def perform(self, moments: Iterable[Moment]) -> Iterator[Made]:
        """A made frame for each moment, in order. The next moment is watched in a thread of its own meanwhile."""
        with closing(prefetch(self._watched(moments), ahead=1)) as watched:
            for seen in watched:
                yield self._make(seen)

    def _watched(self, moments: Iterable[Moment]) -> Iterator[Watched]:
        with closing_source(moments) as source:
            for moment in source:
                if self._forget.is_set():
                    self._forget.clear()
                    self._driver.restart()
                method = None if self.performance is None else self.performance.method
                yield self._driver.step(
                    moment,
                    poses=method is None or method.needs_poses,
                    faces=method is not None and method.needs_faces,
                )

    def _make(self, watched: Watched) -> Made:
        with self._changing:
            coming, self._coming = self._coming, None
        if coming is not None:
            if self.performance is not None:
                self.performance.close()
            self.performance = coming
        if self.performance is None:
            return Made(None, watched.moment, watched.state, "")
        frame = labelled(self.performance.step(watched))
        return Made(frame, watched.moment, watched.state, self.performance.name)


def at_rest(target: Target) -> tuple[Pose, Face]:
    """How the target usually stands: the pose of its median joints, and its contours with it."""
    places = target.body.joints
    seen = ~np.isnan(places).any(axis=1)
    pose = np.column_stack([np.where(seen[:, None], places, np.nan), seen]).astype(np.float32)
    return pose, (target.body.face + places[NOSE]).astype(np.float32)


def standing(pose: Pose, body: Body) -> Pose:
    """The pose with legs that are not seen put where the target's usually are, under its neck: who sits at a desk
    drives somebody who stands. They count as filled."""
    filled, aside = pose.copy(), np.nan_to_num(pose[NECK, 0] - body.joints[NECK, 0])
    for joint in LEGS:
        if not pose[joint, 2] > 0 and not np.isnan(body.joints[joint]).any():
            filled[joint] = (body.joints[joint, 0] + aside, body.joints[joint, 1], FILLED_CONFIDENCE)
    return filled


def _middle_square(frame: Frame) -> Window:
    height, width = frame.shape[:2]
    side = min(height, width)
    return Window((width - side) // 2, (height - side) // 2, side, side)
