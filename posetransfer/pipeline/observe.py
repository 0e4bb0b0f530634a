"""The first pass over a video: its frames become one person's poses and faces, which are small and kept."""

from __future__ import annotations

from array import array
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, field
from fractions import Fraction
from pathlib import Path

import numpy as np

from posetransfer.errors import NoPersonFound
from posetransfer.faces.tracker import FaceTracker, bridge_gaps
from posetransfer.pipeline.clock import StageClock
from posetransfer.pipeline.options import WORKING_SIDE, Watch
from posetransfer.places import file_hash
from posetransfer.poses.cache import PoseCache
from posetransfer.poses.estimator import Choice, follow_person, make_estimator
from posetransfer.streams import closing_source
from posetransfer.types import (
    FACE_POINTS,
    JOINTS,
    Face,
    Frame,
    Person,
    PoseSequence,
    Progress,
    VideoInfo,
    unseen_face,
    unseen_pose,
)
from posetransfer.video.info import video_info
from posetransfer.video.limits import Limits
from posetransfer.video.read import read_frames

EVERY = 10  # frames between two reports of progress
_ROW = 3 * JOINTS + 3 * JOINTS + 2 * FACE_POINTS  # numbers kept of one frame
_NOWHERE = np.full((JOINTS, 3), np.nan, np.float32)
OBSERVING = 1  # raised when what is kept of a video changes: older cache entries are then passed over


@dataclass
class Observation:
    """What is known of a clip after its first pass. Poses are in px of frames of at most `WORKING_SIDE`."""

    sequence: PoseSequence
    faces: dict[str, int] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def observe(
    path: Path, watch: Watch, clock: StageClock, limits: Limits | None = None
) -> Generator[Progress, None, Observation]:
    """Poses and faces of the person that `watch` names; from the cache if this file was watched before.

    Raises NoPersonFound if nobody is seen in the whole clip, and what reading the video raises.
    """
    limits = limits or Limits()
    info = video_info(path, limits)  # refuses what is no video before its hash is taken
    cache = PoseCache()
    yield Progress("poses", 0, _length(watch, info), path.name)
    key = cache.key(file_hash(path), {**asdict(watch), "version": OBSERVING})
    kept = cache.get(key)
    if kept is not None:
        sequence, facts = kept
        return Observation(sequence, facts["faces"], facts["warnings"])
    observation = yield from _watch(path, watch, clock, limits, info)
    cache.put(key, observation.sequence, {"faces": observation.faces, "warnings": observation.warnings})
    return observation


class _Passing:
    """Passes frames on and remembers the one that is under way."""

    def __init__(self, frames: Iterable[Frame]) -> None:
        self._frames = frames
        self.frame: Frame | None = None
        self.size = (0, 0)

    def __iter__(self) -> Iterator[Frame]:
        with closing_source(self._frames) as frames:
            for frame in frames:
                self.frame, self.size = frame, (frame.shape[1], frame.shape[0])
                yield frame


class _Recording:
    """Poses, world places and faces of a growing clip, 1 KB a frame: an hour at 30 fps is about 100 MB."""

    def __init__(self) -> None:
        self._numbers = array("f")
        self._has_world = False

    def __len__(self) -> int:
        return len(self._numbers) // _ROW

    def add(self, person: Person | None, face: Face | None) -> None:
        """The next frame's person and face."""
        self._numbers.frombytes((unseen_pose() if person is None else person.pose).tobytes())
        world = None if person is None else person.world
        self._has_world |= world is not None
        self._numbers.frombytes((_NOWHERE if world is None else world).tobytes())
        self._numbers.frombytes((unseen_face() if face is None else face).tobytes())

    def sequence(self, size: tuple[int, int], fps: Fraction) -> PoseSequence:
        """All that was added, as one clip."""
        rows = np.frombuffer(self._numbers, np.float32).reshape(-1, _ROW)
        joints, world, faces = np.split(rows, [3 * JOINTS, 6 * JOINTS], axis=1)
        return PoseSequence(
            joints=joints.reshape(-1, JOINTS, 3),
            faces=bridge_gaps(faces.reshape(-1, FACE_POINTS, 2)),
            size=size,
            fps=fps,
            world=world.reshape(-1, JOINTS, 3) if self._has_world else None,
        )


def _watch(
    path: Path, watch: Watch, clock: StageClock, limits: Limits, info: VideoInfo
) -> Generator[Progress, None, Observation]:
    frames = read_frames(path, limits, max_side=WORKING_SIDE, start=watch.start, end=watch.end)
    passing = _Passing(clock.timed("decode", frames))
    shrink = min(WORKING_SIDE / max(info.width, info.height), 1.0)
    at = None if watch.person_at is None else (watch.person_at[0] * shrink, watch.person_at[1] * shrink)
    following = follow_person(passing, make_estimator(watch.pose), Choice(watch.person, at), fps=float(info.fps))
    tracker, recording, total = FaceTracker(), _Recording(), _length(watch, info)
    with closing(clock.timed("poses", following)) as persons:
        for person in persons:
            assert passing.frame is not None, "a person comes after the frame they are in"
            with clock.stage("faces"):
                pose = unseen_pose() if person is None else person.pose
                recording.add(person, tracker.step(passing.frame, pose, float(1 / info.fps)))
            if len(recording) % EVERY == 0:
                yield Progress("poses", len(recording), total, path.name)
    sequence = recording.sequence(passing.size, info.fps)
    if not sequence.coverage:
        raise NoPersonFound(f"No person is seen in {path.name}. Try a clip where the whole body is visible.")
    warnings = _warnings(path, following.people_seen, following.followed, sequence)
    return Observation(sequence, dict(tracker.counts), warnings)


def _length(watch: Watch, info: VideoInfo) -> int | None:
    """How many frames of the video lie in the part that is watched, if it can be told."""
    if info.frames is None:
        return None
    last = info.frames if watch.end is None else min(info.frames, round(watch.end * info.fps))
    return max(last - round(watch.start * info.fps), 0)


def _warnings(path: Path, seen: int, followed: int, sequence: PoseSequence) -> list[str]:
    warnings = []
    if seen > 1:
        warnings.append(
            f"{seen} people are seen in {path.name}; number {followed} from the left is followed. "
            "Choose another with --person N or --person-at X,Y."
        )
    missing = float((~(sequence.joints[..., 2] > 0).any(axis=1)).mean())
    if missing > 0.1:
        warnings.append(f"In {missing:.0%} of {path.name} no person is seen; there the last pose is held.")
    if np.isnan(sequence.faces).all():
        warnings.append(f"No face is ever seen in {path.name}: faces are not drawn and not aligned.")
    return warnings
