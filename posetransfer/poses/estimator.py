"""Pose estimators: the seam, whom to follow, and how one person is followed through a stream of frames."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Protocol, runtime_checkable

from posetransfer.errors import NoPersonFound, PoseTransferError
from posetransfer.plugins import Registry
from posetransfer.poses.people import NEAR, nearest
from posetransfer.streams import closing_source
from posetransfer.types import Box, Frame, Person, Pose, unseen_pose

# Frames between two thorough looks for a missing person: each costs as much as 10 to 15 followed frames, so the wait
# doubles until somebody has been followed for a while. Empty stretches and footage full of cuts cost little then.
FIRST_WAIT, LONGEST_WAIT = 5, 120
FORGOTTEN = 1.0  # seconds after which a lost person may be found anywhere, or be given up for another
PACE = 2.0  # sizes of their body that a lost person may have moved in a second

ESTIMATORS = Registry(
    "pose estimator",
    {
        "mediapipe": "posetransfer.poses.mediapipe:MediaPipe",
        "openpose": "posetransfer.poses.openpose:OpenPose",
    },
)


class PoseEstimator(Protocol):
    """Finds people's joints. One instance serves one stream, from one thread at a time."""

    NAME: ClassVar[str]
    weights: Path  # the file that decides what it finds

    def people(self, frame: Frame, *, thorough: bool = True) -> list[Person]:
        """Everyone in the frame, each once, in no promised order.

        `thorough` also looks for people who are small in the frame, at several times the cost, if the
        estimator has a way to.
        """
        ...

    def follow(self, frame: Frame, last: Person) -> Person | None:
        """The person who was `last` a frame ago; None if they are lost. `last` may come from anywhere."""
        ...


@runtime_checkable
class LooksAhead(PoseEstimator, Protocol):
    """An estimator that can look at two frames at the same time."""

    def expect(self, frame: Frame, last: Person) -> None:
        """Begin to look at the frame after the next one to `follow`. `last`: the person in the frame before both."""
        ...


def make_estimator(name: str, **options: Any) -> PoseEstimator:
    """The estimator called `name`. Raises UnknownName, or WeightsMissing if it has no weights here."""
    estimator: PoseEstimator = ESTIMATORS.resolve(name)(**options)
    return estimator


@dataclass(frozen=True)
class Choice:
    """Whom to follow; nothing given: the largest, most central person.

    person: their number from the left, from 1, in the first frame where people are seen; at: (x, y) px there.
    """

    person: int | None = None
    at: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        if self.person is not None and self.at is not None:
            raise PoseTransferError("Choose the person by number or by place, not both.")
        if self.person is not None and self.person < 1:
            raise PoseTransferError("People are numbered from the left, from 1.")

    @property
    def explicit(self) -> bool:
        return self.person is not None or self.at is not None


def choose(people: list[Person], choice: Choice | None, size: tuple[int, int]) -> Person:
    """Whom `choice` means among `people` in a frame of `size` (width, height). Raises NoPersonFound."""
    if not people:
        raise NoPersonFound("No person is seen in the video. Try a clip where the whole body is visible.")
    if choice is not None and choice.person is not None:
        if choice.person > len(people):
            seen = "1 person is seen" if len(people) == 1 else f"{len(people)} people are seen"
            raise NoPersonFound(f"Person {choice.person} was asked for, but {seen}. Count from the left, from 1.")
        return from_the_left(people)[choice.person - 1]
    if choice is not None and choice.at is not None:
        x, y = choice.at
        return min(people, key=lambda person: _distance(person.box, x, y))
    return max(people, key=lambda person: _prominence(person.box, *size))


def from_the_left(people: list[Person]) -> list[Person]:
    """People in the order of the centres of their boxes."""
    return sorted(people, key=lambda person: person.box.centre[0])


def _distance(box: Box, x: float, y: float) -> tuple[float, float]:
    """How far a place is outside a box, and, where it is in several, from the centre, in px."""
    outside = math.hypot(max(box.x0 - x, 0, x - box.x1), max(box.y0 - y, 0, y - box.y1))
    return outside, math.dist(box.centre, (x, y))


def _prominence(box: Box, width: int, height: int) -> float:
    """Area within the frame, px^2, down to a third of it for a box at the frame's edge."""
    inside = Box(max(box.x0, 0), max(box.y0, 0), min(box.x1, width), min(box.y1, height))
    x, y = box.centre
    off_centre = min(math.hypot(x / width - 0.5, y / height - 0.5) / 0.5, 1.0)
    return inside.area * (1 - off_centre * 2 / 3) if inside.width > 0 else 0.0


