"""One case of the evaluation: a driver, a target, and the true frames of that target doing the same."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice, repeat
from pathlib import Path
from typing import Final

import numpy as np

from posetransfer.checkpoints.folder import Checkpoint
from posetransfer.evaluate.perceptual import PerceptualDistance
from posetransfer.evaluate.scorecard import Row, Scorecard, pose_on
from posetransfer.evaluate.truth import only_inside
from posetransfer.faces.identity import Embedding, FaceIdentity
from posetransfer.pipeline.clock import StageClock
from posetransfer.pipeline.estimator import ready_estimator
from posetransfer.pipeline.footage import tidy
from posetransfer.pipeline.made import Rendering, made_frames
from posetransfer.pipeline.observe import observe
from posetransfer.pipeline.options import WORKING_SIDE, TransferOptions
from posetransfer.pipeline.pairing import driver_window
from posetransfer.pipeline.transfer import configured, drive
from posetransfer.poses.estimator import PoseEstimator
from posetransfer.poses.retarget import to_window
from posetransfer.types import FACE_POINTS, Frame, Pose, PoseSequence, Progress
from posetransfer.video.info import video_info
from posetransfer.video.limits import Limits
from posetransfer.video.read import read_frames

FACES: Final = 40  # true faces of each person that identities are compared with
EVERY: Final = 10  # frames between two reports of progress
TRUE: Final = "true frames"
MEAN: Final = "mean image"


@dataclass(frozen=True)
class Clip:
    """A part of a video; seconds."""

    path: Path
    start: float = 0.0
    end: float | None = None

    def pictures(self) -> Generator[Frame, None, None]:
        """Its frames, at most WORKING_SIDE px a side."""
        return read_frames(self.path, max_side=WORKING_SIDE, start=self.start, end=self.end)


@dataclass(frozen=True)
class Case:
    """driving and truth have the same number of frames, moment by moment; truth shows the target in the footage of the
    checkpoint's camera. joints: where they truly are, in px of truth's pictures; None: the judge finds them.
    """

    name: str
    driving: Clip
    truth: Clip
    checkpoint: Checkpoint
    joints: PoseSequence | None = None

    @property
    def same_person(self) -> bool:
        """Whether the target drives itself: poses are then taken as they stand."""
        return self.driving == self.truth

    def true_frames(self) -> Iterator[Frame]:
        """[size, size, 3] each, in the target's window."""
        with closing(self.truth.pictures()) as pictures:
            for picture in pictures:
                yield self.checkpoint.target.window.crop(picture)


@dataclass(frozen=True)
class RowPlan:
    """A row to be made: by which checkpoint and with which options; its frames come before label and coding."""

    name: str
    checkpoint: Checkpoint
    options: TransferOptions


def evaluate_case(
    case: Case, plans: Sequence[RowPlan], *, judge: str, trunk: PerceptualDistance
) -> Generator[Progress, None, dict[str, Row]]:
    """The rows of one case: the true frames themselves, which are the floor, the mean image, and the plans'.

    judge: the estimator that finds joints on made frames; it must be none that drives. A plan whose target stands in
    another window of the footage is scored on the true frames in that one. Raises as `transfer` does.
    """
    by, rows = (yield from ready_estimator(judge)), dict[str, Row]()
    for window in {plan.checkpoint.target.window for plan in plans} | {case.checkpoint.target.window}:
        together = [plan for plan in plans if plan.checkpoint.target.window == window]
        standing = window == case.checkpoint.target.window
        seen_by = case if standing else replace(case, checkpoint=together[0].checkpoint)
        card = yield from _scorecard(seen_by, by, trunk)
        made = _standing(case, len(card.wanted)) if standing else {}
        for plan in together:
            made[plan.name] = yield from _made(case, plan)
        rows |= yield from _scored(card, made, seen_by.true_frames())
    first = [name for name in (TRUE, MEAN) if name in rows]
    return {name: rows[name] for name in (*first, *(plan.name for plan in plans))}


