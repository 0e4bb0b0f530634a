"""Made frames against true ones, and against the pose that was asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posetransfer.evaluate.metrics import body_box, correct_keypoints, crop, psnr, ssim, torso_length
from posetransfer.evaluate.scorecard import pose_on
from posetransfer.poses.estimator import PoseEstimator
from posetransfer.types import Frame, PoseSequence

WITHIN = 0.2  # torso lengths, for PCK
NOTHING = float("nan")


@dataclass
class Score:
    """Means over a clip. body_ssim, body_psnr (dB): on the box of the wanted joints; frame_*: on the whole square.

    pck: share of the wanted joints re-detected within `WITHIN` torso lengths; missing: share not re-detected.
    Where there are no true frames, or no judge, the figures are nan.
    """

    frames: int = 0
    body_ssim: float = NOTHING
    body_psnr: float = NOTHING
    frame_ssim: float = NOTHING
    frame_psnr: float = NOTHING
    pck: float = NOTHING
    missing: float = NOTHING


@dataclass(frozen=True)
class Judge:
    """Scores streams of made frames for one row of wanted poses (window px).

    estimator: finds the joints again on the made frames; it should be one that did not drive. Joints that were
    filled in, not seen, in the driving video (confidence under `asked`) are not asked for.
    """

    wanted: PoseSequence
    estimator: PoseEstimator | None = None
    asked: float = 0.3

    def score(self, made: Iterable[Frame], true: Iterable[Frame] | None = None) -> Score:
        """Score made frames, one for each pose; `true` frames stand beside them where they exist."""
        likeness, found, score = [], [], Score()
        truths = None if true is None else iter(true)
        for index, frame in enumerate(made):
            if truths is not None:
                likeness.append(self._likeness(frame, next(truths), index))
            if self.estimator is not None:
                found.append(pose_on(frame, self.estimator))
            score.frames += 1
        if likeness:
            means = np.nanmean(np.array(likeness), axis=0)
            score.body_ssim, score.body_psnr, score.frame_ssim, score.frame_psnr = map(float, means)
        if found:
            score.pck, score.missing = self._keypoints(np.array(found, np.float32))
        return score

    def _likeness(self, made: Frame, true: Frame, index: int) -> tuple[float, float, float, float]:
        box = body_box(self.wanted.joints[index], (true.shape[1], true.shape[0]))
        if box is None:
            return NOTHING, NOTHING, ssim(made, true), psnr(made, true)
        body, truth = crop(made, box), crop(true, box)
        return ssim(body, truth), psnr(body, truth), ssim(made, true), psnr(made, true)

    def _keypoints(self, found: NDArray[np.float32]) -> tuple[float, float]:
        wanted = self.wanted.joints[: len(found)].copy()
        wanted[wanted[..., 2] < self.asked] = (np.nan, np.nan, 0)
        right, seen, asked = correct_keypoints(found, wanted, torso_length(wanted), WITHIN)
        return (right / asked, 1 - seen / asked) if asked else (NOTHING, NOTHING)