class Following(Iterator[Person | None]):
    """One person through a stream: a Person or None for every frame. Close it to close the frames' source.

    people_seen: how many people the first frame with anybody showed, 0 until then; followed: which of
    them is followed, from the left, from 1.
    """

    def __init__(
        self, frames: Iterable[Frame], by: PoseEstimator, choice: Choice | None, fps: float, ahead: bool
    ) -> None:
        self.people_seen = 0
        self.followed = 0
        self._by = by
        self._ahead = by if ahead and isinstance(by, LooksAhead) else None
        self._choice = choice or Choice()
        self._fps = fps
        self._last: Person | None = None
        self._missing = 0  # frames since somebody was last seen
        self._steady = 0  # frames in which somebody was seen without a gap
        self._now = self._look_from = 0  # number of this frame, and of the first that may be looked at thoroughly
        self._wait = FIRST_WAIT
        self._stream = self._run(frames)

    def __next__(self) -> Person | None:
        return next(self._stream)

    def close(self) -> None:
        """End the stream and close its source."""
        self._stream.close()

    def _run(self, frames: Iterable[Frame]) -> Generator[Person | None, None, None]:
        with closing_source(frames) as source:
            for frame, coming in _with_coming(source, ahead=self._ahead is not None):
                person = None
                if self._last is not None and not self._missing:
                    if self._ahead and coming is not None:
                        self._ahead.expect(coming, self._last)
                    person = self._by.follow(frame, self._last)
                if person is None:
                    person = self._search(frame)
                self._count(person is not None)
                self._last = person or self._last
                yield person

    def _count(self, seen: bool) -> None:
        """Note a frame with or without the person."""
        self._now += 1
        self._missing = 0 if seen else self._missing + 1
        self._steady = self._steady + 1 if seen else 0
        if self._steady > FORGOTTEN * self._fps:
            self._look_from, self._wait = 0, FIRST_WAIT

    def _search(self, frame: Frame) -> Person | None:
        """Look for the lost person, thoroughly only now and then so that an empty stretch is not slow."""
        seconds = self._missing / self._fps
        thorough = self._now >= self._look_from
        if thorough:
            self._look_from, self._wait = self._now + self._wait, min(2 * self._wait, LONGEST_WAIT)
        people = self._by.people(frame, thorough=thorough)
        if not people:
            return None
        size = (frame.shape[1], frame.shape[0])
        if self._last is None:
            everyone = people if thorough else self._by.people(frame) or people
            return self._begin(everyone, size)
        closest, distance = nearest(people, self._last)
        if distance < NEAR + PACE * seconds:
            return closest
        if seconds <= FORGOTTEN:
            return None
        return closest if self._choice.explicit else choose(people, None, size)

    def _begin(self, people: list[Person], size: tuple[int, int]) -> Person:
        """Choose whom to follow, and note among how many."""
        person = choose(people, self._choice, size)
        self.people_seen = len(people)
        self.followed = 1 + [person is other for other in from_the_left(people)].index(True)
        return person


def _with_coming(frames: Iterator[Frame], *, ahead: bool) -> Iterator[tuple[Frame, Frame | None]]:
    """Each frame, and the one after it where that may be taken already and there is one."""
    frame = next(frames, None)
    while frame is not None:
        coming = next(frames, None) if ahead else None
        yield frame, coming
        frame = coming if ahead else next(frames, None)


def follow_person(
    frames: Iterable[Frame],
    by: PoseEstimator,
    choice: Choice | None = None,
    *,
    fps: float = 30.0,
    ahead: bool = False,
) -> Following:
    """Follow one person through frames: a Person or None for each, lazily.

    A lost person is looked for near where they were; after a second anywhere, and then, if nobody was
    chosen explicitly, the most prominent person is followed. ahead: take a frame more than was asked for, and
    look at two at the same time if `by` can. Iterating raises NoPersonFound if the choice names a person who
    is not there.
    """
    return Following(frames, by, choice, fps, ahead)


def estimate_poses(
    frames: Iterable[Frame], by: PoseEstimator, choice: Choice | None = None, *, fps: float = 30.0
) -> Iterator[Pose]:
    """The pose of one person in each frame, unseen where they are not found; see `follow_person`."""
    with closing_source(follow_person(frames, by, choice, fps=fps)) as people:
        for person in people:
            yield unseen_pose() if person is None else person.pose