def _standing(case: Case, frames: int) -> dict[str, Iterable[Frame]]:
    """The rows that no method makes: the true frames, which are the floor, and a mean image where there is footage."""
    rows: dict[str, Iterable[Frame]] = {TRUE: case.true_frames()}
    if "knn" in case.checkpoint.methods:
        rows[MEAN] = repeat(mean_image(case.checkpoint), frames)
    return rows


def _scored(
    card: Scorecard, made: dict[str, Iterable[Frame]], true: Iterator[Frame]
) -> Generator[Progress, None, dict[str, Row]]:
    scoring = card.score(made, true)
    while True:
        try:
            done = next(scoring)
        except StopIteration as stop:
            rows: dict[str, Row] = stop.value
            return rows
        if done % EVERY == 0:
            yield Progress("score", done, len(card.wanted), f"{len(made)} rows")


def _scorecard(case: Case, by: PoseEstimator, trunk: PerceptualDistance) -> Generator[Progress, None, Scorecard]:
    """The scorecard of the true frames: joints and faces on them, which every row is compared with."""
    size, fps = case.checkpoint.target.window.size, video_info(case.truth.path).fps
    embedder = FaceIdentity()
    if case.joints is not None:
        inside = to_window(case.joints, case.checkpoint.target.window)
        wanted = inside.with_joints(only_inside(inside.joints, inside.size))
    else:
        found = []
        for index, frame in enumerate(case.true_frames()):
            found.append(pose_on(frame, by))
            if index % EVERY == 0:
                yield Progress("judge", index, None, "true frames")
        unseen = np.full((len(found), FACE_POINTS, 2), np.nan, np.float32)
        wanted = PoseSequence(np.array(found, np.float32), unseen, (size, size), fps)
    yield Progress("faces", 0, None)
    faces = _faces(case.true_frames(), list(wanted.joints), embedder)
    others = () if case.same_person else _faces(case.driving.pictures(), [None] * len(wanted), embedder)
    return Scorecard(wanted, by, trunk, embedder, faces, others)


def _faces(frames: Iterator[Frame], poses: Sequence[Pose | None], embedder: FaceIdentity) -> tuple[Embedding, ...]:
    """Embeddings of the faces on `FACES` of the frames, evenly over the clip; fewer where none is found.

    poses: of the frames, around whose heads is looked; None: in the whole frame.
    """
    chosen = islice(zip(frames, poses, strict=False), 0, None, max(len(poses) // FACES, 1))
    found = (embedder.find(frame, pose) for frame, pose in chosen)
    return tuple(face for face in found if face is not None)


def _made(case: Case, plan: RowPlan) -> Generator[Progress, None, Iterator[Frame]]:
    """The frames of one row, lazily."""
    clock, target = StageClock(), plan.checkpoint.target
    options = replace(plan.options, start=case.driving.start, end=case.driving.end)
    observation = yield from observe(case.driving.path, options.watch, clock)
    sequence = tidy(observation.sequence, options.fill, options.smooth)
    if case.same_person:
        crop_by = target.window
        driven = to_window(sequence, crop_by)
    else:
        crop_by = driver_window(observation.sequence, target.window.size)
        driven = drive(sequence, crop_by, target, options)
    method = configured(plan.checkpoint.load_method(options.method, options.runtime), options)
    rendering = Rendering(
        case.driving.path, driven, crop_by, (0, 0), plan.checkpoint, method, options, Limits(), has_sound=False
    )
    return made_frames(rendering, clock)


def mean_image(checkpoint: Checkpoint) -> Frame:
    """The mean of the target's own frames, [size, size, 3]: the score that standing still gets."""
    from posetransfer.methods.knn.method import NearestNeighbour

    method = checkpoint.load_method("knn")
    assert isinstance(method, NearestNeighbour)
    chosen = range(0, len(method.bank), 5)
    total = sum(method.bank[index].astype(np.float64) for index in chosen)
    return np.rint(total / len(chosen)).astype(np.uint8)
