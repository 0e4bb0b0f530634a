"""The suites: which rows stand in a table, and on which part of which footage they are scored.

self: a contiguous tail of the target's own clip, which nothing was learned from (never frames drawn at random:
neighbours would give them away). 80 % to learn from, 5 % apart, 15 % to score.
"""

from __future__ import annotations

import math
import time
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import Final

from posetransfer.checkpoints.folder import Checkpoint, open_checkpoint
from posetransfer.checkpoints.lookup import find_target
from posetransfer.errors import CheckpointError, TrainingError
from posetransfer.evaluate.case import Case, Clip, RowPlan, evaluate_case
from posetransfer.evaluate.dropped import rebuilt
from posetransfer.evaluate.perceptual import PerceptualDistance
from posetransfer.evaluate.table import Table
from posetransfer.pipeline.learn import learn
from posetransfer.pipeline.options import LearnOptions, TransferOptions
from posetransfer.types import Progress, VideoInfo
from posetransfer.video.info import video_info

LEARNED: Final = 0.80  # share of the clip up to which is learned
SCORED: Final = 0.85  # and from which on is scored


def split(clip: Path) -> tuple[float, float]:
    """Seconds of `clip` at which learning ends and scoring begins, both on a frame. Raises TrainingError."""
    info = video_info(clip)
    if info.frames is None or info.frames < 100:
        raise TrainingError(f"{clip.name} is too short to hold a part of it out: it needs 100 frames.")
    return _second(info, math.floor(LEARNED * info.frames)), _second(info, math.ceil(SCORED * info.frames))


def _second(info: VideoInfo, frame: int) -> float:
    return float(frame / info.fps)


def plans(checkpoint: Checkpoint) -> list[RowPlan]:
    """The rows of one target: k-NN by each metric, with the threshold, and the networks it has."""
    rows = []
    if "knn" in checkpoint.methods:
        rows = [
            RowPlan(f"k-NN {metric}", checkpoint, TransferOptions("knn", metric=metric, threshold=0.0))
            for metric in ("pixels", "joints", "angles")
        ]
        rows.append(RowPlan("k-NN joints, threshold", checkpoint, TransferOptions("knn")))
    for name in ("pose2pics", "pics2pics"):
        if name in checkpoint.methods:
            rows.append(network_plan(name, checkpoint, name))
    return rows


def network_plan(name: str, checkpoint: Checkpoint, method: str) -> RowPlan:
    """The row of a network, run in the form it was trained in: the paper's preset with the paper's stages."""
    if checkpoint.methods[method]["config"]["preset"] != "paper":
        # in fp32: figures depend neither on the machine nor on what it keeps. benchmarks/int8.py tells int8's loss
        return RowPlan(name, checkpoint, TransferOptions(method, runtime="openvino"))
    paper = {"smooth": "off", "fill": "median", "retarget": False, "align": "first", "pose": checkpoint.target.pose}
    return RowPlan(name, checkpoint, TransferOptions.from_json({"method": method, **paper}))


def evaluate_self(
    clip: Path,
    folder: Path,
    *,
    target: str | None,
    minutes: float,
    others: Sequence[tuple[str, str]] = (),
    judge: str = "openpose",
) -> Generator[Progress, None, Table]:
    """Self-reenactment on the tail of `clip`.

    target: one that was learned from the first 80 % of this clip; None: it is learned into `folder`, `minutes` a
    network, and an unfinished one is gone on with. others: as for `score`. Raises what `learn` and `transfer` raise.
    """
    end, start = split(clip)
    if target is None:
        place = folder / f"{clip.stem}-{minutes:g}min"
        if not (place / "config.json").is_file():
            yield from learn([clip], str(place), LearnOptions(end=end, minutes=minutes, resume=True))
        checkpoint = open_checkpoint(place)
    else:
        checkpoint = find_target(target)
    tail = Clip(clip, start)
    return (yield from score(Case(f"self: {clip.name}", tail, tail, checkpoint), others, judge))


def score(case: Case, others: Sequence[tuple[str, str]], judge: str) -> Generator[Progress, None, Table]:
    """The table of one case.

    others: rows of further checkpoints of the same footage, as (row's name, target). Raises what `transfer` raises.
    """
    begun = time.perf_counter()
    rows = plans(case.checkpoint)
    for name, other in others:
        further = find_target(other)
        if further.target.picture != case.checkpoint.target.picture:
            raise CheckpointError(
                f"{further.name} was learned from pictures of another size than {case.checkpoint.name}: --also takes "
                "targets of the same footage."
            )
        rows += [network_plan(f"{name} {m}", further, m) for m in ("pose2pics", "pics2pics") if m in further.methods]
    scored = yield from evaluate_case(case, rows, judge=judge, trunk=PerceptualDistance("alex"))
    again = yield from rebuilt(case.true_frames())
    return Table(case.name, judge, scored, time.perf_counter() - begun, again)
