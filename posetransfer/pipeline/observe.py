"""The first pass over a video: its frames become one person's poses and faces, which are small and kept."""

from __future__ import annotations

import os
from array import array
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from posetransfer.errors import NoPersonFound, Stopped
from posetransfer.faces.tracker import FaceTracker, MakeTracker, bridge_gaps
from posetransfer.pipeline.clock import StageClock
from posetransfer.pipeline.estimator import ready_estimator
from posetransfer.pipeline.options import WORKING_SIDE, Watch
from posetransfer.places import file_hash
from posetransfer.poses.cache import PoseCache
from posetransfer.poses.estimator import Choice, PoseEstimator, follow_person
from posetransfer.streams import closing_source
from posetransfer.types import (
    FACE_POINTS,
    JOINTS,
    Face,
    Frame,
    Person,
    Pose,
    PoseSequence,
    Progress,
    VideoInfo,
    unseen_face,
    unseen_pose,
)
from posetransfer.video.info import video_info
from posetransfer.video.limits import Limits
from posetransfer.video.read import read_some

EVERY = 10  # frames between two reports of progress
BEFORE_FACES = 8  # frames that poses may be in front of faces: now and then one takes as long as ten others
_NOWHERE = np.full((JOINTS, 3), np.nan, np.float32)
OBSERVING = 4  # raised when what is kept of a video changes: older cache entries are then passed over


@dataclass
class Observation:
    """What is known of a clip after its first pass. Poses are in px of frames of at most `WORKING_SIDE`."""

    sequence: PoseSequence
    faces: dict[str, int] = field(default_factory=dict)
    people_seen: int = 0
    followed: int = 0
    cut: bool = False  # the user stopped before the end of the clip

    def warnings(self, clip: str, *, choosable: bool = True) -> list[str]:
        """What the user should know of the video `clip`. choosable: whether the run can be told whom to follow."""
        warnings, sequence = [], self.sequence
        if self.people_seen > 1:
            warnings.append(
                f"{self.people_seen} people are seen in {clip}; number {self.followed} from the left is followed. "
                + (
                    "Another can be chosen: by --person N or --person-at X,Y, in the page by a click."
                    if choosable
                    else "Cut the others out."
                )
            )
        missing = float((~(sequence.joints[..., 2] > 0).any(axis=1)).mean())
        if missing > 0.1:
            warnings.append(f"In {missing:.0%} of {clip} the person is not seen.")
        if np.isnan(sequence.faces).all():
            warnings.append(f"No face is ever seen in {clip}: faces are not drawn and not aligned.")
        return warnings


