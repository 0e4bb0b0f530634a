"""A quick look at a driving video before anything costs time: who is in it, their skeleton, and what to mend."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import Any, Final

from posetransfer.errors import NoPersonFound
from posetransfer.faces.tracker import FaceTracker
from posetransfer.pipeline.advice import Advice, Footage, advise
from posetransfer.pipeline.options import WORKING_SIDE, Watch
from posetransfer.pipeline.overlay import fitted, skeleton_over, write_jpeg
from posetransfer.pipeline.samples import Cuts, Samples
from posetransfer.poses.estimator import Choice, PoseEstimator, follow_person, from_the_left, make_estimator
from posetransfer.streams import closing_source, prefetch
from posetransfer.types import Box, Face, Frame, Person, Progress, VideoInfo
from posetransfer.video.info import video_info
from posetransfer.video.limits import Limits
from posetransfer.video.read import read_frames
from posetransfer.video.write import VideoWriter

BUDGET: Final = 4.0  # seconds of work after which no more pictures are looked at
OPENING: Final = 1.0  # seconds of video that are looked at frame by frame
OPENING_FRAMES: Final = (12, 60)  # at least and at most
SAMPLES_A_SECOND: Final = 3
LEAST_SAMPLES: Final = 24  # of a short part
FIRST_WIDTH: Final = 640  # px
DRAWN_SIDE: Final = 480  # px of the longer side of skeleton.mp4
DRAWN_CRF: Final = 23  # for a glance


@dataclass(frozen=True)
class Look:
    """What a look found. Boxes are in px of the displayed picture of the file, from the left.

    frames: in the part, None if that is not known; duration: of the part, s; people: in the first picture of the
    opening that shows anybody; followed: which of them, from 0, None if there is nobody; seen: share of the samples in
    which the person is seen; looked_at: seconds of the part.
    """

    info: VideoInfo
    frames: int | None
    duration: float
    people: list[Box]
    followed: int | None
    advice: list[Advice]
    seen: float
    looked_at: float

    def to_json(self) -> dict[str, Any]:
        """All of it as plain JSON; the duration of the part is `trim_duration`, `duration` that of the file."""
        return {
            "width": self.info.width,
            "height": self.info.height,
            "fps": float(self.info.fps),
            "frames": self.frames,
            "duration": self.info.duration,
            "trim_duration": self.duration,
            "has_audio": self.info.has_audio,
            "people": [[round(side, 1) for side in box] for box in self.people],
            "followed": self.followed,
            "advice": [{"kind": advice.kind, "text": advice.text} for advice in self.advice],
            "seen": self.seen,
            "looked_at": self.looked_at,
        }


def look(
    driving: Path, watch: Watch, folder: Path, limits: Limits | None = None, *, budget: float = BUDGET
) -> Generator[Progress, None, Look]:
    """Look at the part of a video that `watch` names; write first.jpg and skeleton.mp4 into `folder`.

    first.jpg is there at the first progress after the one of 0 frames. Of a part that is longer than the limits allow
    only what they allow is looked at, so that a shorter one can be chosen. budget: seconds of work after which no more
    pictures are looked at; the first second of video always is.
    Raises what `video_info` and `read_frames` raise, and OutOfSpace. That nobody is there is advice.
    """
    limits = limits or Limits()
    info = video_info(driving, limits)
    part = _Part.of(info, watch, limits)
    yield Progress("look", 0, part.frames, driving.name)
    by = make_estimator(watch.pose)
    try:
        return (yield from _Looking(info, part, watch, by, folder).run(driving, limits, budget))
    except NoPersonFound as error:  # the one asked for; the others may still be looked at
        anybody = replace(watch, person=None)
        found = yield from _Looking(info, part, anybody, by, folder).run(driving, limits, budget)
        return replace(found, advice=[Advice("choice", str(error)), *found.advice])


@dataclass(frozen=True)
class _Part:
    """The part of the video that is wanted: duration s, and frames if that is known; `longest` is what limits allow of
    it, s, None where they allow all; `end` is where reading it stops, s in the file."""

    duration: float
    frames: int | None
    longest: float | None
    end: float | None

    @classmethod
    def of(cls, info: VideoInfo, watch: Watch, limits: Limits) -> _Part:
        end = info.duration if watch.end is None else min(watch.end, info.duration)
        duration = max(end - watch.start, 0.0)
        frames = None if info.frames is None else max(round(end * info.fps) - round(watch.start * info.fps), 0)
        most = None if limits.max_frames is None else float(limits.max_frames / info.fps)
        longest = min((seconds for seconds in (limits.max_seconds, most) if seconds is not None), default=duration)
        if duration <= longest:
            return cls(duration, frames, None, watch.end)
        return cls(duration, frames, longest, watch.start + longest)


class _Looking:
    """One look under way, and what it has gathered: about 1 KB for each sample."""

    def __init__(self, info: VideoInfo, part: _Part, watch: Watch, by: PoseEstimator, folder: Path) -> None:
        self._info, self._part, self._watch, self._by, self._folder = info, part, watch, by, folder
        self._scale = max(max(info.width, info.height) / WORKING_SIDE, 1.0)  # px of the file for one of a frame
        self._step = max(round(info.fps / SAMPLES_A_SECOND), 1)
        if part.frames is not None:
            self._step = min(self._step, max(part.frames // LEAST_SAMPLES, 1))
        self._cuts, self._samples, self._given = Cuts(info.fps), Samples(), 0
        self._frame: Frame | None = None
        self._last: Person | None = None
        self._tracker: FaceTracker | None = None
        self._people: list[Box] = []
        self._followed: int | None = None
        self._begins = self._face = self._whole = False

    def run(self, driving: Path, limits: Limits, budget: float) -> Generator[Progress, None, Look]:
        """Raises NoPersonFound if the watch names somebody who is not there."""
        stop = monotonic() + budget
        reading = read_frames(driving, limits, max_side=WORKING_SIDE, start=self._watch.start, end=self._part.end)
        with closing_source(prefetch(reading)) as frames:
            yield from self._open(frames)
            yield from self._sample(frames, stop)
        return self._found()

    def _open(self, frames: Iterator[Frame]) -> Generator[Progress, None, None]:
        """Every frame of the opening: who is there, and the skeleton over the picture."""
        fps, (least, most) = self._info.fps, OPENING_FRAMES
        opening = islice(frames, min(max(round(OPENING * fps), least), most))
        following = follow_person(self._passing(opening, 1), self._by, self._choice(), fps=float(fps))
        size = fitted(self._info.width, self._info.height, DRAWN_SIDE)
        with closing_source(following), VideoWriter(self._folder / "skeleton.mp4", fps, size, crf=DRAWN_CRF) as drawn:
            for person in following:
                assert self._frame is not None, "a person comes after the frame they are in"
                if person is not None and not self._begins:
                    self._meet(self._frame, person, following.followed)
                elif self._given == 1:
                    write_jpeg(self._folder / "first.jpg", self._frame, FIRST_WIDTH)
                yield self._progress()
                face = self._find_face(self._frame, person, float(1 / fps))
                drawn.write(skeleton_over(self._frame, person, face, size))
                self._keep(self._frame, person)

    def _sample(self, frames: Iterator[Frame], stop: float) -> Generator[Progress, None, None]:
        """Some frames of the rest, until the time to stop."""
        fps = float(self._info.fps) / self._step
        following = follow_person(self._passing(frames, self._step), self._by, self._choice(), fps=fps)
        with closing_source(following):
            for person in following:
                assert self._frame is not None, "a person comes after the frame they are in"
                self._keep(self._frame, person)
                if not self._face:
                    self._find_face(self._frame, person, 1 / fps)
                yield self._progress()
                if monotonic() > stop:
                    return
        self._whole = True

    def _choice(self) -> Choice:
        """Whom to follow from here on: who was followed, else who is asked for."""
        if self._last is not None:
            return Choice(at=self._last.box.centre)
        at = self._watch.person_at
        return Choice(self._watch.person, None if at is None else (at[0] / self._scale, at[1] / self._scale))

    def _passing(self, frames: Iterable[Frame], step: int) -> Iterator[Frame]:
        """Every step-th frame, remembered; all are searched for cuts."""
        for frame in frames:
            self._cuts.step(frame)
            self._given += 1
            if (self._given - 1) % step == 0:
                self._frame = frame
                yield frame

    def _meet(self, frame: Frame, person: Person, number: int) -> None:
        """The first picture with anybody: keep it, and who is in it."""
        self._begins = True
        everyone = from_the_left(self._by.people(frame)) or [person]
        self._people = [self._in_the_file(one.box) for one in everyone]
        self._followed = number - 1
        write_jpeg(self._folder / "first.jpg", frame, FIRST_WIDTH)

    def _find_face(self, frame: Frame, person: Person | None, seconds: float) -> Face | None:
        """The face's contours. The detectors take half a second to load: not before somebody is there."""
        if person is None:
            return None
        self._tracker = self._tracker or FaceTracker(cnn=False, contours=self._watch.contours)
        face = self._tracker.step(frame, person.pose, seconds)
        self._face |= face is not None
        return face

    def _keep(self, frame: Frame, person: Person | None) -> None:
        """Remember the person in the frame that came last; every step-th frame is a sample."""
        self._last = person or self._last
        if (self._given - 1) % self._step == 0:
            self._samples.add(self._seconds(self._given - 1), frame, person)

    def _progress(self) -> Progress:
        part = self._part
        total = part.frames if part.longest is None else round(part.longest * self._info.fps)
        return Progress("look", self._given, total)

    def _seconds(self, frame: int) -> float:
        """When a frame of the part stands in the file."""
        return float((round(self._watch.start * self._info.fps) + frame) / self._info.fps)

    def _in_the_file(self, box: Box) -> Box:
        """A box of a frame in px of the file, as far as it is in the picture."""
        x0, y0, x1, y1 = (side * self._scale for side in box)
        return Box(max(x0, 0.0), max(y0, 0.0), min(x1, self._info.width), min(y1, self._info.height))

    def _found(self) -> Look:
        info, part, samples, looked_at = self._info, self._part, self._samples, float(self._given / self._info.fps)
        footage = Footage(
            size=(info.width, info.height),
            fps=float(info.fps),
            duration=part.duration,
            looked_at=looked_at,
            whole=self._whole,
            longest=part.longest,
            people=len(self._people),
            followed=None if self._followed is None else self._followed + 1,
            begins=self._begins,
            times=samples.times,
            joints=samples.joints(self._scale),
            light=samples.light,
            burnt=samples.burnt,
            sharpness=samples.sharpness,
            face=self._face,
            cuts=tuple(self._seconds(frame) for frame in self._cuts.found),
        )
        seen, looked_at, advice = float(footage.seen.mean()), min(looked_at, part.duration), advise(footage)
        return Look(info, part.frames, part.duration, self._people, self._followed, advice, seen, looked_at)
