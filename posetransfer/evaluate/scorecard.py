"""All figures of one row of the table: made frames beside true ones, both in the target's window."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from posetransfer.evaluate.bootstrap import Interval, bootstrap_mean
from posetransfer.evaluate.identity import Identity
from posetransfer.evaluate.joint_motion import joint_jitter, joint_lag
from posetransfer.evaluate.keypoints import KeypointErrors, keypoint_errors
from posetransfer.evaluate.metrics import body_box, crop, face_box, psnr, span, ssim, torso_length
from posetransfer.evaluate.perceptual import MIN_SIDE, Features, PerceptualDistance, PerceptualSteps
from posetransfer.evaluate.steadiness import Flicker, Motion, TrueMotion, WarpError
from posetransfer.faces.identity import Embedding, FaceIdentity
from posetransfer.poses.estimator import Choice, PoseEstimator, choose
from posetransfer.types import Box, Frame, Pose, PoseSequence, unseen_pose

NOTHING: Final = float("nan")
# Column -> whether more is better. The order is that of the table.
COLUMNS: Final = {
    "body_ssim": True, "body_psnr": True, "body_stlpips": False, "face_ssim": True, "face_psnr": True,
    "frame_ssim": True, "frame_psnr": True, "akd": False, "pck": True, "mkr": False, "identity": False,
    "faceless": False, "tlp": False, "warp": False, "flicker": False, "jitter": False, "lag": False,
}  # fmt: skip


@dataclass
class Row:
    """One row: an interval for each column of COLUMNS that could be measured, and what was found on each frame.

    akd is in torso lengths, pck at 0.1 torso, lag in frames; the floor of akd is the row of the true frames. tlp is
    |d(x_t, x_t-1) - d(y_t, y_t-1)| for made frames x and true frames y, d being ST-LPIPS (Chu et al. 2020, "Learning
    Temporal Coherence via Self-Supervision for GAN-based Video Generation", whose tables give 100 times that).
    """

    frames: int = 0
    figures: dict[str, Interval] = field(default_factory=dict)
    series: dict[str, NDArray[np.float64]] = field(default_factory=dict, repr=False)

    def put(self, column: str, values: ArrayLike) -> None:
        """One value a frame; nan where there is none."""
        self.series[column] = np.asarray(values, np.float64)
        self.figures[column] = bootstrap_mean(self.series[column])

    def put_whole(self, column: str, value: float) -> None:
        """A figure of the whole clip, for which frames give no interval."""
        self.figures[column] = Interval(value, NOTHING, NOTHING)


@dataclass(frozen=True)
class Scorecard:
    """Scores streams of made frames against one clip of true frames.

    wanted: where the joints truly are on the true frames, in their px: known, or found there by the judge;
    judge: the estimator that looks for them on the made frames, and did not drive; faces: of the target, true ones;
    driver: faces of the driver.
    """

    wanted: PoseSequence
    judge: PoseEstimator
    distance: PerceptualDistance
    embedder: FaceIdentity
    faces: tuple[Embedding, ...] = ()
    driver: tuple[Embedding, ...] = ()

    def score(
        self, made: Mapping[str, Iterable[Frame]], true: Iterable[Frame]
    ) -> Generator[int, None, dict[str, Row]]:
        """The rows of several made clips by name; `true` gives as many frames of the same size.

        Moment by moment, so that what the truth costs is paid once for all; yields how many moments are done.
        """
        truth, runs = _Truth(self), {name: _Run(self) for name in made}
        streams = {name: iter(frames) for name, frames in made.items()}
        for number, frame in enumerate(true):
            moment = truth.moment(frame)
            for name, frames in streams.items():
                if (next_made := next(frames, None)) is not None:
                    runs[name].add(next_made, moment)
            yield number + 1
        return {name: run.row() for name, run in runs.items()}


@dataclass(frozen=True)
class _Moment:
    """A true frame, and what all rows need of it. boxes: to compare in; body: that of ST-LPIPS, with its features;
    step: the distance to the true frame before."""

    frame: Frame
    pose: Pose
    boxes: dict[str, Box | None]
    body: Box | None
    body_features: Features | None
    step: float
    motion: Motion | None


class _Truth:
    """The true clip under way."""

    def __init__(self, card: Scorecard) -> None:
        self._card, self._index = card, 0
        self._motion, self._steps = TrueMotion(), PerceptualSteps(card.distance)

    def moment(self, frame: Frame) -> _Moment:
        """The next true frame."""
        pose, size = self._card.wanted.joints[self._index], (frame.shape[1], frame.shape[0])
        self._index += 1
        boxes = {"frame": Box(0, 0, *size), "body": body_box(pose, size), "face": face_box(pose, size)}
        body = None if boxes["body"] is None else _wide(boxes["body"], size)
        features = None if body is None else self._card.distance.features([_cut(frame, body)])
        return _Moment(frame, pose, boxes, body, features, self._steps.add(frame), self._motion.add(frame))


class _Run:
    """One row under way: small numbers for each frame are kept, and no frames but the last."""

    def __init__(self, card: Scorecard) -> None:
        self._card = card
        self._likeness: list[dict[str, float]] = []
        self._found: list[Pose] = []
        self._steps = PerceptualSteps(card.distance)
        self._warp, self._flicker = WarpError(), Flicker()
        self._identity = Identity(card.faces, card.driver) if len(card.faces) > 1 else None

    def add(self, made: Frame, true: _Moment) -> None:
        card = self._card
        values: dict[str, float] = {}
        for part, box in true.boxes.items():
            values |= _alike(part, made, true.frame, box)
        values["body_stlpips"] = self._body_distance(made, true)
        values["tlp"] = abs(self._steps.add(made) - true.step)
        self._likeness.append(values)
        self._found.append(pose_on(made, card.judge))
        self._warp.add(made, true.frame, true.motion)
        self._flicker.add(made, true.frame)
        if self._identity is not None:
            self._identity.add(card.embedder.find(made, true.pose))

    def _body_distance(self, made: Frame, true: _Moment) -> float:
        if true.body is None or true.body_features is None:
            return NOTHING
        distance = self._card.distance
        return float(distance.between(distance.features([_cut(made, true.body)]), true.body_features)[0])

    def row(self) -> Row:
        row = Row(len(self._likeness))
        if not row.frames:
            return row
        for name in self._likeness[0]:
            row.put(name, [values[name] for values in self._likeness])
        wanted, found = self._card.wanted.joints[: row.frames], np.array(self._found, np.float32)
        errors = keypoint_errors(found, wanted)
        row.put("akd", errors.akd_by_frame())
        row.put("pck", errors.pck_by_frame())
        row.put("mkr", _missing(errors))
        row.put("warp", self._warp.result().made)
        row.put_whole("flicker", self._flicker.result().made)
        row.put("jitter", joint_jitter(found, torso_length(wanted)).by_frame)
        row.put_whole("lag", joint_lag(found, wanted).frames)
        if self._identity is not None:
            row.put("identity", self._identity.distances)
            row.put("faceless", np.isnan(self._identity.distances))
        return row


def pose_on(frame: Frame, estimator: PoseEstimator) -> Pose:
    """The pose of the person on one frame, without help from the frames before it."""
    people = estimator.people(frame)
    return choose(people, Choice(), (frame.shape[1], frame.shape[0])).pose if people else unseen_pose()


def _alike(part: str, made: Frame, true: Frame, box: Box | None) -> dict[str, float]:
    if box is None:
        return {f"{part}_ssim": NOTHING, f"{part}_psnr": NOTHING}
    a, b = crop(made, box), crop(true, box)
    return {f"{part}_ssim": ssim(a, b), f"{part}_psnr": psnr(a, b)}


def _wide(box: Box, size: tuple[int, int]) -> Box:
    """The body's box, widened where ST-LPIPS could not see so small a picture."""
    (x0, x1), (y0, y1) = span(box.x0, box.x1, size[0], MIN_SIDE), span(box.y0, box.y1, size[1], MIN_SIDE)
    return Box(x0, y0, x1, y1)


def _cut(frame: Frame, box: Box) -> Frame:
    return np.ascontiguousarray(crop(frame, box))


def _missing(errors: KeypointErrors) -> NDArray[np.float64]:
    """[T]: share of the joints asked for that were not found, nan where none was asked for."""
    asked = errors.asked.sum(axis=1)
    lost = (errors.asked & ~np.isfinite(errors.distances)).sum(axis=1)
    return np.divide(lost, asked, out=np.full(len(asked), NOTHING), where=asked > 0)