def observe(
    path: Path,
    watch: Watch,
    clock: StageClock,
    limits: Limits | None = None,
    stopped: Callable[[], bool] = lambda: False,
    make_tracker: MakeTracker = FaceTracker,
) -> Generator[Progress, None, Observation]:
    """Poses and faces of the person that `watch` names; from the cache if this file was watched before.

    make_tracker: makes what finds the faces. When `stopped` says so, what was watched by then is given, and not kept
    in the cache. Raises NoPersonFound if nobody is seen in the whole clip, Stopped if nobody was before it was
    stopped, WeightsMissing, and what reading the video raises.
    """
    limits = limits or Limits()
    info = video_info(path, limits)  # refuses what is no video before its hash is taken
    cache = PoseCache()
    # decoding and faces have the other half of the cores; one thread a network costs less than two, besides
    by = yield from ready_estimator(watch.pose, max((os.cpu_count() or 1) // 2, 1))
    yield Progress("poses", 0, _length(watch, info), path.name)
    key = cache.key(file_hash(path), {**asdict(watch), "weights": file_hash(by.weights), "version": OBSERVING})
    kept = cache.get(key)
    if kept is not None:
        sequence, facts = kept
        return Observation(sequence, **facts)
    observation = yield from _watch(path, watch, by, clock, limits, info, stopped, make_tracker)
    if observation.cut:
        return observation
    facts = {"faces": observation.faces, "people_seen": observation.people_seen, "followed": observation.followed}
    cache.put(key, observation.sequence, facts)
    return observation


class _Passing:
    """Passes frames on to whoever looks for poses, and keeps each for whoever comes after them in another thread."""

    def __init__(self, frames: Iterable[tuple[int, Frame]]) -> None:
        self._frames = frames
        self._kept: deque[tuple[int, Frame]] = deque()
        self.size = (0, 0)

    def __iter__(self) -> Iterator[Frame]:
        with closing_source(self._frames) as frames:
            for number, frame in frames:
                self.size = frame.shape[1], frame.shape[0]
                self._kept.append((number, frame))
                yield frame

    def next(self) -> tuple[int, Frame]:
        """The frame that the next pose belongs to, and its number."""
        return self._kept.popleft()


class _Recording:
    """Poses, world places and faces of a growing clip, 1 KB a frame: an hour at 30 fps is about 100 MB."""

    def __init__(self) -> None:
        self._numbers = array("q")
        self._joints, self._world, self._faces = array("f"), array("f"), array("f")
        self._has_world = False

    def __len__(self) -> int:
        """Frames up to the last that was added."""
        return self._numbers[-1] + 1 if self._numbers else 0

    def add(self, number: int, person: Person | None, face: Face | None) -> None:
        """The person and the face of a frame, which comes after those that were added."""
        self._numbers.append(number)
        self._joints.frombytes((unseen_pose() if person is None else person.pose).tobytes())
        world = None if person is None else person.world
        self._has_world |= world is not None
        self._world.frombytes((_NOWHERE if world is None else world).tobytes())
        self._faces.frombytes((unseen_face() if face is None else face).tobytes())

    def sequence(self, size: tuple[int, int], fps: Fraction) -> PoseSequence:
        """All that was added, as one clip; in frames between two that were added the person is between."""
        numbers = np.frombuffer(self._numbers, np.int64)
        joints = _between(np.frombuffer(self._joints, np.float32).reshape(-1, JOINTS, 3), numbers)
        joints[np.isnan(joints[..., 0]), 2] = 0
        faces = _between(np.frombuffer(self._faces, np.float32).reshape(-1, FACE_POINTS, 2), numbers)
        world = np.frombuffer(self._world, np.float32).reshape(-1, JOINTS, 3)
        return PoseSequence(
            joints=joints,
            faces=bridge_gaps(faces),
            size=size,
            fps=fps,
            world=_between(world, numbers) if self._has_world else None,
        )


def _between(values: NDArray[np.float32], numbers: NDArray[np.int64]) -> NDArray[np.float32]:
    """Values [n, ...] of frames `numbers` for every frame up to the last, in a straight line from one to the next;
    nan where it is at either."""
    if not len(numbers):
        return values.copy()
    frames = np.arange(numbers[-1] + 1)
    before = np.searchsorted(numbers, frames, side="right") - 1
    after = np.minimum(before + 1, len(numbers) - 1)
    share = ((frames - numbers[before]) / np.maximum(numbers[after] - numbers[before], 1)).astype(np.float32)
    share = share.reshape(-1, *[1] * (values.ndim - 1))
    exact = values[before]
    return np.where(share > 0, (1 - share) * exact + share * values[after], exact)


def _watch(
    path: Path, watch: Watch, by: PoseEstimator, clock: StageClock, limits: Limits, info: VideoInfo,
    stopped: Callable[[], bool], make_tracker: MakeTracker,
) -> Generator[Progress, None, Observation]:  # fmt: skip
    every = 1 if watch.looks is None else max(round(float(info.fps) / watch.looks), 1)
    frames = read_some(path, limits, every, max_side=WORKING_SIDE, start=watch.start, end=watch.end)
    # three stages, each in a thread of its own: while poses are looked for, a frame is decoded, another face is found
    passing = _Passing(clock.ahead(clock.timed("decode", frames)))
    shrink = min(WORKING_SIDE / max(info.width, info.height), 1.0)
    at = None if watch.person_at is None else (watch.person_at[0] * shrink, watch.person_at[1] * shrink)
    following = follow_person(passing, by, Choice(watch.person, at), fps=float(info.fps / every), ahead=True)
    cut = False
    tracker, recording, total = make_tracker(contours=watch.contours), _Recording(), _length(watch, info)
    persons: deque[tuple[int, Person | None]] = deque()  # whose faces are still looked for

    def shown() -> Iterator[tuple[Frame, Pose]]:
        with closing(clock.ahead(clock.timed("poses", following), BEFORE_FACES)) as found:
            for person in found:
                number, frame = passing.next()
                persons.append((number, person))
                yield frame, unseen_pose() if person is None else person.pose

    with closing_source(clock.timed("faces", tracker.track(shown(), float(every / info.fps)))) as faces:
        for steps, face in enumerate(faces, 1):
            recording.add(*persons.popleft(), face)
            if steps % EVERY == 0:
                yield Progress("poses", len(recording), total, path.name)
            if cut := stopped():
                break
    sequence = recording.sequence(passing.size, info.fps)
    if cut and not sequence.coverage:
        raise Stopped("Stopped before anybody was seen: there is nothing to keep.")
    if not sequence.coverage:
        raise NoPersonFound(f"No person is seen in {path.name}. Try a clip where the whole body is visible.")
    return Observation(sequence, dict(tracker.counts), following.people_seen, following.followed, cut)


def _length(watch: Watch, info: VideoInfo) -> int | None:
    """How many frames of the video lie in the part that is watched, if it can be told."""
    if info.frames is None:
        return None
    last = info.frames if watch.end is None else min(info.frames, round(watch.end * info.fps))
    return max(last - round(watch.start * info.fps), 0)
