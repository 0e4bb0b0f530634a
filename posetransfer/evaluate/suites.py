"""The suites: which rows stand in a table, and on which part of which footage they are scored.

self: a contiguous tail of the target's own clip, which nothing was learned from (never frames drawn at random:
neighbours would give them away). 80 % to learn from, 5 % apart, 15 % to score.
"""

from __future__ import annotations

import json
import math
import platform
import time
from collections.abc import Generator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from posetransfer.checkpoints.folder import Checkpoint, open_checkpoint
from posetransfer.checkpoints.lookup import find_target
from posetransfer.errors import TrainingError
from posetransfer.evaluate.case import Case, Clip, RowPlan, evaluate_case
from posetransfer.evaluate.perceptual import PerceptualDistance
from posetransfer.evaluate.scorecard import COLUMNS, Row
from posetransfer.pipeline.learn import learn
from posetransfer.pipeline.options import LearnOptions, TransferOptions
from posetransfer.pipeline.report import peak_rss_mb, write_text
from posetransfer.types import Progress, VideoInfo
from posetransfer.video.info import video_info

LEARNED, SCORED = 0.80, 0.85  # shares of the clip: learned from up to the first, scored from the second on


@dataclass(frozen=True)
class Table:
    """The rows of one case by name, and how they came about."""

    case: str
    judge: str
    rows: dict[str, Row]
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """Plain values; what is unknown is None."""
        rows = {
            name: {
                "frames": row.frames,
                **{column: _known(asdict(row.figures[column])) for column in COLUMNS if column in row.figures},
            }
            for name, row in self.rows.items()
        }
        return {
            "case": self.case,
            "judge": self.judge,
            "machine": platform.processor() or platform.machine(),
            "rows": rows,
            "seconds": round(self.seconds, 1),
            "peak_rss_mb": round(peak_rss_mb()),
        }

    def write(self, path: Path) -> None:
        """Write the JSON to `path`, whole or not at all. Raises OutOfSpace."""
        write_text(path, json.dumps(self.to_json(), indent=1) + "\n")


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
        return RowPlan(name, checkpoint, TransferOptions(method))
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
    network, and an unfinished one is gone on with. others: rows of further checkpoints of the same footage, as
    (row's name, target). Raises what `learn` and `transfer` raise.
    """
    begun = time.perf_counter()
    end, start = split(clip)
    if target is None:
        place = folder / f"{clip.stem}-{minutes:g}min"
        if not (place / "config.json").is_file():
            yield from learn([clip], str(place), LearnOptions(end=end, minutes=minutes, resume=True))
        checkpoint = open_checkpoint(place)
    else:
        checkpoint = find_target(target)
    rows = plans(checkpoint)
    for name, other in others:
        further = find_target(other)
        rows += [network_plan(f"{name} {m}", further, m) for m in ("pose2pics", "pics2pics") if m in further.methods]
    tail = Clip(clip, start)
    case = Case(f"self: {clip.name}", tail, tail, checkpoint)
    scored = yield from evaluate_case(case, rows, judge=judge, trunk=PerceptualDistance("alex"))
    return Table(case.name, judge, scored, time.perf_counter() - begun)


def _known(figure: dict[str, float]) -> dict[str, float | None]:
    return {name: None if value != value else round(value, 6) for name, value in figure.items()}


DIGITS: Final = {"body_psnr": 1, "face_psnr": 1, "frame_psnr": 1, "warp": 6, "flicker": 2, "lag": 2}


def markdown(table: Table) -> str:
    """The table for a README: a line a row, the mean and, where there is one, its interval."""
    columns = [name for name in COLUMNS if any(name in row.figures for row in table.rows.values())]
    head = ["row", *(f"{name} {'↑' if COLUMNS[name] else '↓'}" for name in columns)]
    lines = [f"| {' | '.join(head)} |", "|" + "---|" * len(head)]
    for name, row in table.rows.items():
        cells = [_cell(row, column) for column in columns]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(row: Row, column: str) -> str:
    figure, digits = row.figures.get(column), DIGITS.get(column, 3)
    if figure is None or figure.mean != figure.mean:
        return "-"
    if figure.low != figure.low:
        return f"{figure.mean:.{digits}f}"
    return f"{figure.mean:.{digits}f} [{figure.low:.{digits}f}, {figure.high:.{digits}f}]"
