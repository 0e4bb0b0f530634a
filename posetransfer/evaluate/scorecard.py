"""All figures of one row of the table: made frames beside true ones, both in the target's window."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from posetransfer.evaluate.bootstrap import Interval, bootstrap_mean
from posetransfer.evaluate.identity import Identity
from posetransfer.evaluate.joint_motion import joint_jitter, joint_lag
from posetransfer.evaluate.keypoints import KeypointErrors, keypoint_errors
from posetransfer.evaluate.metrics import body_box, crop, face_box, psnr, span, ssim, torso_length
from posetransfer.evaluate.perceptual import MIN_SIDE, PerceptualDistance, PerceptualStream
from posetransfer.evaluate.steadiness import Flicker, WarpError, tlp
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

    akd is in torso lengths, pck at 0.1 torso, lag in frames; the floor of akd is the row of the true frames.
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

    def score(self, made: Iterable[Frame], true: Iterable[Frame]) -> Row:
        """The row of `made`; `true` gives as many frames of the same size."""
        run = _Run(self)
        for frame, truth in zip(made, true, strict=False):
            run.add(frame, truth)
        return run.row()


class _Run:
    """One row under way: small numbers for each frame are kept, and no frames but the last."""

    def __init__(self, card: Scorecard) -> None:
        self._card = card
        self._likeness: list[dict[str, float]] = []
        self._found: list[Pose] = []
        self._perceptual = PerceptualStream(card.distance)
        self._warp, self._flicker = WarpError(), Flicker()
        self._identity = Identity(card.faces, card.driver) if len(card.faces) > 1 else None

    def add(self, made: Frame, true: Frame) -> None:
        card, index = self._card, len(self._likeness)
        pose, size = card.wanted.joints[index], (true.shape[1], true.shape[0])
        parts = {"frame": Box(0, 0, *size), "body": body_box(pose, size), "face": face_box(pose, size)}
        values: dict[str, float] = {}
        for part, box in parts.items():
            values |= _alike(part, made, true, box)
        body = parts["body"]
        values["body_stlpips"] = NOTHING if body is None else _body_distance(card.distance, made, true, body)
        self._likeness.append(values)
        self._found.append(pose_on(made, card.judge))
        self._perceptual.add(made, true)
        self._warp.add(made, true)
        self._flicker.add(made, true)
        if self._identity is not None:
            self._identity.add(card.embedder.find(made, pose))

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
        row.put("tlp", tlp(self._perceptual.result()))
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


def _body_distance(distance: PerceptualDistance, made: Frame, true: Frame, box: Box) -> float:
    """ST-LPIPS on the body's box, widened where the network could not see so small a picture."""
    height, width = true.shape[:2]
    (x0, x1), (y0, y1) = span(box.x0, box.x1, width, MIN_SIDE), span(box.y0, box.y1, height, MIN_SIDE)
    wide = Box(x0, y0, x1, y1)
    return distance(np.ascontiguousarray(crop(made, wide)), np.ascontiguousarray(crop(true, wide)))


def _missing(errors: KeypointErrors) -> NDArray[np.float64]:
    """[T]: share of the joints asked for that were not found, nan where none was asked for."""
    asked = errors.asked.sum(axis=1)
    lost = (errors.asked & ~np.isfinite(errors.distances)).sum(axis=1)
    return np.divide(lost, asked, out=np.full(len(asked), NOTHING), where=asked > 0)
