"""A table for one driving clip: how each method of a target does on it."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from posetransfer.checkpoints.folder import Checkpoint
from posetransfer.checkpoints.lookup import find_target
from posetransfer.conditioning.window import Window
from posetransfer.errors import PoseTransferError
from posetransfer.evaluate.case import mean_image
from posetransfer.evaluate.judge import Judge, Score
from posetransfer.pipeline.clock import StageClock
from posetransfer.pipeline.estimator import ready_estimator
from posetransfer.pipeline.footage import tidy
from posetransfer.pipeline.made import Rendering, made_frames
from posetransfer.pipeline.observe import observe
from posetransfer.pipeline.options import WORKING_SIDE, TransferOptions
from posetransfer.pipeline.pairing import driver_window
from posetransfer.pipeline.report import peak_rss_mb
from posetransfer.pipeline.transfer import configured, drive
from posetransfer.poses.retarget import to_window
from posetransfer.types import Frame, PoseSequence, Progress
from posetransfer.video.limits import Limits
from posetransfer.video.read import read_frames


@dataclass(frozen=True)
class Evaluation:
    """The rows by name, and how they came about."""

    clip: str
    target: str
    judge: str
    rows: dict[str, Score]
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """Plain values; nan becomes None."""
        rows = {
            name: {k: None if v != v else v for k, v in asdict(score).items()} for name, score in self.rows.items()
        }
        return {
            "clip": self.clip,
            "target": self.target,
            "judge": self.judge,
            "rows": rows,
            "seconds": self.seconds,
            "peak_rss_mb": peak_rss_mb(),
        }


def evaluate_clip(
    driving: Path,
    target: str,
    methods: Sequence[str],
    options: TransferOptions,
    *,
    same_person: bool,
    judge: str | None,
) -> Generator[Progress, None, Evaluation]:
    """Score `methods` of a target on a driving clip, before label and encoding.

    `same_person`: the clip shows the target in the target's own footage (a part held out from learning), so
    its frames are the truth, its poses are taken as they are, and a mean image stands beside the methods.
    judge: the estimator that re-detects joints on the made frames. Raises as `transfer` does.
    """
    begun, clock = time.perf_counter(), StageClock()
    checkpoint = find_target(target)
    for name in methods:
        checkpoint.require_method(name)
    if judge == options.pose:
        raise PoseTransferError(f"{judge} drives, so it cannot judge too. Choose another --judge, or none.")
    observation = yield from observe(driving, options.watch, clock)
    sequence = observation.sequence
    if same_person and sequence.size != checkpoint.target.picture:
        raise PoseTransferError(
            f"{driving.name} has pictures of another size than the footage of {checkpoint.name}: --same-person needs "
            "a part of the same recording."
        )
    window = checkpoint.target.window
    if same_person:
        driven, crop_by = to_window(tidy(sequence, options.fill, options.smooth), window), window
    else:
        crop_by = driver_window(sequence, window.size)
        driven = drive(tidy(sequence, options.fill, options.smooth), crop_by, checkpoint.target, options)
    scoring = Judge(driven, (yield from ready_estimator(judge)) if judge else None)
    rows: dict[str, Score] = {}
    streams = _streams(checkpoint, methods, options, driving, driven, crop_by, same_person, clock)
    for number, (name, made) in enumerate(streams):
        yield Progress("score", number, len(methods) + 2 * same_person, name)
        truth = _frames(driving, options, window) if same_person else None
        rows[name] = scoring.score(made, truth)
    return Evaluation(driving.name, checkpoint.name, judge or "none", rows, time.perf_counter() - begun)


def _streams(
    checkpoint: Checkpoint, methods: Sequence[str], options: TransferOptions, driving: Path,
    driven: PoseSequence, crop_by: Window, same_person: bool, clock: StageClock,
) -> Iterator[tuple[str, Iterator[Frame]]]:  # fmt: skip
    """The rows of the table, one at a time: the truth and the mean image where there is truth, then the methods."""
    if same_person:
        yield "true frames", _frames(driving, options, crop_by)
        if "knn" in checkpoint.methods:
            mean = mean_image(checkpoint)
            yield "mean image", (mean for _ in range(len(driven)))
    for name in methods:
        chosen = replace(options, method=name)
        method = configured(checkpoint.load_method(name, options.runtime), chosen)
        rendering = Rendering(driving, driven, crop_by, (0, 0), checkpoint, method, chosen, Limits(), has_sound=False)
        yield name, made_frames(rendering, clock)


def _frames(driving: Path, options: TransferOptions, window: Window) -> Iterator[Frame]:
    with closing(read_frames(driving, max_side=WORKING_SIDE, start=options.start, end=options.end)) as frames:
        for frame in frames:
            yield window.crop(frame)
